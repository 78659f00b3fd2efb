//! The parts of a time series: what is measured, whether measured or forecast, and each point.

use jiff::Timestamp;

use crate::Value;

/// The observed property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// Height of the water surface above the station's datum, in metres.
    Level,
    /// Volume of water per time, in cubic metres a second.
    Discharge,
}

impl Parameter {
    /// Its word in data: `level` or `discharge`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Discharge => "discharge",
        }
    }

    /// Its unit in data: `m` or `m3/s`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Level => "m",
            Self::Discharge => "m3/s",
        }
    }
}

/// A measurement or a forecast; never mixed in one series, one number or one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Measured by a gauge.
    Observed,
    /// Said of the future by a forecaster or a model.
    Forecast,
}

impl Kind {
    /// Its word in data: `observed` or `forecast`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Forecast => "forecast",
        }
    }
}

/// Which value of a distribution a series gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stat {
    /// The value itself: a measurement, a deterministic forecast.
    Value,
    /// A bound, quantile or member under the feed's own name (`p25`, `lower`, `member 3`); never renamed.
    Named(Box<str>),
}

impl Stat {
    /// Its word in data: `value`, or the feed's own name.
    pub fn name(&self) -> &str {
        match self {
            Self::Value => "value",
            Self::Named(name) => name,
        }
    }
}

/// What the agency remarks of a value: of several remarks, the one that matters most to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Quality {
    /// Passed the agency's automatic screening (Delft-FEWS flag 0).
    Good = 1,
    /// As it came from the gauge, subject to revision.
    Provisional = 2,
    /// Looked at by the agency.
    Reviewed = 3,
    /// Checked by the agency.
    Checked = 4,
    /// Final.
    Approved = 5,
    /// Corrected by the agency (Delft-FEWS flag 1).
    Corrected = 6,
    /// Filled in, not measured (Delft-FEWS flag 2, an agency's *estimated*).
    Estimated = 7,
    /// Ice raises or hides the water: the level does not tell the discharge.
    Ice = 8,
    /// Doubted by the agency (Delft-FEWS flags 3 to 5).
    Doubtful = 9,
    /// Called unreliable by the agency (Delft-FEWS flags 6 to 8).
    Unreliable = 10,
}

impl Quality {
    /// Every remark, for tests and for reading codes back.
    pub const ALL: [Self; 10] = [
        Self::Good,
        Self::Provisional,
        Self::Reviewed,
        Self::Checked,
        Self::Approved,
        Self::Corrected,
        Self::Estimated,
        Self::Ice,
        Self::Doubtful,
        Self::Unreliable,
    ];

    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Provisional => "provisional",
            Self::Reviewed => "reviewed",
            Self::Checked => "checked",
            Self::Approved => "approved",
            Self::Corrected => "corrected",
            Self::Estimated => "estimated",
            Self::Ice => "ice",
            Self::Doubtful => "doubtful",
            Self::Unreliable => "unreliable",
        }
    }

    /// The number under which it is stored.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The remark stored under a number, if it is one of ours.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|quality| quality.code() == code)
    }

    /// Whether a value so remarked may set a status: doubted values are kept and shown apart.
    pub const fn trusted(self) -> bool {
        !matches!(self, Self::Doubtful | Self::Unreliable)
    }
}

/// One point of a time series. `value` is `None` where the feed says that it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    /// The instant the value is about.
    pub valid: Timestamp,
    /// The value, in thousandths of the parameter's unit.
    pub value: Option<Value>,
    /// The agency's remark, where it makes one.
    pub quality: Option<Quality>,
}

/// A point that has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When it was true.
    pub valid: Timestamp,
    /// The level, in the station's datum, or the discharge.
    pub value: Value,
    /// The agency's remark.
    pub quality: Option<Quality>,
}

impl Point {
    /// The point as a reading; `None` where the feed says that the value is missing.
    pub fn reading(&self) -> Option<Reading> {
        Some(Reading { valid: self.valid, value: self.value?, quality: self.quality })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_small() {
        assert_eq!(size_of::<Point>(), 32);
    }

    #[test]
    fn quality_codes_come_back() {
        for quality in Quality::ALL {
            assert_eq!(Quality::from_code(quality.code()), Some(quality));
        }
        assert_eq!(Quality::from_code(0), None);
    }
}
