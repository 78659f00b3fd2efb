//! A gauge: where it stands, and from which stage or flow on the service speaks of action stage and of minor, moderate and
//! major flooding. What its status says in numbers stands in the stages and flows as well, and is not read here.

use std::borrow::Cow;

use hydro::{Parameter, Value};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Read;
use crate::formats::document::{Document, clip};
use crate::formats::unit::Unit;
use crate::formats::{Gauge, Item, NotThisFormat, field, json};

/// What is kept as a fact, where the reply has it.
const FACTS: [&str; 16] = [
    "/usgsId",
    "/reachId",
    "/description",
    "/county",
    "/state/abbreviation",
    "/rfc/abbreviation",
    "/wfo/abbreviation",
    "/timeZone",
    "/datum/elevation",
    "/pedts/observed",
    "/pedts/forecast",
    "/status/observed/floodCategory",
    "/status/forecast/floodCategory",
    "/forecastReliability",
    "/inService/enabled",
    "/inService/message",
];

/// Reads a gauge: as one of levels, and as one of discharges too where flows are named.
pub(super) fn read(document: &Document<'_>) -> Result<Read, NotThisFormat> {
    let reply: Reply<'_> = json::document(document, '{')?;
    let all: serde_json::Value = json::document(document, '{')?;
    if !field::is_name(&reply.lid) {
        let found = format!("lid `{}`, expected 1 to 100 characters", clip(&reply.lid));
        return Err(document.refuse_start(found));
    }
    let (mut read, facts) = (Read::default(), facts(&all));
    let position = reply.position(document, &mut read.faults);
    let name = reply.name.as_deref().filter(|name| field::is_name(name)).unwrap_or(&reply.lid);
    for (parameter, thresholds) in reply.schemes(document, &mut read.faults) {
        let (location, name, facts) = (reply.lid.clone().into_owned(), name.to_owned(), facts.clone());
        read.items.push(Item::Gauge(Gauge { location, name, parameter, thresholds, position, facts }));
    }
    Ok(read)
}

/// The names and heights of thresholds, of a parameter.
type Scheme = (Parameter, Vec<(String, Value)>);

#[derive(Deserialize)]
#[serde(expecting = "a gauge")]
struct Reply<'a> {
    #[serde(borrow)]
    lid: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    latitude: Option<&'a RawValue>,
    #[serde(borrow)]
    longitude: Option<&'a RawValue>,
    #[serde(borrow)]
    flood: Option<&'a RawValue>,
}

impl Reply<'_> {
    fn position(&self, document: &Document<'_>, faults: &mut Vec<(usize, String)>) -> Option<(f64, f64)> {
        let mut degrees = |name: &str, json: Option<&RawValue>, limit: f64| {
            let json = json.filter(|json| json.get() != "null")?;
            let degrees = json::number(Some(json)).parse().ok().filter(|degrees: &f64| degrees.abs() <= limit);
            if degrees.is_none() {
                faults.push((document.offset_of(json.get()), format!("{name} `{}` is not degrees", clip(json.get()))));
            }
            degrees
        };
        degrees("latitude", self.latitude, 90.0).zip(degrees("longitude", self.longitude, 180.0))
    }

    /// What is defined of stages and of flows. A scheme of which a part cannot be read is left out: half of one misleads.
    /// Where nothing is defined the gauge is one of levels all the same, for its place and its facts.
    fn schemes(&self, document: &Document<'_>, faults: &mut Vec<(usize, String)>) -> Vec<Scheme> {
        let Some(json) = self.flood.filter(|json| json.get() != "null") else {
            return vec![(Parameter::Level, Vec::new())];
        };
        let mut fault = |reason: String| faults.push((document.offset_of(json.get()), format!("flood: {reason}")));
        let flood: Flood<'_> = match json::object(json) {
            Ok(flood) => flood,
            Err(reason) => {
                fault(reason);
                return Vec::new();
            }
        };
        let mut schemes = Vec::new();
        for parameter in [Parameter::Discharge, Parameter::Level] {
            match flood.thresholds(parameter) {
                Ok(heights) if !heights.is_empty() => schemes.push((parameter, heights)),
                Ok(heights) if parameter == Parameter::Level && schemes.is_empty() => {
                    schemes.push((parameter, heights));
                }
                Ok(_) => {}
                Err(reason) => fault(reason),
            }
        }
        for (parameter, heights) in &mut schemes {
            match flood.record(*parameter) {
                Ok(record) => heights.extend(record.map(|record| ("record".to_owned(), record))),
                Err(reason) => fault(reason),
            }
        }
        schemes.reverse();
        schemes
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "flood categories")]
struct Flood<'a> {
    #[serde(borrow)]
    stage_units: Option<Cow<'a, str>>,
    #[serde(borrow)]
    flow_units: Option<Cow<'a, str>>,
    #[serde(borrow)]
    categories: Option<&'a RawValue>,
    #[serde(borrow)]
    crests: Option<&'a RawValue>,
}

/// From which stage or flow on; `-9999` where the service has not said.
#[derive(Deserialize)]
#[serde(expecting = "a flood category")]
struct Category<'a> {
    #[serde(borrow)]
    stage: Option<&'a RawValue>,
    #[serde(borrow)]
    flow: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "flood categories")]
struct Categories<'a> {
    #[serde(borrow)]
    action: Option<&'a RawValue>,
    #[serde(borrow)]
    minor: Option<&'a RawValue>,
    #[serde(borrow)]
    moderate: Option<&'a RawValue>,
    #[serde(borrow)]
    major: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "crests")]
struct Crests<'a> {
    #[serde(borrow)]
    historic: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    recent: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a crest")]
struct Crest<'a> {
    #[serde(borrow)]
    stage: Option<&'a RawValue>,
    #[serde(borrow)]
    flow: Option<&'a RawValue>,
    #[serde(borrow)]
    preliminary: Option<Cow<'a, str>>,
    olddatum: Option<bool>,
}

impl Flood<'_> {
    fn thresholds(&self, parameter: Parameter) -> Result<Vec<(String, Value)>, String> {
        let Some(json) = self.categories.filter(|json| json.get() != "null") else { return Ok(Vec::new()) };
        let Categories { action, minor, moderate, major } =
            json::object(json).map_err(|reason| format!("categories: {reason}"))?;
        let mut heights = Vec::new();
        for (name, json) in [("action", action), ("minor", minor), ("moderate", moderate), ("major", major)] {
            let Some(json) = json else { continue };
            let category: Category<'_> = json::object(json).map_err(|reason| format!("{name}: {reason}"))?;
            let height = self.height(parameter, category.stage, category.flow);
            let height = height.map_err(|reason| format!("{name}: {reason}"))?;
            heights.extend(height.map(|height| (name.to_owned(), height)));
        }
        Ok(heights)
    }

    /// The crest that is marked `R`, if it is in truth the highest on file; crests above an older datum are not comparable.
    fn record(&self, parameter: Parameter) -> Result<Option<Value>, String> {
        let Some(json) = self.crests.filter(|json| json.get() != "null") else { return Ok(None) };
        let Crests { historic, recent } = json::object(json).map_err(|reason| format!("crests: {reason}"))?;
        let (mut record, mut highest) = (None, None);
        for json in [historic, recent].into_iter().flatten().flatten() {
            let crest: Crest<'_> = json::object(json).map_err(|reason| format!("crests: {reason}"))?;
            if crest.olddatum == Some(true) {
                continue;
            }
            let height =
                self.height(parameter, crest.stage, crest.flow).map_err(|reason| format!("crests: {reason}"))?;
            // A crest of which only one is known has 0 for the other.
            let height = height.filter(|height| height.milli() != 0);
            highest = highest.max(height);
            if crest.preliminary.as_deref() == Some("R") {
                record = record.max(height);
            }
        }
        Ok(record.filter(|_| record == highest))
    }

    fn height(
        &self,
        parameter: Parameter,
        stage: Option<&RawValue>,
        flow: Option<&RawValue>,
    ) -> Result<Option<Value>, String> {
        let (json, units) = match parameter {
            Parameter::Level => (stage, &self.stage_units),
            Parameter::Discharge => (flow, &self.flow_units),
        };
        let text = json::number(json);
        // What is not defined needs no unit.
        if field::value(text)?.is_none() {
            return Ok(None);
        }
        Unit::of(parameter, units.as_deref().unwrap_or_default())?.value(text)
    }
}

fn facts(reply: &serde_json::Value) -> Vec<(String, String)> {
    let fact = |path: &str| {
        let text = match reply.pointer(path)? {
            serde_json::Value::String(text) if !text.is_empty() => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        Some((path.trim_start_matches('/').replace('/', "."), text))
    };
    FACTS.into_iter().filter_map(fact).collect()
}
