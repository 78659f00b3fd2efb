//! Delft-FEWS PI time series as JSON, as its web services send them: the model of `pi-xml` with an object for each element,
//! all numbers as strings, and the events of a series in an array that is left out when it is empty. Source: replies of
//! the web services (version 1.25). What headers and events mean stands in [`pi`].

use std::borrow::Cow;

use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter};
use super::json::Text;
use super::pi::header::{Header, Subject};
use super::pi::{self, Event};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, json};

/// Reads a PI time series document. No series is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::PiJson, bytes)?;
    let reply: Reply<'_> = json::document(&document, '{')?;
    let Some(all_series) = reply.time_series else {
        return Err(document.refuse_start("a JSON object without `timeSeries`"));
    };
    let zone = match json::number(reply.time_zone) {
        "" => Offset::UTC,
        hours => pi::zone(hours).map_err(|found| document.refuse(document.offset_of(hours), found))?,
    };
    let mut lines = LineCounter::new(document.text());
    let mut parsed = Parsed::default();
    for series in all_series {
        for (part, reason) in read(series, zone, &mut parsed.items) {
            parsed.rejected.push(Rejected { line: lines.line_at(document.offset_of(part)), reason });
        }
    }
    Ok(parsed)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    #[serde(borrow)]
    time_zone: Option<&'a RawValue>,
    #[serde(borrow)]
    time_series: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a series")]
struct Series<'a> {
    #[serde(borrow)]
    header: Option<&'a RawValue>,
    #[serde(borrow)]
    events: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a header")]
struct Head<'a> {
    #[serde(borrow)]
    location_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    parameter_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    units: Option<Cow<'a, str>>,
    #[serde(borrow)]
    miss_val: Option<&'a RawValue>,
    #[serde(borrow)]
    ensemble_member_index: Option<&'a RawValue>,
    #[serde(borrow)]
    ensemble_member_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    creation_date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    creation_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    forecast_date: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a date with a time")]
struct Moment<'a> {
    #[serde(borrow)]
    date: Cow<'a, str>,
    #[serde(borrow, default)]
    time: Cow<'a, str>,
}

/// The fields read. `None` is one that is not there; a value that is null is there.
#[derive(Deserialize)]
#[serde(expecting = "an event")]
struct Fields<'a> {
    #[serde(borrow)]
    date: Option<Text<'a>>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    flag: Option<&'a RawValue>,
}

/// Adds what a series says to the items. Returns what cannot be read of it, each with the part of the document.
fn read<'d>(json: &'d RawValue, zone: Offset, items: &mut Vec<Item>) -> Vec<(&'d str, String)> {
    let series: Series<'_> = match json::object(json) {
        Ok(series) => series,
        Err(reason) => return vec![(json.get(), reason)],
    };
    let Some(head) = series.header else { return vec![(json.get(), "a series without a header".into())] };
    let mut subject = match header(head).and_then(|header| header.subject(zone)) {
        Ok(Subject::Other) => return Vec::new(),
        Ok(subject) => subject,
        Err(reason) => return vec![(head.get(), reason)],
    };
    let mut faults = Vec::new();
    for event in series.events.unwrap_or_default() {
        match self::event(event).and_then(|event| event.read(&mut subject, zone)) {
            Ok(item) => items.extend(item),
            Err(reason) => faults.push((event.get(), reason)),
        }
    }
    if let Subject::Series { series, .. } = subject {
        items.push(Item::Series(series));
    }
    faults
}

fn header(json: &RawValue) -> Result<Header, String> {
    let head: Head<'_> = json::object(json)?;
    let mut header = Header::default();
    for (name, text) in [
        ("locationId", head.location_id.as_deref()),
        ("parameterId", head.parameter_id.as_deref()),
        ("units", head.units.as_deref()),
        ("missVal", head.miss_val.map(|number| json::number(Some(number)))),
        ("ensembleMemberIndex", head.ensemble_member_index.map(|number| json::number(Some(number)))),
        ("ensembleMemberId", head.ensemble_member_id.as_deref()),
        ("creationDate", head.creation_date.as_deref()),
        ("creationTime", head.creation_time.as_deref()),
    ] {
        if let Some(text) = text {
            header.text(name, text);
        }
    }
    if let Some(json) = head.forecast_date {
        let issued: Moment<'_> = json::object(json).map_err(|fault| format!("forecastDate: {fault}"))?;
        header.forecast_date(&issued.date, &issued.time);
    }
    Ok(header)
}

fn event(json: &RawValue) -> Result<Event<'_>, String> {
    let Fields { date, time, value, flag } = json::object(json)?;
    let number = |json| Cow::Borrowed(json::number(Some(json)));
    Ok(Event {
        date: date.map(|text| text.0),
        time: time.map(|text| text.0),
        value: value.map(number),
        flag: flag.map(number),
    })
}
