//! Stations: where they are, what their gauge's zero is, and the current measurement of each series. Levels are in the
//! unit that the series states, above the gauge's zero; the heights below bridges (`DFH`) and whatever else is measured in
//! centimetres there is no water level.

use hydro::Parameter;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Fault, Measurement, series};
use crate::formats::document::clip;
use crate::formats::unit::Unit;
use crate::formats::{Gauge, Item, Series, field, json};

/// Adds a station and its series. Returns what is wrong with it or with a series of it.
pub(super) fn read<'d>(element: &'d RawValue, items: &mut Vec<Item>) -> Vec<Fault<'d>> {
    let read = json::object::<Station<'_>>(element).and_then(|station| {
        let list = station.timeseries.map_or_else(|| Ok(Vec::new()), json::part::<Vec<&RawValue>>)?;
        station.gauge(&list).map(|gauge| (gauge, list))
    });
    let (gauge, list) = match read {
        Ok(read) => read,
        Err(reason) => return vec![(element, reason)],
    };
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for part in list {
        match current(&gauge.location, part) {
            Ok(series) => found.extend(series.map(Item::Series)),
            Err(reason) => faults.push((part, reason)),
        }
    }
    items.push(Item::Gauge(gauge));
    items.append(&mut found);
    faults
}

#[derive(Deserialize)]
#[serde(expecting = "a station")]
struct Station<'a> {
    #[serde(borrow)]
    number: Option<&'a RawValue>,
    #[serde(borrow)]
    uuid: Option<&'a RawValue>,
    #[serde(borrow)]
    shortname: Option<&'a RawValue>,
    #[serde(borrow)]
    longname: Option<&'a RawValue>,
    #[serde(borrow)]
    km: Option<&'a RawValue>,
    #[serde(borrow)]
    agency: Option<&'a RawValue>,
    #[serde(borrow)]
    latitude: Option<&'a RawValue>,
    #[serde(borrow)]
    longitude: Option<&'a RawValue>,
    #[serde(borrow)]
    water: Option<&'a RawValue>,
    #[serde(borrow)]
    timeseries: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Water<'a> {
    #[serde(borrow)]
    longname: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a series")]
struct Timeseries<'a> {
    #[serde(borrow)]
    shortname: Option<&'a RawValue>,
    #[serde(borrow)]
    unit: Option<&'a RawValue>,
    #[serde(borrow)]
    current_measurement: Option<&'a RawValue>,
    #[serde(borrow)]
    gauge_zero: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct GaugeZero<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    unit: Option<&'a RawValue>,
}

impl Station<'_> {
    fn gauge(&self, list: &[&RawValue]) -> Result<Gauge, String> {
        let location = text(self.number).ok_or("a station without a number")?;
        let name = text(self.longname).or_else(|| text(self.shortname)).ok_or("a station without a name")?;
        let (north, east) = (degrees(self.latitude, 90.0)?, degrees(self.longitude, 180.0)?);
        let water = self.water.and_then(|water| json::object::<Water<'_>>(water).ok());
        let facts = [
            ("uuid", text(self.uuid)),
            ("shortname", text(self.shortname)),
            ("water", text(water.and_then(|water| water.longname))),
            ("km", text(self.km)),
            ("agency", text(self.agency)),
            ("gaugeZero", list.iter().find_map(|part| gauge_zero(part))),
        ];
        let facts = facts.into_iter().filter_map(|(fact, text)| Some((fact.to_owned(), text?))).collect();
        let (parameter, thresholds) = (Parameter::Level, Vec::new());
        Ok(Gauge { location, name, parameter, thresholds, position: north.zip(east), facts })
    }
}

/// The zero of a level, with its unit. That of any other series is of another instrument.
fn gauge_zero(part: &RawValue) -> Option<String> {
    let Timeseries { shortname, gauge_zero, .. } = json::object(part).ok()?;
    let zero: GaugeZero<'_> =
        json::object(gauge_zero.filter(|_| json::plain(shortname).as_deref() == Some("W"))?).ok()?;
    Some(format!("{} {}", text(zero.value)?, text(zero.unit)?))
}

fn current(location: &str, part: &RawValue) -> Result<Option<Series>, String> {
    let Timeseries { shortname, unit, current_measurement, .. } = json::object(part)?;
    let shortname = json::plain(shortname).ok_or("a series without a shortname")?;
    let (parameter, forecast) = match shortname.as_ref() {
        "W" => (Parameter::Level, false),
        "WV" => (Parameter::Level, true),
        "Q" => (Parameter::Discharge, false),
        _ => return Ok(None),
    };
    let Some(measurement) = current_measurement else { return Ok(None) };
    let unit = Unit::of(parameter, &json::plain(unit).unwrap_or_default())?;
    let (issued, point) = json::object::<Measurement<'_>>(measurement)?.read(unit)?;
    if forecast != issued.is_some() {
        let (name, wrong) = (clip(&shortname), if forecast { "without" } else { "with" });
        return Err(format!("a measurement of {name} {wrong} `initialized`, which forecasts have"));
    }
    Ok(Some(series(location, parameter, issued, point)))
}

fn text(json: Option<&RawValue>) -> Option<String> {
    json::plain(json).map(|text| text.trim().to_owned()).filter(|text| field::is_name(text))
}

fn degrees(json: Option<&RawValue>, limit: f64) -> Result<Option<f64>, String> {
    match json::number(json) {
        "" => Ok(None),
        text => field::degrees(text, limit).map(Some),
    }
}
