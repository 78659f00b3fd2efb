//! The store through its door: real SQLite files, batches in, questions answered as of any instant.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use hydro::{FeedId, Kind, Parameter, Point, Quality, SignedDuration, Stat, Timestamp, Value};
use proptest::prelude::*;
use store::{
    Applied, Batch, FeedState, Fetch, GaugeThresholds, Outcome, Reader, SeriesBatch, SeriesKey, Validators, Writer,
};

struct Database {
    _folder: tempfile::TempDir,
    path: PathBuf,
    writer: Writer,
}

fn database() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("river.db");
    let writer = Writer::open(&path).unwrap();
    Database { _folder: folder, path, writer }
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_650_000_000 + minutes * 60).unwrap()
}

fn feed() -> FeedId {
    FeedId::new("eccc-nb").unwrap()
}

fn batch(received: Timestamp) -> Batch<'static> {
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

fn series(kind: Kind, issued: Option<Timestamp>, points: &[(i64, Option<i64>)]) -> SeriesBatch {
    let point = |&(minute, milli): &(i64, Option<i64>)| Point {
        valid: at(minute),
        value: milli.map(Value::from_milli),
        quality: Some(Quality::Provisional),
    };
    let key = SeriesKey { location: "01AK003".into(), parameter: Parameter::Level, kind, stat: Stat::Value };
    SeriesBatch { key, issued, points: points.iter().map(point).collect() }
}

fn observed(received: Timestamp, points: &[(i64, Option<i64>)]) -> Batch<'static> {
    Batch { series: vec![series(Kind::Observed, None, points)], ..batch(received) }
}

fn forecast(received: Timestamp, issued: Option<Timestamp>, points: &[(i64, Option<i64>)]) -> Batch<'static> {
    Batch { series: vec![series(Kind::Forecast, issued, points)], ..batch(received) }
}

/// When the newest observation with a value was valid.
fn newest_value(reader: &Reader, known: Timestamp) -> Option<Timestamp> {
    let points = reader.latest(&feed(), "01AK003", Parameter::Level, SignedDuration::ZERO, known).unwrap();
    points.into_iter().rfind(|point| point.value.is_some()).map(|point| point.valid)
}

impl Database {
    fn levels(&self, known: Timestamp) -> Vec<(i64, Option<i64>)> {
        let reader = Reader::open(&self.path).unwrap();
        let points = reader.observed(&feed(), "01AK003", Parameter::Level, at(-10_000), known).unwrap();
        points.iter().map(|p| ((p.valid.as_second() - at(0).as_second()) / 60, p.value.map(Value::milli))).collect()
    }

    fn issues(&self, known: Timestamp) -> Vec<(Timestamp, Vec<i64>)> {
        let reader = Reader::open(&self.path).unwrap();
        let issues = reader.forecasts(&feed(), "01AK003", Parameter::Level, known, 9).unwrap();
        issues.into_iter().map(|f| (f.issued, f.points.iter().map(|(_, value)| value.milli()).collect())).collect()
    }
}

#[test]
fn every_version_of_every_issue_is_there_with_its_bounds() {
    let mut db = database();
    let bound = |received, issued, milli| {
        let mut batch = forecast(received, Some(issued), &[(600, Some(milli))]);
        batch.series[0].key.stat = Stat::Named("p75".into());
        batch
    };
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(600, Some(5000))])).unwrap();
    db.writer.apply(&bound(at(10), at(0), 5500)).unwrap();
    // The first issue is corrected in its bound alone, then in its value.
    db.writer.apply(&bound(at(20), at(0), 5600)).unwrap();
    db.writer.apply(&forecast(at(30), Some(at(0)), &[(600, Some(5100))])).unwrap();
    db.writer.apply(&forecast(at(70), Some(at(60)), &[(600, Some(6000)), (660, Some(6100))])).unwrap();
    let reader = Reader::open(&db.path).unwrap();
    let (feed, always) = (feed(), (at(-10_000), at(10_000)));
    let issues = |span, after, known, values| {
        let found = reader.issues((&feed, "01AK003", Parameter::Level), span, after, known, values).unwrap();
        let told = found.issues.iter().map(|issue| {
            let first = |points: &[(Timestamp, Value)]| points.first().map(|(_, value)| value.milli());
            (issue.received, first(&issue.points), issue.bounds.first().and_then(|bound| first(&bound.points)))
        });
        (told.collect::<Vec<_>>(), found.more)
    };
    let all = [
        (at(10), Some(5000), Some(5500)),
        (at(20), Some(5000), Some(5600)),
        (at(30), Some(5100), Some(5600)),
        (at(70), Some(6000), None),
    ];
    assert_eq!(issues(always, None, at(100), 100), (all.to_vec(), false));
    assert_eq!(issues(always, None, at(25), 100), (all[..2].to_vec(), false));
    assert_eq!(issues((at(0), at(60)), None, at(100), 100), (all[..3].to_vec(), false));
    assert_eq!(issues((at(1), at(61)), None, at(100), 100), (all[3..].to_vec(), false));
    assert_eq!(issues(always, None, at(100), 4), (all[..2].to_vec(), true));
    assert_eq!(issues(always, Some((at(0), at(20))), at(100), 1), (all[2..3].to_vec(), true));
    assert_eq!(issues(always, Some((at(60), at(70))), at(100), 1), (vec![], false));
}

#[test]
fn measurements_within_a_span_are_those_from_its_beginning_to_before_its_end() {
    let mut db = database();
    db.writer.apply(&observed(at(60), &[(0, Some(5000)), (5, Some(5010)), (10, Some(5020))])).unwrap();
    let reader = Reader::open(&db.path).unwrap();
    let within = |from, until| {
        let points =
            reader.observed_within(&feed(), "01AK003", Parameter::Level, (at(from), at(until)), at(60)).unwrap();
        points.iter().map(|point| point.value.map(Value::milli)).collect::<Vec<_>>()
    };
    assert_eq!(within(0, 10), [Some(5000), Some(5010)]);
    assert_eq!(within(1, 11), [Some(5010), Some(5020)]);
    assert_eq!(within(10, 0), [None; 0]);
}

#[test]
fn the_same_batch_twice_changes_nothing() {
    let mut db = database();
    let batch = observed(at(60), &[(0, Some(5000)), (5, Some(5010))]);
    let first = db.writer.apply(&batch).unwrap();
    assert_eq!(
        first,
        Applied { changed: ["01AK003".to_owned()].into(), new: 2, since: Some(at(-320)), ..Applied::default() }
    );
    assert_eq!(db.writer.apply(&batch).unwrap(), Applied::default());
    assert_eq!(db.levels(at(60)), [(0, Some(5000)), (5, Some(5010))]);
}

#[test]
fn a_correction_keeps_what_was_known_before() {
    let mut db = database();
    db.writer.apply(&observed(at(60), &[(0, Some(5000)), (5, Some(5010))])).unwrap();
    let applied = db.writer.apply(&observed(at(120), &[(0, Some(4900)), (5, Some(5010)), (10, Some(5020))])).unwrap();
    assert_eq!((applied.new, applied.revised), (1, 1));
    assert_eq!(db.levels(at(119)), [(0, Some(5000)), (5, Some(5010))]);
    assert_eq!(db.levels(at(120)), [(0, Some(4900)), (5, Some(5010)), (10, Some(5020))]);
    assert_eq!(db.levels(at(59)), [], "nothing was known before it was received");
    let reader = Reader::open(&db.path).unwrap();
    let newest = |known| newest_value(&reader, known);
    assert_eq!((newest(at(59)), newest(at(60)), newest(at(120))), (None, Some(at(5)), Some(at(10))));
}

#[test]
fn a_value_taken_back_is_missing_from_then_on() {
    let mut db = database();
    db.writer.apply(&observed(at(60), &[(0, Some(5000)), (5, None)])).unwrap();
    db.writer.apply(&observed(at(120), &[(0, None)])).unwrap();
    assert_eq!(db.levels(at(60)), [(0, Some(5000))], "a value that never was leaves no row");
    assert_eq!(db.levels(at(120)), [(0, None)]);
}

#[test]
fn an_older_document_read_late_takes_its_place_in_history() {
    let mut db = database();
    db.writer.apply(&observed(at(120), &[(0, Some(4900))])).unwrap();
    db.writer.apply(&observed(at(60), &[(0, Some(5000))])).unwrap();
    db.writer.apply(&observed(at(90), &[(0, Some(5050))])).unwrap();
    assert_eq!(db.levels(at(60)), [(0, Some(5000))]);
    let reader = Reader::open(&db.path).unwrap();
    assert_eq!(newest_value(&reader, at(60)), Some(at(0)));
    assert_eq!(db.levels(at(90)), [(0, Some(5050))]);
    assert_eq!(db.levels(at(120)), [(0, Some(4900))]);
}

#[test]
fn each_issue_of_a_forecast_is_kept() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000)), (120, None), (180, Some(6200))])).unwrap();
    db.writer.apply(&forecast(at(20), Some(at(0)), &[(60, Some(6000)), (180, Some(6200))])).unwrap();
    db.writer.apply(&forecast(at(1450), Some(at(1440)), &[(1500, Some(6400))])).unwrap();
    assert_eq!(db.issues(at(2000)), [(at(1440), vec![6400]), (at(0), vec![6000, 6200])]);
    assert_eq!(db.issues(at(1449)), [(at(0), vec![6000, 6200])], "a later issue was not known then");
}

#[test]
fn a_corrected_issue_supersedes_without_overwriting() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000))])).unwrap();
    db.writer.apply(&forecast(at(30), Some(at(0)), &[(60, Some(6500))])).unwrap();
    assert_eq!(db.issues(at(29)), [(at(0), vec![6000])]);
    assert_eq!(db.issues(at(30)), [(at(0), vec![6500])]);
}

#[test]
fn a_forecast_without_a_time_of_issue_is_new_when_it_changes() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), None, &[(60, Some(6000))])).unwrap();
    assert_eq!(db.writer.apply(&forecast(at(20), None, &[(60, Some(6000))])).unwrap(), Applied::default());
    db.writer.apply(&forecast(at(30), None, &[(60, Some(6100))])).unwrap();
    assert_eq!(db.issues(at(40)), [(at(30), vec![6100]), (at(10), vec![6000])]);
}

#[test]
fn an_issue_that_says_there_is_none_is_kept() {
    let mut db = database();
    db.writer.apply(&forecast(at(10), Some(at(0)), &[(60, Some(6000))])).unwrap();
    let applied = db.writer.apply(&forecast(at(30), Some(at(20)), &[(60, None)])).unwrap();
    assert_eq!(applied.changed.len(), 1);
    assert_eq!(db.issues(at(40)), [(at(20), vec![]), (at(0), vec![6000])]);
}

#[test]
fn a_failed_fetch_leaves_data_and_validators() {
    let mut db = database();
    let validators = Validators { etag: Some("\"a\"".into()), last_modified: None };
    db.writer.apply(&Batch { validators: Some(validators.clone()), ..observed(at(60), &[(0, Some(5000))]) }).unwrap();
    let mut failed = batch(at(70));
    failed.fetch =
        Fetch { outcome: Outcome::Failed, hash: None, message: Some("HTTP 503".into()), ..failed.fetch.clone() };
    db.writer.apply(&Batch { body: None, retry_at: Some(at(90)), ..failed.clone() }).unwrap();
    let state = db.writer.feed_state(&feed()).unwrap();
    assert_eq!((state.failures, state.hash, state.retry_at), (1, Some([7; 32]), Some(at(90))));
    assert_eq!((state.attempted, state.succeeded, state.changed), (Some(at(70)), Some(at(60)), Some(at(60))));
    assert_eq!((state.validators, state.message.as_deref()), (validators, Some("HTTP 503")));
    assert_eq!(db.levels(at(80)), [(0, Some(5000))]);
    let log = Reader::open(&db.path).unwrap().fetches(&feed(), at(80), 9).unwrap();
    let outcomes: Vec<_> = log.iter().map(|logged| (logged.fetch.outcome.name(), logged.new)).collect();
    assert_eq!(outcomes, [("failed", 0), ("changed", 1)]);
}

#[test]
fn a_clock_set_back_does_not_freeze_the_state_but_an_import_moves_nothing_back() {
    let mut db = database();
    db.writer.apply(&batch(at(60))).unwrap();
    db.writer.apply(&Batch { replayed: true, ..batch(at(30)) }).unwrap();
    assert_eq!(db.writer.feed_state(&feed()).unwrap().attempted, Some(at(60)));
    db.writer.apply(&batch(at(30))).unwrap();
    assert_eq!(db.writer.feed_state(&feed()).unwrap().attempted, Some(at(30)));
}

#[test]
fn the_state_of_a_feed_at_a_past_time_is_what_it_was_then() {
    let mut db = database();
    let outcomes =
        [Outcome::Changed, Outcome::Failed, Outcome::Failed, Outcome::Empty, Outcome::Empty, Outcome::Unchanged];
    let mut known = Vec::new();
    for (i, outcome) in (0_i64..).zip(outcomes.into_iter().cycle().take(60)) {
        let mut attempt = batch(at(i * 24 * 60));
        attempt.fetch.outcome = outcome;
        attempt.fetch.message = (outcome == Outcome::Failed).then(|| format!("HTTP {}", 500 + i));
        attempt.next_issue = (i % 7 == 0).then(|| at(i * 24 * 60 + 600));
        db.writer.apply(&attempt).unwrap();
        // A saved document of an earlier day is no attempt of that day.
        db.writer.apply(&Batch { replayed: true, ..batch(at(i * 24 * 60 - 30)) }).unwrap();
        db.writer.prune(u64::MAX, None, attempt.fetch.at).unwrap();
        let state = db.writer.feed_state(&feed()).unwrap();
        known.push(FeedState { validators: Validators::default(), hash: None, ..state });
    }
    let reader = Reader::open(&db.path).unwrap();
    assert_eq!(reader.feed_state(&feed(), at(-1)).unwrap(), FeedState::default());
    for (i, then) in (0..).zip(known) {
        for minute in [0, 24 * 60 - 1] {
            assert_eq!(reader.feed_state(&feed(), at(i * 24 * 60 + minute)).unwrap(), then, "day {i}");
        }
    }
}

#[test]
fn forgetting_validators_makes_the_next_request_whole() {
    let mut db = database();
    let validators = Validators { etag: Some("a".into()), last_modified: Some("b".into()) };
    db.writer.apply(&Batch { validators: Some(validators), ..batch(at(60)) }).unwrap();
    db.writer.forget_validators(&feed()).unwrap();
    let state = db.writer.feed_state(&feed()).unwrap();
    assert_eq!((state.validators, state.hash, state.attempted), (Validators::default(), None, Some(at(60))));
}

#[test]
fn a_document_that_rewrites_everything_is_held() {
    let mut db = database();
    let levels = |factor: i64| (0..24).map(|i| (i * 5, Some((5000 + i) * factor))).collect::<Vec<_>>();
    db.writer.apply(&observed(at(120), &levels(1))).unwrap();
    let mut feet = levels(3);
    feet.push((120, Some(15_100)));
    let applied = db.writer.apply(&observed(at(130), &feet)).unwrap();
    assert_eq!((applied.new, applied.revised, applied.held), (1, 0, 24));
    assert_eq!(db.levels(at(130))[..24], levels(1));
    let log = Reader::open(&db.path).unwrap().fetches(&feed(), at(130), 1).unwrap();
    let told = "24 stored readings would have been rewritten at once; they stay as they were";
    assert_eq!(log[0].fetch.message.as_deref(), Some(told));
    let replayed = Batch { replayed: true, ..observed(at(140), &levels(3)) };
    assert_eq!(db.writer.apply(&replayed).unwrap().revised, 24, "an operator may");
}

#[test]
fn a_correction_of_a_whole_week_by_a_little_is_a_correction() {
    let mut db = database();
    let levels = |by: i64| (0..24).map(|i| (i * 5, Some(5000 + by))).collect::<Vec<_>>();
    db.writer.apply(&observed(at(120), &levels(0))).unwrap();
    assert_eq!(db.writer.apply(&observed(at(130), &levels(100))).unwrap().revised, 24);
}

#[test]
fn a_reading_that_a_document_leaves_out_is_taken_back() {
    let mut db = database();
    let all: Vec<_> = (0..24).map(|i| (i * 5, Some(5000 + i))).collect();
    db.writer.apply(&observed(at(120), &all)).unwrap();
    let without =
        |left_out: &[i64]| all.iter().copied().filter(|(minute, _)| !left_out.contains(minute)).collect::<Vec<_>>();
    let applied = db.writer.apply(&observed(at(130), &without(&[60]))).unwrap();
    assert_eq!((applied.new, applied.revised, applied.withdrawn), (0, 0, 1));
    assert_eq!(db.levels(at(129))[12], (60, Some(5012)), "what was believed then");
    assert_eq!(db.levels(at(130))[12], (60, None));
    assert_eq!(db.writer.apply(&observed(at(140), &all)).unwrap().revised, 1, "and comes back");
    assert_eq!(
        db.writer.apply(&observed(at(150), &without(&[0, 5, 115]))).unwrap().withdrawn,
        0,
        "not beyond its time"
    );
    assert_eq!(db.writer.apply(&observed(at(160), &without(&[20, 30, 40, 50]))).unwrap().withdrawn, 0, "a thinner one");
    let mut unread = observed(at(170), &without(&[70]));
    unread.fetch.rejected = 1;
    assert_eq!(db.writer.apply(&unread).unwrap().withdrawn, 0, "a row that could not be read is none left out");
}

#[test]
fn a_document_of_less_than_half_is_told() {
    let mut db = database();
    let state = |db: &Database| db.writer.feed_state(&feed()).unwrap();
    let document = |minute, points| {
        let mut batch = observed(at(minute), &[(minute, Some(5000))]);
        batch.fetch.points = points;
        batch
    };
    for (minute, points, short) in [(0, 24, false), (10, 30, false), (20, 11, true), (30, 24, false), (40, 12, false)] {
        db.writer.apply(&document(minute, points)).unwrap();
        assert_eq!(state(&db).short, short, "at {minute}");
    }
    db.writer.apply(&document(50, 3)).unwrap();
    assert_eq!(state(&db).message.as_deref(), Some("3 of the usual 24 readings: is the document whole?"));
}

#[test]
fn a_second_document_without_data_in_a_row_is_a_fault() {
    let mut db = database();
    let mut failures = Vec::new();
    for (minute, outcome) in [(0, Outcome::Empty), (10, Outcome::Empty), (20, Outcome::Changed), (30, Outcome::Empty)] {
        let mut batch = batch(at(minute));
        batch.fetch.outcome = outcome;
        db.writer.apply(&batch).unwrap();
        failures.push(db.writer.feed_state(&feed()).unwrap().failures);
    }
    assert_eq!(failures, [0, 1, 0, 0]);
}

#[test]
fn published_thresholds_are_those_of_their_time() {
    let mut db = database();
    let heights = |flood: i64| {
        let heights =
            vec![("advisory".to_owned(), Value::from_milli(4500)), ("flood".to_owned(), Value::from_milli(flood))];
        vec![GaugeThresholds { location: "Fredericton".into(), parameter: Parameter::Level, heights }]
    };
    let flood = |db: &Database, minute| {
        let all = Reader::open(&db.path).unwrap().published_thresholds(&feed(), at(minute)).unwrap();
        let flood = all.iter().find(|threshold| threshold.name == "flood").unwrap();
        (flood.value.map(Value::milli), flood.before.map(Value::milli), flood.received)
    };
    db.writer.apply(&Batch { gauges: heights(6500), ..batch(at(0)) }).unwrap();
    db.writer.apply(&Batch { gauges: heights(6400), ..batch(at(60)) }).unwrap();
    assert_eq!(flood(&db, 59), (Some(6500), None, at(0)));
    assert_eq!(flood(&db, 60), (Some(6400), Some(6500), at(60)));
    let none = vec![GaugeThresholds { heights: heights(0)[0].heights[..1].to_vec(), ..heights(0)[0].clone() }];
    let gone = db.writer.apply(&Batch { gauges: none, ..batch(at(70)) }).unwrap();
    assert_eq!(gone.thresholds.len(), 1);
    assert_eq!(flood(&db, 70), (None, Some(6400), at(70)), "no longer published");
    db.writer.apply(&Batch { gauges: heights(6400), ..batch(at(80)) }).unwrap();
    let absurd = db.writer.apply(&Batch { gauges: heights(21_000), ..batch(at(90)) }).unwrap();
    assert_eq!((absurd.absurd.len(), absurd.thresholds.len()), (1, 0));
    assert_eq!(flood(&db, 90), (Some(6400), None, at(80)), "feet for metres");
    let message = db.writer.feed_state(&feed()).unwrap().message;
    let told = "Fredericton: flood from 6.4 to 21 at once is no threshold moved; it stays as it was";
    assert_eq!(message.as_deref(), Some(told));
}

#[test]
fn bodies_are_kept_once_and_pruned_oldest_first() {
    let mut db = database();
    let bodies: Vec<Vec<u8>> = (0..3_u8).map(|n| (0..=255_u8).map(|i| i.wrapping_mul(n * 2 + 3)).collect()).collect();
    for (n, body) in bodies.iter().enumerate() {
        for minute in [0, 1] {
            let mut batch = batch(at(i64::try_from(n * 10).unwrap() + minute));
            batch.fetch.hash = Some([u8::try_from(n).unwrap(); 32]);
            db.writer.apply(&Batch { body: Some(body), ..batch }).unwrap();
        }
    }
    let reader = Reader::open(&db.path).unwrap();
    assert_eq!(reader.body(&[1; 32]).unwrap().map(|body| body.bytes), Some(bodies[1].clone()));
    assert!(db.writer.prune(700, None, at(60)).unwrap() > 0);
    assert_eq!(reader.body(&[0; 32]).unwrap(), None, "the oldest went");
    assert!(reader.body(&[2; 32]).unwrap().is_some(), "the newest stayed");
    assert_eq!(db.writer.prune(700, None, at(60)).unwrap(), 0);
}

#[test]
fn what_is_older_than_the_retention_is_forgotten_and_nothing_else() {
    const DAY: i64 = 24 * 60;
    let mut db = database();
    let start = at(0).as_second() / 86_400 * 86_400 - at(0).as_second();
    let midnight = start / 60;
    for day in 0..100 {
        let minute = midnight + day * DAY;
        let points: Vec<_> = (0..24).map(|hour| (minute + hour * 60, Some(5000 + day))).collect();
        db.writer.apply(&observed(at(minute + DAY), &points)).unwrap();
        db.writer.apply(&observed(at(minute + DAY + 1), &[(minute, Some(6000 + day))])).unwrap();
        db.writer.apply(&forecast(at(minute), Some(at(minute)), &[(minute + DAY, Some(day))])).unwrap();
    }
    let now = at(midnight + 100 * DAY + 1);
    let all = db.levels(now);
    db.writer.prune(u64::MAX, None, now).unwrap();
    assert_eq!((db.levels(now).len(), db.issues(now).len()), (2400, 9), "kept for ever");
    let retention = Some(SignedDuration::from_hours(40 * 24));
    db.writer.prune(u64::MAX, retention, now).unwrap();
    assert_eq!(db.levels(now).len(), 2400, "looked for every six hours");
    let now = at(midnight + 100 * DAY + 360);
    db.writer.prune(u64::MAX, retention, now).unwrap();
    let kept = db.levels(now);
    assert!(kept == all[60 * 24 + 6..], "forty days of it: {} of {}", kept.len(), all.len());
    assert_eq!(db.levels(at(midnight + 80 * DAY))[..1], [(midnight + 60 * DAY + 360, Some(5060))]);
    let reader = Reader::open(&db.path).unwrap();
    let issues = reader.forecasts(&feed(), "01AK003", Parameter::Level, now, 1000).unwrap();
    assert_eq!(issues.last().map(|issue| issue.issued), Some(at(midnight + 61 * DAY)));
    let log = reader.fetches(&feed(), now, 1000).unwrap();
    assert_eq!(log.last().map(|logged| logged.fetch.at), Some(at(midnight + 61 * DAY)));
    let newest = newest_value(&reader, at(midnight + 30 * DAY));
    assert_eq!(newest, None, "of that time nothing is known any more");
    // What comes of it again finds its place.
    let again = (midnight + 50 * DAY, Some(4000));
    db.writer.apply(&Batch { replayed: true, ..observed(now, &[again]) }).unwrap();
    assert_eq!(db.levels(now)[0], again);
}

#[test]
fn the_write_ahead_log_stays_bounded_while_pages_are_read() {
    let mut db = database();
    let reader = Reader::open(&db.path).unwrap();
    for round in 0..12 {
        let mut whole = batch(at(round));
        // Bytes that do not compress, as of a large document.
        let mut state = u64::try_from(round).unwrap() + 1;
        let body: Vec<u8> = (0..3_000_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state.to_le_bytes()[6]
            })
            .collect();
        whole.fetch.hash = Some([u8::try_from(round).unwrap(); 32]);
        db.writer.apply(&Batch { body: Some(&body), ..whole }).unwrap();
        db.writer.prune(10_000_000, None, at(round)).unwrap();
        assert!(reader.body(&[u8::try_from(round).unwrap(); 32]).unwrap().is_some());
        assert!(reader.sizes().unwrap().wal <= 16 << 20, "round {round}: {:?}", reader.sizes().unwrap());
    }
    assert!(reader.sizes().unwrap().database < 30_000_000, "{:?}", reader.sizes().unwrap());
}

#[test]
fn a_reader_sees_that_something_was_committed() {
    let mut db = database();
    let reader = Reader::open(&db.path).unwrap();
    let before = reader.version().unwrap();
    assert_eq!(reader.version().unwrap(), before);
    db.writer.apply(&observed(at(60), &[(0, Some(5000))])).unwrap();
    assert_ne!(reader.version().unwrap(), before);
}

#[test]
fn notes_outlive_a_restart() {
    let db = database();
    assert_eq!(db.writer.note("demonstration").unwrap(), None);
    db.writer.set_note("demonstration", "2026-04-20T00:00:00Z").unwrap();
    drop(db.writer);
    assert_eq!(Writer::open(&db.path).unwrap().note("demonstration").unwrap().as_deref(), Some("2026-04-20T00:00:00Z"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever was received, and in whatever order documents with values were read, what is known now is the last value received for
    /// each time, and what was known at any earlier instant is the last value received by then: values, missing ones and
    /// remarks, over several pieces and days, and also before the year 1970.
    #[test]
    fn what_is_known_at_an_instant_is_the_last_received_by_then(
        mut documents in proptest::collection::vec(
            (0_i64..40, proptest::collection::vec((-8_i64..8, proptest::option::of(4000_i64..4003), 0_u8..3), 1..9)),
            1..9,
        ),
        start in prop_oneof![Just(0_i64), Just(-27_500_000)],
    ) {
        // Of a missing value that comes before there is any, nothing is kept that an older document could contradict.
        if documents.iter().flat_map(|(_, points)| points).any(|(_, value, _)| value.is_none()) {
            documents.sort_by_key(|(received, _)| *received);
        }
        let mut db = database();
        let valid = |step: i64| at(start + step * 97);
        let mut said: BTreeMap<Timestamp, BTreeMap<Timestamp, Point>> = BTreeMap::new();
        for (received, points) in documents {
            let received = at(start + received * 30);
            // Of documents received at one instant nobody can say which came last.
            if said.contains_key(&received) {
                continue;
            }
            let points: Vec<Point> = points
                .into_iter()
                .map(|(step, milli, quality)| {
                    Point { valid: valid(step), value: milli.map(Value::from_milli), quality: Quality::from_code(quality) }
                })
                .collect();
            let key = series(Kind::Observed, None, &[]).key;
            let series = vec![SeriesBatch { key, issued: None, points: points.clone() }];
            db.writer.apply(&Batch { replayed: true, series, ..batch(received) }).unwrap();
            said.insert(received, points.into_iter().map(|point| (point.valid, point)).collect());
        }
        store::verify(&db.path).unwrap();
        let reader = Reader::open(&db.path).unwrap();
        for known in (-1..41).map(|step| at(start + step * 30)) {
            let mut expected: BTreeMap<Timestamp, Point> = BTreeMap::new();
            for points in said.range(..=known).map(|(_, points)| points) {
                for (valid, point) in points {
                    // A place without a value has nothing to take back.
                    if point.value.is_some() || expected.contains_key(valid) {
                        expected.insert(*valid, *point);
                    }
                }
            }
            for from in [Timestamp::MIN, valid(-3), valid(5)] {
                let observed = reader.observed(&feed(), "01AK003", Parameter::Level, from, known).unwrap();
                let expected: Vec<Point> = expected.range(from..).map(|(_, point)| *point).collect();
                prop_assert_eq!(observed, expected, "from {} as known at {}", from, known);
            }
            let newest = expected.values().rev().find(|point| point.value.is_some()).map(|point| point.valid);
            prop_assert_eq!(newest_value(&reader, known), newest, "newest as known at {}", known);
            let of_feed = reader.newest_of_feed(&feed(), known).unwrap();
            prop_assert_eq!(of_feed, newest, "the feed has this place alone, as known at {}", known);
            for valid in expected.keys() {
                let received = reader.received(&feed(), "01AK003", Parameter::Level, *valid, known).unwrap();
                prop_assert!(received.is_some_and(|received| received <= known && said[&received].contains_key(valid)));
            }
        }
    }
}

/// What happens to a database while somebody asks.
#[derive(Debug, Clone)]
enum Event {
    /// A document of one of two feeds, received at an hour: for some hours a level or none.
    Document { other: bool, replayed: bool, received: i64, points: Vec<(i64, Option<i64>)> },
    /// A forecast or a bound of one, issued and received at an hour, for the hours from then on.
    Issue { bound: bool, issued: i64, received: i64, levels: Vec<i64> },
    /// What is older than a day before an hour is forgotten.
    Forgotten(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let points = proptest::collection::vec((0_i64..72, proptest::option::weighted(0.8, 4000_i64..4003)), 1..16);
    let document = (any::<bool>(), any::<bool>(), 0_i64..80, points)
        .prop_map(|(other, replayed, received, points)| Event::Document { other, replayed, received, points });
    let issue = (any::<bool>(), 0_i64..8, 0_i64..80, proptest::collection::vec(4000_i64..4003, 0..4))
        .prop_map(|(bound, turn, received, levels)| Event::Issue { bound, issued: turn * 12, received, levels });
    prop_oneof![8 => document, 4 => issue, 1 => (0_i64..90).prop_map(Event::Forgotten)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever remembers answers as one does who reads everything, whatever happens in between and as of whatever instant it is
    /// asked: also as of an earlier one than before.
    #[test]
    fn what_is_remembered_is_what_is_stored(
        events in proptest::collection::vec((event(), -9_i64..90), 1..24),
        room in prop_oneof![Just(0_usize), Just(20), Just(10_000)],
    ) {
        let mut db = database();
        let feeds = [feed(), FeedId::new("nb-fews").unwrap()];
        let remembering = Reader::open(&db.path).unwrap().remembering(room);
        for (event, known) in events {
            match event {
                Event::Document { other, replayed, received, points } => {
                    let points: Vec<_> = points.into_iter().map(|(hour, level)| (hour * 60, level)).collect();
                    let mut document = Batch { replayed, ..observed(at(received * 60), &points) };
                    document.fetch.feed = feeds[usize::from(other)].clone();
                    db.writer.apply(&document).unwrap();
                }
                Event::Issue { bound, issued, received, levels } => {
                    let points: Vec<_> = levels.iter().zip(issued..).map(|(&level, hour)| (hour * 60, Some(level))).collect();
                    let mut issue = forecast(at(received * 60), Some(at(issued * 60)), &points);
                    if bound {
                        issue.series[0].key.stat = Stat::Named("p75".into());
                    }
                    db.writer.apply(&issue).unwrap();
                }
                Event::Forgotten(hour) => {
                    db.writer.prune(1 << 20, Some(SignedDuration::from_hours(24)), at(hour * 60)).unwrap();
                }
            }
            let fresh = Reader::open(&db.path).unwrap();
            let issues = |reader: &Reader| {
                reader.forecasts(&feeds[0], "01AK003", Parameter::Level, at(known * 60), 2).unwrap()
            };
            prop_assert_eq!(issues(&remembering), issues(&fresh), "as known at hour {}", known);
            for (feed, hours) in [(&feeds[0], 24), (&feeds[1], 24), (&feeds[0], 7)] {
                let asked = |reader: &Reader| {
                    let span = SignedDuration::from_hours(hours);
                    reader.latest(feed, "01AK003", Parameter::Level, span, at(known * 60)).unwrap()
                };
                let found = asked(&remembering);
                prop_assert_eq!(&found, &asked(&fresh), "as known at hour {}", known);
                let newest = found.iter().rfind(|point| point.value.is_some()).map_or(at(0), |point| point.valid);
                let from = newest.min(at(known * 60)) - SignedDuration::from_hours(hours);
                let all = fresh.observed(feed, "01AK003", Parameter::Level, from, at(known * 60)).unwrap();
                prop_assert!(found == all || found.is_empty() && all.iter().all(|point| point.value.is_none()));
            }
        }
    }
}

#[test]
fn the_bounds_of_an_issue_come_with_it_and_with_no_other() {
    let mut db = database();
    let bound = |name: &str, issued: Timestamp, milli: i64| {
        let mut bound = series(Kind::Forecast, Some(issued), &[(60, Some(milli)), (120, None)]);
        bound.key.stat = Stat::Named(name.into());
        bound
    };
    let told = |db: &Database, known: Timestamp| {
        let reader = Reader::open(&db.path).unwrap();
        let issues = reader.forecasts(&feed(), "01AK003", Parameter::Level, known, 9).unwrap();
        let bound = |bound: &hydro::Bound| (bound.name.to_string(), bound.points[0].1.milli());
        let told = |issue: &hydro::Forecast| {
            (issue.issued, issue.points.len(), issue.bounds.iter().map(bound).collect::<Vec<_>>())
        };
        issues.iter().map(told).collect::<Vec<_>>()
    };
    let members = vec![bound("member 2", at(0), 5900), bound("member 1", at(0), 6300)];
    db.writer.apply(&Batch { series: members, ..batch(at(10)) }).unwrap();
    let first = vec![("member 2".to_owned(), 5900), ("member 1".to_owned(), 6300)];
    assert_eq!(told(&db, at(10)), [(at(0), 0, first)], "members need no value beside them");
    let value = series(Kind::Forecast, Some(at(1440)), &[(1500, Some(6400))]);
    db.writer.apply(&Batch { series: vec![value, bound("p75", at(1440), 6500)], ..batch(at(1450)) }).unwrap();
    db.writer.apply(&Batch { series: vec![bound("p75", at(1440), 6600)], ..batch(at(1460)) }).unwrap();
    let newest = |known| told(&db, known).into_iter().next();
    assert_eq!(newest(at(1450)), Some((at(1440), 1, vec![("p75".to_owned(), 6500)])));
    assert_eq!(newest(at(1460)), Some((at(1440), 1, vec![("p75".to_owned(), 6600)])), "a corrected bound");
}
