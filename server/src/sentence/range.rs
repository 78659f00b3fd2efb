//! What stands beside the sentence: how sure the forecaster is, and the discharge of a station that speaks of its level.

use hydro::{Bounds, Freshness, Rank, Station, Timestamp};

use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::StationNow;

/// How sure the forecaster is: the edges of the band at the peak, at the end of a fall, or where it stands highest, in the
/// feed's own words, and the threshold that only its upper edge reaches.
pub(crate) fn band(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    let texts = &reader.texts.sentence;
    let band = state.current_forecast(reader.now)?.band()?;
    let (highest_at, highest) = band.highest(reader.now)?;
    let outlook = state.assessment.outlook.as_ref();
    let (at, template) = match outlook.map(|outlook| outlook.peak) {
        Some(peak) if peak.falling => (band.upper.last()?.0, &texts.band_when),
        Some(peak) if band.at(peak.valid).is_some() => (peak.valid, &texts.band_peak),
        _ => (highest_at, &texts.band_when),
    };
    let (low, high) = band.at(at)?;
    let (low, high) = (reader.figure(low, station), reader.level(high, station));
    let (when, naming) = (reader.about(at), naming(reader, band.bounds));
    let said = fill(template, &[("low", &low), ("high", &high), ("when", &when), ("naming", &naming)]);
    let reached = station.thresholds.as_ref().map(|set| set.reached(highest));
    let likely = outlook.and_then(|outlook| outlook.rank).max(state.assessment.status.rank()).unwrap_or(Rank::NORMAL);
    let Some(beyond) = reached.filter(|rank| *rank > likely) else { return Some(said) };
    Some(format!("{said} {}", fill(&texts.band_reaches, &[("threshold", reader.threshold(station, beyond))])))
}

/// What the edges of a band are, as the feed has it: bounds without a meaning are given none.
pub(crate) fn naming(reader: &Reader<'_>, bounds: Bounds) -> String {
    let texts = &reader.texts.sentence;
    match bounds {
        Bounds::Percent(low, high) => {
            fill(&texts.band_percent, &[("low", &low.to_string()), ("high", &high.to_string())])
        }
        Bounds::Members(n) => fill(&texts.band_members, &[("n", &n.to_string())]),
        Bounds::Extremes => texts.band_extremes.clone(),
        Bounds::Unnamed => texts.band_unnamed.clone(),
    }
}

/// What a station of level says of its discharge in a line, and until when that is the present one.
pub(crate) fn discharge(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
) -> Option<(String, Option<Timestamp>)> {
    let (texts, assessment) = (&reader.texts.station, &state.assessment);
    let Some(newest) = assessment.newest else {
        return state.current_forecast(reader.now).map(|_| (texts.discharge_ahead.clone(), None));
    };
    let (template, until) = match (assessment.current, assessment.freshness) {
        (Some(reading), _) => (&texts.discharge, Some(reading.valid + hydro::current_for(station.cadence))),
        (None, Freshness::Offline | Freshness::None) => (&texts.discharge_offline, None),
        (None, _) => (&texts.discharge_stale, None),
    };
    let level = reader.level(newest.value, station);
    Some((fill(template, &[("level", &level), ("when", &reader.at(newest.valid))]), until))
}
