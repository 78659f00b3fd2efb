//! Official alerts through the store's door: what came when, what ended it, and what a past instant knew of it.

use std::path::PathBuf;
use std::time::Duration;

use hydro::alert::in_force;
use hydro::{Action, Alert, AlertId, Area, FeedId, Notice, Position, Timestamp};
use proptest::prelude::*;
use store::{Alerts, Applied, Batch, Fetch, Outcome, Reader, Writer};

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

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_776_686_400 + hours * 3600).unwrap()
}

fn id(number: i64) -> AlertId {
    AlertId { sender: "office".into(), identifier: number.to_string(), sent: at(number - 100) }
}

/// Message `number`; it expires so many hours on.
fn alert(number: i64, action: Action, references: &[i64], expires: Option<i64>) -> Alert {
    let here = Position { latitude: 45.962_31, longitude: -66.651_6 };
    let area = Area {
        name: "Valley".into(),
        rings: vec![vec![here; 4]],
        circles: vec![(here, 12.5)],
        codes: vec![("UGC".into(), "MEZ001".into())],
    };
    let notice = Notice {
        language: "fr-CA".into(),
        headline: "L’eau monte".into(),
        expires: expires.map(at),
        areas: vec![area],
        ..Notice::default()
    };
    Alert { id: id(number), action, references: references.iter().copied().map(id).collect(), notices: vec![notice] }
}

fn plain(number: i64) -> Alert {
    alert(number, Action::Alert, &[], None)
}

fn batch(feed: &str, received: i64, alerts: Alerts) -> Batch<'static> {
    let begun = Fetch::begun(FeedId::new(feed).unwrap(), at(received));
    let fetch = Fetch { outcome: Outcome::Changed, http_status: Some(200), bytes: 5, ..begun };
    Batch { alerts: Some(alerts), ..Batch::empty(fetch) }
}

impl Database {
    fn apply(&mut self, received: i64, alerts: Alerts) -> Applied {
        self.writer.apply(&batch("alerts", received, alerts)).unwrap()
    }

    /// What was in force at an hour, as it was known then.
    fn in_force(&self, hour: i64) -> Vec<String> {
        let known = Reader::open(&self.path).unwrap().alerts(at(hour)).unwrap();
        in_force(known.iter().map(|known| &known.alert), at(hour))
            .into_iter()
            .map(|alert| alert.id.identifier.clone())
            .collect()
    }
}

#[test]
fn an_alert_comes_back_as_it_was() {
    let mut db = database();
    let sent = alert(2, Action::Update, &[1], Some(9));
    assert_eq!(db.apply(1, Alerts::Messages(vec![sent.clone()])).new, 1);
    let known = Reader::open(&db.path).unwrap().alerts(at(1)).unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!((&known[0].alert, known[0].received, known[0].listed), (&sent, at(1), false));
    assert_eq!(known[0].feed.as_str(), "alerts");
    assert_eq!(Reader::open(&db.path).unwrap().alerts(at(0)).unwrap(), [], "nothing was known before it came");
    assert_eq!(db.apply(2, Alerts::Messages(vec![sent])), Applied::default(), "the same again is no news");
}

#[test]
fn an_older_database_is_read_as_it_is_and_brought_up_to_date_when_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("river.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../src/migrations/0001-first.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    assert_eq!(Reader::open(&path).unwrap().alerts(at(9)).unwrap(), []);
    let mut writer = Writer::open(&path).unwrap();
    writer.apply(&batch("alerts", 1, Alerts::Messages(vec![plain(1)]))).unwrap();
    assert_eq!(Reader::open(&path).unwrap().alerts(at(9)).unwrap().len(), 1);
}

#[test]
fn a_list_ends_what_is_not_in_it() {
    let mut db = database();
    db.apply(1, Alerts::Complete(vec![plain(1), plain(2)]));
    let applied = db.apply(3, Alerts::Complete(vec![plain(2)]));
    assert_eq!((applied.new, applied.revised), (0, 1));
    assert_eq!((db.in_force(2), db.in_force(3)), (vec!["2".into(), "1".into()], vec!["2".to_owned()]));
    db.apply(5, Alerts::Complete(vec![]));
    assert_eq!((db.in_force(4), db.in_force(5)), (vec!["2".to_owned()], vec![]));
    db.apply(7, Alerts::Complete(vec![plain(1)]));
    assert_eq!(db.in_force(7), ["1"], "what a list says again is so again");
}

#[test]
fn half_a_list_and_a_message_end_nothing_unnamed() {
    let mut db = database();
    db.apply(1, Alerts::Complete(vec![plain(1)]));
    db.apply(2, Alerts::Partial(vec![plain(2)]));
    db.apply(3, Alerts::Messages(vec![plain(3)]));
    assert_eq!(db.in_force(3), ["3", "2", "1"]);
    db.apply(4, Alerts::Complete(vec![]));
    assert_eq!(db.in_force(4), ["3"], "a message by itself is no part of the list");
}

#[test]
fn lists_of_two_feeds_leave_each_other_alone() {
    let mut db = database();
    db.writer.apply(&batch("maine", 1, Alerts::Complete(vec![plain(1), plain(2)]))).unwrap();
    db.writer.apply(&batch("quebec", 2, Alerts::Complete(vec![plain(1)]))).unwrap();
    db.writer.apply(&batch("maine", 3, Alerts::Complete(vec![]))).unwrap();
    assert_eq!(db.in_force(3), ["1"], "the other list still has it");
    let cancel = alert(4, Action::Cancel, &[1], None);
    db.writer.apply(&batch("messages", 4, Alerts::Messages(vec![cancel]))).unwrap();
    assert_eq!(db.in_force(4), [""; 0], "a cancellation counts from whichever feed");
}

#[test]
fn what_a_past_instant_knew_is_told() {
    let mut db = database();
    db.apply(1, Alerts::Messages(vec![plain(1)]));
    db.apply(3, Alerts::Messages(vec![alert(2, Action::Update, &[1], Some(6))]));
    db.apply(5, Alerts::Messages(vec![alert(3, Action::Cancel, &[1, 2], None)]));
    assert_eq!([0, 2, 4, 5, 9].map(|hour| db.in_force(hour).join(" ")), ["", "1", "2", "", ""]);
    db.apply(9, Alerts::Messages(vec![plain(1)]));
    assert_eq!(db.in_force(9), [""; 0], "an old message read again stays ended");
}

#[test]
fn saved_lists_read_later_end_nothing_and_bring_nothing_back() {
    let mut db = database();
    db.apply(5, Alerts::Complete(vec![plain(2)]));
    let saved = Batch { replayed: true, ..batch("alerts", 1, Alerts::Complete(vec![plain(1)])) };
    db.writer.apply(&saved).unwrap();
    assert_eq!((db.in_force(2), db.in_force(5)), (vec!["1".to_owned()], vec!["2".to_owned()]));
}

#[test]
fn what_has_long_been_over_is_forgotten_and_never_comes_back() {
    let mut db = database();
    let days = |days: i64| days * 24;
    let count = |db: &Database, day: i64| Reader::open(&db.path).unwrap().alerts(at(days(day))).unwrap().len();
    // Message 1 names no end, 2 replaces it and expires; 4 expires by itself.
    db.apply(1, Alerts::Messages(vec![plain(1), alert(4, Action::Alert, &[], Some(2))]));
    db.apply(2, Alerts::Messages(vec![alert(2, Action::Update, &[1], Some(3))]));
    db.writer.apply(&batch("list", 3, Alerts::Complete(vec![plain(5)]))).unwrap();
    db.writer.apply(&batch("list", 4, Alerts::Complete(vec![]))).unwrap();
    db.writer.prune(1 << 20, None, at(days(29))).unwrap();
    assert_eq!(count(&db, 29), 4);
    db.writer.prune(1 << 20, None, at(days(31))).unwrap();
    assert_eq!(count(&db, 31), 2, "message 1 would still hold, were it not for 2");
    db.apply(days(31), Alerts::Messages(vec![plain(1)]));
    assert_eq!(db.in_force(days(31)), [""; 0]);
}

#[test]
fn a_second_without_its_fraction_is_the_same_message() {
    let mut db = database();
    let mut precise = plain(1);
    precise.id.sent += Duration::from_millis(250);
    db.apply(1, Alerts::Complete(vec![precise.clone()]));
    db.apply(2, Alerts::Complete(vec![precise]));
    assert_eq!(db.in_force(2), ["1"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_makes_no_difference_in_the_end(
        (sent, arrived) in prop::collection::vec((0_usize..3, prop::collection::vec(0_i64..8, 0..3), prop::option::of(-3_i64..30)), 1..8)
            .prop_map(|messages| {
                let actions = [Action::Alert, Action::Update, Action::Cancel];
                let numbered = (1..).zip(messages);
                numbered.map(|(n, (action, refers, expires))| alert(n, actions[action], &refers, expires)).collect::<Vec<_>>()
            })
            .prop_flat_map(|sent| (Just(sent.clone()), Just(sent).prop_shuffle())),
    ) {
        let [mut one, mut other] = [database(), database()];
        for (hour, alert) in (1..).zip(&sent) {
            one.apply(hour, Alerts::Messages(vec![alert.clone()]));
        }
        for (hour, alert) in (1..).zip(&arrived) {
            other.apply(hour, Alerts::Messages(vec![alert.clone()]));
        }
        prop_assert_eq!(one.in_force(20), other.in_force(20));
        let all: Vec<String> = in_force(&sent, at(20)).into_iter().map(|alert| alert.id.identifier.clone()).collect();
        prop_assert_eq!(one.in_force(20), all);
    }
}
