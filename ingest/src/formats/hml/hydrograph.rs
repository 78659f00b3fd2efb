//! A hydrograph as the US National Weather Service writes it in all its forms: for each instant a primary and a secondary
//! number, and a name and a unit of each, by which alone it is a level or a discharge.

use hydro::{Kind, Parameter, Point, Stat, Timestamp, Value};
use jiff::tz::Offset;

use crate::formats::document::clip;
use crate::formats::unit::{self, Unit};
use crate::formats::{Item, Series, field};

/// Names of what else has been seen in feet or in kcfs: reservoirs and their works, tides above a datum of their own. It is
/// neither the stage nor the discharge of a river, and nobody misses it here.
const OTHER: [&str; 18] = [
    "Adjusted Discharge",
    "Canal Divers. Dschrg",
    "Ceiling Height",
    "Depth Below Sfc",
    "Forebay Elevation",
    "Generator Discharge",
    "Inflow Discharge",
    "Lake Elev Abv Datum",
    "Lake Elevation",
    "Pool",
    "Reading Height - MSL",
    "Reading Height - Sfc",
    "Spillway Discharge",
    "Spillway Tailwater",
    "Tailwater",
    "Tide Height",
    "Total Discharge",
    "Water Height (MHHW)",
];

/// How the numbers of a column are to be read.
#[derive(Debug)]
pub(in crate::formats) enum Column {
    /// As a level or a discharge in a unit.
    Of(Parameter, Unit),
    /// Not at all.
    Other,
    /// Nobody can tell, for this reason, which is given for the first number that is lost by it.
    Unknown(String),
}

/// What a number of a column says: nothing of interest, or the value of a parameter or that it is missing.
pub(in crate::formats) type Cell = Option<(Parameter, Option<Value>)>;

impl Column {
    /// By the name and the unit stated; both are empty where nothing is.
    pub(in crate::formats) fn of(name: &str, units: &str) -> Self {
        let is = |known: &&str| name.trim().eq_ignore_ascii_case(known);
        let parameter = match name {
            _ if is(&"Stage") => Parameter::Level,
            _ if is(&"Flow") || is(&"River Discharge") => Parameter::Discharge,
            _ if OTHER.iter().any(is) => return Self::Other,
            "" => return Self::Unknown("a number without a name, expected Stage, Flow or River Discharge".into()),
            // A level under a name that is not known is not of no interest: its silence would look like a dead gauge.
            _ if units.is_empty() || unit::level(units).or(unit::discharge(units)).is_some() => {
                let (name, units) = (clip(name), clip(units));
                return Self::Unknown(format!("`{name}` in `{units}`, expected Stage, Flow or River Discharge"));
            }
            _ => return Self::Other,
        };
        Unit::of(parameter, units).map_or_else(Self::Unknown, |unit| Self::Of(parameter, unit))
    }

    /// Reads a number of the column.
    pub(in crate::formats) fn read(&mut self, text: &str) -> Result<Cell, String> {
        match self {
            Self::Of(parameter, unit) => unit.value(text).map(|value| Some((*parameter, value))),
            Self::Unknown(reason) if field::value(text) != Ok(None) => {
                let reason = std::mem::take(reason);
                *self = Self::Other;
                Err(reason)
            }
            Self::Other | Self::Unknown(_) => Ok(None),
        }
    }
}

/// The zone that a document names for its times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::formats) enum Zone {
    Unsaid,
    Utc,
    Other,
}

impl Zone {
    /// Of its name in a document.
    pub(in crate::formats) fn named(name: &str) -> Self {
        match name.trim() {
            "" => Self::Unsaid,
            name if name.eq_ignore_ascii_case("UTC") || name.eq_ignore_ascii_case("GMT") => Self::Utc,
            _ => Self::Other,
        }
    }

    /// Reads an instant. `None` for the first day of the year 1, which says that there is none.
    pub(in crate::formats) fn instant(self, text: &str) -> Result<Option<Timestamp>, String> {
        let text = text.trim();
        if text.is_empty() || text.starts_with("0001-01-01") {
            return Ok(None);
        }
        // `-00:00` is UTC (RFC 3339, section 4.3), but under a local zone it may be what was left of a local time.
        if self == Self::Other && ["Z", "-00:00", "+00:00"].iter().any(|utc| text.ends_with(utc)) {
            return Err(format!("`{}` in a zone that is not UTC", clip(text)));
        }
        field::instant(text, (self == Self::Utc).then_some(Offset::UTC)).map(Some)
    }
}

/// What has been measured or forecast at one place.
#[derive(Debug)]
pub(in crate::formats) struct Hydrograph {
    kind: Kind,
    issued: Option<Timestamp>,
    series: Vec<(Parameter, Vec<Point>)>,
}

impl Hydrograph {
    /// Without values. A measurement has no time of issue.
    pub(in crate::formats) fn new(kind: Kind, issued: Option<Timestamp>) -> Self {
        Self { kind, issued: issued.filter(|_| kind == Kind::Forecast), series: Vec::new() }
    }

    /// Says that it has a column of this parameter, be it without values.
    pub(in crate::formats) fn declare(&mut self, parameter: Parameter) {
        if !self.parameters().any(|known| known == parameter) {
            self.series.push((parameter, Vec::new()));
        }
    }

    /// The parameters declared.
    pub(in crate::formats) fn parameters(&self) -> impl Iterator<Item = Parameter> {
        self.series.iter().map(|(parameter, _)| *parameter)
    }

    /// Whether it is a forecast of nobody knows what.
    pub(in crate::formats) fn is_bare_forecast(&self) -> bool {
        self.kind == Kind::Forecast && self.series.is_empty()
    }

    /// Adds what is said of an instant. Without an instant it may only say that there is nothing.
    pub(in crate::formats) fn push(&mut self, valid: Option<Timestamp>, cells: [Cell; 2]) -> Result<(), String> {
        let [primary, secondary] = cells;
        let has_value = |cell: Cell| cell.is_some_and(|(_, value)| value.is_some());
        let Some(valid) = valid else {
            let lost = has_value(primary) || has_value(secondary);
            return if lost { Err("a value without its time".into()) } else { Ok(()) };
        };
        let is_second = primary.zip(secondary).is_some_and(|((first, _), (second, _))| first == second);
        for (parameter, value) in [primary, secondary.filter(|_| !is_second)].into_iter().flatten() {
            self.declare(parameter);
            if let Some((_, points)) = self.series.iter_mut().find(|(known, _)| *known == parameter) {
                points.push(Point { valid, value, quality: None });
            }
        }
        match secondary {
            Some((parameter, Some(_))) if is_second => {
                Err(format!("primary and secondary are both a {}", parameter.name()))
            }
            _ => Ok(()),
        }
    }

    /// As series of a place. A forecast without values is news, an observation without values is none.
    pub(in crate::formats) fn into_items(self, location: &str) -> impl Iterator<Item = Item> {
        let Self { kind, issued, series } = self;
        let told = series.into_iter().filter(move |(_, points)| kind == Kind::Forecast || !points.is_empty());
        told.map(move |(parameter, points)| {
            let location = location.to_owned();
            Item::Series(Series { location, parameter, kind, stat: Stat::Value, issued, points })
        })
    }
}
