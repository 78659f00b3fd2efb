//! Québec's Centre d'expertise hydrique: one station as JSON, its readings (`diffusion`: an object for each value, of
//! `typeDonnee` `D` for *débit* or `N` for *niveau*) and where there is one the official forecast of its discharge
//! (`prevision`, with quartiles). Source: files of `/depot/suivihydro/bd/JSON/`. They state neither unit nor zone: levels
//! are metres, discharges m³/s (the `MCS` of the forecast's names), and times are read as those of clocks in Québec, as
//! in the readings; that the forecast's are too is taken from their standing in one document. They do not say when the
//! forecast was made either: none of their dates is that.

use std::borrow::Cow;

use hydro::{Kind, Parameter, Point, Quality, Stat, Value};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, civil, field, json};

/// The quantiles of a forecast under the feed's own names, without the unit.
const QUANTILES: [&str; 3] = ["q", "q25", "q75"];

/// Reads a station. Neither readings nor a forecast is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::CehqJson, bytes)?;
    let zone = civil::zone("America/Toronto").map_err(|found| document.refuse_start(found))?;
    let reply: Reply<'_> = json::document(&document, '{')?;
    let (Some(station), Some(readings)) = (&reply.no_station, &reply.diffusion) else {
        let found = clip(document.text().trim());
        return Err(document.refuse_start(format!("`{found}`, expected an object with `noStation` and `diffusion`")));
    };
    if !field::is_name(station) {
        return Err(document.refuse_start(format!("noStation `{}`, expected 1 to 100 characters", clip(station))));
    }
    let mut reading = Reading { station, zone: &zone, items: Vec::new(), faults: Vec::new() };
    reading.observed(readings);
    reading.forecast(reply.prevision.as_deref().unwrap_or_default());
    let mut faults: Vec<_> =
        reading.faults.into_iter().map(|(part, reason)| (document.offset_of(part), reason)).collect();
    faults.sort_by_key(|(offset, _)| *offset);
    let mut lines = LineCounter::new(document.text());
    let rejected =
        faults.into_iter().map(|(offset, reason)| Rejected { line: lines.line_at(offset), reason }).collect();
    Ok(Parsed { items: reading.items, rejected })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    #[serde(borrow)]
    no_station: Option<Cow<'a, str>>,
    #[serde(borrow)]
    diffusion: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    prevision: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a reading")]
struct Observed<'a> {
    #[serde(borrow)]
    date_donnee: Cow<'a, str>,
    #[serde(borrow)]
    heure_donnee: Cow<'a, str>,
    #[serde(borrow)]
    type_donnee: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    donnee: Option<&'a RawValue>,
    #[serde(borrow)]
    type_debit: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a forecast")]
struct Forecast<'a> {
    #[serde(borrow, rename = "datePrevision")]
    date: Cow<'a, str>,
    #[serde(borrow, rename = "qMCS", default, deserialize_with = "json::present")]
    q: Option<&'a RawValue>,
    #[serde(borrow, rename = "q25MCS", default, deserialize_with = "json::present")]
    q25: Option<&'a RawValue>,
    #[serde(borrow, rename = "q75MCS", default, deserialize_with = "json::present")]
    q75: Option<&'a RawValue>,
}

/// What has been understood so far, and what could not be, with the part of the document.
struct Reading<'d> {
    station: &'d str,
    zone: &'d TimeZone,
    items: Vec<Item>,
    faults: Vec<(&'d str, String)>,
}

impl<'d> Reading<'d> {
    fn observed(&mut self, readings: &[&'d RawValue]) {
        // Each parameter is a series of its own, also for telling the two passes of the hour that comes twice.
        let (mut levels, mut discharges) = (Vec::new(), Vec::new());
        for json in readings {
            match observed(json) {
                Ok(Some((Parameter::Level, row))) => levels.push(row),
                Ok(Some((Parameter::Discharge, row))) => discharges.push(row),
                Ok(None) => {}
                Err(reason) => self.faults.push((json.get(), reason)),
            }
        }
        for (parameter, rows) in [(Parameter::Level, levels), (Parameter::Discharge, discharges)] {
            let [points] = self.points(rows);
            self.push(parameter, Kind::Observed, Stat::Value, points);
        }
    }

    fn forecast(&mut self, forecasts: &[&'d RawValue]) {
        let mut rows = Vec::new();
        for json in forecasts {
            match forecast(json) {
                Ok(row) => rows.push(row),
                Err(reason) => self.faults.push((json.get(), reason)),
            }
        }
        for (name, points) in QUANTILES.into_iter().zip(self.points(rows)) {
            let stat = if name == "q" { Stat::Value } else { Stat::Named(name.into()) };
            self.push(Parameter::Discharge, Kind::Forecast, stat, points);
        }
    }

    /// The points of each value of the rows. A value that cannot be read takes nothing from the others of its row.
    fn points<const N: usize>(&mut self, rows: Vec<Row<'d, N>>) -> [Vec<Point>; N] {
        let times: Vec<DateTime> = rows.iter().map(|row| row.time).collect();
        let mut points = std::array::from_fn(|_| Vec::with_capacity(rows.len()));
        for (row, valid) in rows.into_iter().zip(civil::resolve(&times, self.zone)) {
            let valid = match valid {
                Ok(valid) => valid,
                Err(reason) => {
                    self.faults.push((row.part, reason));
                    continue;
                }
            };
            for (value, points) in row.values.into_iter().zip(&mut points) {
                match value {
                    Ok(value) => points.push(Point { valid, value, quality: value.and(row.quality) }),
                    Err(reason) => self.faults.push((row.part, reason)),
                }
            }
        }
        points
    }

    fn push(&mut self, parameter: Parameter, kind: Kind, stat: Stat, points: Vec<Point>) {
        if !points.is_empty() {
            let location = self.station.to_owned();
            self.items.push(Item::Series(Series { location, parameter, kind, stat, issued: None, points }));
        }
    }
}

/// The values of one time, each read, missing or not to be read, and where they stand.
struct Row<'d, const N: usize> {
    part: &'d str,
    time: DateTime,
    values: [Result<Option<Value>, String>; N],
    quality: Option<Quality>,
}

/// A reading; `None` of something else than the river's level or discharge.
fn observed(json: &RawValue) -> Result<Option<(Parameter, Row<'_, 1>)>, String> {
    let row: Observed<'_> = json::object(json)?;
    let (parameter, remark) = match row.type_donnee.as_ref() {
        "N" => (Parameter::Level, None),
        "D" => (Parameter::Discharge, row.type_debit),
        _ => return Ok(None),
    };
    let value = row.donnee.ok_or("a reading without `donnee`")?;
    let quality = remark.filter(|remark| matches!(remark.trim(), "*" | "E")).map(|_| Quality::Estimated);
    let time = civil::clock(&row.date_donnee, &row.heure_donnee)?;
    let values = [field::value(json::number(Some(value)))];
    Ok(Some((parameter, Row { part: json.get(), time, values, quality })))
}

fn forecast(json: &RawValue) -> Result<Row<'_, 3>, String> {
    let row: Forecast<'_> = json::object(json)?;
    let (date, time) = row.date.split_once([' ', 'T']).unwrap_or((&row.date, ""));
    let value = |name: &str, json: Option<&RawValue>| {
        let json = json.ok_or_else(|| format!("a forecast without `{name}MCS`"))?;
        field::value(json::number(Some(json))).map_err(|error| format!("{name}MCS {error}"))
    };
    let [q, q25, q75] = QUANTILES;
    let values = [value(q, row.q), value(q25, row.q25), value(q75, row.q75)];
    Ok(Row { part: json.get(), time: civil::clock(date, time)?, values, quality: None })
}
