//! Two issues of a forecast side by side, and how surely an issue tells when a height is reached.

use jiff::{SignedDuration, Timestamp};

use crate::forecast::{between, reaches};
use crate::{Forecast, Value};

/// When a height is reached, as far as an issue tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The earliest.
    pub from: Timestamp,
    /// The latest; `None` where the band's lower edge never comes up to the height: then it may not be reached at all.
    pub until: Option<Timestamp>,
    /// The forecast itself reaches the height, and not the band's upper edge alone.
    pub likely: bool,
}

/// The highest points of two issues, within the time of which both speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// What the newer issue says.
    pub peak: (Timestamp, Value),
    /// What the issue before it said.
    pub before: (Timestamp, Value),
    /// How much later the peak comes than was said before, negative for earlier; `None` where one of the two has no crest,
    /// because it only falls or still rises at its end.
    pub later: Option<SignedDuration>,
}

impl Forecast {
    /// When, from `now` on, the water first comes up to `height`: between the crossings of the band's edges where the
    /// forecast has a band there, and otherwise between the two steps that the crossing lies between, since nothing is
    /// known of the time between them. `None` where neither forecast nor band reaches it, or the forecast stands there
    /// already.
    pub fn window(&self, height: Value, now: Timestamp) -> Option<Window> {
        let standing = between(&self.points, now).or_else(|| Some(self.points.first().filter(|(at, _)| *at >= now)?.1));
        if standing.is_some_and(|value| value >= height) {
            return None;
        }
        let own = reaches(&self.points, height, now);
        let Some(band) = self.band() else {
            let (from, until) = self.step(own?)?;
            return Some(Window { from: from.max(now), until: Some(until), likely: true });
        };
        let (early, late) = (reaches(&band.upper, height, now), reaches(&band.lower, height, now));
        let from = own.into_iter().chain(early).min()?;
        Some(Window { from, until: late.max(own.filter(|_| late.is_some())), likely: own.is_some() })
    }

    /// The steps around an instant.
    fn step(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let after = self.points.iter().position(|(valid, _)| *valid >= at)?;
        let before = after.checked_sub(1).map_or(at, |before| self.points[before].0);
        Some((before, self.points[after].0))
    }

    /// This issue's highest point from `from` on beside that of the issue before. `None` where they cannot be compared: one
    /// says nothing of that time, one has its highest point where the other no longer speaks, or both only fall.
    pub fn revision(&self, before: &Self, from: Timestamp) -> Option<Revision> {
        let (new, old) = (Highest::of(self, from)?, Highest::of(before, from)?);
        let (this_end, other_end) = (self.points.last()?.0, before.points.last()?.0);
        if new.point.0 > other_end || old.point.0 > this_end || new.falling && old.falling {
            return None;
        }
        let later = (new.crest() && old.crest()).then(|| new.point.0.duration_since(old.point.0));
        Some(Revision { peak: new.point, before: old.point, later })
    }
}

/// The first of the highest points of an issue, and where it lies.
struct Highest {
    point: (Timestamp, Value),
    falling: bool,
    rising: bool,
}

impl Highest {
    fn of(forecast: &Forecast, from: Timestamp) -> Option<Self> {
        let ahead = &forecast.points[forecast.points.partition_point(|(valid, _)| *valid < from)..];
        let point = ahead.iter().copied().max_by_key(|&(valid, value)| (value, std::cmp::Reverse(valid)))?;
        let (first, last) = (ahead.first()?, ahead.last()?);
        Some(Self { point, falling: point == *first && last.1 < first.1, rising: point == *last && first.1 < last.1 })
    }

    const fn crest(&self) -> bool {
        !self.falling && !self.rising
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Bound, FeedId};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_650_000_000 + hours * 3600).expect("in range")
    }

    fn line(from: i64, millis: &[i64]) -> Vec<(Timestamp, Value)> {
        (0_i64..).zip(millis).map(|(i, &milli)| (at(from + i * 6), Value::from_milli(milli))).collect()
    }

    fn forecast(from: i64, millis: &[i64]) -> Forecast {
        Forecast {
            issued: at(from),
            issue_inferred: false,
            received: at(from),
            feed: FeedId::new("f").expect("an id"),
            points: line(from, millis),
            bounds: vec![],
        }
    }

    fn with_band(millis: &[i64], lower: &[i64], upper: &[i64]) -> Forecast {
        let bound = |name: &str, millis| Bound { name: name.into(), points: line(0, millis) };
        Forecast { bounds: vec![bound("lower", lower), bound("upper", upper)], ..forecast(0, millis) }
    }

    fn window(forecast: &Forecast, milli: i64, now: i64) -> Option<(i64, Option<i64>, bool)> {
        let hours = |instant: Timestamp| (instant.as_second() - at(0).as_second()) / 3600;
        let window = forecast.window(Value::from_milli(milli), at(now))?;
        Some((hours(window.from), window.until.map(hours), window.likely))
    }

    #[test]
    fn without_a_band_the_window_is_the_step() {
        let wave = forecast(0, &[3000, 4000, 5000, 4000]);
        assert_eq!(window(&wave, 3500, 0), Some((0, Some(6), true)));
        assert_eq!(window(&wave, 4100, 0), Some((6, Some(12), true)));
        assert_eq!(window(&wave, 5000, 0), Some((6, Some(12), true)));
        assert_eq!(window(&wave, 4500, 8), Some((8, Some(12), true)), "not in the past");
        assert_eq!(window(&wave, 5001, 0), None);
        assert_eq!(window(&wave, 3000, 0), None, "it stands there already");
        assert_eq!(window(&wave, 4500, 12), None, "it stands above");
    }

    #[test]
    fn a_band_gives_the_window_its_edges() {
        let sure = with_band(&[3000, 4000, 5000], &[3000, 3500, 4500], &[3000, 5000, 6000]);
        assert_eq!(window(&sure, 4000, 0), Some((3, Some(9), true)));
        let unsure = with_band(&[3000, 4000, 5000], &[3000, 3000, 3500], &[3000, 5000, 6000]);
        assert_eq!(window(&unsure, 4000, 0), Some((3, None, true)), "perhaps not at all");
        assert_eq!(window(&unsure, 5500, 0), Some((9, None, false)), "the upper edge alone");
        assert_eq!(window(&unsure, 6500, 0), None);
    }

    #[test]
    fn peaks_of_two_issues_are_compared() {
        let new = forecast(0, &[3000, 5300, 4000, 3500]);
        let revision = new.revision(&forecast(-6, &[2800, 3000, 4200, 5000, 4000]), at(0)).expect("both have a crest");
        assert_eq!((revision.peak.1 - revision.before.1).milli(), 300);
        assert_eq!(revision.later, Some(SignedDuration::from_hours(-6)));
    }

    #[test]
    fn what_cannot_be_compared_is_not() {
        let wave = forecast(0, &[3000, 5000, 4000]);
        assert_eq!(wave.revision(&forecast(-12, &[2000, 3000, 4000]), at(0)), None, "the other ends before the peak");
        assert_eq!(wave.revision(&forecast(-48, &[3000, 5000, 4000]), at(0)), None, "the other is over");
        let falls = forecast(0, &[5000, 4000, 3000]);
        assert_eq!(falls.revision(&forecast(-6, &[5500, 5000, 4500, 4000]), at(0)), None, "both fall");
        let later = |before: &[i64]| wave.revision(&forecast(0, before), at(0)).map(|revision| revision.later);
        assert_eq!(later(&[3000, 4000, 4500]), Some(None), "the other still rises: no crest to compare");
        assert_eq!(later(&[5500, 4000, 3500]), Some(None), "the other falls");
    }

    proptest! {
        #[test]
        fn a_window_holds_the_crossing(millis in proptest::collection::vec(0_i64..9000, 2..12), height in 0_i64..9000) {
            let forecast = forecast(0, &millis);
            let height = Value::from_milli(height);
            if let Some(window) = forecast.window(height, at(0)) {
                let crossing = reaches(&forecast.points, height, at(0)).expect("it is reached");
                prop_assert!(window.from <= crossing && window.until.is_some_and(|until| crossing <= until));
            }
        }
    }
}
