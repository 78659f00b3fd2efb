//! ECCC `GeoMet` `hydrometric-realtime`: an OGC API Features collection in GeoJSON, a feature for each station and instant.
//! Times are UTC, with `Z` today and without it in older replies. Source: the collection's own queryables and replies.

use std::borrow::Cow;

use hydro::Quality;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::json::Text;
use super::wsc::{self, Cell, Observations};
use super::{Format, NotThisFormat, Parsed, Rejected, field, json};

/// Reads a collection. No features is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::GeometJson, bytes)?;
    let features = features(&document)?;
    if let Some(first) = features.first().filter(|_| features.iter().all(|feature| is_foreign(feature))) {
        return Err(
            document.refuse(document.offset_of(first.get()), "features without a STATION_NUMBER and a DATETIME")
        );
    }
    let mut lines = LineCounter::new(document.text());
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    for (index, feature) in features.into_iter().enumerate() {
        let mut reject = |reason| {
            let line = lines.line_at(document.offset_of(feature.get()));
            rejected.push(Rejected { line, reason: format!("feature {}: {reason}", index + 1) });
        };
        if let Err(reason) = read(feature, &mut observations, &mut reject) {
            reject(reason);
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

/// A collection, or what the service sends in its place when it has a fault to tell.
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a feature")]
struct Feature<'a> {
    #[serde(borrow)]
    properties: Properties<'a>,
}

/// The properties read. `None` is a property that is not there; one that is null is there.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", expecting = "properties")]
struct Properties<'a> {
    #[serde(borrow)]
    station_number: Option<Text<'a>>,
    #[serde(borrow)]
    datetime: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    level: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    discharge: Option<&'a RawValue>,
    #[serde(borrow)]
    level_symbol_en: Option<Text<'a>>,
    #[serde(borrow)]
    level_symbol_fr: Option<Text<'a>>,
    #[serde(borrow)]
    discharge_symbol_en: Option<Text<'a>>,
    #[serde(borrow)]
    discharge_symbol_fr: Option<Text<'a>>,
}

fn features<'d>(document: &'d Document<'_>) -> Result<Vec<&'d RawValue>, NotThisFormat> {
    let reply: Reply<'_> = json::document(document, '{')?;
    let kind = reply.kind.as_deref().unwrap_or("no type");
    match (reply.features, reply.description) {
        (Some(features), _) if kind == "FeatureCollection" => Ok(features),
        (_, Some(description)) => Err(document.refuse_start(format!("an error of the service: {description}"))),
        _ => Err(document.refuse_start(format!("a JSON object of `{}`, expected a FeatureCollection", clip(kind)))),
    }
}

/// Whether a feature is one of another collection.
fn is_foreign(feature: &RawValue) -> bool {
    let feature: Result<Feature<'_>, String> = json::object(feature);
    feature.is_ok_and(|Feature { properties }| properties.station_number.is_none() && properties.datetime.is_none())
}

/// Adds a feature to the observations. What is wrong with a value of it is rejected; an error is what is wrong with all of it.
fn read(feature: &RawValue, observations: &mut Observations, reject: impl FnMut(String)) -> Result<(), String> {
    let Feature { properties } = json::object(feature)?;
    let (Some(station), Some(datetime)) = (&properties.station_number, &properties.datetime) else {
        return Err("no STATION_NUMBER or no DATETIME".into());
    };
    if properties.level.is_none() && properties.discharge.is_none() {
        return Err("no property LEVEL or DISCHARGE".into());
    }
    let remark = |english: &Option<Text<'_>>, french: &Option<Text<'_>>| -> Option<Quality> {
        [english, french].into_iter().flatten().find_map(|text| wsc::symbol(text))
    };
    let quality = remark(&properties.level_symbol_en, &properties.level_symbol_fr);
    let level = Cell { value: json::number(properties.level), quality };
    let quality = remark(&properties.discharge_symbol_en, &properties.discharge_symbol_fr);
    let discharge = Cell { value: json::number(properties.discharge), quality };
    let valid = field::instant(datetime, Some(Offset::UTC))?;
    observations.push_row(station, valid, level, discharge, reject)
}
