//! Faults of gauges one by one, and the word that each doubt has in data.

use super::track::of_another_unit;
use super::*;

const START: i64 = 1_650_000_000;

pub(super) fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(START + minutes * 60).unwrap()
}

fn metres(metres: f64) -> Value {
    Value::from_f64(metres).unwrap()
}

/// Readings `step` minutes apart.
pub(super) fn every(step: i64, levels: &[f64]) -> Vec<Point> {
    let point = |(i, &level): (i64, &f64)| Point { valid: minute(i * step), value: Some(metres(level)), quality: None };
    (0_i64..).zip(levels).map(point).collect()
}

/// The word for each doubt, `.` for none.
pub(super) fn words(points: &[Point], limits: &Limits) -> String {
    let word = |screened: &Screened| screened.doubt.map_or(".", |doubt| doubt.name());
    screen(points, limits).iter().map(word).collect::<Vec<_>>().join(" ")
}

fn doubts(step: i64, levels: &[f64]) -> String {
    words(&every(step, levels), &Limits::default())
}

#[test]
fn a_spike_is_doubted_and_what_follows_is_not() {
    assert_eq!(doubts(5, &[1.2, 1.21, 1.2, 549.0, 1.21, 1.22]), ". . . too-fast . .");
    // The water moves as fast as it may, and the reading after the spike is two steps from the one before it.
    assert_eq!(doubts(60, &[1.0, 4.0, 7.0, 90.0, 13.0, 16.0]), ". . . too-fast . .");
    assert_eq!(doubts(5, &[1.2, 1.21, 1.2, 0.1, 0.1, 1.21, 1.22]), ". . . too-fast too-fast . .");
}

#[test]
fn a_real_fast_rise_is_believed_from_the_first_of_three_that_agree() {
    let rise = [5.0, 5.0, 5.01, 5.7, 6.4, 7.1, 7.3, 7.35, 7.36];
    assert_eq!(doubts(5, &rise[..7]), ". . . too-fast too-fast too-fast too-fast");
    assert_eq!(doubts(5, &rise), ". . . too-fast too-fast . . . .");
    // Less than a step at once.
    assert_eq!(doubts(5, &[5.0, 5.0, 5.0, 5.9, 5.92]), ". . . too-fast too-fast");
    assert_eq!(doubts(5, &[5.0, 5.0, 5.0, 5.9, 5.92, 5.91]), ". . . . . .");
}

#[test]
fn readings_that_never_agree_are_never_believed() {
    let wild = [1.2, 1.2, 1.2, 9.0, 3.0, 7.0, 12.0, 2.5, 5.0, 8.0, 3.5, 11.0, 1.9, 6.0, 1.3];
    assert_eq!(doubts(5, &wild), format!(". . .{} .", " too-fast".repeat(11)));
}

#[test]
fn a_gauge_that_was_moved_is_doubted_until_the_operator_accepts_it() {
    let mut levels = vec![5.0, 5.0, 5.01];
    levels.extend([6.5, 6.51, 6.5].repeat(40));
    assert_eq!(doubts(5, &levels), format!(". . .{}", " datum-jump".repeat(120)));
    // A spike in between changes nothing, and neither does the way back.
    levels[60] = 30.0;
    levels.extend([5.02, 5.01]);
    let found = doubts(5, &levels);
    assert_eq!(found.matches("datum-jump").count(), 119);
    assert!(found.ends_with("datum-jump . ."), "{found}");

    let points = every(5, &levels);
    let accept = vec![(points[10].valid, points[12].valid)];
    let found = words(&points[..60], &Limits { accept, ..Limits::default() });
    assert_eq!(found, format!(". . .{}{}", " datum-jump".repeat(7), " .".repeat(50)));
}

#[test]
fn a_level_in_another_unit_is_doubted_until_it_comes_back() {
    let mut levels = vec![1.5, 1.5, 1.5];
    levels.extend([4.93; 50]);
    assert_eq!(doubts(5, &levels), format!(". . .{}", " unit-jump".repeat(50)));
    levels.extend([1.52, 1.52]);
    assert!(doubts(5, &levels).ends_with("unit-jump . ."));
    assert_eq!(doubts(5, &[1.5, 1.5, 1.5, 150.0, 150.1, 150.0]), ". . . unit-jump unit-jump unit-jump");
    // The water moved meanwhile: three readings in the old unit, to where it can have got, are believed.
    levels.truncate(53);
    levels.extend([2.9, 2.9, 2.91]);
    assert!(doubts(5, &levels).ends_with("unit-jump . . ."));
}

#[test]
fn ratios_of_units_are_known_either_way() {
    let (levels, discharges) = (Limits::of(Parameter::Level), Limits::of(Parameter::Discharge));
    let ratios = levels.unit_ratios();
    for (from, to) in [(1.0, 3.28), (3.28, 1.0), (5.0, 5.0 * 3.34), (1.234, 123.4), (123.4, 1.25), (-1.0, -3.3)] {
        assert!(of_another_unit(metres(from), metres(to), ratios), "{from} {to}");
    }
    for (from, to) in [(1.0, 3.1), (1.0, 1.0), (0.0, 3.28), (0.0, 0.0), (1.0, -3.28), (1.0, 97.0)] {
        assert!(!of_another_unit(metres(from), metres(to), ratios), "{from} {to}");
    }
    for (from, to) in [(304.0, 10_740.0), (10_740.0, 304.0), (304.0, 10.74), (0.012, 12.0)] {
        assert!(of_another_unit(metres(from), metres(to), discharges.unit_ratios()), "{from} {to}");
    }
    assert!(!of_another_unit(metres(100.0), metres(328.0), discharges.unit_ratios()));
}

#[test]
fn beyond_the_bounds_nothing_is_believed_but_by_the_operator() {
    let limits = Limits { lowest: Some(metres(0.5)), highest: Some(metres(9.0)), ..Limits::default() };
    let mut points = every(5, &[1.0, 1.0, 9.1, 9.1, 9.1, 9.1, 0.4, 1.0]);
    points[6].quality = Some(Quality::Doubtful);
    let out = "out-of-bounds out-of-bounds out-of-bounds out-of-bounds";
    assert_eq!(words(&points, &limits), format!(". . {out} agency ."));
    let found = screen(&points, &limits)[2].doubt;
    assert_eq!(found, Some(Doubt::OutOfBounds { bound: metres(9.0) }));
    let accept = vec![(points[3].valid, points[6].valid)];
    let found = words(&points, &Limits { accept, ..limits });
    assert_eq!(found, ". . out-of-bounds . . . . too-fast", "after the operator's word it has fallen too fast");
}

#[test]
fn what_the_agency_doubts_is_not_compared() {
    let mut points = every(5, &[1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 1.01]);
    points[3..6].iter_mut().for_each(|point| point.quality = Some(Quality::Unreliable));
    points[1].value = None;
    points[1].quality = Some(Quality::Doubtful);
    assert_eq!(words(&points, &Limits::default()), ". . . agency agency agency .");
}

#[test]
fn a_false_start_does_not_put_all_the_rest_in_doubt() {
    assert_eq!(doubts(5, &[549.0]), ".");
    assert_eq!(doubts(5, &[549.0, 1.2, 1.2]), ". too-fast too-fast");
    assert_eq!(doubts(5, &[549.0, 1.2, 1.2, 1.21, 1.2]), "too-fast . . . .");
    assert_eq!(doubts(5, &[549.0, 549.0, 1.2, 1.2, 1.21]), "too-fast too-fast . . .");
}

#[test]
fn after_a_silence_the_water_may_be_wherever_it_can_reach() {
    let after = |hours: i64, levels: &[f64]| {
        let mut points = every(5, &[1.2, 1.2, 1.2, 9.9]);
        let later = every(5, levels);
        points.extend(later.iter().map(|p| Point { valid: p.valid + SignedDuration::from_hours(hours), ..*p }));
        words(&points, &Limits::default())
    };
    assert_eq!(after(3, &[9.0, 9.0]), ". . . too-fast . .", "8 m in three hours");
    assert_eq!(after(2, &[9.0, 9.0]), ". . . datum-jump datum-jump datum-jump", "not in two, and three agree");
    assert_eq!(after(7, &[9.0]), ". . . too-fast .");
    assert_eq!(after(7, &[549.0, 9.0, 9.0]), ". . . too-fast too-fast . .", "a gauge may come back with a glitch");
    assert_eq!(after(7, &[40.0, 40.0, 40.0]), ". . . too-fast . . .", "nor is the level before it the last word");
}

#[test]
fn a_stuck_gauge_is_remarked_once_a_day_has_passed() {
    let mut readings: Vec<Reading> =
        every(60, &[[1.0, 1.1].as_slice(), &[1.2; 26]].concat()).iter().filter_map(Point::reading).collect();
    assert_eq!(flat_since(&readings), Some(readings[2].valid));
    assert_eq!(flat_since(&readings[..27]), None, "a day and no more");
    assert_eq!(flat_since(&readings[2..]), None, "it never moved before");
    assert_eq!(flat_since(&[]), None);
    for reading in &mut readings[20..] {
        reading.valid += SignedDuration::from_hours(6);
    }
    assert_eq!(flat_since(&readings), None, "seven hours of silence");
    let moved =
        Reading { valid: readings[27].valid + SignedDuration::from_hours(1), value: metres(1.201), ..readings[0] };
    readings.push(moved);
    assert_eq!(flat_since(&readings), None);
}
