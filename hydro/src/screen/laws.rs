//! What holds of the screening of every series.

use proptest::prelude::*;

use super::tests::{every, minute, words};
use super::track::of_another_unit;
use super::*;

/// Whether what a doubt says is so.
fn holds(doubt: Doubt, reading: Reading, limits: &Limits) -> bool {
    let leap = |jump: Jump| jump.to.value.distance(jump.from.value);
    let too_fast = |jump: Jump| {
        let elapsed = jump.to.valid.duration_since(jump.from.valid);
        elapsed > SignedDuration::ZERO && leap(jump) > limits.reach(elapsed)
    };
    match doubt {
        Doubt::Agency(quality) => reading.quality == Some(quality) && !quality.trusted(),
        Doubt::OutOfBounds { bound } => {
            (limits.lowest == Some(bound) && reading.value < bound)
                || (limits.highest == Some(bound) && reading.value > bound)
        }
        Doubt::TooFast(jump) => too_fast(jump),
        Doubt::UnitJump(jump) => {
            too_fast(jump) && of_another_unit(jump.from.value, jump.to.value, limits.unit_ratios())
        }
        Doubt::DatumJump(jump) => too_fast(jump) && leap(jump) > limits.step,
    }
}

/// Steps in time, in level, and what is odd about the reading: calm stretches, spikes, leaps, silences, remarks.
fn any_series() -> impl Strategy<Value = Vec<Point>> {
    let minutes = prop_oneof![8 => Just(5_i64), 2 => Just(60), 1 => 1_i64..900];
    let moved = prop_oneof![12 => -20_i64..20, 2 => -900_i64..900, 1 => -9000_i64..9000];
    let odd = prop_oneof![20 => Just(0_u8), 2 => Just(1), 1 => 2_u8..6];
    proptest::collection::vec((minutes, moved, odd), 0..40).prop_map(|steps| {
        let (mut at, mut level) = (0, 120_000);
        let mut points = Vec::new();
        for (minutes, moved, odd) in steps {
            at += minutes;
            level += if odd == 1 { 0 } else { moved };
            let shown = match odd {
                1 => Some(level + moved * 20),
                2 => Some(level * 328_084 / 100_000),
                3 => None,
                _ => Some(level),
            };
            let quality = (odd == 4).then_some(Quality::Doubtful);
            points.push(Point { valid: minute(at), value: shown.map(Value::from_milli), quality });
        }
        points
    })
}

fn any_limits() -> impl Strategy<Value = Limits> {
    (any::<bool>(), 0_i64..400, 0_i64..200).prop_map(|(bounded, from, length)| {
        let bound = |milli| bounded.then_some(Value::from_milli(milli));
        let accept = vec![(minute(from), minute(from + length))];
        Limits { lowest: bound(119_000), highest: bound(122_000), accept, ..Limits::default() }
    })
}

/// The points that are held against one another.
fn compared(screened: &[Screened]) -> Vec<usize> {
    let refused = |doubt| matches!(doubt, Some(Doubt::Agency(_) | Doubt::OutOfBounds { .. }));
    (0..screened.len()).filter(|&i| screened[i].point.value.is_some() && !refused(screened[i].doubt)).collect()
}

/// The first two that are believed, from the start and after each silence.
fn unproven(screened: &[Screened]) -> Vec<usize> {
    let (mut last, mut count, mut found): (Option<Timestamp>, _, _) = (None, 0, Vec::new());
    for i in compared(screened) {
        let valid = screened[i].point.valid;
        if last.is_some_and(|last| valid.duration_since(last) > track::SILENCE) {
            count = 0;
        }
        last = Some(valid);
        count += u8::from(screened[i].doubt.is_none());
        if count <= 2 && screened[i].doubt.is_none() {
            found.push(i);
        }
    }
    found
}

proptest! {
    #[test]
    fn ordinary_water_is_never_doubted(steps in proptest::collection::vec((5_i64..2000, -100_i64..=100), 0..60)) {
        let (mut at, mut level, mut points) = (0, 5000, Vec::new());
        for (minutes, percent) in steps {
            at += minutes;
            level += 3000 * minutes / 60 * percent / 100;
            points.push(Point { valid: minute(at), value: Some(Value::from_milli(level)), quality: None });
        }
        prop_assert!(screen(&points, &Limits::default()).iter().all(|screened| screened.doubt.is_none()));
    }

    #[test]
    fn one_spike_is_one_doubt(levels in proptest::collection::vec(-250_i64..=250, 4..30), at in 3_usize..29, up in any::<bool>()) {
        let at = at.min(levels.len() - 1);
        let mut level = 150_000;
        let mut points = every(5, &vec![0.0; levels.len()]);
        for (point, moved) in points.iter_mut().zip(&levels) {
            level += moved;
            point.value = Some(Value::from_milli(level));
        }
        let spike = Value::from_milli(if up { 1250 } else { -1250 });
        points[at].value = points[at].value.map(|value| value + spike);
        let doubted: Vec<usize> =
            screen(&points, &Limits::default()).iter().enumerate().filter(|(_, s)| s.doubt.is_some()).map(|(i, _)| i).collect();
        prop_assert_eq!(doubted, vec![at]);
    }

    #[test]
    fn neither_the_zero_nor_the_date_matters(points in any_series(), up in 0_i64..100_000, hours in -9_i64..9999) {
        // So high above its zero no leap looks like another unit: only that depends on the zero.
        let raised = |milli: i64| Value::from_milli(milli + 10_000_000);
        let plain: Vec<Point> =
            points.iter().map(|p| Point { value: p.value.map(|value| raised(value.milli())), ..*p }).collect();
        let moved: Vec<Point> = plain
            .iter()
            .map(|p| Point {
                valid: p.valid + SignedDuration::from_hours(hours),
                value: p.value.map(|value| value + Value::from_milli(up)),
                ..*p
            })
            .collect();
        prop_assert_eq!(words(&plain, &Limits::default()), words(&moved, &Limits::default()));
    }

    #[test]
    fn every_doubt_can_be_told(points in any_series(), limits in any_limits()) {
        let screened = screen(&points, &limits);
        prop_assert_eq!(screened.iter().map(|screened| screened.point).collect::<Vec<_>>(), points);
        for screened in screened.iter().filter(|screened| screened.doubt.is_some()) {
            let (reading, doubt) = screened.suspect().expect("no doubt without a value");
            prop_assert!(holds(doubt, reading, &limits), "{reading:?} {doubt:?}");
            prop_assert!(!limits.accepted(reading.valid));
        }
    }

    #[test]
    fn more_readings_withdraw_no_trust_and_lift_doubt_only_by_confirmation(
        points in any_series(), limits in any_limits(), length in 0_usize..40,
    ) {
        let length = length.min(points.len());
        let (early, late) = (screen(&points[..length], &limits), screen(&points, &limits));
        let (unproven, compared) = (unproven(&early), compared(&early));
        for i in (0..length).filter(|&i| early[i].doubt.is_some() != late[i].doubt.is_some()) {
            if early[i].doubt.is_none() {
                prop_assert!(unproven.contains(&i), "{i} was believed");
            } else {
                prop_assert!(compared.iter().rev().take(2).any(|&last| last == i), "{i} was doubted");
            }
        }
    }
}
