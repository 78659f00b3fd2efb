//! What a forecast says of the time ahead: its state, its peak, and when it crosses thresholds.

use jiff::{SignedDuration, Timestamp};

use crate::band::{Band, Bound, band};
use crate::{FeedId, Rank, Thresholds, Value};

/// After a day a forecast is no longer shown as current (the rule of the US NWS and of England's flood service).
pub const CURRENT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// One issue of a forecast for one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// When the forecaster spoke.
    pub issued: Timestamp,
    /// The feed does not say when; `issued` is when this issue was first received.
    pub issue_inferred: bool,
    /// When this issue was first received.
    pub received: Timestamp,
    /// Who said so.
    pub feed: FeedId,
    /// Rising in time; without the steps that the forecaster left missing. Empty: the forecaster said that there is none, or
    /// gives nothing but bounds or members.
    pub points: Vec<(Timestamp, Value)>,
    /// Bounds, quantiles and members of this issue, under the feed's own names.
    pub bounds: Vec<Bound>,
}

/// Whether a forecast may speak of the time ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForecastState {
    /// Issued within a day and reaching beyond now.
    Current,
    /// Issued more than a day ago, or over.
    Old,
    /// There is none.
    None,
}

impl ForecastState {
    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Old => "old",
            Self::None => "none",
        }
    }
}

/// The highest point ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// How high.
    pub value: Value,
    /// When first that high.
    pub valid: Timestamp,
    /// The forecast is still rising at its end: there is no crest yet, only a highest value.
    pub still_rising: bool,
    /// The forecast falls from now on: the highest point is its beginning, and no crest is ahead.
    pub falling: bool,
}

/// The first time ahead at which a threshold is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// The threshold.
    pub rank: Rank,
    /// When, interpolated linearly between the forecast's steps.
    pub valid: Timestamp,
}

/// What the current forecast says of the time ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The highest threshold reached ahead; `None` where the station has no thresholds.
    pub rank: Option<Rank>,
    /// The highest point ahead.
    pub peak: Peak,
    /// For each threshold that the water stands below now and reaches ahead, lowest first.
    pub crossings: Vec<Crossing>,
}

impl Forecast {
    /// Whether the forecast may speak at `now`.
    pub fn state(&self, now: Timestamp) -> ForecastState {
        match self.end() {
            None => ForecastState::None,
            Some(end) if end >= now && now.duration_since(self.issued) <= CURRENT_FOR => ForecastState::Current,
            Some(_) => ForecastState::Old,
        }
    }

    /// The last instant of which it speaks.
    pub fn end(&self) -> Option<Timestamp> {
        let bounds = self.bounds.iter().filter_map(|bound| bound.points.last());
        self.points.last().into_iter().chain(bounds).map(|&(end, _)| end).max()
    }

    /// How sure the forecaster is, where the feed says so.
    pub fn band(&self) -> Option<Band> {
        band(&self.bounds)
    }

    /// What a current forecast says of the time from `now` on; `None` for any other.
    ///
    /// `standing` is the newest trusted level, if there is one; where there is none, the forecast's own beginning stands in.
    /// Thresholds it has reached are not crossed ahead.
    pub fn outlook(&self, thresholds: Option<&Thresholds>, standing: Option<Value>, now: Timestamp) -> Option<Outlook> {
        if self.state(now) != ForecastState::Current {
            return None;
        }
        let ahead = self.points.partition_point(|&(valid, _)| valid < now);
        let &(last, last_value) = self.points.last()?;
        let mut peak: Option<(Timestamp, Value)> = None;
        for &(valid, value) in &self.points[ahead..] {
            if peak.is_none_or(|(_, highest)| value > highest) {
                peak = Some((valid, value));
            }
        }
        let (valid, value) = peak?;
        let (first, begins) = self.points[ahead];
        let standing = standing.unwrap_or_else(|| self.level_at(now).unwrap_or(begins));
        let rises_into_end = self.points.len() > 1 && self.points[self.points.len() - 2].1 < last_value;
        let crossings = thresholds.map_or_else(Vec::new, |thresholds| {
            let below = thresholds.iter().filter(|threshold| standing < threshold.value);
            below
                .filter_map(|threshold| {
                    let valid = reaches(&self.points, threshold.value, now)?;
                    Some(Crossing { rank: threshold.rank, valid })
                })
                .collect()
        });
        Some(Outlook {
            rank: thresholds.map(|thresholds| thresholds.reached(value)),
            peak: Peak {
                value,
                valid,
                still_rising: valid == last && rises_into_end,
                falling: valid == first && last_value < value,
            },
            crossings,
        })
    }

    /// What the forecast says of an instant between two of its steps; `None` outside them.
    pub fn level_at(&self, now: Timestamp) -> Option<Value> {
        between(&self.points, now)
    }
}

/// The first instant from `now` on at which a line that rises in time stands at `height` or above.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn reaches(points: &[(Timestamp, Value)], height: Value, now: Timestamp) -> Option<Timestamp> {
    let first = points.iter().position(|&(valid, value)| valid >= now && value >= height)?;
    let (after, above) = points[first];
    let Some(&(before, below)) = first.checked_sub(1).and_then(|i| points.get(i)) else {
        return Some(after);
    };
    if below >= height {
        return Some(now.max(before));
    }
    let step = i128::from(after.as_second() - before.as_second());
    let share = step * i128::from((height - below).milli()) / i128::from((above - below).milli());
    let at = before + SignedDuration::from_secs(share as i64);
    Some(at.max(now))
}

/// The value at an instant between two points of a line that rises in time; `None` up to its beginning and after its end.
pub(crate) fn between(points: &[(Timestamp, Value)], at: Timestamp) -> Option<Value> {
    let after = points.iter().position(|&(valid, _)| valid >= at)?;
    let ((from, low), (to, high)) = (*points.get(after.checked_sub(1)?)?, points[after]);
    let share = i128::from(at.as_second() - from.as_second()) * i128::from((high - low).milli());
    let moved = share / i128::from((to.as_second() - from.as_second()).max(1));
    Some(low + Value::from_milli(i64::try_from(moved).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{LocalText, Scheme};

    const START: i64 = 1_650_000_000;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(START + hours * 3600).expect("in range")
    }

    fn forecast(millis: &[i64]) -> Forecast {
        let points = (0_i64..).zip(millis).map(|(i, &milli)| (at(i * 6), Value::from_milli(milli))).collect();
        Forecast {
            issued: at(0),
            issue_inferred: false,
            received: at(0),
            feed: FeedId::new("f").expect("an id"),
            points,
            bounds: vec![],
        }
    }

    fn thresholds() -> Thresholds {
        let heights = [("advisory", Value::from_milli(4000)), ("watch", Value::from_milli(5000))];
        Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).expect("rising")
    }

    #[test]
    fn a_wave_has_a_peak_and_crossings() {
        let outlook =
            forecast(&[3000, 4500, 5500, 4800]).outlook(Some(&thresholds()), Some(Value::from_milli(3000)), at(0));
        let outlook = outlook.expect("current");
        assert_eq!(outlook.rank, Rank::new(2));
        assert_eq!(
            outlook.peak,
            Peak { value: Value::from_milli(5500), valid: at(12), still_rising: false, falling: false }
        );
        let crossings: Vec<_> = outlook.crossings.iter().map(|c| (c.rank.get(), c.valid)).collect();
        assert_eq!(crossings, [(1, at(4)), (2, at(9))]);
    }

    #[test]
    fn a_threshold_already_reached_is_not_crossed_ahead() {
        let outlook = forecast(&[4200, 4500, 5500]).outlook(Some(&thresholds()), Some(Value::from_milli(4200)), at(0));
        let ranks: Vec<_> = outlook.expect("current").crossings.iter().map(|c| c.rank.get()).collect();
        assert_eq!(ranks, [2]);
    }

    #[test]
    fn what_the_forecast_begins_above_is_not_crossed_ahead() {
        let ranks = |millis: &[i64], hour: i64| {
            let outlook = forecast(millis).outlook(Some(&thresholds()), None, at(hour)).expect("current");
            (outlook.peak.falling, outlook.crossings.iter().map(|c| c.rank.get()).collect::<Vec<_>>())
        };
        assert_eq!(ranks(&[5500, 4500, 3500], 0), (true, vec![]));
        assert_eq!(ranks(&[4000, 5000, 5500], 3), (false, vec![2]), "half way between two steps it stands at 4.5 m");
        assert_eq!(ranks(&[3000, 4500, 3500], 0), (false, vec![1]));
    }

    #[test]
    fn a_forecast_rising_at_its_end_has_no_crest() {
        let peak = |millis: &[i64]| forecast(millis).outlook(None, None, at(0)).expect("current").peak;
        assert!(peak(&[3000, 4000, 5000]).still_rising);
        assert!(!peak(&[3000, 5000, 5000]).still_rising);
        assert!(!peak(&[3000]).still_rising);
    }

    #[test]
    fn a_day_later_it_is_old() {
        let forecast = forecast(&[1; 20]);
        assert_eq!(forecast.state(at(24)), ForecastState::Current);
        assert_eq!(forecast.state(at(25)), ForecastState::Old);
        assert_eq!(forecast.outlook(None, None, at(25)), None);
    }

    #[test]
    fn no_points_is_none() {
        assert_eq!(forecast(&[]).state(at(0)), ForecastState::None);
    }

    proptest! {
        #[test]
        fn the_peak_is_no_lower_than_any_point_ahead(millis in proptest::collection::vec(-1000_i64..9000, 1..20), hour in 0_i64..24) {
            let forecast = forecast(&millis);
            if let Some(outlook) = forecast.outlook(Some(&thresholds()), None, at(hour)) {
                for &(valid, value) in &forecast.points {
                    prop_assert!(valid < at(hour) || value <= outlook.peak.value);
                }
                for crossing in outlook.crossings {
                    prop_assert!(crossing.valid >= at(hour) && crossing.valid <= outlook.peak.valid);
                }
            }
        }
    }
}
