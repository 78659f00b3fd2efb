//! The log of attempts and what else the store remembers: of feeds, bodies, thresholds; and how it stays bounded.

use hydro::{Parameter, Value};
use store::{Batch, FeedState, Fetch, GaugeThresholds, Outcome, Reader, Validators, Writer};

use crate::rig::{Database, at, batch, database, feed, observed};

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
