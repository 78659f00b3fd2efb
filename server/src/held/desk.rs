//! The answers that were drawn, and when what they speak of last changed. Changes are counted, so that whether an answer
//! still holds is the comparison of two numbers.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use hydro::{SignedDuration, Timestamp};
use store::{Change, Reader as Database, StoreError};

use super::Scope;
use crate::Site;
use crate::answer::Answer;

/// Bytes of answers kept at once: a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 192 << 20;
/// Whether something was committed is asked of the database no more often: at tens of thousands of answers a second that
/// question alone would take a fifth of the time.
const LOOK: SignedDuration = SignedDuration::from_millis(5);

/// An answer, made once: whoever asks while it is being made waits for it.
pub(super) type Place = Arc<OnceLock<Arc<Answer>>>;

/// The answers, and when what they speak of last changed.
pub(super) struct Desk {
    database: Database,
    version: i64,
    looked: Timestamp,
    /// The last attempt to fetch that has been looked at.
    seen: i64,
    change: u64,
    ticks: Ticks,
    pub(super) site: Arc<Site>,
    /// The places of stations by the ids of their sources, and by their own.
    sources: HashMap<(String, String), Vec<usize>>,
    ids: HashMap<String, usize>,
    answers: HashMap<String, Kept>,
    bytes: usize,
}

/// When what an answer speaks of last changed.
#[derive(Debug, Clone)]
pub(super) struct Ticks {
    /// Anything at all.
    pub(super) any: u64,
    /// What all stations share: feeds, alerts, thresholds.
    pub(super) common: u64,
    /// Each station, in the order of the site.
    pub(super) stations: Arc<Vec<u64>>,
}

struct Kept {
    place: Place,
    scope: Scope,
    /// The change after which it was made, and the minute.
    made: (u64, i64),
    bytes: usize,
}

impl Ticks {
    /// When what is known of a station last changed.
    pub(super) fn station(&self, at: usize) -> u64 {
        self.stations.get(at).copied().unwrap_or(0)
    }
}

impl Desk {
    pub(super) fn open(path: &Path, site: Arc<Site>) -> Result<Self, StoreError> {
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
        let ticks = Ticks { any: 0, common: 0, stations: Arc::new(vec![0; site.stations.len()]) };
        let (looked, answers) = (Timestamp::MIN, HashMap::new());
        Ok(Self { database, version, looked, seen, change: 0, ticks, site, sources, ids, answers, bytes: 0 })
    }

    pub(super) fn ticks(&self) -> Ticks {
        self.ticks.clone()
    }

    /// Looks whether anything was committed, and at what that changed. A database that does not answer says nothing new.
    pub(super) fn look(&mut self, now: Timestamp) {
        // A clock that stands still does not tell how long ago the last look was.
        if now != self.looked && now.duration_since(self.looked).abs() < LOOK {
            return;
        }
        self.looked = now;
        let Ok(version) = self.database.version() else { return };
        if version == self.version {
            return;
        }
        self.change += 1;
        self.ticks.any = self.change;
        self.version = version;
        match self.database.changes(self.seen) {
            Ok(found) => {
                // Something other than a fetch: it may be anything that all stations share.
                if found.last == self.seen || found.changes.iter().any(|change| change.shared) {
                    self.ticks.common = self.change;
                }
                self.seen = found.last;
                found.changes.iter().for_each(|change| self.note(change));
            }
            Err(error) => {
                tracing::error!(%error, "the database does not tell what has changed: all is read anew");
                self.ticks.common = self.change;
                Arc::make_mut(&mut self.ticks.stations).fill(self.change);
            }
        }
    }

    fn note(&mut self, change: &Change) {
        let (sources, stations, now) = (&self.sources, Arc::make_mut(&mut self.ticks.stations), self.change);
        match &change.places {
            None => {
                let of_feed = sources.iter().filter(|((feed, _), _)| feed == change.feed.as_str());
                of_feed.flat_map(|(_, at)| at).for_each(|&at| stations[at] = now);
            }
            Some(places) => {
                for place in places {
                    let named = sources.get(&(change.feed.to_string(), place.clone()));
                    named.into_iter().flatten().for_each(|&at| stations[at] = now);
                }
            }
        }
    }

    /// The answer of a key, if it was made and still says what would be said now.
    pub(super) fn kept(&self, key: &str, now: i64) -> Option<Arc<Answer>> {
        let kept = self.answers.get(key).filter(|kept| self.holds(kept, now))?;
        kept.place.get().map(Arc::clone)
    }

    /// The place of a key's answer and what that speaks of: the place that is kept, or a new one in its stead.
    pub(super) fn place(&mut self, key: &str, station: Option<&str>, now: i64) -> (Place, Scope) {
        if let Some(kept) = self.answers.get(key).filter(|kept| self.holds(kept, now)) {
            return (Arc::clone(&kept.place), kept.scope);
        }
        let scope = station.and_then(|id| self.ids.get(id)).map_or(Scope::Site, |&at| Scope::Station(at));
        let place = Place::default();
        let kept = Kept { place: Arc::clone(&place), scope, made: (self.change, now), bytes: 0 };
        if let Some(before) = self.answers.insert(key.to_owned(), kept) {
            self.bytes -= before.bytes;
        }
        (place, scope)
    }

    /// Whether an answer still says what would be said now: its words age by the minute.
    fn holds(&self, kept: &Kept, now: i64) -> bool {
        let changed = match kept.scope {
            Scope::Site => self.ticks.any,
            Scope::Station(at) => self.ticks.common.max(self.ticks.station(at)),
        };
        kept.made.1 == now && kept.made.0 >= changed
    }

    /// Keeps an answer that was just made, unless it is a failure or there is no room; makes room of what is over.
    pub(super) fn keep(&mut self, key: &str, place: &Place, answer: &Answer) {
        let (found, bytes) = (answer.is_found(), answer.bytes() + 2 * key.len());
        let Some(kept) = self.answers.get(key).filter(|kept| Arc::ptr_eq(&kept.place, place)) else { return };
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

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }
}
