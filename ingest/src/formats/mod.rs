//! Wire formats: bytes in, model out. Each is a pure function of one file; nothing here knows network, clock or log.

mod document;
mod eccc_csv;
mod field;
mod geomet_json;
mod nb_alertlevels;
mod pi_xml;
mod rows;
#[cfg(test)]
mod tests;
mod wateroffice_csv;
mod wsc;
mod xml;

use std::fmt;

use hydro::{Kind, Parameter, Point, Stat, Timestamp, Value};
use thiserror::Error;

/// A wire format that [`parse`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Delft-FEWS PI time series, XML.
    PiXml,
    /// New Brunswick's table of stations and thresholds, `alertlevels.xml`.
    NbAlertlevels,
    /// ECCC Datamart hydrometric CSV.
    EcccCsv,
    /// ECCC `GeoMet` `hydrometric-realtime`, OGC API Features in GeoJSON.
    GeometJson,
    /// Water Office CSV: the web service's reply and the website's download.
    WaterofficeCsv,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 5] =
        [Self::PiXml, Self::NbAlertlevels, Self::EcccCsv, Self::GeometJson, Self::WaterofficeCsv];

    /// Its name in configuration and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PiXml => "pi-xml",
            Self::NbAlertlevels => "nb-alertlevels",
            Self::EcccCsv => "eccc-csv",
            Self::GeometJson => "geomet-json",
            Self::WaterofficeCsv => "wateroffice-csv",
        }
    }

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Reads a document. Rows that cannot be read are rejected and the rest is kept.
///
/// # Errors
/// [`NotThisFormat`] when the document as a whole is not of the format: HTML, truncated, wrong root, empty.
pub fn parse(format: Format, bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    match format {
        Format::PiXml => pi_xml::parse(bytes),
        Format::NbAlertlevels => nb_alertlevels::parse(bytes),
        Format::EcccCsv => eccc_csv::parse(bytes),
        Format::GeometJson => geomet_json::parse(bytes),
        Format::WaterofficeCsv => wateroffice_csv::parse(bytes),
    }
}

/// What a document says. Empty items with no rejections is a sound reply without data: neither error nor success.
#[derive(Debug, Default, PartialEq)]
pub struct Parsed {
    /// In the document's order.
    pub items: Vec<Item>,
    /// Rows and single values that could not be read, in the document's order.
    pub rejected: Vec<Rejected>,
}

/// One thing that a document says.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A time series of one location.
    Series(Series),
    /// A row of a table of stations and thresholds.
    Gauge(Gauge),
    /// The day on which the forecaster means to issue next, as the start of that day in the document's own zone.
    NextIssue(Timestamp),
}

/// A time series under the feed's own name of the location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The feed's own id of the place, as written.
    pub location: String,
    /// What is measured; other parameters are not of interest and never reach this type.
    pub parameter: Parameter,
    /// Measured or forecast.
    pub kind: Kind,
    /// Value, bound or member.
    pub stat: Stat,
    /// When the forecaster spoke, where the feed says so; never of a measurement.
    pub issued: Option<Timestamp>,
    /// In the document's order; converted to metres or m³/s.
    pub points: Vec<Point>,
}

/// A station and its thresholds as an authority publishes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// The feed's own id of the place.
    pub location: String,
    /// The name published.
    pub name: String,
    /// What the thresholds are heights of.
    pub parameter: Parameter,
    /// The authority's own names of its thresholds, in lower case (`advisory`, `flood`, `record`), and heights.
    pub thresholds: Vec<(String, Value)>,
    /// Degrees north and east, WGS 84.
    pub position: Option<(f64, f64)>,
    /// Further facts by the feed's own names, as written (`Measured`, `WSC_URL_EN`, …).
    pub facts: Vec<(String, String)>,
}

/// A row that could not be read, or one value of a row whose rest is kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct Rejected {
    /// Counted from 1.
    pub line: u32,
    /// What was found and what was expected.
    pub reason: String,
}

/// A document that is not of the format it should be, with the place where that showed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct NotThisFormat {
    /// The format expected.
    pub format: Format,
    /// Line and column, counted from 1; columns are counted in bytes.
    pub place: (u32, u32),
    /// What was found instead.
    pub found: String,
}

impl fmt::Display for NotThisFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.place;
        write!(f, "not {}: line {line}, column {column}: {}", self.format.name(), self.found)
    }
}
