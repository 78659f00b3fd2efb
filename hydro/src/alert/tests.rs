//! Where alerts hold, which of them are in force, and that the order in which they came makes no difference.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Action, Alert, AlertId, Area, Notice, covers, in_force};
use crate::Position;

const NOW: Timestamp = Timestamp::constant(1_776_686_400, 0);

fn hours(hours: i64) -> Timestamp {
    NOW + SignedDuration::from_hours(hours)
}

fn id(number: i64) -> AlertId {
    AlertId { sender: "office".into(), identifier: number.to_string(), sent: hours(number - 100) }
}

/// Message `number`, sent in the order of the numbers; it expires so many hours from now.
fn alert(number: i64, action: Action, references: &[i64], expires: Option<i64>) -> Alert {
    let notice = Notice { language: "en-CA".into(), expires: expires.map(hours), ..Notice::default() };
    Alert { id: id(number), action, references: references.iter().copied().map(id).collect(), notices: vec![notice] }
}

fn numbers(alerts: &[Alert], now: Timestamp) -> Vec<&str> {
    in_force(alerts, now).into_iter().map(|alert| alert.id.identifier.as_str()).collect()
}

fn at(latitude: f64, longitude: f64) -> Position {
    Position { latitude, longitude }
}

fn ring(corners: &[(f64, f64)]) -> Area {
    let ring = corners.iter().chain(corners.first()).map(|&(latitude, longitude)| at(latitude, longitude)).collect();
    Area { rings: vec![ring], ..Area::default() }
}

#[test]
fn an_alert_is_in_force_until_it_expires() {
    let alerts = [
        alert(1, Action::Alert, &[], Some(0)),
        alert(2, Action::Alert, &[], Some(1)),
        alert(3, Action::Alert, &[], None),
    ];
    assert_eq!(numbers(&alerts, hours(-1)), ["3", "2", "1"]);
    assert_eq!(numbers(&alerts, NOW), ["3", "2"], "at the very second it is over");
    assert_eq!(numbers(&alerts, hours(1000)), ["3"], "what names no end holds until it is ended");
}

#[test]
fn the_end_of_the_danger_goes_before_the_expiry_of_the_message() {
    let mut listed = alert(1, Action::Alert, &[], Some(-1));
    assert_eq!(numbers(std::slice::from_ref(&listed), NOW), [""; 0]);
    listed.notices[0].ends = Some(hours(5));
    assert_eq!(numbers(&[listed.clone()], NOW), ["1"]);
    assert_eq!(numbers(&[listed], hours(5)), [""; 0]);
}

#[test]
fn a_second_language_without_an_expiry_does_not_outlive_the_first() {
    let mut both = alert(1, Action::Alert, &[], Some(1));
    both.notices.push(Notice { language: "fr-CA".into(), ..Notice::default() });
    assert_eq!(both.current(NOW).count(), 2);
    assert_eq!(numbers(&[both], hours(1)), [""; 0]);
}

#[test]
fn updates_replace_and_cancellations_end() {
    let first = alert(1, Action::Alert, &[], None);
    let update = alert(2, Action::Update, &[1], Some(2));
    let cancel = alert(3, Action::Cancel, &[1, 2], Some(2));
    assert_eq!(numbers(&[first.clone(), update.clone()], NOW), ["2"]);
    assert_eq!(numbers(&[first.clone(), update.clone()], hours(3)), [""; 0], "the first does not come back");
    assert_eq!(numbers(&[first.clone(), update, cancel.clone()], NOW), [""; 0]);
    assert_eq!(numbers(&[cancel, first.clone()], NOW), [""; 0], "an old message read again does not come back");
    let related = alert(4, Action::Alert, &[1], None);
    assert_eq!(numbers(&[first, related], NOW), ["4", "1"], "an alert beside another one replaces nothing");
}

#[test]
fn what_was_sent_earlier_ends_nothing_sent_later() {
    let mut early = alert(1, Action::Cancel, &[2], None);
    early.references.push(id(1));
    assert_eq!(numbers(&[early, alert(2, Action::Alert, &[], None)], NOW), ["2"]);
}

#[test]
fn a_danger_that_is_over_is_not_shown() {
    let mut half = alert(2, Action::Update, &[1], Some(5));
    half.notices.push(Notice { language: "fr-CA".into(), ended: true, ..Notice::default() });
    assert_eq!(half.current(NOW).count(), 1);
    half.notices[0].ended = true;
    assert_eq!(numbers(&[half, alert(1, Action::Alert, &[], Some(5))], NOW), [""; 0]);
}

#[test]
fn the_worst_comes_first() {
    let severity = |number, word: &str| {
        let mut alert = alert(number, Action::Alert, &[], None);
        alert.notices[0].severity = word.into();
        alert
    };
    let alerts = [severity(1, "Minor"), severity(2, "Extreme"), severity(3, "Unknown"), severity(4, "Minor")];
    assert_eq!(numbers(&alerts, NOW), ["2", "4", "1", "3"]);
}

#[test]
fn a_ring_covers_what_is_inside() {
    // The outline of a river's valley, with a bend that leaves a notch on its eastern side.
    let valley = ring(&[(45.0, -67.0), (47.0, -67.0), (47.0, -65.0), (46.0, -66.5), (45.0, -65.0)]);
    assert!(covers(&valley, at(45.5, -66.9), &[]));
    assert!(covers(&valley, at(46.9, -65.2), &[]));
    for outside in
        [at(46.0, -65.5), at(44.9, -66.0), at(47.1, -66.0), at(46.0, -67.1), at(46.0, 113.5), at(-46.0, -66.9)]
    {
        assert!(!covers(&valley, outside, &[]), "{outside:?}");
    }
}

#[test]
fn a_ring_may_cross_the_date_line() {
    let islands = ring(&[(50.0, 178.0), (54.0, 178.0), (54.0, -178.0), (50.0, -178.0)]);
    assert!(covers(&islands, at(52.0, 179.5), &[]) && covers(&islands, at(52.0, -179.5), &[]));
    assert!(!covers(&islands, at(52.0, 177.0), &[]) && !covers(&islands, at(52.0, 0.0), &[]));
}

#[test]
fn a_circle_covers_its_kilometres() {
    let circle = Area { circles: vec![(at(45.0, -66.0), 112.0)], ..Area::default() };
    assert!(covers(&circle, at(46.0, -66.0), &[]), "a degree of latitude is 111 km");
    assert!(!covers(&circle, at(46.02, -66.0), &[]));
    assert!(covers(&circle, at(45.0, -64.6), &[]) && !covers(&circle, at(45.0, -64.55), &[]));
}

#[test]
fn a_code_covers_its_stations_in_whatever_scheme() {
    let zone =
        Area { codes: vec![("UGC".into(), "MEZ001".into()), ("SAME".into(), "023003".into())], ..Area::default() };
    assert!(covers(&zone, at(0.0, 0.0), &["034WAF428".into(), "023003".into()]));
    assert!(!covers(&zone, at(0.0, 0.0), &["MEZ0".into(), "UGC".into()]));
    assert!(!covers(&Area { name: "Everywhere".into(), ..Area::default() }, at(0.0, 0.0), &[]));
}

/// Messages of one office: each may refer to earlier ones.
fn messages() -> impl Strategy<Value = Vec<Alert>> {
    let action = prop::sample::select(vec![Action::Alert, Action::Update, Action::Cancel]);
    let message = (action, prop::collection::vec(0_i64..12, 0..3), prop::option::of(-3_i64..6));
    prop::collection::vec(message, 0..12).prop_map(|messages| {
        let numbered = (1..).zip(messages);
        numbered.map(|(number, (action, references, expires))| alert(number, action, &references, expires)).collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_arrival_makes_no_difference((sent, arrived) in messages().prop_flat_map(|sent| (Just(sent.clone()), Just(sent).prop_shuffle()))) {
        prop_assert_eq!(in_force(&sent, NOW), in_force(&arrived, NOW));
        let twice: Vec<Alert> = arrived.iter().chain(&sent).cloned().collect();
        prop_assert_eq!(in_force(&twice, NOW), in_force(&sent, NOW), "reading again changes nothing");
    }

    #[test]
    fn nothing_is_in_force_that_has_expired_or_was_ended(sent in messages(), later in 0_i64..8) {
        for alert in in_force(&sent, hours(later)) {
            prop_assert!(alert.action != Action::Cancel);
            prop_assert!(alert.notices[0].expires.is_none_or(|expires| expires > hours(later)));
            let ended = sent.iter().any(|other| {
                other.action != Action::Alert && other.id > alert.id && other.id.sent > alert.id.sent && other.references.contains(&alert.id)
            });
            prop_assert!(!ended, "{alert:?}");
        }
    }

    #[test]
    fn what_is_over_stays_over(sent in messages(), hour in 0_i64..8) {
        let now: Vec<&Alert> = in_force(&sent, hours(hour));
        for alert in in_force(&sent, hours(hour + 1)) {
            prop_assert!(now.contains(&alert), "{alert:?}");
        }
    }

    #[test]
    fn a_rectangle_covers_what_lies_between_its_sides(
        (south, west) in (-60.0..60.0, -170.0..170.0),
        (height, width) in (0.5..20.0, 0.5..20.0),
        (up, right) in (-0.5..1.5, -0.5..1.5),
    ) {
        let area = ring(&[(south, west), (south + height, west), (south + height, west + width), (south, west + width)]);
        let near_a_side = [up, right].iter().any(|part: &f64| part.abs() < 1e-9 || (part - 1.0).abs() < 1e-9);
        prop_assume!(!near_a_side);
        let inside = (0.0..1.0).contains(&up) && (0.0..1.0).contains(&right);
        prop_assert_eq!(covers(&area, at(south + up * height, west + right * width), &[]), inside);
    }
}
