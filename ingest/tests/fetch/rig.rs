//! A store in a file of its own, feeds that point at a loopback server, and a clock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hydro::{FeedId, Now, Parameter, Point, SignedDuration, StationId, Timestamp};
use ingest::formats::Format;
use ingest::{Clock, Done, Feed, Fetching, Plan, Schedule, once};
use reqwest::Url;
use store::{FeedState, Reader, Writer};

/// 2026-04-20T12:00:00Z.
pub(crate) const START: Timestamp = Timestamp::constant(1_776_686_400, 0);
pub(crate) const PLACE: &str = "01AK003";

pub(crate) struct Rig {
    path: PathBuf,
    pub(crate) store: Arc<Mutex<Writer>>,
}

impl Rig {
    /// `name` is the test's own.
    pub(crate) fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.db", std::process::id()));
        let store = Arc::new(Mutex::new(Writer::open(&path).unwrap()));
        Self { path, store }
    }

    /// As after a restart of the program.
    pub(crate) fn restart(&mut self) {
        self.store = Arc::new(Mutex::new(Writer::open(&self.path).unwrap()));
    }

    pub(crate) fn state(&self, feed: &Feed) -> FeedState {
        self.store.lock().unwrap().feed_state(&feed.id).unwrap()
    }

    /// Everything measured, as known an hour after the start.
    pub(crate) fn observed(&self, feed: &Feed) -> Vec<Point> {
        let reader = Reader::open(&self.path).unwrap();
        let known = START + SignedDuration::from_hours(1);
        reader.observed(&feed.id, PLACE, Parameter::Level, Timestamp::UNIX_EPOCH, known).unwrap()
    }

    /// When each attempt began, newest first.
    pub(crate) fn attempts(&self, feed: &Feed) -> Vec<Timestamp> {
        let logged = Reader::open(&self.path).unwrap().fetches(&feed.id, Timestamp::MAX, 100).unwrap();
        logged.iter().map(|logged| logged.fetch.at).collect()
    }

    pub(crate) async fn fetch(&self, feed: &Feed) -> Done {
        self.fetch_at(feed, START).await
    }

    pub(crate) async fn fetch_at(&self, feed: &Feed, now: Timestamp) -> Done {
        let clock: Now = Arc::new(move || now);
        let plan = Plan { feeds: vec![feed.clone()], fetching: fetching() };
        let once = once(plan, Arc::clone(&self.store), clock);
        let mut results = within(Duration::from_secs(20), once).await.unwrap();
        results.remove(0).1.unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.path.display()));
        }
    }
}

/// A feed of the loopback server's, every minute.
pub(crate) fn feed(id: &str, address: Url) -> Feed {
    let station = StationId::new("fredericton").unwrap();
    Feed {
        id: FeedId::new(id).unwrap(),
        address,
        format: Format::EcccCsv,
        place: None,
        schedule: Schedule::parse("* * * * *").unwrap(),
        max_bytes: 1 << 20,
        private: true,
        places: [((PLACE.to_owned(), Parameter::Level), [station].into())].into(),
    }
}

pub(crate) fn fetching() -> Fetching {
    Fetching {
        contact: "ops@example.org".to_owned(),
        connect_timeout: Duration::from_secs(1),
        total_timeout: Duration::from_secs(2),
        at_once: 4,
        keep_bodies: 1 << 20,
        retention: None,
    }
}

/// A document with one measurement at the start, in millimetres.
pub(crate) fn document(level: u32) -> Vec<u8> {
    let head = " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC";
    let level = f64::from(level) / 1000.0;
    format!("\u{feff}{head}\n{PLACE},2026-04-20T08:00:00-04:00,{level:.3},,,1,,,,\n").into_bytes()
}

/// A clock that starts at [`START`] and goes this fast.
pub(crate) fn clock(speed: f64) -> Clock {
    let began = Instant::now();
    let now = move || START + SignedDuration::from_secs_f64(began.elapsed().as_secs_f64() * speed);
    Clock { now: Arc::new(now), speed }
}

/// No test waits for ever.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, work).await.expect("done in time")
}
