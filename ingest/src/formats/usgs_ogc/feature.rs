//! One feature: a reading of a sensor, or a site.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hydro::{Parameter, Point};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::formats::document::clip;
use crate::formats::usgs::{self, Scale};
use crate::formats::{Gauge, Item, field, json};

/// What a feature says.
pub(super) enum Content<'a> {
    /// Of a parameter that is not of interest.
    Other,
    /// A site.
    Gauge(Item),
    /// What a sensor measured at an instant.
    Reading { site: Cow<'a, str>, parameter: Parameter, sensor: Cow<'a, str>, point: Point },
}

/// What is wrong with a feature.
pub(super) enum Fault {
    /// With this one; the rest is kept.
    Feature(String),
    /// It is not one of this agency's at all. A document of nothing else is of another format.
    Foreign(String),
    /// The document is of a collection that is not read.
    Document(String),
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::Feature(reason)
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a feature")]
struct Feature<'a> {
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: &'a RawValue,
}

/// The properties that tell the collections apart, and those of a reading.
#[derive(Deserialize)]
#[serde(expecting = "properties")]
struct Properties<'a> {
    #[serde(borrow)]
    monitoring_location_id: Option<&'a RawValue>,
    #[serde(borrow)]
    monitoring_location_name: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    computation_identifier: Option<&'a RawValue>,
    #[serde(borrow)]
    time_series_id: Option<&'a RawValue>,
    #[serde(borrow)]
    parameter_code: Option<&'a RawValue>,
    #[serde(borrow)]
    statistic_id: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    unit_of_measure: Option<&'a RawValue>,
    #[serde(borrow)]
    approval_status: Option<&'a RawValue>,
    #[serde(borrow)]
    qualifier: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a point with coordinates")]
struct Geometry {
    coordinates: Vec<f64>,
}

/// Reads a feature.
pub(super) fn read(feature: &RawValue) -> Result<Content<'_>, Fault> {
    let Feature { geometry, properties: raw } = json::object(feature).map_err(Fault::Foreign)?;
    let properties: Properties<'_> = json::object(raw).map_err(Fault::Foreign)?;
    if properties.computation_identifier.is_some() {
        return Err(Fault::Document("a table of time series; ask for `continuous` or `latest-continuous`".into()));
    }
    match (properties.monitoring_location_id, properties.monitoring_location_name) {
        (None, Some(_)) => Ok(Content::Gauge(Item::Gauge(gauge(raw, geometry)?))),
        (Some(_), _) => reading(&properties),
        (None, None) => Err(Fault::Foreign("no monitoring_location_id".into())),
    }
}

fn reading<'a>(properties: &Properties<'a>) -> Result<Content<'a>, Fault> {
    let (time, statistic) = (text(properties.time), text(properties.statistic_id));
    if field::date(&time).is_some() || !usgs::is_instant(&statistic) {
        let found = format!("statistic `{}` at `{}`: {}", clip(&statistic), clip(&time), usgs::DAILY);
        return Err(Fault::Document(found));
    }
    let Some(parameter) = usgs::parameter(&text(properties.parameter_code))? else { return Ok(Content::Other) };
    let site = named("monitoring_location_id", properties.monitoring_location_id)?;
    let sensor = named("time_series_id", properties.time_series_id)?;
    let scale = Scale::of(parameter, &text(properties.unit_of_measure), "")?;
    let value = scale.value(json::number(properties.value))?;
    let valid = field::instant(&time, None)?;
    // Remarks come as null, as a list of words or as one word; words they are in each.
    let remarks = properties.qualifier.map_or("", RawValue::get).split(|c: char| !c.is_ascii_alphanumeric());
    let quality = usgs::quality(remarks.chain([json::number(properties.approval_status)]));
    Ok(Content::Reading { site, parameter, sensor, point: Point { valid, value, quality: value.and(quality) } })
}

/// A site. It has no thresholds here; whatever else is told of it are its facts, in the order of their names.
fn gauge(properties: &RawValue, geometry: Option<&RawValue>) -> Result<Gauge, String> {
    let mut facts: BTreeMap<String, &RawValue> = json::object(properties)?;
    facts.retain(|_, fact| fact.get() != "null");
    let location = named("id", facts.remove("id"))?.into_owned();
    let name = named("monitoring_location_name", facts.remove("monitoring_location_name"))?.into_owned();
    let facts = facts.into_iter().map(|(name, fact)| (name, text(Some(fact)).into_owned())).collect();
    let position = geometry.map(position).transpose()?.flatten();
    Ok(Gauge { location, name, parameter: Parameter::Level, thresholds: Vec::new(), position, facts })
}

/// Degrees north and east; GeoJSON has them the other way round.
fn position(geometry: &RawValue) -> Result<Option<(f64, f64)>, String> {
    if geometry.get() == "null" {
        return Ok(None);
    }
    let Geometry { coordinates } = json::object(geometry)?;
    match coordinates[..] {
        [east, north, ..] if east.abs() <= 180.0 && north.abs() <= 90.0 => Ok(Some((north, east))),
        _ => Err("coordinates that are not degrees east and north".into()),
    }
}

fn named<'a>(property: &str, json: Option<&'a RawValue>) -> Result<Cow<'a, str>, String> {
    let name = text(json);
    if field::is_name(&name) {
        Ok(name)
    } else {
        Err(format!("{property} `{}`, expected 1 to 100 characters", clip(json.map_or("", RawValue::get))))
    }
}

/// The text of a string, or any other JSON as it stands; empty for null and what is not there.
fn text(json: Option<&RawValue>) -> Cow<'_, str> {
    match json {
        Some(json) if json.get().contains('\\') => json::part::<String>(json).unwrap_or_default().into(),
        json => json::number(json).into(),
    }
}
