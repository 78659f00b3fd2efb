//! How sure a forecaster is: the bounds, quantiles and members of a forecast, under the names that the feed gives them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Value;
use crate::forecast::between;

/// One bound, quantile or member of a forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The feed's own name: `p25`, `lower`, `member 3`.
    pub name: Box<str>,
    /// Rising in time.
    pub points: Vec<(Timestamp, Value)>,
}

/// What the two edges of a band are, as far as the feed says it. Bounds without a meaning are given none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// `min` and `max`: the lowest and the highest that the forecaster gives.
    Extremes,
    /// The lowest and the highest of so many members of an ensemble, at each instant by itself.
    Members(usize),
    /// `p25` and `p75`, or `q25` and `q75`: so many in a hundred lie below.
    Percent(u8, u8),
    /// `lower` and `upper`: the feed does not say how sure the forecaster is of them.
    Unnamed,
}

/// The room that a forecaster leaves the water.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// What the edges are.
    pub bounds: Bounds,
    /// The lower edge, rising in time.
    pub lower: Vec<(Timestamp, Value)>,
    /// The upper edge, at the same instants and nowhere below the lower one.
    pub upper: Vec<(Timestamp, Value)>,
}

impl Band {
    /// Both edges at an instant, between two steps on a straight line; `None` outside the band.
    pub fn at(&self, instant: Timestamp) -> Option<(Value, Value)> {
        let edge = |points: &[(Timestamp, Value)]| {
            points.first().filter(|(first, _)| *first == instant).map(|&(_, value)| value).or(between(points, instant))
        };
        edge(&self.lower).zip(edge(&self.upper))
    }

    /// The highest point of the upper edge from `now` on, the first of equals.
    pub fn highest(&self, now: Timestamp) -> Option<(Timestamp, Value)> {
        let ahead = self.upper.iter().filter(|(valid, _)| *valid >= now);
        ahead.copied().max_by_key(|&(valid, value)| (value, std::cmp::Reverse(valid)))
    }
}

/// The widest band that the bounds of one issue make: the extremes, or else the members, the outermost quantiles on both
/// sides of the middle, or bounds of which nothing more is known. Instants that one edge lacks, or at which the edges are
/// the wrong way round, are left out.
pub(crate) fn band(bounds: &[Bound]) -> Option<Band> {
    let named = |name: &str| bounds.iter().find(|bound| &*bound.name == name);
    let pair = |lower: &str, upper: &str, meaning| between_two(meaning, named(lower)?, named(upper)?);
    pair("min", "max", Bounds::Extremes)
        .or_else(|| members(bounds))
        .or_else(|| {
            let quantiles = || bounds.iter().filter_map(|bound| Some((percent(&bound.name)?, bound)));
            let (low, lower) = quantiles().filter(|(percent, _)| *percent < 50).min_by_key(|(percent, _)| *percent)?;
            let (high, upper) = quantiles().filter(|(percent, _)| *percent > 50).max_by_key(|(percent, _)| *percent)?;
            between_two(Bounds::Percent(low, high), lower, upper)
        })
        .or_else(|| pair("lower", "upper", Bounds::Unnamed))
}

/// The number in `p25` or `q75`.
fn percent(name: &str) -> Option<u8> {
    let digits = name.strip_prefix(['p', 'q'])?;
    digits.parse().ok().filter(|percent| *percent <= 100 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn between_two(bounds: Bounds, lower: &Bound, upper: &Bound) -> Option<Band> {
    let above: BTreeMap<Timestamp, Value> = upper.points.iter().copied().collect();
    let pairs = lower.points.iter().filter_map(|&(at, low)| Some((at, low, *above.get(&at)?)));
    of_pairs(bounds, pairs.filter(|(_, low, high)| low <= high))
}

/// Between the lowest and the highest member at each instant of which all of them speak.
fn members(bounds: &[Bound]) -> Option<Band> {
    let members = || bounds.iter().filter(|bound| bound.name.starts_with("member "));
    let count = members().count();
    let mut extents: BTreeMap<Timestamp, (Value, Value, usize)> = BTreeMap::new();
    for &(at, value) in members().flat_map(|member| &member.points) {
        let extent = extents.entry(at).or_insert((value, value, 0));
        *extent = (extent.0.min(value), extent.1.max(value), extent.2 + 1);
    }
    let whole = extents.into_iter().filter(|(_, (.., speak))| *speak == count);
    if count < 2 { None } else { of_pairs(Bounds::Members(count), whole.map(|(at, (low, high, _))| (at, low, high))) }
}

fn of_pairs(bounds: Bounds, pairs: impl Iterator<Item = (Timestamp, Value, Value)>) -> Option<Band> {
    let (lower, upper): (Vec<_>, Vec<_>) = pairs.map(|(at, low, high)| ((at, low), (at, high))).unzip();
    (!lower.is_empty()).then_some(Band { bounds, lower, upper })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_650_000_000 + hour * 3600).unwrap()
    }

    fn bound(name: &str, millis: &[i64]) -> Bound {
        let points = (0_i64..).zip(millis).map(|(hour, &milli)| (at(hour), Value::from_milli(milli))).collect();
        Bound { name: name.into(), points }
    }

    fn values(points: &[(Timestamp, Value)]) -> Vec<i64> {
        points.iter().map(|(_, value)| value.milli()).collect()
    }

    #[test]
    fn the_widest_pair_is_taken_and_keeps_its_name() {
        let all = ["lower", "upper", "p25", "p75", "p10", "p50", "p90"].map(|name| bound(name, &[1]));
        assert_eq!(band(&all).map(|band| band.bounds), Some(Bounds::Percent(10, 90)));
        let meaning = |names: [&str; 2]| band(&names.map(|name| bound(name, &[1]))).map(|band| band.bounds);
        assert_eq!(meaning(["q25", "q75"]), Some(Bounds::Percent(25, 75)));
        assert_eq!(meaning(["lower", "upper"]), Some(Bounds::Unnamed));
        assert_eq!(meaning(["min", "max"]), Some(Bounds::Extremes));
        assert_eq!(meaning(["member 1949", "member 1950"]), Some(Bounds::Members(2)));
        for nothing in [["p25", "p50"], ["lower", "max"], ["p-5", "p+75"], ["p101", "q1000"], ["member 1", "p50"]] {
            assert_eq!(meaning(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn only_instants_of_both_edges_the_right_way_round_are_kept() {
        let made = band(&[bound("lower", &[1, 2, 9, 4]), bound("upper", &[2, 2, 8])]).unwrap();
        assert_eq!((values(&made.lower), values(&made.upper)), (vec![1, 2], vec![2, 2]));
        assert_eq!(band(&[bound("lower", &[9]), bound("upper", &[8])]), None);
        let uneven = [bound("member 1", &[5, 3, 4]), bound("member 2", &[1, 7])];
        let made = band(&uneven).unwrap();
        assert_eq!((values(&made.lower), values(&made.upper)), (vec![1, 3], vec![5, 7]));
    }

    #[test]
    fn a_band_is_read_at_its_steps_and_between_them() {
        let made = band(&[bound("lower", &[1000, 2000, 1500]), bound("upper", &[1000, 4000, 4000])]).unwrap();
        let milli = |(low, high): (Value, Value)| (low.milli(), high.milli());
        assert_eq!(made.at(at(0)).map(milli), Some((1000, 1000)));
        assert_eq!(made.at(at(0) + crate::SignedDuration::from_mins(30)).map(milli), Some((1500, 2500)));
        assert_eq!((made.at(at(-1)), made.at(at(3))), (None, None));
        assert_eq!(made.highest(at(0)), Some((at(1), Value::from_milli(4000))));
        assert_eq!(made.highest(at(3)), None);
    }

    proptest! {
        #[test]
        fn every_member_lies_within(members in proptest::collection::vec(proptest::collection::vec(0_i64..9000, 6), 2..9)) {
            let bounds: Vec<Bound> =
                members.iter().enumerate().map(|(n, millis)| bound(&format!("member {n}"), millis)).collect();
            let made = band(&bounds).expect("all speak of every hour");
            for (hour, (low, high)) in values(&made.lower).into_iter().zip(values(&made.upper)).enumerate() {
                prop_assert!(members.iter().all(|member| (low..=high).contains(&member[hour])));
            }
        }
    }
}
