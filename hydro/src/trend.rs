//! Rising, steady or falling, and how fast: over a stated window, never across a gap.

use jiff::{SignedDuration, Timestamp};

use crate::{Parameter, Reading, Value};

/// The direction of the water, from the slope of the last three hours of readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Rising at so many millimetres (or litres per second) an hour.
    Rising(Value),
    /// Moving less than half a centimetre, or a hundredth of the discharge, an hour.
    Steady,
    /// Falling at so many millimetres (or litres per second) an hour, as a positive number.
    Falling(Value),
}

/// The window whose slope is the trend.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(3);
/// Readings further apart than this are not joined: three times an hourly cadence would be the whole window.
const WIDEST_STEP: SignedDuration = SignedDuration::from_mins(100);
/// Slopes of a level below this are noise and small waves.
const STEADY_BELOW: i64 = 5;
/// And slopes of a discharge below the hundredth part of it: a discharge is read off a rating curve that rises about with
/// the square of the water's depth, so that half a centimetre of a metre of water makes one hundredth.
const STEADY_SHARE: f64 = 0.01;

impl Trend {
    /// Its word in data: `rising`, `steady`, `falling`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rising(_) => "rising",
            Self::Steady => "steady",
            Self::Falling(_) => "falling",
        }
    }
}

/// The least-squares slope of the readings of the last three hours before the newest one.
///
/// `readings` are of `parameter` and rise in time. `None` where fewer than three readings, or less than an hour of them, hang together.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub fn trend(readings: &[Reading], parameter: Parameter) -> Option<Trend> {
    let newest = readings.last()?.valid;
    let mut start = readings.len() - 1;
    while start > 0 {
        let earlier = readings[start - 1].valid;
        if newest.duration_since(earlier) > WINDOW || readings[start].valid.duration_since(earlier) > WIDEST_STEP {
            break;
        }
        start -= 1;
    }
    let window = &readings[start..];
    let span = newest.duration_since(window[0].valid);
    if window.len() < 3 || span < SignedDuration::from_hours(1) {
        return None;
    }
    let hours = |at: Timestamp| newest.duration_since(at).as_secs_f64() / -3600.0;
    let count = window.len() as f64;
    let mean_hour = window.iter().map(|reading| hours(reading.valid)).sum::<f64>() / count;
    let mean_value = window.iter().map(|reading| reading.value.milli() as f64).sum::<f64>() / count;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for &Reading { valid, value, .. } in window {
        let hour = hours(valid) - mean_hour;
        covariance += hour * (value.milli() as f64 - mean_value);
        variance += hour * hour;
    }
    let slope = (covariance / variance).round() as i64;
    let steady_below = match parameter {
        Parameter::Level => STEADY_BELOW,
        Parameter::Discharge => ((mean_value.abs() * STEADY_SHARE).round() as i64).max(1),
    };
    Some(match slope {
        _ if slope.abs() < steady_below => Trend::Steady,
        _ if slope > 0 => Trend::Rising(Value::from_milli(slope)),
        _ => Trend::Falling(Value::from_milli(-slope)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn readings(step_minutes: i64, millis: &[i64]) -> Vec<Reading> {
        let at =
            |i: usize| Timestamp::from_second(1_650_000_000 + step_minutes * 60 * i64::try_from(i).unwrap()).unwrap();
        let reading =
            |(i, &milli): (usize, &i64)| Reading { valid: at(i), value: Value::from_milli(milli), quality: None };
        millis.iter().enumerate().map(reading).collect()
    }

    fn trend(readings: &[Reading]) -> Option<Trend> {
        super::trend(readings, Parameter::Level)
    }

    #[test]
    fn a_discharge_is_steady_within_a_hundredth_an_hour() {
        let of = |millis: &[i64]| super::trend(&readings(60, millis), Parameter::Discharge);
        assert_eq!(of(&[304_000, 306_000, 308_000]), Some(Trend::Steady));
        assert_eq!(of(&[304_000, 310_000, 316_000]), Some(Trend::Rising(Value::from_milli(6000))));
        assert_eq!(of(&[60, 56, 52]), Some(Trend::Falling(Value::from_milli(4))), "a brook, in litres a second");
        assert_eq!(of(&[0, 0, 0]), Some(Trend::Steady), "a dry bed");
    }

    #[test]
    fn three_hours_of_hourly_readings() {
        assert_eq!(trend(&readings(60, &[5000, 5040, 5080, 5120])), Some(Trend::Rising(Value::from_milli(40))));
        assert_eq!(trend(&readings(60, &[5120, 5110, 5100])), Some(Trend::Falling(Value::from_milli(10))));
        assert_eq!(trend(&readings(60, &[5000, 5001, 5000, 5002])), Some(Trend::Steady));
    }

    #[test]
    fn too_little_says_nothing() {
        assert_eq!(trend(&[]), None);
        assert_eq!(trend(&readings(60, &[5000, 5100])), None);
        assert_eq!(trend(&readings(5, &[5000, 5100, 5200])), None, "ten minutes are no trend");
        assert_eq!(trend(&readings(120, &[5000, 5100, 5200])), None, "readings two hours apart do not hang together");
    }

    proptest! {
        #[test]
        fn a_mirrored_river_has_a_mirrored_trend(millis in proptest::collection::vec(0_i64..10_000, 3..40)) {
            let mirrored: Vec<i64> = millis.iter().map(|milli| -milli).collect();
            let (up, down) = (trend(&readings(10, &millis)), trend(&readings(10, &mirrored)));
            match (up, down) {
                (Some(Trend::Rising(a)), Some(Trend::Falling(b))) | (Some(Trend::Falling(a)), Some(Trend::Rising(b))) => prop_assert_eq!(a, b),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
