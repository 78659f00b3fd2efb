//! What stands on other sites' pages, decided: without a script nothing there can count its age, so every time is said with
//! its date, and how long the whole may speak of the present is told beforehand.

use hydro::{ForecastState, SignedDuration, Station, Timestamp, current_for};

use super::list::{self, Row, Sort, Wish};
use super::station::{self, StationView};
use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};

/// In such steps it is told how long something may speak of the present, at most [`STEPS`] of them.
const STEP: SignedDuration = SignedDuration::from_mins(10);
/// Six hours: after that nobody should read a page that was left open.
const STEPS: i32 = 36;

/// A station as another site's page shows it.
#[derive(Debug)]
pub(crate) struct StationEmbed {
    /// The same as on its own page.
    pub(crate) station: StationView,
    /// When its newest measurement was made, with the date.
    pub(crate) measured: String,
    /// What matters about it in a few words: what is forecast, where that is worse than now.
    pub(crate) words: String,
    /// How long it holds.
    pub(crate) holds: SignedDuration,
}

/// The stations of a river as another site's page shows them.
#[derive(Debug)]
pub(crate) struct RiverEmbed {
    /// The river's name.
    pub(crate) name: String,
    /// From source to mouth, each with how long it holds.
    pub(crate) rows: Vec<(Row, SignedDuration)>,
}

/// Decides what is said of the station at `index`.
pub(crate) fn station(reader: &Reader<'_>, snapshot: &Snapshot, index: usize) -> StationEmbed {
    let (station, state) = (&snapshot.site.stations[index], snapshot.state(index));
    StationEmbed {
        station: station::view(reader, snapshot, index),
        measured: measured(reader, state),
        words: sentence::capital(&sentence::row(reader, station, state)),
        holds: holds_for(reader, station, state),
    }
}

/// Decides what is said of the stations of a river, by the river's name in the page's language.
pub(crate) fn river(reader: &Reader<'_>, snapshot: &Snapshot, river: &hydro::LocalText) -> RiverEmbed {
    let of_it = || snapshot.all().filter(|(station, _)| station.river == *river);
    let only = of_it().map(|(station, _)| station.id.to_string()).collect();
    let wish = Wish { only, sort: Sort::River, ..Wish::default() };
    let rows = list::view(reader, snapshot, &wish).rows;
    let holds = of_it().map(|(station, state)| holds_for(reader, station, state));
    RiverEmbed { name: river.in_language(&reader.texts.code).to_owned(), rows: rows.into_iter().zip(holds).collect() }
}

/// What a picture says of its time: of the newest measurement, whether that is old, and of the forecast that it shows.
pub(crate) fn as_of(reader: &Reader<'_>, state: &StationNow) -> String {
    let texts = &reader.texts.embed;
    let forecast = state.current_forecast(reader.now).map(|forecast| {
        let template = if forecast.issue_inferred { &texts.forecast_received } else { &texts.forecast_issued };
        fill(template, &[("when", &reader.dated(forecast.issued))])
    });
    std::iter::once(measured(reader, state)).chain(forecast).collect::<Vec<_>>().join(" \u{b7} ")
}

/// When the newest measurement was made, and whether it is an old one; where there is none, when this was drawn.
fn measured(reader: &Reader<'_>, state: &StationNow) -> String {
    let texts = &reader.texts.embed;
    let (template, when) = match (state.assessment.newest, state.assessment.current) {
        (Some(newest), Some(_)) => (&texts.measured, newest.valid),
        (Some(newest), None) => (&texts.old, newest.valid),
        (None, _) => (&texts.drawn, reader.now),
    };
    fill(template, &[("when", &reader.dated(when))])
}

/// How long what is said now may be read: until the measurement is not current any more, or the forecast too old, and six
/// hours at most. Rounded up to [`STEP`].
pub(crate) fn holds_for(reader: &Reader<'_>, station: &Station, state: &StationNow) -> SignedDuration {
    let measured = state.assessment.current.map(|reading| reading.valid + current_for(station.cadence));
    let forecast = state.current_forecast(reader.now);
    let holds = |at: Timestamp| {
        measured.is_none_or(|until| at <= until)
            && forecast.is_none_or(|forecast| forecast.state(at) == ForecastState::Current)
    };
    let steps = (1..=STEPS).find(|&step| !holds(reader.now + STEP * step)).unwrap_or(STEPS);
    STEP * steps
}
