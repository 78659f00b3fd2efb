//! The picture that goes with a shared link: a station's status, level, trend, forecast and chart, 1200 by 630 pixels. It is
//! kept and passed on, so every time in it is a date with its zone, and no level is shown that is not current.

pub(crate) mod canvas;
mod layout;
mod png;

use hydro::{Station, Value};

use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::Tag;

/// Width and height, as previews of links want them.
pub(crate) const SIZE: (u32, u32) = (1200, 630);

/// What the picture says, decided.
pub(crate) struct PictureView {
    site: String,
    demonstration: Option<String>,
    name: String,
    river: String,
    tag: Tag,
    /// The level, or that there is none now.
    headline: String,
    trend: Option<String>,
    /// Of when that is, and where it is nothing, when the last measurement was.
    as_of: String,
    /// What is forecast.
    ahead: String,
}

/// The picture of a station as a file of PNG.
pub(crate) fn png(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> Vec<u8> {
    let view = view(reader, snapshot, station, state);
    layout::draw(&view, |canvas, at, size, scale| {
        crate::view::chart_onto(reader, station, state, canvas, (at, size, scale));
    })
    .png()
}

fn view(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, state: &StationNow) -> PictureView {
    let (texts, code) = (&reader.texts.picture, reader.texts.code.as_str());
    let assessment = &state.assessment;
    let as_of = |instant| fill(&texts.as_of, &[("when", &reader.dated(instant))]);
    let level = |value: Value| reader.level(value, station);
    let forecast = || match &assessment.outlook {
        // "Too old to use" is told with a day of the week, which does not last.
        None if station.no_forecast.is_none() => reader.texts.sentence.forecast_none.clone(),
        _ => sentence::ahead(reader, station, state, true, &|at| reader.about_dated(at)),
    };
    let (headline, as_of, ahead) = match (assessment.current, assessment.newest) {
        (Some(reading), _) => (level(reading.value), as_of(reading.valid), forecast()),
        (None, Some(last)) => {
            let last = fill(&texts.last_measured, &[("when", &reader.dated(last.valid))]);
            (texts.no_current.clone(), format!("{}. {last}", as_of(reader.now)), forecast())
        }
        (None, None) => (texts.no_current.clone(), as_of(reader.now), forecast()),
    };
    PictureView {
        site: snapshot.site.title.in_language(code).to_owned(),
        demonstration: snapshot.site.demonstration.then(|| reader.texts.page.demonstration_short.clone()),
        name: station.name.in_language(code).to_owned(),
        river: station.river.in_language(code).to_owned(),
        tag: Tag::of(reader, station, state),
        headline,
        trend: assessment.current.and(assessment.trend).map(|trend| reader.trend(trend, station.parameter())),
        as_of,
        ahead,
    }
}
