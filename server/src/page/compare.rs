//! Up to six stations on one chart: a lane each with its own heights and thresholds, under one another on the same hours, so
//! that a wave is seen to travel from lane to lane.

use hydro::{Rank, SignedDuration, Station, Timestamp};
use maud::{PreEscaped, html};

use super::{Frame, Style, board, document};
use crate::board::{self as view, Wish};
use crate::chart::stacked;
use crate::format::Reader;
use crate::lang::fill;
use crate::sentence;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::{Tag, spanning};

/// Stations on one chart.
pub(crate) const LANES: usize = 6;
/// Width and height of a lane in CSS pixels.
const LANE: (u32, u32) = (328, 200);
/// Days before now that the chart shows.
const BEHIND: SignedDuration = SignedDuration::from_hours(96);
/// And after it where nothing is forecast.
const AHEAD: SignedDuration = SignedDuration::from_hours(6);

/// The page that compares stations, in their order, with their measurements one by one; `more` were wished for than can be
/// shown.
pub(crate) fn page(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    shown: &[(&Station, StationNow)],
    more: bool,
    query: &str,
) -> String {
    let (texts, code) = (&reader.texts.compare, reader.texts.code.as_str());
    let ids: Vec<String> = shown.iter().map(|(station, _)| station.id.to_string()).collect();
    let rows = view::view(reader, snapshot, &Wish { only: ids.clone(), ..Wish::default() });
    let main = html! {
        h1 { (texts.title) }
        p { @if shown.is_empty() { (texts.choose) } @else { (texts.intro) } }
        @if more { p { (texts.chart_of_more) } }
        @if let Some(chart) = chart(reader, shown) {
            (board::rows(reader, &rows))
            figure { (PreEscaped(chart)) }
            p.o { a href={"/" (code) "/board?stations=" (ids.join(","))} { (texts.board) } }
        }
        (board::choice(reader, &rows))
    };
    let glyphs: Vec<_> = Rank::ALL.into_iter().map(Some).chain([None]).collect();
    document(
        &Frame {
            reader,
            site: &snapshot.site,
            title: &texts.title,
            description: &texts.description,
            path: &format!("compare{query}"),
            style: Style::Sheet,
            glyphs: &glyphs,
            picture: None,
        },
        &main,
    )
}

/// The chart; none where no lane has anything to draw.
#[allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general over the chart's lifetime")]
fn chart(reader: &Reader<'_>, shown: &[(&Station, StationNow)]) -> Option<String> {
    let ends = shown.iter().filter_map(|(_, state)| state.current_forecast(reader.now)?.end());
    let span = (reader.now - BEHIND, ends.max().map_or(reader.now + AHEAD, |end| end.max(reader.now + AHEAD)));
    let widest = shown.iter().filter_map(|lane| drawn(reader, lane, span, |chart| chart.column())).max()?;
    let lanes: Vec<String> =
        shown.iter().filter_map(|lane| drawn(reader, lane, span, |chart| chart.lane(widest))).collect();
    let names: Vec<&str> = shown.iter().map(|(station, _)| station.name.in_language(&reader.texts.code)).collect();
    let title = fill(&reader.texts.compare.chart, &[("names", &names.join(", "))]);
    let said: Vec<String> = shown.iter().map(|(station, state)| sentence::short(reader, station, state)).collect();
    Some(stacked("c", LANE, (&title, &said.join(" ")), &lanes))
}

fn drawn<T>(
    reader: &Reader<'_>,
    (station, state): &(&Station, StationNow),
    span: (Timestamp, Timestamp),
    draw: impl Fn(&crate::chart::LevelChart<'_>) -> Option<T>,
) -> Option<T> {
    let reader = &Reader { zone: &station.zone, ..*reader };
    let level = state.assessment.current.map(|reading| reader.level(reading.value, station));
    let trend = state.assessment.trend.map(|trend| reader.trend(trend, station.parameter()));
    let said: Vec<String> = level.into_iter().chain(trend).collect();
    let said = if said.is_empty() { Tag::of(reader, station, state).word } else { said.join(", ") };
    let name = station.name.in_language(&reader.texts.code);
    let note = fill(&reader.texts.compare.lane, &[("name", name), ("said", &said)]);
    spanning(reader, (station, state), span, LANE, Some(&note), draw)
}
