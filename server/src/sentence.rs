//! The one sentence: status, number, direction, time, and what is forecast. The page, the chart's text alternative, the
//! plain text, the data and the share preview all say this same thing.

mod mark;
mod past;
mod range;
mod revision;

use hydro::{
    ForecastState, Freshness, NoForecast, Operation, Parameter, Quality, Rank, Station, Thresholds, Timestamp, Trend,
    Value,
};

use crate::format::{Reader, shown};
use crate::lang::fill;
use crate::snapshot::StationNow;
pub(crate) use mark::mark;
pub(crate) use past::{compared, past};
pub(crate) use range::{band, discharge, naming};
pub(crate) use revision::{revision, window};

/// The most characters of the short form: what fits a text message.
pub(crate) const SHORT: usize = 160;

/// The sentence with the station's name, in at most [`SHORT`] characters wherever the name leaves room for it.
pub(crate) fn short(reader: &Reader<'_>, station: &Station, state: &StationNow) -> String {
    let said = standing(reader, station, state);
    let now = if state.assessment.current.is_some() {
        said
    } else {
        fill(&reader.texts.sentence.unknown, &[("rest", &said)])
    };
    let with_name = |rest: &str| {
        let name = station.name.in_language(&reader.texts.code);
        fill(&reader.texts.sentence.lead, &[("name", name), ("rest", rest)])
    };
    [true, false]
        .into_iter()
        .map(|with_status| with_name(format!("{now} {}", forecast(reader, station, state, with_status)).trim_end()))
        .find(|text| text.chars().count() <= SHORT)
        .unwrap_or_else(|| with_name(&now))
}

/// What stands under the number on the station's page: how far from the thresholds, remarks on the measurement, and what
/// is forecast.
pub(crate) fn detail(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Vec<String> {
    let texts = &reader.texts.sentence;
    let assessment = &state.assessment;
    let quantity = ("quantity", reader.quantity(station.parameter()));
    let mut parts = Vec::new();
    if assessment.current.is_none() {
        parts.push(standing(reader, station, state));
    } else if let (Some(reading), Some(thresholds)) = (assessment.current, &station.thresholds) {
        parts.push(place(reader, station, thresholds, reading.value, state));
        if assessment.freshness == Freshness::Late {
            parts.push(texts.late.clone());
        }
        match reading.quality {
            Some(Quality::Ice) => parts.push(fill(&texts.ice, &[quantity])),
            Some(Quality::Estimated) => parts.push(fill(&texts.estimated, &[quantity])),
            _ => {}
        }
    }
    parts.extend(doubts(reader, station, state));
    parts.push(forecast(reader, station, state, true));
    parts.extend(band(reader, station, state));
    parts.extend(not_reaching(reader, station, state));
    parts.retain(|part| !part.is_empty());
    parts
}

/// What may be said of now, without the name: `Watch. 5.95 m, falling 1 cm/h, today 18:05.`, or why nothing is known.
fn standing(reader: &Reader<'_>, station: &Station, state: &StationNow) -> String {
    let texts = &reader.texts.sentence;
    match station.operation {
        Operation::Suspended => return texts.suspended.clone(),
        Operation::Closed => return texts.closed.clone(),
        Operation::Active => {}
    }
    let assessment = &state.assessment;
    let Some(newest) = assessment.newest else {
        let quantity = ("quantity", reader.quantity(station.parameter()));
        return if station.measured { texts.never.clone() } else { fill(&texts.forecast_only, &[quantity]) };
    };
    let level = reader.level(newest.value, station);
    let when = reader.at(newest.valid);
    match assessment.freshness {
        Freshness::Stale => fill(&texts.stale, &[("level", &level), ("when", &when)]),
        Freshness::Offline | Freshness::None => fill(&texts.offline, &[("when", &when)]),
        Freshness::Fresh | Freshness::Late => {
            let parameter = station.parameter();
            let trend = assessment.trend.map(|trend| reader.trend(trend, parameter));
            let status = match (&station.thresholds, assessment.status.rank()) {
                (Some(thresholds), Some(rank)) => reader.status(thresholds, rank),
                _ => "",
            };
            let template = match (status.is_empty(), &trend, parameter) {
                (false, Some(_), _) => &texts.current,
                (false, None, _) => &texts.current_no_trend,
                (true, Some(_), Parameter::Level) => &texts.no_thresholds,
                (true, None, Parameter::Level) => &texts.no_thresholds_no_trend,
                (true, Some(_), Parameter::Discharge) => &texts.no_thresholds_discharge,
                (true, None, Parameter::Discharge) => &texts.no_thresholds_discharge_no_trend,
            };
            let level = match parameter {
                Parameter::Level => level,
                Parameter::Discharge => fill(&texts.carries, &[("level", &level)]),
            };
            let trend = trend.unwrap_or_default();
            fill(template, &[("status", status), ("level", &level), ("trend", &trend), ("when", &when)])
        }
    }
}

/// What speaks against the newest readings.
fn doubts(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Vec<String> {
    let texts = &reader.texts.sentence;
    let suspect = state.assessment.suspect.map(|(reading, doubt)| {
        let level = reader.level(reading.value, station);
        let reason = reader.texts.doubt.get(doubt.name()).map_or(doubt.name(), String::as_str);
        fill(&texts.suspect, &[("level", &level), ("when", &reader.at(reading.valid)), ("reason", reason)])
    });
    let flat = state.assessment.flat_since.filter(|_| state.assessment.freshness.current());
    let flat = flat.map(|since| fill(&texts.flat, &[("when", &reader.at(since))]));
    let parameter = station.parameter();
    let apart = state.assessment.disagreement;
    let apart = apart.map(|apart| fill(&texts.disagree, &[("distance", &reader.difference(apart, parameter))]));
    suspect.into_iter().chain(flat).chain(apart).collect()
}

/// How far the water stands from the threshold that matters: below the next one, or above the highest.
fn place(reader: &Reader<'_>, station: &Station, thresholds: &Thresholds, value: Value, state: &StationNow) -> String {
    let texts = &reader.texts.sentence;
    let (shown, parameter) = (shown(value, station), station.parameter());
    if let Some(next) = thresholds.next_above(value) {
        let distance = reader.stated(next.value - shown, parameter);
        let below = fill(&texts.below, &[("distance", &distance), ("threshold", reader.threshold(station, next.rank))]);
        let Some(run) = state.assessment.run else { return below };
        let template = if run.or_earlier { &texts.since_or_earlier } else { &texts.since };
        let threshold = reader.threshold(station, thresholds.reached(value));
        let since = fill(template, &[("threshold", threshold), ("when", &reader.at(run.since))]);
        return format!("{below} {since}");
    }
    let rank = thresholds.reached(value);
    let Some(height) = thresholds.height(rank) else { return String::new() };
    let above = shown - height;
    let since = state.assessment.run;
    let template = match (above.milli() > 0, since.map(|run| run.or_earlier)) {
        (true, Some(false)) => &texts.above_since,
        (true, Some(true)) => &texts.above_at_least_since,
        (true, None) => &texts.above,
        (false, Some(false)) => &texts.at_since,
        (false, Some(true)) => &texts.at_least_since,
        (false, None) => &texts.at,
    };
    let when = since.map(|run| reader.at(run.since)).unwrap_or_default();
    let threshold = reader.threshold(station, rank);
    fill(template, &[("distance", &reader.stated(above, parameter)), ("threshold", threshold), ("when", &when)])
}

/// A rise or fall of less than this is not worth a word: 3 cm of a level, the same share of a discharge as of a metre.
fn near_to(value: Value, parameter: Parameter) -> Value {
    match parameter {
        Parameter::Level => Value::from_milli(30),
        Parameter::Discharge => Value::from_milli(value.milli().abs() * 3 / 100),
    }
}

/// What is forecast: a peak, a fall, or why nothing is said. `with_status` names the threshold that the peak reaches.
fn forecast(reader: &Reader<'_>, station: &Station, state: &StationNow, with_status: bool) -> String {
    ahead(reader, station, state, with_status, &|at| reader.about(at))
}

/// The same with the times of the forecast told by `about`.
pub(crate) fn ahead(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    with_status: bool,
    about: &dyn Fn(Timestamp) -> String,
) -> String {
    let texts = &reader.texts.sentence;
    let Some(outlook) = &state.assessment.outlook else {
        return match (&state.forecast, station.no_forecast) {
            (_, Some(NoForecast::IceJams)) => texts.forecast_none_ice.clone(),
            (_, Some(NoForecast::NotMade)) => texts.forecast_not_made.clone(),
            (Some(forecast), None) => match forecast.state(reader.now) {
                // Members alone are a forecast too, and the band says what it is.
                ForecastState::Current if forecast.band().is_some() => String::new(),
                ForecastState::Old => fill(&texts.forecast_old, &[("when", &reader.at(forecast.issued))]),
                _ => texts.forecast_none.clone(),
            },
            (None, None) => texts.forecast_none.clone(),
        };
    };
    let thresholds = station.thresholds.as_ref();
    let points = state.forecast.as_ref().map_or(&[][..], |forecast| &forecast.points);
    // From where it rises or falls: the level now or, unmeasured, where the forecast itself begins.
    let measured =
        state.assessment.newest.filter(|_| state.assessment.freshness.current()).map(|reading| reading.value);
    let begins = points.iter().find(|(valid, _)| *valid >= reader.now).map(|&(_, value)| value);
    if let (Some(value), Some(&(end, last))) = (measured.or(begins), points.last())
        && outlook.peak.value <= value + near_to(value, station.parameter())
    {
        return if last < value - near_to(value, station.parameter()) {
            let level = reader.level(last, station);
            fill(&texts.falling, &[("level", &level), ("when", &about(end))])
        } else {
            fill(&texts.steady, &[("level", &reader.level(value, station))])
        };
    }
    let status = match (thresholds, outlook.rank) {
        (Some(thresholds), Some(rank)) if with_status && rank > Rank::NORMAL => {
            reader.status(thresholds, rank).to_lowercase()
        }
        _ => String::new(),
    };
    let template = match (outlook.peak.still_rising, status.is_empty()) {
        (false, false) => &texts.peak,
        (false, true) => &texts.peak_plain,
        (true, false) => &texts.still_rising,
        (true, true) => &texts.still_rising_plain,
    };
    let peak = reader.level(outlook.peak.value, station);
    fill(template, &[("peak", &peak), ("status", &status), ("when", &about(outlook.peak.valid))])
}

/// The next threshold that the forecast stays below with all that it gives, where it rises at all.
fn not_reaching(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    let (outlook, thresholds) = (state.assessment.outlook.as_ref()?, station.thresholds.as_ref()?);
    let next = thresholds.next_above(outlook.peak.value).filter(|_| outlook.rank > Some(Rank::NORMAL))?;
    let band = state.current_forecast(reader.now).and_then(hydro::Forecast::band);
    if band.and_then(|band| band.highest(reader.now)).is_some_and(|(_, highest)| highest >= next.value) {
        return None;
    }
    Some(fill(&reader.texts.sentence.not_reaching, &[("threshold", reader.threshold(station, next.rank))]))
}

/// What matters about a station in the few words of a list's row.
pub(crate) fn row(reader: &Reader<'_>, station: &Station, state: &StationNow) -> String {
    let texts = &reader.texts.row;
    let assessment = &state.assessment;
    match station.operation {
        Operation::Suspended => return texts.suspended.clone(),
        Operation::Closed => return texts.closed.clone(),
        Operation::Active => {}
    }
    let thresholds = station.thresholds.as_ref();
    let ahead = match (thresholds, &assessment.outlook) {
        (Some(thresholds), Some(outlook)) => outlook.rank.map(|rank| {
            let status = reader.status(thresholds, rank).to_lowercase();
            (rank, reader.level(outlook.peak.value, station), reader.day(outlook.peak.valid), status)
        }),
        _ => None,
    };
    let with_peak = |template: &str, (_, peak, when, status): &(Rank, String, String, String)| {
        fill(template, &[("peak", peak), ("when", when), ("status", status)])
    };
    let Some(newest) = assessment.newest.filter(|_| assessment.freshness.current()) else {
        let silent = match assessment.newest {
            Some(newest) if assessment.freshness == Freshness::Stale => {
                fill(&texts.last_measured, &[("when", &reader.at(newest.valid))])
            }
            Some(newest) => fill(&texts.no_measurement_since, &[("when", &reader.day(newest.valid))]),
            None if station.measured => texts.never.clone(),
            None => {
                return match &ahead {
                    Some(ahead) => with_peak(&texts.forecast_only_peak, ahead),
                    None => up_to(reader, station, state).unwrap_or_else(|| texts.forecast_only.clone()),
                };
            }
        };
        return match &ahead {
            Some(ahead) if ahead.0 > Rank::NORMAL => {
                with_peak(&texts.silent_forecast.replace("{silent}", &silent), ahead)
            }
            _ => silent,
        };
    };
    if let Some(ahead) = &ahead
        && assessment.status.rank().is_some_and(|rank| ahead.0 > rank)
    {
        return with_peak(&texts.rising_to, ahead);
    }
    let trend = assessment.trend.map(|trend| match trend {
        Trend::Rising(_) => reader.texts.trend.rising_word.clone(),
        Trend::Falling(_) => reader.texts.trend.falling_word.clone(),
        Trend::Steady => reader.texts.trend.steady.clone(),
    });
    let place = thresholds
        .map_or_else(|| texts.no_thresholds.clone(), |thresholds| near(reader, station, thresholds, newest.value));
    match trend {
        Some(trend) => fill(&texts.with_trend, &[("place", &place), ("trend", &trend)]),
        None => place,
    }
}

/// How high a forecast comes that is held against no thresholds, or that gives nothing but a range.
fn up_to(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    let peak = state.assessment.outlook.as_ref().map(|outlook| (outlook.peak.valid, outlook.peak.value));
    let band = || state.current_forecast(reader.now)?.band()?.highest(reader.now);
    let (valid, value) = peak.or_else(band)?;
    let words = [("peak", &*reader.level(value, station)), ("when", &*reader.day(valid))];
    Some(fill(&reader.texts.row.forecast_only_up_to, &words))
}

/// How far from the threshold that matters, in a row's words.
fn near(reader: &Reader<'_>, station: &Station, thresholds: &Thresholds, value: Value) -> String {
    let texts = &reader.texts.row;
    let shown = shown(value, station);
    let (template, rank, distance) = if let Some(next) = thresholds.next_above(value) {
        (&texts.below, next.rank, next.value - shown)
    } else {
        let rank = thresholds.reached(value);
        let above = thresholds.height(rank).map_or(shown, |height| shown - height);
        (if above.milli() == 0 { &texts.at } else { &texts.above }, rank, above)
    };
    let distance = reader.stated(distance, station.parameter());
    fill(template, &[("distance", &distance), ("threshold", reader.threshold_brief(station, rank))])
}

/// The text with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
pub(crate) mod tests;
