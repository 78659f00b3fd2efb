//! What is held in memory between requests: what may be said of each station, and the answers drawn from that. A commit
//! touches only what it changed; a minute ages what is asked for, and reads nothing.
//!
//! Three locks, so that an answer that is at hand never waits for one that is being made: the desk is held for microseconds,
//! the watch while it looks at what was committed, the archive while the database is read.

mod archive;
mod desk;
#[cfg(test)]
mod tests;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::yield_now;
use std::time::Instant;

use archive::Archive;
use desk::Desk;
use hydro::{Now, Timestamp};
use store::StoreError;
use watch::{Ticks, Watch};

use crate::Site;
use crate::answer::{Answer, Cost, Rendered};
use crate::snapshot::Snapshot;

/// Everything that is held.
pub(crate) struct Held {
    desk: Mutex<Desk>,
    watch: Mutex<Watch>,
    archive: Mutex<Archive>,
    now: Now,
    path: PathBuf,
}

/// What an answer speaks of. In addresses a station goes by its id, and there may be none of it; here by its place in the order
/// of configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope<S = usize> {
    /// One station.
    Station(S),
    /// All of them.
    Stations,
    /// None of them.
    Site,
}

impl Held {
    /// Opens the database, and reads what all stations share.
    ///
    /// # Errors
    /// [`StoreError`] where there is no database or it does not answer.
    pub(crate) fn open(path: &Path, site: Site, now: Now) -> Result<Self, StoreError> {
        let (archive, watch, desk) = rooms(path, site, whole_second(now()))?;
        let (desk, watch, archive) = (Mutex::new(desk), Mutex::new(watch), Mutex::new(archive));
        Ok(Self { desk, watch, archive, now, path: path.to_owned() })
    }

    /// Holds another site from now on. A request is answered from the one or from the other.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer; the site stays as it was.
    pub(crate) fn show(&self, site: Site) -> Result<(), StoreError> {
        let rooms = rooms(&self.path, site, self.time())?;
        // The archive first: a place on the new desk must not be looked up in the old archive.
        let (mut archive, mut watch, mut desk) = (self.archive(), self.watch(), self.desk());
        (*archive, *watch, *desk) = rooms;
        Ok(())
    }

    /// The site as it is configured.
    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.desk().site)
    }

    /// What could be said now of all stations, without their measurements one by one, and when the database was last read.
    pub(crate) fn newest(&self) -> (Arc<Snapshot>, Timestamp) {
        self.look();
        let ticks = self.desk().ticks();
        let snapshot = self.snapshot(Scope::Stations, &ticks, self.time());
        (snapshot, self.archive().read)
    }

    /// The answer of a key, if it was made before and nothing has happened since to what it speaks of. Of those who come after
    /// a commit one gets nothing, and is to [`answer`](Self::answer) it; until that has looked at what was committed and made
    /// the answer anew, the others get what was so until then.
    pub(crate) fn kept(&self, key: &str) -> Option<Arc<Answer>> {
        let now = (self.now)();
        if self.watch.try_lock().is_ok_and(|mut watch| watch.is_behind(now)) {
            return None;
        }
        self.desk().kept(key, minute(now))
    }

    /// Whether an answer of a key was kept that may be out of date.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.desk().knows(key)
    }

    /// The answer of a key, made by `draw` where it is not kept; once, however many ask for it at the same time.
    pub(crate) fn answer(
        &self,
        key: &str,
        scope: Scope<&str>,
        draw: impl FnOnce(&Snapshot) -> Rendered,
    ) -> Arc<Answer> {
        let now = self.time();
        self.look();
        let (ticks, (place, scope)) = {
            let mut desk = self.desk();
            (desk.ticks(), desk.place(key, scope, minute(now)))
        };
        let mut made = false;
        let answer = place.get_or_init(|| {
            made = true;
            // In between, those who are answered out of memory have their turn: beside a busy server each part takes a
            // millisecond or two, and another page is 10 µs.
            yield_now();
            let began = Instant::now();
            let snapshot = self.snapshot(scope, &ticks, now);
            let read = began.elapsed();
            yield_now();
            let began = Instant::now();
            let rendered = draw(&snapshot);
            let draw = began.elapsed();
            yield_now();
            Arc::new(Answer::costing(rendered, Cost { read, draw, ..Cost::default() }))
        });
        if made {
            self.desk().keep(key, &place, answer);
        }
        Arc::clone(answer)
    }

    /// What is known at `now`, as of the changes counted: of one station whole, of all, or of none anew.
    fn snapshot(&self, scope: Scope, ticks: &Ticks, now: Timestamp) -> Arc<Snapshot> {
        loop {
            let mut archive = self.archive();
            // A reload between the two locks: what is drawn from is sound, and the answer is not kept for long.
            let matching = archive.len() == ticks.stations.len();
            archive.read_common(scope, ticks, now);
            let done = match scope {
                Scope::Stations => archive.read_some(ticks, now),
                Scope::Station(_) | Scope::Site => true,
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

    /// Looks at what was committed, and tells the desk.
    fn look(&self) {
        // The watch is held until the desk knows, so that what was seen later is also learnt later.
        let mut watch = self.watch();
        let ticks = watch.look();
        self.desk().learn(ticks);
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn archive(&self) -> MutexGuard<'_, Archive> {
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rooms of a site, as it is known at an instant.
fn rooms(path: &Path, site: Site, now: Timestamp) -> Result<(Archive, Watch, Desk), StoreError> {
    let site = Arc::new(site);
    let mut watch = Watch::open(path, &site)?;
    let archive = Archive::open(path, Arc::clone(&site), now)?;
    let desk = Desk::new(site, watch.look());
    Ok((archive, watch, desk))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// Nothing here is told finer than by the second.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
