//! What was committed since the last look, and what of the site that changed.
//!
//! Whether there was anything is asked of the database in microseconds; what it was takes milliseconds where thousands of
//! stations were read.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use hydro::{SignedDuration, Timestamp};
use store::{Change, Reader as Database, StoreError};

use crate::Site;

/// Whether something was committed is asked of the database no more often: at tens of thousands of answers a second that
/// question alone would be felt.
const LOOK: SignedDuration = SignedDuration::from_millis(5);

/// When what answers speak of last changed, counted in changes.
#[derive(Debug, Clone)]
pub(super) struct Ticks {
    /// Anything at all.
    pub(super) any: u64,
    /// What all stations share: feeds, alerts, thresholds.
    pub(super) common: u64,
    /// Each station, in the order of the site.
    pub(super) stations: Arc<Vec<u64>>,
}

impl Ticks {
    /// When what is known of a station last changed.
    pub(super) fn station(&self, at: usize) -> u64 {
        self.stations.get(at).copied().unwrap_or(0)
    }
}

/// The database, looked at for changes.
pub(super) struct Watch {
    database: Database,
    version: i64,
    /// When it was last asked.
    asked: Timestamp,
    /// The last attempt to fetch that has been looked at, and the last note; smaller ones are those of an older copy.
    seen: (i64, i64),
    ticks: Ticks,
    /// The stations that read a place of a feed.
    sources: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl Watch {
    pub(super) fn open(path: &Path, site: &Site) -> Result<Self, StoreError> {
        let database = Database::open(path)?;
        // In this order: what is committed in between is looked at once more, and nothing is found.
        let (version, found) = (database.version()?, database.changes(i64::MAX)?);
        let seen = (found.last, found.last_note);
        let mut sources: HashMap<_, HashMap<_, Vec<usize>>> = HashMap::new();
        for (at, station) in site.stations.iter().enumerate() {
            for source in &station.sources {
                let places = sources.entry(source.feed.to_string()).or_default();
                places.entry(source.location.clone()).or_default().push(at);
            }
        }
        let ticks = Ticks { any: 0, common: 0, stations: Arc::new(vec![0; site.stations.len()]) };
        Ok(Self { database, version, asked: Timestamp::MIN, seen, ticks, sources })
    }

    /// Whether something was committed that has not been looked at. It is asked and told no more often than every [`LOOK`]:
    /// whoever is told looks, and the others need not. A database that does not answer says nothing new.
    pub(super) fn is_behind(&mut self, now: Timestamp) -> bool {
        // A clock that stands still does not tell how long ago that was.
        if now != self.asked && now.duration_since(self.asked).abs() < LOOK {
            return false;
        }
        self.asked = now;
        self.database.version().is_ok_and(|version| version != self.version)
    }

    /// Looks at what was committed.
    pub(super) fn look(&mut self) -> Ticks {
        if let Ok(version) = self.database.version()
            && version != self.version
        {
            self.version = version;
            self.changed();
        }
        self.ticks.clone()
    }

    fn changed(&mut self) {
        match self.database.changes(self.seen.0) {
            Ok(found) => {
                let seen = (found.last, found.last_note);
                let before = std::mem::replace(&mut self.seen, seen);
                if seen == before {
                    // Another version is not always something new: SQLite has one as well where its log begins anew, and what
                    // was committed after the version was asked for has been found already.
                    return;
                }
                self.ticks.any += 1;
                if seen < before {
                    self.all_changed();
                }
                if seen.1 != before.1 || found.changes.iter().any(|change| change.shared) {
                    self.ticks.common = self.ticks.any;
                }
                found.changes.iter().for_each(|change| self.note(change));
            }
            Err(error) => {
                tracing::error!(%error, "the database does not tell what has changed: all is read anew");
                self.ticks.any += 1;
                self.all_changed();
            }
        }
    }

    fn all_changed(&mut self) {
        self.ticks.common = self.ticks.any;
        Arc::make_mut(&mut self.ticks.stations).fill(self.ticks.any);
    }

    fn note(&mut self, change: &Change) {
        let Some(places) = self.sources.get(change.feed.as_str()) else { return };
        let (stations, now) = (Arc::make_mut(&mut self.ticks.stations), self.ticks.any);
        let mut touch = |of_place: &Vec<usize>| of_place.iter().for_each(|&at| stations[at] = now);
        match &change.places {
            None => places.values().for_each(touch),
            Some(changed) => changed.iter().filter_map(|place| places.get(place)).for_each(&mut touch),
        }
    }
}
