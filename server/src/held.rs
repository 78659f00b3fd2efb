//! What is held in memory between requests: what may be said of each station, and the answers drawn from that. A commit
//! touches only what it changed; a minute ages what is asked for, and reads nothing.
//!
//! Two locks, so that an answer that is at hand never waits for one that is being made: the desk is held for microseconds,
//! the archive while the database is read.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use hydro::{Now, SignedDuration, Timestamp};
use store::{Change, Reader as Database, StoreError};

use crate::Site;
use crate::answer::{Answer, Rendered};
use crate::snapshot::{Common, Snapshot, StationNow};

/// Bytes of answers kept at once, uncompressed: a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 64 << 20;
/// Stations whose measurements are kept one by one, the last asked for: both languages and all forms of a page draw from
/// the same.
const WHOLE: usize = 32;
/// How long a station's page may say of the feeds what was so a moment ago: that they were read, and nothing came.
const SETTLED: SignedDuration = SignedDuration::from_mins(5);
/// Of a site of at most so many stations the measurements of the last two days are held for the boards.
const SMALL: usize = 500;
/// Stations read anew before others get at the database.
const AT_ONCE: usize = 32;

/// Everything that is held.
pub(crate) struct Held {
    desk: Mutex<Desk>,
    archive: Mutex<Archive>,
    now: Now,
    path: PathBuf,
}

/// What an answer speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One station, by its place in the order of configuration.
    Station(usize),
    /// All of them.
    Site,
}

/// The answers, and when what they speak of last changed. Times are counted in changes.
struct Desk {
    database: Database,
    version: i64,
    /// The last attempt to fetch that has been looked at.
    seen: i64,
    change: u64,
    /// When anything last changed; what all stations share: feeds, alerts, thresholds; and each station.
    any: u64,
    common: u64,
    stations: Vec<u64>,
    site: Arc<Site>,
    /// The places of stations by the ids of their sources, and by their own.
    sources: HashMap<(String, String), Vec<usize>>,
    ids: HashMap<String, usize>,
    answers: HashMap<String, Kept>,
    bytes: usize,
}

/// An answer, or the place where one is being made: whoever asks meanwhile waits for that one.
struct Kept {
    answer: Arc<OnceLock<Arc<Answer>>>,
    scope: Scope,
    /// The change after which it was made, and the minute.
    made: (u64, i64),
    bytes: usize,
}

/// What may be said of each station, and how it is read.
struct Archive {
    database: Database,
    site: Arc<Site>,
    common: Common,
    common_read: u64,
    /// Without the measurements one by one.
    stations: Vec<Slot>,
    whole: VecDeque<(usize, u64, Arc<StationNow>)>,
    /// When the database was last read.
    read: Timestamp,
}

struct Slot {
    state: Arc<StationNow>,
    /// The change after which it was read; `None` before that.
    read: Option<u64>,
    /// The minute in which it could not be read: it is tried again in the next one.
    failed: Option<i64>,
    as_of: Timestamp,
}

impl Held {
    /// Opens the database, and reads what all stations share.
    ///
    /// # Errors
    /// [`StoreError`] where there is no database or it does not answer.
    pub(crate) fn open(path: &Path, site: Site, now: Now) -> Result<Self, StoreError> {
        let (site, at) = (Arc::new(site), whole_second(now()));
        let desk = Desk::open(path, Arc::clone(&site))?;
        let archive = Archive::open(path, site, at)?;
        Ok(Self { desk: Mutex::new(desk), archive: Mutex::new(archive), now, path: path.to_owned() })
    }

    /// Holds another site from now on. A request is answered from the one or from the other.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer; the site stays as it was.
    pub(crate) fn show(&self, site: Site) -> Result<(), StoreError> {
        let site = Arc::new(site);
        let archive = Archive::open(&self.path, Arc::clone(&site), self.time())?;
        let desk = Desk::open(&self.path, site)?;
        // The archive first: a place on the new desk must not be looked up in the old archive.
        let (mut old, mut held) = (self.archive(), self.desk());
        (*old, *held) = (archive, desk);
        Ok(())
    }

    /// The site as it is configured.
    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.desk().site)
    }

    /// What could be said now of all stations, without their measurements one by one, and when the database was last read.
    pub(crate) fn newest(&self) -> (Arc<Snapshot>, Timestamp) {
        let now = self.time();
        let ticks = {
            let mut desk = self.desk();
            desk.look();
            desk.ticks()
        };
        let snapshot = self.snapshot(Scope::Site, &ticks, now);
        (snapshot, self.archive().read)
    }

    /// The answer of a key, if it was made before and nothing has happened since to what it speaks of.
    pub(crate) fn kept(&self, key: &str) -> Option<Arc<Answer>> {
        let mut desk = self.desk();
        desk.look();
        let now = minute(self.time());
        let kept = desk.answers.get(key).filter(|kept| desk.holds(kept, now))?;
        kept.answer.get().map(Arc::clone)
    }

    /// The answer of a key, made by `draw` where it is not kept; once, however many ask for it at the same time.
    /// `station` is the id of the station that it is about, if it is about one.
    pub(crate) fn answer(
        &self,
        key: &str,
        station: Option<&str>,
        draw: impl FnOnce(&Snapshot) -> Rendered,
    ) -> Arc<Answer> {
        let now = self.time();
        let (place, scope, ticks) = self.place(key, station, minute(now));
        let mut made = false;
        let answer = place.get_or_init(|| {
            made = true;
            Arc::new(Answer::new(draw(&self.snapshot(scope, &ticks, now))))
        });
        if made {
            self.desk().keep(key, &place, answer);
        }
        Arc::clone(answer)
    }

    /// The place of an answer: the one that is kept, or a new one in its stead.
    fn place(&self, key: &str, station: Option<&str>, now: i64) -> (Arc<OnceLock<Arc<Answer>>>, Scope, Ticks) {
        let mut desk = self.desk();
        desk.look();
        if let Some(kept) = desk.answers.get(key).filter(|kept| desk.holds(kept, now)) {
            return (Arc::clone(&kept.answer), kept.scope, desk.ticks());
        }
        let scope = station.and_then(|id| desk.ids.get(id)).map_or(Scope::Site, |&at| Scope::Station(at));
        let (answer, made) = (Arc::new(OnceLock::new()), (desk.change, now));
        let kept = Kept { answer: Arc::clone(&answer), scope, made, bytes: 0 };
        if let Some(before) = desk.answers.insert(key.to_owned(), kept) {
            desk.bytes -= before.bytes;
        }
        (answer, scope, desk.ticks())
    }

    /// What is known at `now`, as of the changes counted: of one station whole, or of all.
    fn snapshot(&self, scope: Scope, ticks: &Ticks, now: Timestamp) -> Arc<Snapshot> {
        loop {
            let mut archive = self.archive();
            // A reload between the two locks: what is drawn from is sound, and the answer is not kept for long.
            let matching = archive.stations.len() == ticks.stations.len();
            archive.read_common(scope, ticks, now);
            let done = match scope {
                Scope::Site => archive.read_some(ticks, now),
                Scope::Station(_) => true,
            };
            if done || !matching {
                return Arc::new(archive.snapshot(scope, ticks, now));
            }
        }
    }

    /// What time it is.
    pub(crate) fn time(&self) -> Timestamp {
        whole_second((self.now)())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn archive(&self) -> MutexGuard<'_, Archive> {
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When what an answer speaks of last changed.
struct Ticks {
    any: u64,
    common: u64,
    stations: Vec<u64>,
}

impl Desk {
    fn open(path: &Path, site: Arc<Site>) -> Result<Self, StoreError> {
        let database = Database::open(path)?;
        // In this order: what is committed in between is looked at once more, and not passed over.
        let (seen, version) = (database.last_attempt()?, database.version()?);
        let mut sources: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, station) in site.stations.iter().enumerate() {
            for source in &station.sources {
                sources.entry((source.feed.to_string(), source.location.clone())).or_default().push(at);
            }
        }
        let ids = site.stations.iter().enumerate().map(|(at, station)| (station.id.to_string(), at)).collect();
        let stations = vec![0; site.stations.len()];
        let (answers, bytes) = (HashMap::new(), 0);
        Ok(Self { database, version, seen, change: 0, any: 0, common: 0, stations, site, sources, ids, answers, bytes })
    }

    fn ticks(&self) -> Ticks {
        Ticks { any: self.any, common: self.common, stations: self.stations.clone() }
    }

    /// Looks whether anything was committed, and at what that changed. A database that does not answer says nothing new.
    fn look(&mut self) {
        let Ok(version) = self.database.version() else { return };
        if version == self.version {
            return;
        }
        self.change += 1;
        self.any = self.change;
        self.version = version;
        match self.database.changes(self.seen) {
            Ok(found) => {
                // Something other than a fetch: it may be anything that all stations share.
                if found.last == self.seen || found.changes.iter().any(|change| change.shared) {
                    self.common = self.change;
                }
                self.seen = found.last;
                found.changes.iter().for_each(|change| self.note(change));
            }
            Err(error) => {
                tracing::error!(%error, "the database does not tell what has changed: all is read anew");
                self.common = self.change;
                self.stations.fill(self.change);
            }
        }
    }

    fn note(&mut self, change: &Change) {
        let Self { sources, stations, change: now, .. } = self;
        match &change.places {
            None => {
                let of_feed = sources.iter().filter(|((feed, _), _)| feed == change.feed.as_str());
                of_feed.flat_map(|(_, at)| at).for_each(|&at| stations[at] = *now);
            }
            Some(places) => {
                for place in places {
                    let named = sources.get(&(change.feed.to_string(), place.clone()));
                    named.into_iter().flatten().for_each(|&at| stations[at] = *now);
                }
            }
        }
    }

    /// Whether an answer still says what would be said now: its words age by the minute.
    fn holds(&self, kept: &Kept, now: i64) -> bool {
        let changed = match kept.scope {
            Scope::Site => self.any,
            Scope::Station(at) => self.common.max(self.stations.get(at).copied().unwrap_or(u64::MAX)),
        };
        kept.made.1 == now && kept.made.0 >= changed
    }

    /// Keeps an answer that was just made, unless it is a failure or there is no room; makes room of what is over.
    fn keep(&mut self, key: &str, place: &Arc<OnceLock<Arc<Answer>>>, answer: &Answer) {
        let (found, bytes) = (answer.is_found(), answer.len());
        let Some(kept) = self.answers.get(key).filter(|kept| Arc::ptr_eq(&kept.answer, place)) else { return };
        if self.bytes + bytes > KEPT {
            let now = kept.made.1;
            self.answers.retain(|other, kept| other == key || kept.made.1 == now);
            self.bytes = self.answers.values().map(|kept| kept.bytes).sum();
        }
        if !found || self.bytes + bytes > KEPT {
            self.answers.remove(key);
        } else if let Some(kept) = self.answers.get_mut(key) {
            kept.bytes = bytes;
            self.bytes += bytes;
        }
    }
}

impl Archive {
    fn open(path: &Path, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let database = Database::open(path)?;
        let common = Common::read(&database, Arc::clone(&site), now)?;
        let slot = |station| Slot {
            state: Arc::new(StationNow::new(station, None, Vec::new(), [None, None], now)),
            read: None,
            failed: None,
            as_of: now,
        };
        let stations = common.site.stations.iter().map(slot).collect();
        Ok(Self { database, site, common, common_read: 0, stations, whole: VecDeque::new(), read: now })
    }

    /// Brings what all stations share up to date. Other thresholds in force change what is said of every station.
    fn read_common(&mut self, scope: Scope, ticks: &Ticks, now: Timestamp) {
        let lately = now.duration_since(self.read) < SETTLED;
        let needed = if scope == Scope::Site || !lately { ticks.any } else { ticks.common };
        if self.common_read >= needed {
            self.common.age(now);
            return;
        }
        match Common::read(&self.database, Arc::clone(&self.site), now) {
            Ok(common) => {
                if common
                    .site
                    .stations
                    .iter()
                    .zip(&self.common.site.stations)
                    .any(|(new, old)| new.thresholds != old.thresholds)
                {
                    self.stations.iter_mut().for_each(|slot| slot.read = None);
                    self.whole.clear();
                }
                (self.common, self.common_read, self.read) = (common, ticks.any, now);
            }
            Err(error) => {
                tracing::error!(%error, "the database does not answer; what is held stays and grows older");
                self.common.age(now);
            }
        }
    }

    /// Brings some stations up to date; whether all are.
    fn read_some(&mut self, ticks: &Ticks, now: Timestamp) -> bool {
        let mut left = AT_ONCE;
        for at in 0..self.stations.len() {
            if self.is_read(at, ticks, now) && self.age(at, now) {
                continue;
            }
            if left == 0 {
                return false;
            }
            left -= 1;
            self.read_one(at, ticks, now);
        }
        true
    }

    fn is_read(&self, at: usize, ticks: &Ticks, now: Timestamp) -> bool {
        let (slot, changed) = (&self.stations[at], ticks.stations.get(at).copied().unwrap_or(0));
        slot.failed == Some(minute(now)) || slot.read.is_some_and(|read| read >= changed)
    }

    /// Ages what is said of a station. `false` where its measurements have ceased to be the current ones: another source may
    /// have some that are.
    fn age(&mut self, at: usize, now: Timestamp) -> bool {
        let (slot, station) = (&mut self.stations[at], &self.common.site.stations[at]);
        if slot.as_of == now {
            return true;
        }
        let aged = slot.state.aged_alone(station, now);
        let ceased = slot.state.assessment.current.is_some() && aged.assessment.current.is_none();
        let failed = slot.failed == Some(minute(now));
        if !ceased || failed {
            (slot.state, slot.as_of) = (Arc::new(aged), now);
        }
        !ceased || failed
    }

    /// Reads a station, keeps what is said of it, and gives it whole. Where the database does not answer, what is held ages.
    fn read_one(&mut self, at: usize, ticks: &Ticks, now: Timestamp) -> Arc<StationNow> {
        let station = &self.common.site.stations[at];
        let changed = ticks.stations.get(at).copied().unwrap_or(0);
        let (whole, failed) = match StationNow::read(&self.database, station, now) {
            Ok(whole) => (whole, None),
            Err(error) => {
                tracing::error!(%error, "the database does not answer; what is held stays and grows older");
                let held = self.whole.iter().find(|(held, ..)| *held == at).map(|(.., state)| Arc::clone(state));
                let aged = held.unwrap_or_else(|| Arc::clone(&self.stations[at].state)).aged(station, now);
                (aged, Some(minute(now)))
            }
        };
        self.stations[at] = Slot {
            state: Arc::new(whole.alone(self.stations.len() <= SMALL)),
            read: failed.is_none().then_some(changed),
            failed,
            as_of: now,
        };
        Arc::new(whole)
    }

    /// A station with its measurements one by one.
    fn whole(&mut self, at: usize, ticks: &Ticks, now: Timestamp) -> Arc<StationNow> {
        let known = self.is_read(at, ticks, now) && self.age(at, now);
        let changed = ticks.stations.get(at).copied().unwrap_or(0);
        let held = self.whole.iter().position(|(held, read, _)| *held == at && *read >= changed && known);
        let state = if let Some((.., state)) = held.and_then(|held| self.whole.remove(held)) {
            Arc::new(state.aged(&self.common.site.stations[at], now))
        } else {
            let read = self.read_one(at, ticks, now);
            self.whole.retain(|(held, ..)| *held != at);
            read
        };
        self.whole.push_front((at, changed, Arc::clone(&state)));
        self.whole.truncate(WHOLE);
        state
    }

    fn snapshot(&mut self, scope: Scope, ticks: &Ticks, now: Timestamp) -> Snapshot {
        let whole = match scope {
            Scope::Station(at) if at < self.stations.len() => Some((at, self.whole(at, ticks, now))),
            _ => None,
        };
        let mut stations: Vec<Arc<StationNow>> = self.stations.iter().map(|slot| Arc::clone(&slot.state)).collect();
        if let Some((at, state)) = whole {
            stations[at] = state;
        }
        self.common.snapshot(stations, self.database.free_space(), now)
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// Nothing here is told finer than by the second.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
