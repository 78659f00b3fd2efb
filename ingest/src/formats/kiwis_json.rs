//! KISTERS `KiWIS` `getTimeseriesValues` in JSON: an array of time series, each with its rows and, in the string `columns`,
//! what stands where in them. The unit is told only where the request says `metadata=true`. Source: the service's own
//! `getRequestInfo`, and SEPA's replies.
//!
//! The location is `station_no`, or `ts_id` where there is none. Where a document has several series of one station and
//! parameter, every one of them is `station_no/ts_id` (or `/ts_name`), whichever comes first today, so that they never mix.
//! Quality codes are each agency's own and are not read.

mod parameter;

use std::borrow::Cow;
use std::collections::HashMap;

use hydro::{Kind, Parameter, Point, Stat};
use serde::Deserialize;
use serde_json::value::RawValue;

use self::parameter::parameter;
use super::document::{Document, LineCounter, clip, shorten};
use super::unit::Unit;
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, field, json};

/// Reads a reply. No time series are a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::KiwisJson, bytes)?;
    let elements = elements(&document)?;
    let headers: Vec<_> = elements.iter().map(|element| Header::of(element)).collect();
    let mut counts = HashMap::new();
    for header in headers.iter().flatten().flatten() {
        *counts.entry(header.key()).or_insert(0_usize) += 1;
    }
    let mut lines = LineCounter::new(document.text());
    let mut parsed = Parsed::default();
    for (element, header) in elements.iter().zip(&headers) {
        let mut reject = |part: &RawValue, reason| {
            let line = lines.line_at(document.offset_of(part.get()));
            parsed.rejected.push(Rejected { line, reason });
        };
        let series = header.as_ref().map_err(Clone::clone).and_then(|header| {
            let Some(header) = header else { return Ok(None) };
            let alone = counts.get(&header.key()) == Some(&1);
            header.location(alone).map(|location| Some((header, location)))
        });
        match series {
            Ok(Some((header, location))) => {
                let series = header.series(location, &mut reject);
                // A forecast without values is news; a gauge that sent nothing in the time asked for is none.
                let said = series.kind == Kind::Forecast || !series.points.is_empty();
                parsed.items.extend(said.then_some(Item::Series(series)));
            }
            Ok(None) => {}
            Err(reason) => reject(element, reason),
        }
    }
    Ok(parsed)
}

/// One time series; or, alone, what the service sends in the place of all when it has a fault to tell.
#[derive(Deserialize)]
#[serde(expecting = "a time series")]
struct Element<'a> {
    #[serde(borrow)]
    station_no: Option<&'a RawValue>,
    #[serde(borrow)]
    ts_id: Option<&'a RawValue>,
    #[serde(borrow)]
    ts_name: Option<&'a RawValue>,
    #[serde(borrow)]
    ts_unitsymbol: Option<&'a RawValue>,
    #[serde(borrow)]
    stationparameter_name: Option<&'a RawValue>,
    #[serde(borrow)]
    parametertype_name: Option<&'a RawValue>,
    #[serde(borrow)]
    columns: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

fn elements<'d>(document: &'d Document<'_>) -> Result<Vec<&'d RawValue>, NotThisFormat> {
    if document.text().trim_start().starts_with('{') {
        let reply: &RawValue = json::document(document, '{')?;
        return Err(document.refuse_start(object_alone(reply)));
    }
    let elements: Vec<&RawValue> = json::document(document, '[')?;
    let is_series = |element: &&RawValue| {
        json::object::<Element<'_>>(element).is_ok_and(|element| element.columns.is_some() && element.data.is_some())
    };
    if elements.is_empty() || elements.iter().any(is_series) {
        return Ok(elements);
    }
    Err(document.refuse_start("a JSON array without any time series that has `columns` and `data`"))
}

fn object_alone(reply: &RawValue) -> String {
    let error = json::object::<Element<'_>>(reply).ok().filter(|reply| {
        let kind = json::plain(reply.kind);
        kind.is_some_and(|kind| kind == "error")
    });
    match error {
        Some(error) => {
            let text = |part| shorten(&json::plain(part).unwrap_or_default(), 200);
            format!("an error of the service: {}: {}", text(error.code), text(error.message))
        }
        None => format!("`{}`, expected a JSON array of time series", clip(reply.get())),
    }
}

/// What a time series says of itself before its rows.
struct Header<'a> {
    station: Option<Cow<'a, str>>,
    ts_id: Option<Cow<'a, str>>,
    ts_name: Option<Cow<'a, str>>,
    parameter: Parameter,
    unit: Unit,
    kind: Kind,
    columns: Columns,
    rows: Vec<&'a RawValue>,
}

/// Where a row keeps what.
struct Columns {
    count: usize,
    time: usize,
    value: usize,
}

impl<'a> Header<'a> {
    /// Reads a time series up to its rows. `None` for a parameter that is not of interest.
    fn of(element: &'a RawValue) -> Result<Option<Self>, String> {
        let element: Element<'_> = json::object(element)?;
        let names = [element.stationparameter_name, element.parametertype_name].map(json::plain);
        let unit = json::plain(element.ts_unitsymbol).filter(|unit| !unit.trim().is_empty());
        let Some(parameter) = parameter(&names, unit.as_deref())? else { return Ok(None) };
        let unit = unit.ok_or("no ts_unitsymbol, which the request must ask for with metadata=true")?;
        let ts_name = json::plain(element.ts_name);
        Ok(Some(Self {
            station: json::plain(element.station_no),
            ts_id: json::plain(element.ts_id),
            parameter,
            unit: Unit::of(parameter, &unit)?,
            kind: kind(ts_name.as_deref().unwrap_or_default()),
            ts_name,
            columns: Columns::of(&json::plain(element.columns).ok_or("no string `columns`")?)?,
            rows: json::part(element.data.ok_or("no array `data`")?)?,
        }))
    }

    fn place(&self) -> &str {
        self.station.as_deref().or(self.ts_id.as_deref()).unwrap_or_default()
    }

    fn key(&self) -> (&str, Parameter, Kind) {
        (self.place(), self.parameter, self.kind)
    }

    fn location(&self, alone: bool) -> Result<String, String> {
        let place = self.place();
        let location = match (&self.ts_id, &self.ts_name) {
            _ if alone => place.to_owned(),
            (Some(id), _) if *id == place => place.to_owned(),
            (Some(name), _) | (None, Some(name)) => format!("{place}/{name}"),
            (None, None) => {
                return Err(format!("one of several series of `{}`, without a ts_id to tell which", clip(place)));
            }
        };
        // Empty is a place that the document does not name.
        let sound = location.is_empty() || field::is_name(&location);
        if sound { Ok(location) } else { Err(format!("`{}` is no name of a station", clip(&location))) }
    }

    fn series(&self, location: String, mut reject: impl FnMut(&RawValue, String)) -> Series {
        let mut points = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            match self.columns.point(row, self.unit) {
                Ok(point) => points.push(point),
                Err(reason) => reject(row, reason),
            }
        }
        Series { location, parameter: self.parameter, kind: self.kind, stat: Stat::Value, issued: None, points }
    }
}

/// A forecast is one by the name of its series alone; when it was made is not said.
fn kind(ts_name: &str) -> Kind {
    let name = ts_name.to_lowercase();
    let forecast = ["forecast", "vorhersage", "prévision", "prevision", "prognos"].iter().any(|w| name.contains(w));
    if forecast { Kind::Forecast } else { Kind::Observed }
}

impl Columns {
    fn of(names: &str) -> Result<Self, String> {
        let find = |wanted: &str| names.split(',').position(|name| name.trim().eq_ignore_ascii_case(wanted));
        match (find("Timestamp"), find("Value")) {
            (Some(time), Some(value)) => Ok(Self { count: names.split(',').count(), time, value }),
            _ => Err(format!("columns `{}`, expected `Timestamp` and `Value` among them", clip(names))),
        }
    }

    fn point(&self, row: &RawValue, unit: Unit) -> Result<Point, String> {
        let cells: Vec<&RawValue> = json::part(row)?;
        if cells.len() != self.count {
            return Err(format!("{} cells, expected {}", cells.len(), self.count));
        }
        let time = json::plain(cells.get(self.time).copied()).unwrap_or_default();
        let value = unit.value(json::number(cells.get(self.value).copied()))?;
        Ok(Point { valid: field::instant(&time, None)?, value, quality: None })
    }
}
