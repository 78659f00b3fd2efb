//! A database of its own for each test, and the batches that are put into it.

use std::path::PathBuf;
use std::time::Duration;

use hydro::{FeedId, Kind, Parameter, Point, Quality, SignedDuration, Stat, Timestamp, Value};
use store::{Batch, Fetch, Outcome, Reader, SeriesBatch, SeriesKey, Writer};

pub(crate) struct Database {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) writer: Writer,
}

pub(crate) fn database() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("river.db");
    let writer = Writer::open(&path).unwrap();
    Database { _folder: folder, path, writer }
}

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_650_000_000 + minutes * 60).unwrap()
}

pub(crate) fn feed() -> FeedId {
    FeedId::new("eccc-nb").unwrap()
}

pub(crate) fn batch(received: Timestamp) -> Batch<'static> {
    let fetch = Fetch {
        took: Duration::from_millis(120),
        outcome: Outcome::Changed,
        http_status: Some(200),
        bytes: 5,
        hash: Some([7; 32]),
        ..Fetch::begun(feed(), received)
    };
    Batch { body: Some(b"bytes"), ..Batch::empty(fetch) }
}

pub(crate) fn series(kind: Kind, issued: Option<Timestamp>, points: &[(i64, Option<i64>)]) -> SeriesBatch {
    let point = |&(minute, milli): &(i64, Option<i64>)| Point {
        valid: at(minute),
        value: milli.map(Value::from_milli),
        quality: Some(Quality::Provisional),
    };
    let key = SeriesKey { location: "01AK003".into(), parameter: Parameter::Level, kind, stat: Stat::Value };
    SeriesBatch { key, issued, points: points.iter().map(point).collect() }
}

pub(crate) fn observed(received: Timestamp, points: &[(i64, Option<i64>)]) -> Batch<'static> {
    Batch { series: vec![series(Kind::Observed, None, points)], ..batch(received) }
}

pub(crate) fn forecast(
    received: Timestamp,
    issued: Option<Timestamp>,
    points: &[(i64, Option<i64>)],
) -> Batch<'static> {
    Batch { series: vec![series(Kind::Forecast, issued, points)], ..batch(received) }
}

/// When the newest observation with a value was valid.
pub(crate) fn newest_value(reader: &Reader, known: Timestamp) -> Option<Timestamp> {
    let points = reader.latest(&feed(), "01AK003", Parameter::Level, SignedDuration::ZERO, known).unwrap();
    points.into_iter().rfind(|point| point.value.is_some()).map(|point| point.valid)
}

impl Database {
    pub(crate) fn levels(&self, known: Timestamp) -> Vec<(i64, Option<i64>)> {
        let reader = Reader::open(&self.path).unwrap();
        let points = reader.observed(&feed(), "01AK003", Parameter::Level, at(-10_000), known).unwrap();
        points.iter().map(|p| ((p.valid.as_second() - at(0).as_second()) / 60, p.value.map(Value::milli))).collect()
    }

    pub(crate) fn issues(&self, known: Timestamp) -> Vec<(Timestamp, Vec<i64>)> {
        let reader = Reader::open(&self.path).unwrap();
        let issues = reader.forecasts(&feed(), "01AK003", Parameter::Level, known, 9).unwrap();
        issues.into_iter().map(|f| (f.issued, f.points.iter().map(|(_, value)| value.milli()).collect())).collect()
    }
}
