//! England's Environment Agency flood monitoring in JSON: readings, stations, or the warnings in force, under `items` (one
//! alone may stand there as an object), or a station by itself. Readings and gauges have a measure's whole id for their
//! location ([`ea_measure`]). Source: the real-time flood-monitoring API's reference and its replies.
//!
//! A list of warnings ends those that are no longer in it, so it must be known to be whole: should one warning be unreadable
//! or the list reach the reply's own limit, the others stand as single alerts, which end nothing.

mod flood;
mod station;

use std::borrow::Cow;

use hydro::{Alert, Point};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::wsc::Observations;
use super::{Format, Item, NotThisFormat, Parsed, Rejected, ea_measure, field, json};

/// What is wrong with a part of the document.
type Fault<'d> = (&'d RawValue, String);

/// Reads a reply. No items are sound; where they would have been warnings, none is in force.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EaJson, bytes)?;
    let Contents { items, limit, floods } = contents(&document)?;
    let mut lines = LineCounter::new(document.text());
    let (mut found, mut rejected) = (Found { floods: floods && items.is_empty(), ..Found::default() }, Vec::new());
    for item in &items {
        for (part, reason) in found.read(item) {
            rejected.push(Rejected { line: lines.line_at(document.offset_of(part.get())), reason });
        }
    }
    if found.known == 0 && !items.is_empty() {
        return Err(document.refuse_start("items that are neither readings nor stations nor warnings"));
    }
    let whole = rejected.is_empty() && limit.is_none_or(|limit| items.len() < limit);
    Ok(Parsed { items: found.into_items(whole), rejected })
}

/// What a document has to be read.
struct Contents<'d> {
    items: Vec<&'d RawValue>,
    /// How many items the service would send at most.
    limit: Option<usize>,
    /// Whether the items, if there are none, would have been warnings.
    floods: bool,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    #[serde(borrow)]
    items: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    /// The same reply's other forms, whose addresses tell what it is about: `…/id/floods.csv`.
    #[serde(borrow)]
    has_format: Option<&'a RawValue>,
    #[serde(borrow)]
    limit: Option<&'a RawValue>,
}

fn contents<'d>(document: &'d Document<'_>) -> Result<Contents<'d>, NotThisFormat> {
    let whole: &RawValue = json::document(document, '{')?;
    let reply: Reply<'_> = json::object(whole).map_err(|fault| document.refuse_start(fault))?;
    let meta: Meta<'_> = reply.meta.and_then(|meta| json::object(meta).ok()).unwrap_or_default();
    let limit = json::number(meta.limit).parse().ok();
    let floods = meta.has_format.is_none_or(|formats| formats.get().contains("floods"));
    let items = match reply.items {
        Some(items) if items.get().starts_with('[') => json::part(items),
        Some(item) if item.get().starts_with('{') => Ok(vec![item]),
        None if Keys::of(whole).is_some_and(|keys| keys.is_station()) => Ok(vec![whole]),
        Some(other) => Err(format!("items `{}`, expected an array", clip(other.get()))),
        None => Err(json::plain(reply.message.or(reply.error)).map_or_else(
            || "a JSON object without `items`".into(),
            |message| format!("an error of the service: {message}"),
        )),
    };
    let items = items.map_err(|found| document.refuse_start(found))?;
    Ok(Contents { items, limit, floods })
}

/// The keys that tell what an item is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an item")]
struct Keys<'a> {
    #[serde(borrow)]
    station_reference: Option<&'a RawValue>,
    #[serde(borrow)]
    measures: Option<&'a RawValue>,
    #[serde(borrow)]
    measure: Option<&'a RawValue>,
    #[serde(borrow)]
    date_time: Option<&'a RawValue>,
    #[serde(borrow, rename = "floodAreaID")]
    flood_area: Option<&'a RawValue>,
}

impl<'a> Keys<'a> {
    fn of(item: &'a RawValue) -> Option<Self> {
        json::object(item).ok()
    }

    fn is_station(&self) -> bool {
        self.station_reference.is_some() && self.measures.is_some()
    }

    fn is_reading(&self) -> bool {
        self.measure.is_some() && self.date_time.is_some()
    }
}

#[derive(Default)]
struct Found {
    observations: Observations,
    gauges: Vec<Item>,
    alerts: Vec<Alert>,
    floods: bool,
    /// Items whose kind was recognised.
    known: usize,
}

impl Found {
    /// Adds an item. Returns what is wrong with it or with parts of it.
    fn read<'d>(&mut self, item: &'d RawValue) -> Vec<Fault<'d>> {
        let keys = match json::object::<Keys<'_>>(item) {
            Ok(keys) => keys,
            Err(reason) => return vec![(item, reason)],
        };
        self.known += 1;
        let outcome = if keys.is_reading() {
            reading(item, &mut self.observations)
        } else if keys.is_station() {
            return station::read(item, &mut self.gauges);
        } else if keys.flood_area.is_some() {
            self.floods = true;
            flood::read(item).map(|alert| self.alerts.push(alert))
        } else {
            self.known -= 1;
            Err("neither a reading nor a station nor a warning".into())
        };
        outcome.err().map(|reason| (item, reason)).into_iter().collect()
    }

    fn into_items(self, whole: bool) -> Vec<Item> {
        let mut items = self.observations.into_items();
        items.extend(self.gauges);
        if self.floods && whole {
            items.push(Item::InForce(self.alerts));
        } else {
            items.extend(self.alerts.into_iter().map(Item::Alert));
        }
        items
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a reading")]
struct Reading<'a> {
    #[serde(borrow)]
    measure: &'a RawValue,
    #[serde(borrow)]
    date_time: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    value: Option<&'a RawValue>,
}

/// Something that is named by its address, or described with its address in it.
#[derive(Deserialize)]
#[serde(expecting = "an address")]
struct Described<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<&'a RawValue>,
}

fn reading(item: &RawValue, observations: &mut Observations) -> Result<(), String> {
    let Reading { measure, date_time, value } = json::object(item)?;
    let address = address(measure);
    let Some(measure) = ea_measure::read(&address)? else { return Ok(()) };
    let value = measure.unit.value(json::number(Some(value.ok_or("a reading without a value")?)))?;
    let valid = field::instant(&date_time, None)?;
    observations.push(measure.id, measure.parameter, Point { valid, value, quality: None });
    Ok(())
}

/// The address of a thing, empty where there is none.
fn address(thing: &RawValue) -> Cow<'_, str> {
    let described = json::object::<Described<'_>>(thing).ok();
    json::plain(described.map_or(Some(thing), |described| described.id)).unwrap_or_default()
}
