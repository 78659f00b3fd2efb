//! What was measured: what is known of it at which instant, and what may change it.

use std::collections::BTreeMap;

use hydro::{Kind, Parameter, Point, Quality, SignedDuration, Timestamp, Value};
use proptest::prelude::*;
use store::{Applied, Batch, Reader, SeriesBatch};

use crate::rig::{at, batch, database, feed, forecast, newest_value, observed, series};

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
