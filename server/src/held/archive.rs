//! What may be said of each station, as it was last read: whole of the few that were last asked for, of the others without
//! their measurements one by one.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use hydro::{SignedDuration, Timestamp};
use store::{Reader as Database, StoreError};

use super::watch::Ticks;
use super::{Scope, minute};
use crate::Site;
use crate::snapshot::{Common, Snapshot, StationNow};

/// Stations whose measurements are kept one by one, the last asked for: both languages and all forms of a page draw from
/// the same.
const WHOLE: usize = 32;
/// Measurements remembered as they are stored: some five megabytes. What is asked for after a commit is mostly what was before.
const REMEMBERED: usize = 100_000;
/// How long a station's page may say of the feeds what was so a moment ago: that they were read, and nothing came.
const SETTLED: SignedDuration = SignedDuration::from_mins(5);
/// Stations read anew before others get at the database.
const AT_ONCE: usize = 32;

/// What may be said of each station, and how it is read.
pub(super) struct Archive {
    database: Database,
    site: Arc<Site>,
    common: Common,
    /// The change after which it was read, and the minute in which it could not be.
    common_read: (u64, Option<i64>),
    /// Without the measurements one by one, in the order of the site; shared with the snapshots that are being drawn.
    states: Arc<Vec<Arc<StationNow>>>,
    slots: Vec<Slot>,
    whole: VecDeque<(usize, u64, Arc<StationNow>)>,
    /// When the database was last read.
    pub(super) read: Timestamp,
}

/// How what is said of a station came about.
#[derive(Debug, Clone)]
struct Slot {
    /// The change after which it was read; `None` before that.
    read: Option<u64>,
    /// The minute in which it could not be read: it is tried again in the next one.
    failed: Option<i64>,
    as_of: Timestamp,
}

impl Archive {
    pub(super) fn open(path: &Path, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let database = Database::open(path)?.remembering(REMEMBERED);
        let common = Common::read(&database, Arc::clone(&site), now)?;
        let unread = |station| Arc::new(StationNow::new(station, None, Vec::new(), [None, None], now));
        let states = Arc::new(common.site.stations.iter().map(unread).collect());
        let slots = vec![Slot { read: None, failed: None, as_of: now }; site.stations.len()];
        Ok(Self { database, site, common, common_read: (0, None), states, slots, whole: VecDeque::new(), read: now })
    }

    /// How many stations there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Brings what all stations share up to date. Other thresholds in force change what is said of every station.
    pub(super) fn read_common(&mut self, scope: Scope, ticks: &Ticks, now: Timestamp) {
        let lately = now.duration_since(self.read) < SETTLED;
        let needed = if scope == Scope::Stations || !lately { ticks.any } else { ticks.common };
        let (read, failed) = self.common_read;
        if read >= needed || failed == Some(minute(now)) {
            self.common.age(now);
            return;
        }
        match Common::read(&self.database, Arc::clone(&self.site), now) {
            Ok(common) => {
                let (new, old) = (&common.site.stations, &self.common.site.stations);
                if new.iter().zip(old).any(|(new, old)| new.thresholds != old.thresholds) {
                    self.slots.iter_mut().for_each(|slot| slot.read = None);
                    self.whole.clear();
                }
                (self.common, self.common_read, self.read) = (common, (ticks.any, None), now);
            }
            Err(error) => {
                tracing::error!(%error, "the database does not answer; what is held stays and grows older");
                self.common_read.1 = Some(minute(now));
                self.common.age(now);
            }
        }
    }

    /// Brings some stations up to date; whether all are.
    pub(super) fn read_some(&mut self, ticks: &Ticks, now: Timestamp) -> bool {
        let mut left = AT_ONCE;
        for at in 0..self.slots.len() {
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
        let slot = &self.slots[at];
        slot.failed == Some(minute(now)) || slot.read.is_some_and(|read| read >= ticks.station(at))
    }

    /// Ages what is said of a station. `false` where its measurements have ceased to be the current ones: another source may
    /// have some that are.
    fn age(&mut self, at: usize, now: Timestamp) -> bool {
        let (slot, station) = (&mut self.slots[at], &self.common.site.stations[at]);
        if slot.as_of == now {
            return true;
        }
        let state = &self.states[at];
        let aged = state.aged(station, now);
        let ceased = state.assessment.current.is_some() && aged.assessment.current.is_none();
        let stays = !ceased || slot.failed == Some(minute(now));
        if stays {
            slot.as_of = now;
            Arc::make_mut(&mut self.states)[at] = Arc::new(aged);
        }
        stays
    }

    /// Reads a station, keeps what is said of it, and gives it whole. Where the database does not answer, what is held ages.
    fn read_one(&mut self, at: usize, ticks: &Ticks, now: Timestamp) -> Arc<StationNow> {
        let station = &self.common.site.stations[at];
        let (whole, failed) = match StationNow::read(&self.database, station, now) {
            Ok(whole) => (whole, None),
            Err(error) => {
                tracing::error!(%error, "the database does not answer; what is held stays and grows older");
                let held = self.whole.iter().find(|(held, ..)| *held == at).map(|(.., state)| state);
                (held.unwrap_or(&self.states[at]).aged(station, now), Some(minute(now)))
            }
        };
        Arc::make_mut(&mut self.states)[at] = Arc::new(whole.alone(station));
        self.slots[at] = Slot { read: failed.is_none().then_some(ticks.station(at)), failed, as_of: now };
        Arc::new(whole)
    }

    /// A station with its measurements one by one.
    fn whole(&mut self, at: usize, ticks: &Ticks, now: Timestamp) -> Arc<StationNow> {
        let known = self.is_read(at, ticks, now) && self.age(at, now);
        let changed = ticks.station(at);
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

    /// What is known at `now`: of one station whole, and of the others as they were last read.
    pub(super) fn snapshot(&mut self, scope: Scope, ticks: &Ticks, now: Timestamp) -> Snapshot {
        let whole = match scope {
            Scope::Station(at) if at < self.slots.len() => Some((at, self.whole(at, ticks, now))),
            _ => None,
        };
        self.common.snapshot(Arc::clone(&self.states), whole, self.database.free_space(), now)
    }
}
