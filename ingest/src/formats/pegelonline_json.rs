//! Germany's PEGELONLINE, REST API 2: the measurements of one series (`…/W/measurements.json`, `…/WV/measurements.json`, or
//! the current one alone), or stations, with or without their series. Source: the API's documentation and its replies.
//!
//! Measurements name neither place nor unit: they are read as levels in centimetres, which those of `W` and of its forecast
//! `WV` are. Those of any other series must not be read so; a discharge comes with its unit in the station's document
//! (`includeTimeseries`, `includeCurrentMeasurement`). A station's location is its official `number`.

mod station;

use std::borrow::Cow;
use std::collections::HashMap;

use hydro::{Kind, Parameter, Point, Quality, Stat, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::unit::Unit;
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, field, json};

/// What is wrong with a part of the document.
type Fault<'d> = (&'d RawValue, String);

/// Reads either document. An empty array is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::PegelonlineJson, bytes)?;
    let elements = elements(&document)?;
    let mut lines = LineCounter::new(document.text());
    let (mut found, mut rejected) = (Found::default(), Vec::new());
    for element in &elements {
        for (part, reason) in found.read(element) {
            rejected.push(Rejected { line: lines.line_at(document.offset_of(part.get())), reason });
        }
    }
    if found.known == 0 && !elements.is_empty() {
        return Err(document.refuse_start("a JSON array of neither measurements nor stations"));
    }
    let mut items = found.stations;
    items.extend(found.series.into_iter().map(Item::Series));
    Ok(Parsed { items, rejected })
}

/// The keys that tell what an element is.
#[derive(Deserialize)]
#[serde(expecting = "a measurement or a station")]
struct Keys<'a> {
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    uuid: Option<&'a RawValue>,
    #[serde(borrow)]
    number: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

impl Keys<'_> {
    fn is_measurement(&self) -> bool {
        self.timestamp.is_some() && self.value.is_some()
    }

    fn is_station(&self) -> bool {
        self.uuid.is_some() && self.number.is_some()
    }
}

fn elements<'d>(document: &'d Document<'_>) -> Result<Vec<&'d RawValue>, NotThisFormat> {
    if !document.text().trim_start().starts_with('{') {
        return json::document(document, '[');
    }
    let whole: &RawValue = json::document(document, '{')?;
    let keys: Keys<'_> = json::object(whole).map_err(|fault| document.refuse_start(fault))?;
    match json::plain(keys.message) {
        _ if keys.is_measurement() || keys.is_station() => Ok(vec![whole]),
        Some(message) => Err(document.refuse_start(format!("an error of the service: {message}"))),
        None => {
            let found = clip(whole.get());
            Err(document.refuse_start(format!("`{found}`, expected measurements or stations")))
        }
    }
}

#[derive(Default)]
struct Found {
    stations: Vec<Item>,
    series: Vec<Series>,
    /// The series of measurements of an issue; of no issue are those that were measured.
    places: HashMap<Option<Timestamp>, usize>,
    /// Elements whose kind was recognised.
    known: usize,
}

impl Found {
    /// Adds an element. Returns what is wrong with it or with parts of it.
    fn read<'d>(&mut self, element: &'d RawValue) -> Vec<Fault<'d>> {
        let keys = match json::object::<Keys<'_>>(element) {
            Ok(keys) => keys,
            Err(reason) => return vec![(element, reason)],
        };
        self.known += 1;
        if keys.is_station() {
            return station::read(element, &mut self.stations);
        }
        let outcome = if keys.is_measurement() {
            self.measurement(element)
        } else {
            self.known -= 1;
            Err("neither a measurement nor a station".into())
        };
        outcome.err().map(|reason| (element, reason)).into_iter().collect()
    }

    fn measurement(&mut self, element: &RawValue) -> Result<(), String> {
        let unit = Unit::of(Parameter::Level, "cm")?;
        let (issued, point) = json::object::<Measurement<'_>>(element)?.read(unit)?;
        let place = *self.places.entry(issued).or_insert(self.series.len());
        match self.series.get_mut(place) {
            Some(series) => series.points.push(point),
            None => self.series.push(series("", Parameter::Level, issued, point)),
        }
        Ok(())
    }
}

/// What has `initialized` is a forecast; its type is `forecast`, or `estimate` where it looks far ahead.
#[derive(Deserialize)]
#[serde(expecting = "a measurement")]
struct Measurement<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    initialized: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
}

impl Measurement<'_> {
    /// When a forecast was made, and the point.
    fn read(&self, unit: Unit) -> Result<(Option<Timestamp>, Point), String> {
        let instant = |time: &RawValue| field::instant(&json::plain(Some(time)).unwrap_or_default(), None);
        let issued = self.initialized.map(instant).transpose()?;
        let kind = json::plain(self.kind);
        if issued.is_none() && kind.is_some() {
            return Err("a forecast without `initialized`".into());
        }
        let value = unit.value(json::number(self.value))?;
        let estimate = kind.is_some_and(|kind| kind == "estimate").then_some(Quality::Estimated);
        Ok((issued, Point { valid: field::instant(&self.timestamp, None)?, value, quality: value.and(estimate) }))
    }
}

fn series(location: &str, parameter: Parameter, issued: Option<Timestamp>, point: Point) -> Series {
    let kind = if issued.is_some() { Kind::Forecast } else { Kind::Observed };
    Series { location: location.to_owned(), parameter, kind, stat: Stat::Value, issued, points: vec![point] }
}
