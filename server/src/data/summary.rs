//! What the data say of a station at one instant: the same keys alone, among all stations, and as a feature.

use hydro::{Parameter, Station};
use serde_json::{Value as Json, json};

use super::{alerts, attribution, number};
use crate::format::Reader;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::status_name;

pub(super) fn summary(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Json {
    let code = reader.texts.code.as_str();
    let assessment = &state.assessment;
    let newest = assessment.newest;
    let thresholds = station.thresholds.as_ref();
    let crossings: Vec<Json> = assessment
        .outlook
        .iter()
        .flat_map(|outlook| &outlook.crossings)
        .map(|crossing| json!({ "threshold": status_name(station, Some(crossing.rank)), "valid": crossing.valid }))
        .collect();
    let published: Vec<Json> = thresholds.into_iter().flat_map(|set| {
        let (source, date) = (set.source.in_language(code), set.date.map(|date| date.to_string()));
        set.iter().map(move |step| {
            json!({ "level": set.scheme().word(step.rank), "value": step.value.as_f64(), "source": source, "date": date })
        })
    }).collect();
    let attribution = attribution(reader, snapshot, station);
    json!({
        "id": station.id.as_str(),
        "name": station.name.in_language(code),
        "river": station.river.in_language(code),
        "region": station.region.as_ref().map(|region| region.in_language(code)),
        "latitude": station.position.latitude,
        "longitude": station.position.longitude,
        "timezone": station.zone.name(),
        "datum": station.datum.as_ref().map(|datum| datum.in_language(code)),
        "status": {
            "level": status_name(station, assessment.status.rank()),
            "freshness": assessment.freshness.name(),
            "value": number(newest.map(|reading| reading.value)),
            "unit": station.parameter().unit(),
            "valid": newest.map(|reading| reading.valid),
            "quality": newest.and_then(|reading| reading.quality).map(hydro::Quality::name),
            "trend": assessment.trend.map(hydro::Trend::name),
            "since": assessment.run.map(|run| run.since),
            "source": state.source.as_ref().map(hydro::FeedId::as_str),
        },
        "outlook": {
            "level": assessment.outlook.as_ref().map(|outlook| status_name(station, outlook.rank)),
            "state": assessment.forecast.name(),
            "issued": state.forecast.as_ref().map(|forecast| forecast.issued),
            "issue_inferred": state.forecast.as_ref().map(|forecast| forecast.issue_inferred),
            "peak": assessment.outlook.as_ref().map(|outlook| json!({
                "value": outlook.peak.value.as_f64(), "valid": outlook.peak.valid, "still_rising": outlook.peak.still_rising,
            })),
            "crossings": crossings,
            "source": state.forecast.as_ref().map(|forecast| forecast.feed.as_str()),
        },
        "discharge": second(state),
        "thresholds": published,
        "past_flood": past_flood(station, state),
        "alerts": alerts::json(reader, snapshot, station, false),
        "sentence": sentence::short(reader, station, state),
        "attribution": attribution,
        "demonstration": snapshot.site.demonstration,
    })
}

/// The newest discharge of a station that speaks of its level first; null where it has none.
fn second(state: &StationNow) -> Json {
    let Some(discharge) = &state.discharge else { return Json::Null };
    let (assessment, newest) = (&discharge.assessment, discharge.assessment.newest);
    json!({
        "freshness": assessment.freshness.name(),
        "value": number(newest.map(|reading| reading.value)),
        "unit": Parameter::Discharge.unit(),
        "valid": newest.map(|reading| reading.valid),
        "quality": newest.and_then(|reading| reading.quality).map(hydro::Quality::name),
        "trend": assessment.trend.map(hydro::Trend::name),
        "source": discharge.source.as_ref().map(hydro::FeedId::as_str),
    })
}

/// The past flood or record that the level of now is nearest to; null where that is not known.
fn past_flood(station: &Station, state: &StationNow) -> Json {
    sentence::past(station, state).map_or(Json::Null, |past| {
        json!({
            "value": past.flood.value.as_f64(),
            "year": past.flood.year,
            "record": past.record,
            "above": past.above().as_f64(),
            "peak_above": number(past.ahead_above()),
        })
    })
}
