//! The header of a PI series: whether it is of interest, what it measures, in which unit, and when it was issued.

use hydro::{Kind, Parameter, Stat, Timestamp};
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::formats::document::clip;
use crate::formats::unit::{self, Unit};
use crate::formats::{Series, field};

/// What the events of a series are to be read as.
pub(in crate::formats) enum Subject {
    /// No header yet.
    Unknown,
    /// Not of interest, or not understood: its events are passed over.
    Other,
    /// A series, its unit, and the number that stands for a missing value (NaN where there is none).
    Series { series: Series, unit: Unit, missing: f64 },
    /// The day of the next forecast, counted from this day.
    NextIssue(Date),
}

/// The fields of a header as written.
#[derive(Debug, Default)]
pub(in crate::formats) struct Header {
    location: String,
    parameter: String,
    units: String,
    missing: String,
    member: Option<String>,
    created: (String, String),
    forecast: Option<(String, String)>,
}

impl Header {
    /// Takes in `forecastDate`, the one field of two parts.
    pub(in crate::formats) fn forecast_date(&mut self, date: &str, time: &str) {
        self.forecast = Some((date.to_owned(), time.to_owned()));
    }

    /// Takes in another field by its name in the schema.
    pub(in crate::formats) fn text(&mut self, name: &str, content: &str) {
        let content = || content.to_owned();
        match name {
            "locationId" => self.location = content(),
            "parameterId" => self.parameter = content(),
            "units" => self.units = content(),
            "missVal" => self.missing = content(),
            "ensembleMemberIndex" | "ensembleMemberId" => self.member = Some(content()),
            "creationDate" => self.created.0 = content(),
            "creationTime" => self.created.1 = content(),
            _ => {}
        }
    }

    /// What the header says, once complete. An error for one that cannot be understood, whose series is then left out.
    pub(in crate::formats) fn subject(&self, zone: Offset) -> Result<Subject, String> {
        if self.parameter == "NextFcst" {
            let created = field::date(&self.created.0);
            return created
                .map(Subject::NextIssue)
                .ok_or_else(|| "NextFcst without a creationDate to count from".into());
        }
        let Some((parameter, unit)) = measured(&self.parameter, &self.units) else {
            // A level in a unit that is not known is not of no interest: its silence would look like a dead gauge.
            return if is_water(&self.parameter) {
                let (parameter, units) = (clip(&self.parameter), clip(&self.units));
                Err(format!("{parameter} in units `{units}`, expected M, FT, CMS or CFS"))
            } else {
                Ok(Subject::Other)
            };
        };
        if !field::is_name(&self.location) {
            return Err(format!("locationId `{}`, expected 1 to 100 characters", clip(&self.location)));
        }
        let missing = match self.missing.as_str() {
            "" => f64::NAN,
            text => text.parse().map_err(|_| format!("missVal `{}` is not a number", clip(text)))?,
        };
        // A member of an ensemble is nobody's measurement, also where no date of a forecast is told.
        let is_forecast = self.forecast.is_some() || self.member.is_some() || simulated(&self.parameter);
        let kind = if is_forecast { Kind::Forecast } else { Kind::Observed };
        let stat = match &self.member {
            Some(member) if field::is_name(member) => Stat::Named(format!("member {member}").into()),
            Some(member) => return Err(format!("ensemble member `{}`", clip(member))),
            None => Stat::Value,
        };
        let issued = if kind == Kind::Forecast { self.issued(zone)? } else { None };
        let series = Series { location: self.location.clone(), parameter, kind, stat, issued, points: Vec::new() };
        Ok(Subject::Series { series, unit, missing })
    }

    fn issued(&self, zone: Offset) -> Result<Option<Timestamp>, String> {
        let read = |(date, time): &(String, String)| {
            // A day without a time of day is taken at its beginning: a forecast is never made younger than it is.
            let time = if time.is_empty() { "00:00:00" } else { time };
            field::date_and_time(date, time, zone).map(Some).map_err(|error| format!("time of issue: {error}"))
        };
        match &self.forecast {
            Some(forecast) => read(forecast),
            None if self.created.0.is_empty() => Ok(None),
            None => read(&self.created),
        }
    }
}

/// Whether a SHEF code is that of a simulated stage or inflow, `SSTG` or `SQIN`: a forecast even where no date says so.
fn simulated(parameter: &str) -> bool {
    parameter.strip_prefix('S').is_some_and(|rest| rest.starts_with("STG") || rest.starts_with("QIN"))
}

/// Whether a parameter, by the code that its name begins with, is a level or a discharge of a river whatever its unit.
fn is_water(parameter: &str) -> bool {
    let code = parameter.split([' ', '.', '_']).next().unwrap_or_default();
    matches!(code, "H" | "HG" | "STG" | "SSTG" | "Q" | "QI" | "QR" | "QIN" | "QINE" | "SQIN")
}

/// What a series measures, by its unit; where other things come in that unit too, by its SHEF code as well.
fn measured(parameter: &str, units: &str) -> Option<(Parameter, Unit)> {
    let is_level = parameter.starts_with('H') || parameter.contains("STG");
    let is_discharge = parameter.starts_with('Q') || parameter.contains("QIN");
    // SHEF physical elements that are lengths as well: precipitation and snow.
    let weather = ["PC", "PN", "PP", "SD", "SF", "SW"].iter().any(|code| parameter.starts_with(code));
    let small = matches!(units.to_ascii_lowercase().as_str(), "cm" | "mm" | "l/s");
    let level = unit::level(units).filter(|_| !weather && (is_level || !small));
    let discharge = unit::discharge(units).filter(|_| is_discharge || !small);
    level.map(|unit| (Parameter::Level, unit)).or(discharge.map(|unit| (Parameter::Discharge, unit)))
}
