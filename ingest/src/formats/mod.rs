//! Wire formats: bytes in, model out. Each is a pure function of one file; nothing here knows network, clock or log.

mod ahps_xml;
mod bc_clever;
mod cap_xml;
mod cehq_json;
mod cehq_tsv;
mod civil;
mod document;
mod ea_csv;
mod ea_json;
mod ea_measure;
mod eccc_csv;
mod field;
mod geomet_json;
mod hml;
mod json;
mod kiwis_json;
pub mod mapped;
mod nb_alert;
mod nb_alertlevels;
mod nwis_json;
mod nwps_json;
mod nws_alerts;
mod pegelonline_json;
mod pi;
mod pi_json;
mod pi_xml;
mod rdb;
mod rows;
#[cfg(test)]
mod tests;
mod unit;
mod usgs;
mod usgs_ogc;
mod vigicrues_json;
mod waterml1;
mod waterml2;
mod wateroffice_csv;
mod wsc;
mod xml;

use std::fmt;
use std::sync::Arc;

use hydro::{Alert, Kind, Parameter, Point, Stat, Timestamp, Value};
use thiserror::Error;

/// A wire format that [`parse`] reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// Delft-FEWS PI time series, XML.
    PiXml,
    /// Delft-FEWS PI time series, JSON.
    PiJson,
    /// New Brunswick's table of stations and thresholds, `alertlevels.xml`.
    NbAlertlevels,
    /// New Brunswick's older bilingual forecast, `alert.xml`.
    NbAlert,
    /// ECCC Datamart hydrometric CSV.
    EcccCsv,
    /// ECCC `GeoMet` `hydrometric-realtime`, OGC API Features in GeoJSON.
    GeometJson,
    /// Water Office CSV: the web service's reply and the website's download.
    WaterofficeCsv,
    /// Québec CEHQ's tab-separated readings of a station.
    CehqTsv,
    /// Québec CEHQ's JSON of a station: readings and a forecast with quartiles.
    CehqJson,
    /// British Columbia's CLEVER and COFFEE forecasts, CSV.
    BcClever,
    /// US National Water Prediction Service: a gauge, its stages and flows.
    NwpsJson,
    /// US National Weather Service Hydrologic Markup Language, documents back to back.
    Hml,
    /// The older hydrograph XML of the US Advanced Hydrologic Prediction Service.
    AhpsXml,
    /// USGS instantaneous values, JSON.
    NwisJson,
    /// WaterML 1.1, as USGS sends it.
    Waterml1,
    /// WaterML 2.0.
    Waterml2,
    /// USGS tab-separated RDB.
    Rdb,
    /// USGS Water Data, OGC API Features in GeoJSON.
    UsgsOgc,
    /// England's Environment Agency flood monitoring: readings, CSV.
    EaCsv,
    /// England's Environment Agency flood monitoring: readings, stations or warnings, JSON.
    EaJson,
    /// KISTERS `KiWIS` time series values, JSON.
    KiwisJson,
    /// Germany’s PEGELONLINE: stations and measurements, JSON.
    PegelonlineJson,
    /// France’s Vigicrues: observations and forecasts, JSON.
    VigicruesJson,
    /// Common Alerting Protocol 1.2, with the Canadian profile.
    CapXml,
    /// US National Weather Service active alerts, GeoJSON.
    NwsAlerts,
    /// Delimited text of the form that a layout describes.
    Table(Arc<mapped::TableLayout>),
    /// JSON of the form that a layout describes.
    Json(Arc<mapped::JsonLayout>),
}

impl Format {
    /// Every format that needs nothing but its name, in the order of the documentation.
    pub const NAMED: [Self; 25] = [
        Self::PiXml,
        Self::PiJson,
        Self::NbAlertlevels,
        Self::NbAlert,
        Self::EcccCsv,
        Self::GeometJson,
        Self::WaterofficeCsv,
        Self::CehqTsv,
        Self::CehqJson,
        Self::BcClever,
        Self::NwpsJson,
        Self::Hml,
        Self::AhpsXml,
        Self::NwisJson,
        Self::Waterml1,
        Self::Waterml2,
        Self::Rdb,
        Self::UsgsOgc,
        Self::EaCsv,
        Self::EaJson,
        Self::KiwisJson,
        Self::PegelonlineJson,
        Self::VigicruesJson,
        Self::CapXml,
        Self::NwsAlerts,
    ];

    /// The names of the formats that need a layout beside their name: delimited text and JSON.
    pub const MAPPED: [&'static str; 2] = ["table", "json"];

    /// Its name in configuration and on the command line.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PiXml => "pi-xml",
            Self::PiJson => "pi-json",
            Self::NbAlertlevels => "nb-alertlevels",
            Self::NbAlert => "nb-alert",
            Self::EcccCsv => "eccc-csv",
            Self::GeometJson => "geomet-json",
            Self::WaterofficeCsv => "wateroffice-csv",
            Self::CehqTsv => "cehq-tsv",
            Self::CehqJson => "cehq-json",
            Self::BcClever => "bc-clever",
            Self::NwpsJson => "nwps-json",
            Self::Hml => "hml",
            Self::AhpsXml => "ahps-xml",
            Self::NwisJson => "nwis-json",
            Self::Waterml1 => "waterml1",
            Self::Waterml2 => "waterml2",
            Self::Rdb => "rdb",
            Self::UsgsOgc => "usgs-ogc",
            Self::EaCsv => "ea-csv",
            Self::EaJson => "ea-json",
            Self::KiwisJson => "kiwis-json",
            Self::PegelonlineJson => "pegelonline-json",
            Self::VigicruesJson => "vigicrues-json",
            Self::CapXml => "cap-xml",
            Self::NwsAlerts => "nws-alerts",
            Self::Table(_) => Self::MAPPED[0],
            Self::Json(_) => Self::MAPPED[1],
        }
    }

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|format| format.name() == name)
    }
}

/// Reads a document. Rows that cannot be read are rejected and the rest is kept.
///
/// # Errors
/// [`NotThisFormat`] when the document as a whole is not of the format: HTML, truncated, wrong root, empty.
pub fn parse(format: &Format, bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    match format {
        Format::PiXml => pi_xml::parse(bytes),
        Format::PiJson => pi_json::parse(bytes),
        Format::NbAlertlevels => nb_alertlevels::parse(bytes),
        Format::NbAlert => nb_alert::parse(bytes),
        Format::EcccCsv => eccc_csv::parse(bytes),
        Format::GeometJson => geomet_json::parse(bytes),
        Format::WaterofficeCsv => wateroffice_csv::parse(bytes),
        Format::CehqTsv => cehq_tsv::parse(bytes),
        Format::CehqJson => cehq_json::parse(bytes),
        Format::BcClever => bc_clever::parse(bytes),
        Format::NwpsJson => nwps_json::parse(bytes),
        Format::Hml => hml::parse(bytes),
        Format::AhpsXml => ahps_xml::parse(bytes),
        Format::NwisJson => nwis_json::parse(bytes),
        Format::Waterml1 => waterml1::parse(bytes),
        Format::Waterml2 => waterml2::parse(bytes),
        Format::Rdb => rdb::parse(bytes),
        Format::UsgsOgc => usgs_ogc::parse(bytes),
        Format::EaCsv => ea_csv::parse(bytes),
        Format::EaJson => ea_json::parse(bytes),
        Format::KiwisJson => kiwis_json::parse(bytes),
        Format::PegelonlineJson => pegelonline_json::parse(bytes),
        Format::VigicruesJson => vigicrues_json::parse(bytes),
        Format::CapXml => cap_xml::parse(bytes),
        Format::NwsAlerts => nws_alerts::parse(bytes),
        Format::Table(layout) => mapped::table::parse(format, layout, bytes),
        Format::Json(layout) => mapped::json::parse(format, layout, bytes),
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
    /// One message about a danger.
    Alert(Alert),
    /// All messages in force, of a document that lists them: one that is no longer in it is no longer in force.
    InForce(Vec<Alert>),
}

/// A time series under the feed's own name of the location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The feed's own id of the place, as written. Empty where the document names none: the feed's configuration does then.
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
    /// The name of the format expected.
    pub format: &'static str,
    /// Line and column, counted from 1; columns are counted in bytes.
    pub place: (u32, u32),
    /// What was found instead.
    pub found: String,
}

impl fmt::Display for NotThisFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.place;
        write!(f, "not {}: line {line}, column {column}: {}", self.format, self.found)
    }
}
