//! The last issues of a station's forecast, decided: what each said when it was made, and what it changed.

use hydro::{Forecast, ForecastState, Rank, SignedDuration, Station, Timestamp};

use super::picture::{Beside, chart_beside};
use super::station::legend;
use crate::chart::glyph::Key;
use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::StationNow;

/// Forecasts further ahead than this are less certain.
const SURE: SignedDuration = SignedDuration::from_hours(72);

/// The page of the last issues.
#[derive(Debug)]
pub(crate) struct ForecastsView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) chart: Option<String>,
    pub(crate) legend: Vec<(Key, String)>,
    pub(crate) less_certain: bool,
    /// The newest first.
    pub(crate) issues: Vec<Issue>,
}

/// One issue.
#[derive(Debug)]
pub(crate) struct Issue {
    pub(crate) name: String,
    /// Peak and crossings, each by its name.
    pub(crate) said: Vec<(String, String)>,
    /// What is different from the issue before it; `None` where they cannot be compared.
    pub(crate) change: Option<String>,
}

/// Whether a forecast that may speak at `now` reaches days of which its forecaster is less certain: the fourth and later.
pub(super) fn less_certain(state: &StationNow, now: Timestamp) -> bool {
    state.current_forecast(now).and_then(Forecast::end).is_some_and(|end| end.duration_since(now) > SURE)
}

/// What leads from a station's page to its last issues: what has changed since the forecast before, where something has;
/// `None` where no forecast is known.
pub(super) fn link(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    state.forecast.as_ref().filter(|forecast| forecast.end().is_some())?;
    let changed = state.current_forecast(reader.now).zip(state.previous.as_deref());
    let changed = changed.and_then(|(forecast, before)| forecast.revision(before, reader.now));
    let said = changed.and_then(|revision| sentence::revision(reader, station, &revision));
    Some(said.unwrap_or_else(|| reader.texts.forecasts.link.clone()))
}

/// Decides what is said of the last `most` issues, the newest first; one more, where there is one, is there to compare the
/// last of them with.
pub(crate) fn view(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    issues: &[Forecast],
    most: usize,
) -> ForecastsView {
    let name = station.name.in_language(&reader.texts.code);
    let shown = issues.iter().enumerate().take(most);
    ForecastsView {
        id: station.id.to_string(),
        name: name.to_owned(),
        title: fill(&reader.texts.forecasts.title, &[("name", name)]),
        chart: chart_beside(reader, station, state, Beside { previous: true, mark: None }),
        legend: legend(reader, state),
        less_certain: less_certain(state, reader.now),
        issues: shown.map(|(at, issue)| said(reader, station, (at == 0, issue), issues.get(at + 1))).collect(),
    }
}

fn said(
    reader: &Reader<'_>,
    station: &Station,
    (newest, issue): (bool, &Forecast),
    before: Option<&Forecast>,
) -> Issue {
    let texts = &reader.texts.forecasts;
    let template = if issue.issue_inferred { &texts.received } else { &texts.issued };
    let issued = fill(template, &[("when", &reader.at(issue.issued))]);
    let name = match issue.state(reader.now) {
        ForecastState::Old if newest => format!("{issued} ({})", texts.old),
        ForecastState::Current | ForecastState::Old => issued,
        ForecastState::None => format!("{issued} ({})", texts.none),
    };
    let mut said = Vec::new();
    let thresholds = station.thresholds.as_ref();
    if let Some(outlook) = issue.outlook(thresholds, None, issue.issued) {
        let status = thresholds.zip(outlook.rank).filter(|(_, rank)| *rank > Rank::NORMAL);
        let status = status.map(|(set, rank)| format!(" ({})", reader.status(set, rank).to_lowercase()));
        let level = reader.level(outlook.peak.value, station);
        let peak = format!("{level}{}, {}", status.unwrap_or_default(), reader.about(outlook.peak.valid));
        let name = match (outlook.peak.still_rising, outlook.peak.falling) {
            (true, _) => &reader.texts.station.highest,
            (_, true) => &texts.falling,
            _ => &reader.texts.station.peak,
        };
        said.push((name.clone(), peak));
    }
    for threshold in thresholds.iter().flat_map(|set| set.iter()) {
        if let Some(window) = issue.window(threshold.value, issue.issued) {
            let name = fill(&texts.crossing, &[("threshold", reader.threshold(station, threshold.rank))]);
            said.push((name, sentence::window(reader, window, issue.issued)));
        }
    }
    let revision = before.and_then(|before| issue.revision(before, issue.issued));
    let change =
        revision.map(|revision| sentence::revision(reader, station, &revision).unwrap_or_else(|| texts.same.clone()));
    Issue { name, said, change }
}
