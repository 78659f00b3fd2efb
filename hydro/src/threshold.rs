//! Thresholds: heights named by an authority, in a scheme whose names rise.

use jiff::civil::Date;
use thiserror::Error;

use crate::{FeedId, LocalText, Value};

/// A family of threshold names, lowest first. A word means something only within its scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// New Brunswick's River Watch: advisory, watch, warning, flood.
    NewBrunswick,
    /// The United States' National Weather Service: action, minor, moderate, major.
    Nws,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 2] = [Self::NewBrunswick, Self::Nws];

    /// Its name in configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewBrunswick => "new-brunswick",
            Self::Nws => "nws",
        }
    }

    /// The names of its thresholds, lowest first.
    pub const fn thresholds(self) -> [&'static str; 4] {
        match self {
            Self::NewBrunswick => ["advisory", "watch", "warning", "flood"],
            Self::Nws => ["action", "minor", "moderate", "major"],
        }
    }

    /// The rank of a threshold's name.
    pub fn rank(self, name: &str) -> Option<Rank> {
        Rank::ALL.into_iter().skip(1).find(|rank| self.word(*rank) == name)
    }

    /// The word for a rank: `normal` for none reached, else the threshold's name.
    pub const fn word(self, rank: Rank) -> &'static str {
        match rank.get() {
            0 => "normal",
            n => self.thresholds()[n as usize - 1],
        }
    }
}

/// How many steps of a scheme are reached: 0 none (*normal*) to 4 the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(u8);

impl Rank {
    /// No threshold reached.
    pub const NORMAL: Self = Self(0);
    /// Every rank, lowest first.
    pub const ALL: [Self; 5] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// A rank from 0 to 4.
    pub const fn new(steps: u8) -> Option<Self> {
        if steps <= 4 { Some(Self(steps)) } else { None }
    }

    /// The number of steps reached.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A height at which an authority says that something begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// Its place in the scheme, 1 to 4.
    pub rank: Rank,
    /// The height, in the station's datum.
    pub value: Value,
}

/// A station's thresholds: one scheme, rising, with the authority that named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thresholds {
    scheme: Scheme,
    rising: Vec<Threshold>,
    /// Who named them.
    pub source: LocalText,
    /// When they were read from that source.
    pub date: Option<Date>,
}

/// A feed in which an authority publishes thresholds, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The feed.
    pub feed: FeedId,
    /// The names that it uses.
    pub scheme: Scheme,
    /// Who names them.
    pub source: LocalText,
}

/// Why heights are not a set of thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ThresholdError {
    /// A higher step must stand higher.
    #[error("thresholds must rise: {lower} {lower_value} is not below {higher} {higher_value}")]
    NotRising {
        /// The lower step's name.
        lower: &'static str,
        /// Its height.
        lower_value: Value,
        /// The higher step's name.
        higher: &'static str,
        /// Its height.
        higher_value: Value,
    },
    /// A name of another scheme, or none.
    #[error("`{name}` is no threshold of {scheme}: expected {}", .expected.join(", "))]
    UnknownName {
        /// The name given.
        name: String,
        /// The scheme.
        scheme: &'static str,
        /// The scheme's names.
        expected: [&'static str; 4],
    },
}

impl Thresholds {
    /// Checks that each name belongs to the scheme and that the heights rise with it. Steps may be left out.
    ///
    /// # Errors
    /// [`ThresholdError`] naming the two that do not rise, or the unknown name.
    pub fn new<'a>(
        scheme: Scheme,
        heights: impl IntoIterator<Item = (&'a str, Value)>,
        source: LocalText,
        date: Option<Date>,
    ) -> Result<Self, ThresholdError> {
        let mut rising = Vec::new();
        for (name, value) in heights {
            let rank = scheme.rank(name).ok_or_else(|| ThresholdError::UnknownName {
                name: name.chars().take(40).collect(),
                scheme: scheme.name(),
                expected: scheme.thresholds(),
            })?;
            rising.push(Threshold { rank, value });
        }
        rising.sort_by_key(|threshold| threshold.rank);
        for (lower, higher) in rising.iter().zip(rising.iter().skip(1)) {
            if lower.value >= higher.value {
                return Err(ThresholdError::NotRising {
                    lower: scheme.word(lower.rank),
                    lower_value: lower.value,
                    higher: scheme.word(higher.rank),
                    higher_value: higher.value,
                });
            }
        }
        Ok(Self { scheme, rising, source, date })
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Lowest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Threshold> + Clone {
        self.rising.iter()
    }

    /// The highest step that a height reaches: a threshold is reached at its very height (`>=`, the province's rule).
    pub fn reached(&self, value: Value) -> Rank {
        self.rising
            .iter()
            .rev()
            .find(|threshold| value >= threshold.value)
            .map_or(Rank::NORMAL, |threshold| threshold.rank)
    }

    /// The height of a step, where the authority names one.
    pub fn height(&self, rank: Rank) -> Option<Value> {
        self.rising.iter().find(|threshold| threshold.rank == rank).map(|threshold| threshold.value)
    }

    /// The lowest threshold above a height.
    pub fn next_above(&self, value: Value) -> Option<&Threshold> {
        self.rising.iter().find(|threshold| threshold.value > value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fredericton() -> Thresholds {
        let metres = |m: f64| Value::from_f64(m).expect("a height");
        let heights =
            [("advisory", metres(4.5)), ("watch", metres(5.5)), ("warning", metres(6.0)), ("flood", metres(6.5))];
        Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).expect("rising")
    }

    #[test]
    fn a_threshold_is_reached_at_its_height() {
        let set = fredericton();
        assert_eq!(set.reached(Value::from_milli(4499)).get(), 0);
        assert_eq!(set.reached(Value::from_milli(4500)).get(), 1);
        assert_eq!(set.reached(Value::from_milli(5954)).get(), 2);
        assert_eq!(set.reached(Value::from_milli(9000)).get(), 4);
    }

    #[test]
    fn thresholds_must_rise() {
        let heights = [("watch", Value::from_milli(4000)), ("advisory", Value::from_milli(4200))];
        let error = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).expect_err("inverted");
        assert_eq!(error.to_string(), "thresholds must rise: advisory 4.2 is not below watch 4");
        let heights = [("minor", Value::from_milli(4000))];
        let error = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).expect_err("foreign");
        assert_eq!(
            error.to_string(),
            "`minor` is no threshold of new-brunswick: expected advisory, watch, warning, flood"
        );
    }

    proptest! {
        #[test]
        fn rank_never_falls_as_water_rises(a in -20_000_i64..20_000, b in -20_000_i64..20_000) {
            let set = fredericton();
            let (low, high) = (Value::from_milli(a.min(b)), Value::from_milli(a.max(b)));
            prop_assert!(set.reached(low) <= set.reached(high));
        }
    }
}
