//! The same facts as data: JSON, CSV, GeoJSON, plain text. Values in metres or m³/s, instants in UTC; a value not there is null.

mod alerts;
mod summary;

use hydro::{Episode, Forecast, Kind, Point, SignedDuration, Station, Timestamp, Value};
use serde_json::{Value as Json, json};

use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::status_name;
use summary::summary;

/// A station as JSON, with its series.
pub(crate) fn station_json(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Json {
    let mut facts = summary(reader, snapshot, station, state);
    facts["observed"] = series(recent(state));
    let forecast = state.current_forecast(reader.now);
    facts["forecast"] = pairs(forecast.map_or(&[], |forecast| &forecast.points));
    facts["forecast_bounds"] = bounds(forecast);
    if let Some(discharge) = &state.discharge {
        let forecast = discharge.current_forecast(reader.now);
        facts["discharge"]["observed"] = series(recent(discharge));
        facts["discharge"]["forecast"] = pairs(forecast.map_or(&[], |forecast| &forecast.points));
        facts["discharge"]["forecast_bounds"] = bounds(forecast);
    }
    facts["episodes"] = state.assessment.episodes.iter().map(|known| episode(station, known)).collect();
    facts["suspect"] = state.assessment.screened.iter().filter_map(hydro::Screened::suspect).map(|(reading, doubt)| {
        json!({ "valid": reading.valid, "value": reading.value.as_f64(), "doubt": doubt.name() })
    }).collect();
    facts["alerts"] = alerts::json(reader, snapshot, station, true);
    facts["generated"] = json!(reader.now);
    facts
}

/// A time at or above a threshold.
pub(crate) fn episode(station: &Station, episode: &Episode) -> Json {
    json!({
        "level": status_name(station, Some(episode.rank)),
        "began": episode.began.valid,
        "or_earlier": episode.began.or_earlier,
        "ended": episode.ended.map(|edge| edge.valid),
        "not_confirmed_since": episode.not_confirmed_since,
        "peak": { "value": episode.peak.value.as_f64(), "valid": episode.peak.valid },
    })
}

/// All stations as JSON, without their series.
pub(crate) fn stations_json(reader: &Reader<'_>, snapshot: &Snapshot) -> Json {
    let stations: Vec<Json> = snapshot
        .all()
        .map(|(station, state)| summary(&Reader { zone: &station.zone, ..*reader }, snapshot, station, state))
        .collect();
    json!({ "generated": reader.now, "stations": stations })
}

/// All stations as GeoJSON (RFC 7946): a point each, with the same properties.
pub(crate) fn stations_geojson(reader: &Reader<'_>, snapshot: &Snapshot) -> Json {
    let features: Vec<Json> =
        snapshot.all().map(|(station, state)| station_geojson(reader, snapshot, station, state)).collect();
    json!({ "type": "FeatureCollection", "generated": reader.now, "features": features })
}

/// A station as a feature of GeoJSON.
pub(crate) fn station_geojson(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Json {
    let position = [station.position.longitude, station.position.latitude];
    json!({
        "type": "Feature",
        "id": station.id.as_str(),
        "geometry": { "type": "Point", "coordinates": position },
        "properties": summary(&Reader { zone: &station.zone, ..*reader }, snapshot, station, state),
    })
}

/// The measurements of the two weeks before the newest.
fn recent(state: &StationNow) -> impl Iterator<Item = &Point> {
    let from = state.observed.last().map(|point| point.valid - SignedDuration::from_hours(14 * 24));
    state.observed.iter().filter(move |point| Some(point.valid) >= from)
}

fn series<'a>(points: impl Iterator<Item = &'a Point>) -> Json {
    points.map(|point| json!([point.valid, number(point.value)])).collect()
}

pub(crate) fn pairs(points: &[(Timestamp, Value)]) -> Json {
    points.iter().map(|&(valid, value)| json!([valid, value.as_f64()])).collect()
}

/// The bounds, quantiles and members of a forecast, each under the feed's own name.
pub(crate) fn bounds(forecast: Option<&Forecast>) -> Json {
    let bounds = forecast.into_iter().flat_map(|forecast| &forecast.bounds);
    Json::Object(bounds.map(|bound| (bound.name.to_string(), pairs(&bound.points))).collect())
}

pub(crate) fn number(value: Option<Value>) -> Json {
    value.map_or(Json::Null, |value| json!(value.as_f64()))
}

/// The words of credit that the agencies of a station ask for.
pub(crate) fn attribution<'a>(reader: &Reader<'_>, snapshot: &'a Snapshot, station: &Station) -> Vec<&'a str> {
    let feeds = snapshot.site.feeds.iter();
    let of_it = feeds.filter(|note| station.sources.iter().any(|source| source.feed == note.id));
    of_it.map(|note| note.attribution.in_language(&reader.texts.code)).collect()
}

/// A station's series as CSV (RFC 4180): one row a value, observed then forecast.
pub(crate) fn station_csv(reader: &Reader<'_>, station: &Station, state: &StationNow, demonstration: bool) -> String {
    let unit = station.parameter().unit();
    let mut rows =
        format!("valid,local,kind,issued,value,unit,quality{}\r\n", invented(demonstration, ",demonstration"));
    let mark = invented(demonstration, ",true");
    let mut row = |point: &Point, kind: Kind, issued: Option<Timestamp>| {
        let civil = reader.zone.local(point.valid);
        let quality = point.quality.map_or("", hydro::Quality::name);
        let value = point.value.map(|value| value.to_string()).unwrap_or_default();
        let issued = issued.map(|issued| issued.to_string()).unwrap_or_default();
        let local = civil.civil.strftime("%Y-%m-%d %H:%M");
        rows.push_str(&format!(
            "{},{local} {},{},{issued},{value},{unit},{quality}{mark}\r\n",
            point.valid,
            civil.abbreviation,
            kind.name()
        ));
    };
    recent(state).for_each(|point| row(point, Kind::Observed, None));
    if let Some(forecast) = state.current_forecast(reader.now) {
        for &(valid, value) in &forecast.points {
            row(&Point { valid, value: Some(value), quality: None }, Kind::Forecast, Some(forecast.issued));
        }
    }
    rows
}

/// All stations as CSV: one row a station.
pub(crate) fn stations_csv(reader: &Reader<'_>, snapshot: &Snapshot) -> String {
    let demonstration = snapshot.site.demonstration;
    let mut rows = String::from(
        "id,name,river,region,latitude,longitude,status,freshness,value,unit,valid,trend,outlook,peak_value,peak_valid,issued,discharge,discharge_valid,discharge_freshness",
    );
    rows.push_str(invented(demonstration, ",demonstration"));
    rows.push_str("\r\n");
    for (station, state) in snapshot.all() {
        let assessment = &state.assessment;
        let instant = |instant: Option<Timestamp>| instant.map(|instant| instant.to_string()).unwrap_or_default();
        let outlook = assessment.outlook.as_ref();
        let discharge = state.discharge.as_ref().map(|second| &second.assessment);
        let cells = [
            station.id.to_string(),
            cell(station.name.in_language(&reader.texts.code)),
            cell(station.river.in_language(&reader.texts.code)),
            station.region.as_ref().map(|region| cell(region.in_language(&reader.texts.code))).unwrap_or_default(),
            station.position.latitude.to_string(),
            station.position.longitude.to_string(),
            status_name(station, assessment.status.rank()).to_owned(),
            assessment.freshness.name().to_owned(),
            assessment.newest.map(|reading| reading.value.to_string()).unwrap_or_default(),
            station.parameter().unit().to_owned(),
            instant(assessment.newest.map(|reading| reading.valid)),
            assessment.trend.map(hydro::Trend::name).unwrap_or_default().to_owned(),
            outlook.map(|outlook| status_name(station, outlook.rank)).unwrap_or_default().to_owned(),
            outlook.map(|outlook| outlook.peak.value.to_string()).unwrap_or_default(),
            instant(outlook.map(|outlook| outlook.peak.valid)),
            instant(outlook.and(state.forecast.as_ref()).map(|forecast| forecast.issued)),
            discharge.and_then(|second| second.newest).map(|reading| reading.value.to_string()).unwrap_or_default(),
            instant(discharge.and_then(|second| second.newest).map(|reading| reading.valid)),
            discharge.map(|second| second.freshness.name()).unwrap_or_default().to_owned(),
        ];
        rows.push_str(&cells.join(","));
        rows.push_str(invented(demonstration, ",true"));
        rows.push_str("\r\n");
    }
    rows
}

/// A further column that marks invented numbers; real ones have none.
pub(crate) const fn invented(demonstration: bool, cell: &str) -> &str {
    if demonstration { cell } else { "" }
}

/// A text as a CSV cell: quoted where needed, and never taken for a formula by a spreadsheet.
pub(crate) fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

/// A station in plain text; its first line is the short sentence.
pub(crate) fn station_text(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> String {
    let texts = &reader.texts.text;
    let code = reader.texts.code.as_str();
    let thresholds = station.thresholds.as_ref();
    let mut lines = vec![sentence::short(reader, station, state), String::new()];
    if snapshot.site.demonstration {
        lines.push(reader.texts.page.demonstration.clone());
    }
    lines.extend(alerts::lines(reader, snapshot, station));
    lines.push(fill(&texts.status, &[("status", &crate::view::Tag::of(reader, station, state).word)]));
    if let Some(reading) = state.assessment.newest {
        let when = reader.at_zone(reading.valid);
        lines.push(fill(&texts.measured, &[("level", &reader.level(reading.value, station)), ("when", &when)]));
    }
    let second = station.discharge().zip(state.discharge.as_ref());
    lines
        .extend(second.and_then(|(station, state)| sentence::discharge(reader, &station, state)).map(|(said, _)| said));
    if let (Some(outlook), Some(forecast)) = (&state.assessment.outlook, &state.forecast) {
        let (peak, when) = (reader.level(outlook.peak.value, station), reader.about(outlook.peak.valid));
        lines.push(fill(&texts.forecast, &[("peak", &peak), ("when", &when), ("issued", &reader.issued(forecast))]));
    }
    lines.extend(sentence::band(reader, station, state));
    lines.extend(sentence::compared(reader, station, state));
    if let Some(set) = thresholds {
        let parameter = station.parameter();
        let list: Vec<String> = set
            .iter()
            .map(|step| {
                format!("{} {}", reader.status(set, step.rank).to_lowercase(), reader.stated(step.value, parameter))
            })
            .collect();
        lines.push(fill(&texts.thresholds, &[("list", &list.join(", "))]));
    }
    lines.extend(crate::text::picture_and_crossings(reader, station, state));
    lines.push(String::new());
    for note in snapshot.site.feeds.iter().filter(|note| state.source.as_ref() == Some(&note.id)) {
        lines.push(note.attribution.in_language(code).to_owned());
    }
    let address = format!("{}/{code}/station/{}", snapshot.site.address.as_deref().unwrap_or_default(), station.id);
    lines.push(fill(&texts.page, &[("address", &address)]));
    lines.push(format!("{} {}", reader.texts.page.not_official, reader.texts.page.provisional));
    lines.push(String::new());
    lines.join("\n")
}
