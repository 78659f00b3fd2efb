//! France's Vigicrues: `observations.json` (rows of an array or of objects) and `prevision.json` 1.1, each of one station
//! and one quantity, `H` in metres or `Q` in m³/s; the service states no unit and these are its fixed ones. Times are
//! milliseconds since 1970, or text with its offset where the request says `FormatDate=iso`. Source: the service's
//! documentation and its replies. The bounds of a forecast, `ResMinPrev` and `ResMaxPrev`, are `min` and `max` here: about
//! the tenth and the ninetieth of a hundred outcomes, as the comment of a forecast says.
//!
//! Everything comes with status 200: `{"error_msg": …}` is refused; `{"message": …, "code": 204}` says that there is nothing
//! now, as a forecaster does outside of floods.

use std::borrow::Cow;

use hydro::{Kind, Parameter, Point, Stat, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, clip};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, field, json};

/// Reads either reply.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::VigicruesJson, bytes)?;
    let reply: Reply<'_> = json::document(&document, '{')?;
    let mut lines = LineCounter::new(document.text());
    let refuse = |found: String| document.refuse_start(found);
    let mut rejected = Vec::new();
    let mut reject = |part: &RawValue, reason| {
        rejected.push(Rejected { line: lines.line_at(document.offset_of(part.get())), reason });
    };
    let series = match (reply.serie, reply.simul) {
        (Some(serie), _) => observations(serie, &mut reject).map_err(refuse)?,
        (None, Some(simul)) => forecast(simul, &mut reject).map_err(refuse)?,
        (None, None) => match (json::plain(reply.error_msg), json::plain(reply.message), json::number(reply.code)) {
            (None, Some(_), "204") => Vec::new(),
            (Some(message), ..) | (None, Some(message), _) => {
                return Err(refuse(format!("an error of the service: {message}")));
            }
            (None, None, _) => return Err(refuse("a JSON object without `Serie` and `Simul`".into())),
        },
    };
    Ok(Parsed { items: series.into_iter().map(Item::Series).collect(), rejected })
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, rename = "Serie")]
    serie: Option<&'a RawValue>,
    #[serde(borrow, rename = "Simul")]
    simul: Option<&'a RawValue>,
    #[serde(borrow)]
    error_msg: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a Serie")]
struct Serie<'a> {
    #[serde(borrow, rename = "CdStationHydro")]
    station: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "GrdSerie")]
    quantity: Option<&'a RawValue>,
    #[serde(borrow, rename = "ObssHydro")]
    rows: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "an observation")]
struct Observation<'a> {
    #[serde(borrow, rename = "DtObsHydro")]
    time: &'a RawValue,
    #[serde(borrow, rename = "ResObsHydro", default, deserialize_with = "json::present")]
    value: Option<&'a RawValue>,
}

/// A forecast of a station is asked for as one of an entity (`CdEntVigiCru`), whose code is then the station's.
#[derive(Deserialize)]
#[serde(expecting = "a Simul")]
struct Simul<'a> {
    #[serde(borrow, rename = "CdStationHydro")]
    station: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "CdEntVigiCru")]
    entity: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "GrdSimul")]
    quantity: Option<&'a RawValue>,
    #[serde(borrow, rename = "DtProdSimul")]
    issued: Option<&'a RawValue>,
    #[serde(borrow, rename = "Prevs")]
    rows: Vec<&'a RawValue>,
}

/// `None` is a value that is not there; one that is null is there.
#[derive(Deserialize)]
#[serde(expecting = "a Prev")]
struct Prev<'a> {
    #[serde(borrow, rename = "DtPrev")]
    time: &'a RawValue,
    #[serde(borrow, rename = "ResMoyPrev", default, deserialize_with = "json::present")]
    mean: Option<&'a RawValue>,
    #[serde(borrow, rename = "ResMinPrev", default, deserialize_with = "json::present")]
    low: Option<&'a RawValue>,
    #[serde(borrow, rename = "ResMaxPrev", default, deserialize_with = "json::present")]
    high: Option<&'a RawValue>,
}

fn observations(serie: &RawValue, mut reject: impl FnMut(&RawValue, String)) -> Result<Vec<Series>, String> {
    let serie: Serie<'_> = json::object(serie)?;
    let (location, parameter) = (location(serie.station)?, parameter("GrdSerie", serie.quantity)?);
    let mut points = Vec::with_capacity(serie.rows.len());
    for row in serie.rows {
        match observation(row) {
            Ok(point) => points.push(point),
            Err(reason) => reject(row, reason),
        }
    }
    let stat = Stat::Value;
    let series = Series { location, parameter, kind: Kind::Observed, stat, issued: None, points };
    Ok(if series.points.is_empty() { Vec::new() } else { vec![series] })
}

fn observation(row: &RawValue) -> Result<Point, String> {
    let (time, value): (&RawValue, &RawValue) = if row.get().starts_with('[') {
        json::part(row)?
    } else {
        let Observation { time, value } = json::object(row)?;
        (time, value.ok_or("no ResObsHydro")?)
    };
    point(instant(time)?, value)
}

fn forecast(simul: &RawValue, mut reject: impl FnMut(&RawValue, String)) -> Result<Vec<Series>, String> {
    let simul: Simul<'_> = json::object(simul)?;
    let (location, parameter) = (location(simul.station.or(simul.entity))?, parameter("GrdSimul", simul.quantity)?);
    let issued = simul.issued.map(instant).transpose().map_err(|reason| format!("DtProdSimul {reason}"))?;
    let stats = [Stat::Value, Stat::Named("min".into()), Stat::Named("max".into())];
    let kind = Kind::Forecast;
    let mut series =
        stats.map(|stat| Series { location: location.clone(), parameter, kind, stat, issued, points: Vec::new() });
    for row in simul.rows {
        for reason in prev(row, &mut series).unwrap_or_else(|reason| vec![reason]) {
            reject(row, reason);
        }
    }
    // A forecast without values is news; bounds without values are not.
    let said = |series: &Series| series.stat == Stat::Value || !series.points.is_empty();
    Ok(series.into_iter().filter(said).collect())
}

/// Adds a row to the central value and the bounds. Returns what is wrong with one of them; an error is what is wrong with
/// all of the row.
fn prev(row: &RawValue, series: &mut [Series; 3]) -> Result<Vec<String>, String> {
    let Prev { time, mean, low, high } = json::object(row)?;
    if mean.or(low).or(high).is_none() {
        return Err("no ResMoyPrev, ResMinPrev or ResMaxPrev".into());
    }
    let valid = instant(time)?;
    let mut faults = Vec::new();
    for (series, value) in series.iter_mut().zip([mean, low, high]) {
        match value.map(|value| point(valid, value)).transpose() {
            Ok(point) => series.points.extend(point),
            Err(reason) => faults.push(reason),
        }
    }
    Ok(faults)
}

fn point(valid: Timestamp, value: &RawValue) -> Result<Point, String> {
    Ok(Point { valid, value: field::value(json::number(Some(value)))?, quality: None })
}

/// A time as text with its offset, or in milliseconds since 1970.
fn instant(json: &RawValue) -> Result<Timestamp, String> {
    let text = json::plain(Some(json)).unwrap_or_default();
    let Ok(number) = text.parse::<i64>() else { return field::instant(&text, None) };
    // The same instants in seconds would all be in January 1970.
    let instant = (number > 100_000_000_000).then(|| Timestamp::from_millisecond(number).ok()).flatten();
    instant.ok_or_else(|| format!("`{number}` is not a time in milliseconds since 1970")).and_then(field::within_years)
}

fn parameter(key: &str, json: Option<&RawValue>) -> Result<Parameter, String> {
    let name = json::plain(json).unwrap_or_default();
    match name.as_ref() {
        "H" => Ok(Parameter::Level),
        "Q" => Ok(Parameter::Discharge),
        _ => Err(format!("{key} `{}`, expected H or Q", clip(&name))),
    }
}

fn location(code: Option<Cow<'_, str>>) -> Result<String, String> {
    let code = code.unwrap_or_default();
    let sound = code.is_empty() || field::is_name(&code);
    if sound { Ok(code.into_owned()) } else { Err(format!("`{}` is no code of a station", clip(&code))) }
}
