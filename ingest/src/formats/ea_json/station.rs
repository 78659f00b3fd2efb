//! Stations: a gauge for each measure of a river. The typical range holds 5 to 95 of a hundred readings; it is no flood
//! threshold and stays a fact. The highest on record is the only height taken for a mark, and only beside a measure above
//! the station's own datum, which the scale is counted from.

use hydro::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Fault, address};
use crate::formats::ea_measure::{self, Measure};
use crate::formats::{Gauge, Item, field, json};

/// Adds the gauges of a station. Returns what is wrong with it or with a measure of it.
pub(super) fn read<'d>(item: &'d RawValue, gauges: &mut Vec<Item>) -> Vec<Fault<'d>> {
    let (station, measures) = match json::object::<Station<'_>>(item).and_then(|station| {
        let measures = station.measures()?;
        station.place().map(|place| ((station, place), measures))
    }) {
        Ok(read) => read,
        Err(reason) => return vec![(item, reason)],
    };
    let mut faults = Vec::new();
    for measure in measures {
        match station.0.gauge(measure, &station.1) {
            Ok(gauge) => gauges.extend(gauge.map(Item::Gauge)),
            Err(reason) => faults.push((measure, reason)),
        }
    }
    faults
}

/// Any of the texts and numbers may come as an array of several; the first of them is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a station")]
struct Station<'a> {
    #[serde(borrow, rename = "stationReference")]
    reference: Option<&'a RawValue>,
    #[serde(borrow)]
    label: Option<&'a RawValue>,
    #[serde(borrow)]
    river_name: Option<&'a RawValue>,
    #[serde(borrow)]
    town: Option<&'a RawValue>,
    #[serde(borrow)]
    catchment_name: Option<&'a RawValue>,
    #[serde(borrow, rename = "RLOIid")]
    rloi_id: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    lat: Option<&'a RawValue>,
    #[serde(borrow)]
    long: Option<&'a RawValue>,
    #[serde(borrow)]
    measures: Option<&'a RawValue>,
    #[serde(borrow)]
    stage_scale: Option<&'a RawValue>,
    #[serde(borrow)]
    downstage_scale: Option<&'a RawValue>,
}

/// Mostly only the address of it is given, and then nothing is known.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, expecting = "a scale")]
struct Scale<'a> {
    #[serde(borrow)]
    typical_range_low: Option<&'a RawValue>,
    #[serde(borrow)]
    typical_range_high: Option<&'a RawValue>,
    #[serde(borrow, rename = "scaleMax")]
    top: Option<&'a RawValue>,
    #[serde(borrow)]
    max_on_record: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a height on record")]
struct OnRecord<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// What a station's gauges share.
struct Place {
    name: String,
    position: Option<(f64, f64)>,
    facts: Vec<(String, String)>,
}

impl<'a> Station<'a> {
    fn measures(&self) -> Result<Vec<&'a RawValue>, String> {
        match self.measures {
            Some(list) if list.get().starts_with('[') => json::part(list),
            Some(one) => Ok(vec![one]),
            None => Ok(Vec::new()),
        }
    }

    fn place(&self) -> Result<Place, String> {
        let name = text(self.label).ok_or("a station without a label")?;
        let (north, east) = (degrees("lat", self.lat, 90.0)?, degrees("long", self.long, 180.0)?);
        let facts = facts([
            ("stationReference", self.reference),
            ("riverName", self.river_name),
            ("town", self.town),
            ("catchmentName", self.catchment_name),
            ("RLOIid", self.rloi_id),
            ("status", self.status),
        ]);
        Ok(Place { name, position: north.zip(east), facts: facts.collect() })
    }

    fn gauge(&self, measure: &RawValue, place: &Place) -> Result<Option<Gauge>, String> {
        let address = address(measure);
        let Some(measure) = ea_measure::read(&address)? else { return Ok(None) };
        let scale = self.scale(&measure)?;
        let (location, name, parameter) = (measure.id.to_owned(), place.name.clone(), measure.parameter);
        let thresholds = scale.record()?.map(|record| ("record".to_owned(), record)).into_iter().collect();
        let facts = place.facts.iter().cloned().chain(facts([
            ("typicalRangeLow", scale.typical_range_low),
            ("typicalRangeHigh", scale.typical_range_high),
            ("scaleMax", scale.top),
        ]));
        Ok(Some(Gauge { location, name, parameter, thresholds, position: place.position, facts: facts.collect() }))
    }

    /// The scale of a measure, empty where it has none.
    fn scale(&self, measure: &Measure<'_>) -> Result<Scale<'a>, String> {
        let scale = match (measure.qualifier, measure.unit_name) {
            ("stage", "m" | "mASD") => self.stage_scale,
            ("downstage", "m" | "mASD") => self.downstage_scale,
            _ => None,
        };
        scale.filter(|scale| scale.get().starts_with('{')).map_or_else(|| Ok(Scale::default()), json::object)
    }
}

impl Scale<'_> {
    fn record(&self) -> Result<Option<Value>, String> {
        let Some(record) = self.max_on_record.filter(|record| record.get().starts_with('{')) else { return Ok(None) };
        let OnRecord { value } = json::object(record)?;
        field::value(json::number(value)).map_err(|reason| format!("maxOnRecord {reason}"))
    }
}

fn facts<'f, const COUNT: usize>(
    facts: [(&'f str, Option<&'f RawValue>); COUNT],
) -> impl Iterator<Item = (String, String)> {
    facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), text(fact)?)))
}

fn text(json: Option<&RawValue>) -> Option<String> {
    let text = json::plain(first(json))?.trim().to_owned();
    field::is_name(&text).then_some(text)
}

fn degrees(name: &str, json: Option<&RawValue>, limit: f64) -> Result<Option<f64>, String> {
    match json::number(first(json)) {
        "" => Ok(None),
        text => field::degrees(text, limit).map(Some).map_err(|reason| format!("{name} {reason}")),
    }
}

/// The first of several.
fn first(json: Option<&RawValue>) -> Option<&RawValue> {
    match json {
        Some(list) if list.get().starts_with('[') => json::part::<Vec<&RawValue>>(list).ok()?.first().copied(),
        json => json,
    }
}
