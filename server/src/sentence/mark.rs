//! What is said of the reader's own mark: how far the water stands from it, and when it is forecast to be reached.

use hydro::{Station, Value};

use super::window;
use crate::format::{Reader, shown};
use crate::lang::fill;
use crate::snapshot::StationNow;

/// `0.85 m below your mark. Forecast to reach your mark Thursday between 08:00 and 14:00.`; empty where neither the level
/// nor a forecast is known.
pub(crate) fn mark(reader: &Reader<'_>, station: &Station, state: &StationNow, mark: Value) -> String {
    let current = state.assessment.current.map(|reading| reading.value);
    let parts = [current.map(|value| place(reader, station, value, mark)), ahead(reader, state, current, mark)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn place(reader: &Reader<'_>, station: &Station, value: Value, mark: Value) -> String {
    let texts = &reader.texts.mark;
    let apart = shown(value, station).distance(mark);
    // What is shown may be rounded up to a mark that the water has not reached.
    let apart = if value < mark { apart.max(Value::from_milli(10)) } else { apart };
    let template = match (apart.milli(), value < mark) {
        (0, _) => &texts.at,
        (_, true) => &texts.below,
        (_, false) => &texts.above,
    };
    fill(template, &[("distance", &reader.stated(apart, station.parameter()))])
}

/// Whether and when a current forecast reaches a mark that the water stands below.
fn ahead(reader: &Reader<'_>, state: &StationNow, current: Option<Value>, mark: Value) -> Option<String> {
    let texts = &reader.texts.mark;
    let forecast = state.current_forecast(reader.now)?;
    let ahead = || forecast.points.iter().filter(|(valid, _)| *valid >= reader.now);
    let begins = forecast.level_at(reader.now).or_else(|| ahead().next().map(|&(_, value)| value));
    if current.or(begins).is_some_and(|value| value >= mark) {
        return None;
    }
    match forecast.window(mark, reader.now) {
        Some(when) if when.likely => Some(fill(&texts.reaches, &[("when", &window(reader, when, reader.now))])),
        Some(_) => Some(texts.reached_by_upper_end.clone()),
        // Forecast and measurement disagree, which is said already: the forecast has the water there by now.
        None if begins.is_some_and(|value| value >= mark) => {
            Some(fill(&texts.reaches, &[("when", &reader.about(reader.now))]))
        }
        None => Some(texts.stays_below.clone()),
    }
}
