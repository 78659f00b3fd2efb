//! What storing costs, through the store's door and onto the disk that holds the temporary folder: loading in bulk, a poll
//! of every station, a document that brings little new, one station's week, the newest of all, bytes an observation.
//! The same rows in a plain table, the way that suggests itself, are written beside it.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

mod measure;

use std::path::Path;
use std::time::Duration;

use hydro::{FeedId, Kind, Parameter, Point, Quality, SignedDuration, Stat, Timestamp, Value};
use measure::{figure, heading, median, millions, millis, time, written};
use rusqlite::{Connection, params};
use store::{Batch, Fetch, Outcome, Reader, SeriesBatch, SeriesKey, Writer};

/// 2026-04-20T00:00:00Z.
const START: i64 = 1_776_643_200;

fn main() {
    if std::env::var_os("NEWEST").is_some() {
        return polls(10_000, 900);
    }
    heading("10 000 stations, a reading every 15 minutes");
    polls(10_000, 900);
    heading("10 000 stations, a reading every 5 minutes");
    polls(10_000, 300);
    heading("2 000 stations, two days at 5 minutes");
    national();
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn feed() -> FeedId {
    FeedId::new("national").unwrap()
}

/// A river that rises and falls by millimetres, with now and then a larger step; the same for the same station and time.
fn level(station: usize, second: i64) -> i64 {
    let (station, step) = (i64::try_from(station).unwrap(), second / 300);
    let noise = (step * 7919 + station * 104_729).rem_euclid(97) % 7 - 3;
    5000 + station % 900 + (step + station) % 577 * 2 + noise
}

/// What a poll brings of every station: readings in a span of time.
fn batch(stations: usize, seconds: std::ops::Range<i64>, cadence: i64, received: i64) -> Batch<'static> {
    let series = |station: usize| SeriesBatch {
        key: SeriesKey {
            location: format!("{station:06}"),
            parameter: Parameter::Level,
            kind: Kind::Observed,
            stat: Stat::Value,
        },
        issued: None,
        points: seconds
            .clone()
            .step_by(usize::try_from(cadence).unwrap())
            .map(|second| Point {
                valid: at(second),
                value: Some(Value::from_milli(level(station, second))),
                quality: Some(Quality::Provisional),
            })
            .collect(),
    };
    let fetch = Fetch { outcome: Outcome::Changed, http_status: Some(200), ..Fetch::begun(feed(), at(received)) };
    Batch { series: (0..stations).map(series).collect(), ..Batch::empty(fetch) }
}

/// The same readings as rows, one each, in a plain table by station and time.
fn plain(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS observation (series INTEGER, valid_at INTEGER, value INTEGER, quality INTEGER,
                 received_at INTEGER, PRIMARY KEY (series, valid_at)) STRICT, WITHOUT ROWID",
        )
        .unwrap();
    connection
}

fn apply_plain(connection: &mut Connection, batch: &Batch<'_>) {
    let transaction = connection.transaction().unwrap();
    let mut upsert = transaction
        .prepare_cached(
            "INSERT INTO observation VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value,
                 quality = excluded.quality, received_at = excluded.received_at WHERE value IS NOT excluded.value",
        )
        .unwrap();
    for (station, series) in batch.series.iter().enumerate() {
        for point in &series.points {
            let (value, quality) = (point.value.map(Value::milli), point.quality.map(Quality::code));
            let station = i64::try_from(station).unwrap();
            let valid = point.valid.as_second();
            upsert.execute(params![station, valid, value, quality, batch.fetch.at.as_second()]).unwrap();
        }
    }
    drop(upsert);
    transaction.commit().unwrap();
}

fn polls(stations: usize, cadence: i64) {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("river.db"), folder.path().join("plain.db"));
    let (mut writer, mut rows) = (Writer::open(&path).unwrap(), plain(&other));
    // A million observations of every station are there: an hour and a half of the day, or four, comes in at once.
    let loaded = 100 * cadence;
    let history = batch(stations, 0..loaded, cadence, loaded + 60);
    let count = stations * 100;
    figure(
        "bulk, millions of rows a second",
        format!("{:.2}", millions(count, time(|| writer.apply(&history).unwrap()))),
    );
    let beside = time(|| apply_plain(&mut rows, &history));
    figure("  in a plain table", format!("{:.2}", millions(count, beside)));

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut our_bytes, mut their_bytes) = (Vec::new(), Vec::new());
    // Six hours of polls, so that every stage of a piece has its share.
    let polls = 6 * 3600 / cadence;
    for poll in 0..polls {
        let from = loaded + poll * cadence;
        let batch = batch(stations, from..from + cadence, cadence, from + 60 + poll % 7);
        let before = written();
        ours.push(time(|| writer.apply(&batch).unwrap()));
        our_bytes.push(written() - before);
        if poll % 4 == 0 {
            let before = written();
            theirs.push(time(|| apply_plain(&mut rows, &batch)));
            their_bytes.push(written() - before);
        }
    }
    let mean = |bytes: &[u64]| bytes.iter().sum::<u64>() as f64 / bytes.len() as f64 / 1e6;
    figure("poll, ms: median, slowest", format!("{:.1}, {:.1}", millis(median(ours.clone())), slowest(&ours)));
    figure("  in a plain table", format!("{:.1}, {:.1}", millis(median(theirs.clone())), slowest(&theirs)));
    figure("poll, MB written: mean", format!("{:.2}", mean(&our_bytes)));
    figure("  in a plain table", format!("{:.2}", mean(&their_bytes)));
    queries(&path, stations, loaded + polls * cadence);
    drop(writer);
    drop(rows);
    let observations = (count + stations * usize::try_from(polls).unwrap()) as f64;
    let size = |path: &Path| std::fs::metadata(path).unwrap().len() as f64;
    figure("bytes an observation", format!("{:.2}", size(&path) / observations));
}

fn slowest(times: &[Duration]) -> f64 {
    millis(times.iter().copied().max().unwrap_or_default())
}

fn queries(path: &Path, stations: usize, now: i64) {
    let reader = Reader::open(path).unwrap();
    let week = |station: usize| {
        let from = at(now) - SignedDuration::from_hours(7 * 24);
        reader.observed(&feed(), &format!("{station:06}"), Parameter::Level, from, at(now + 900)).unwrap()
    };
    let picked = |i: usize| i * 7919 % stations;
    let points = week(0).len();
    let weeks = median((0..500).map(|i| time(|| week(picked(i)))).collect());
    figure("one station's week, us", format!("{:.0} for {points} points", millis(weeks) * 1e3));
    let all = || {
        for station in 0..stations {
            let place = format!("{station:06}");
            let newest = reader.latest(&feed(), &place, Parameter::Level, SignedDuration::ZERO, at(now + 900));
            assert!(!newest.unwrap().is_empty());
        }
    };
    figure("the newest of all stations, ms", format!("{:.1}", millis(median((0..5).map(|_| time(all)).collect()))));
}

fn national() {
    const DAYS: i64 = 2 * 86_400;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("river.db");
    let mut writer = Writer::open(&path).unwrap();
    let document = batch(2_000, 0..DAYS, 300, DAYS + 60);
    let points = document.series.iter().map(|series| series.points.len()).sum();
    let first = time(|| writer.apply(&document).unwrap());
    figure("taken in, millions of rows a second", format!("{:.2}", millions(points, first)));
    let (mut times, mut bytes) = (Vec::new(), Vec::new());
    for poll in 1..=12 {
        let window = poll * 300..DAYS + poll * 300;
        let next = batch(2_000, window, 300, DAYS + poll * 300 + 60);
        let before = written();
        times.push(time(|| assert_eq!(writer.apply(&next).unwrap().new, 2_000)));
        bytes.push((written() - before) as f64 / 1e6);
    }
    let again = median(times);
    figure("the next of it, one new reading each, ms", format!("{:.1}", millis(again)));
    figure("  millions of rows compared a second", format!("{:.2}", millions(points, again)));
    figure("  MB written: mean", format!("{:.2}", bytes.iter().sum::<f64>() / bytes.len() as f64));
    let long = batch(2_000, 0..30 * 86_400, 300, 30 * 86_400 + 60);
    let points = long.series.iter().map(|series| series.points.len()).sum();
    figure(
        "30 days, millions of rows a second",
        format!("{:.2}", millions(points, time(|| writer.apply(&long).unwrap()))),
    );
    drop(writer);
    let size = std::fs::metadata(&path).unwrap().len() as f64;
    figure("bytes an observation", format!("{:.2}", size / points as f64));
    drop(long);
    queries(&path, 2_000, 30 * 86_400);
}
