//! A station's chart and ladder, with the words that stand on them.

use hydro::{Forecast, Parameter, Screened, SignedDuration, Station, Timestamp, Value};

use crate::chart::kept::covered_after;
use crate::chart::ladder::{Ladder, Rung, RungKind};
use crate::chart::style::colour;
use crate::chart::{Day, LevelChart, Line, Sample};
use crate::format::Reader;
use crate::lang::fill;
use crate::picture::canvas::{Canvas, Spot};
use crate::sentence;
use crate::snapshot::StationNow;
use crate::view::embed;

/// The widths of a chart standing alone: what can be read, and what a page has room for.
const WIDTHS: std::ops::RangeInclusive<u32> = 320..=1600;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is drawn beside the water on some pages and not on others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    /// The issue before this one.
    pub(super) previous: bool,
    /// The height that matters to the reader.
    pub(super) mark: Option<Value>,
}

/// The chart for a page, with what else is asked for.
#[allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general over the chart's lifetime")]
pub(super) fn chart_beside(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    beside: Beside,
) -> Option<String> {
    drawn(reader, station, state, beside, (328, 230), None, |chart| chart.svg())
}

/// The issue before the current forecast, where it still speaks of the time ahead.
pub(super) fn previous(state: &StationNow, now: Timestamp) -> Option<&Forecast> {
    let previous = state.current_forecast(now).and(state.previous.as_deref())?;
    previous.points.last().is_some_and(|&(end, _)| end > now).then_some(previous)
}

/// What the chart shows, and where.
pub(super) fn title(reader: &Reader<'_>, station: &Station) -> String {
    let texts = &reader.texts.station;
    let title = match station.parameter() {
        Parameter::Level => &texts.chart_title,
        Parameter::Discharge => &texts.chart_title_discharge,
    };
    fill(title, &[("name", station.name.in_language(&reader.texts.code))])
}

/// How wide a chart standing alone is, in CSS pixels, where its address does not say it.
pub(crate) const WIDTH: u32 = 640;

/// The chart as a document of its own, so many pixels wide (within bounds), which names its station and its time, and says
/// that it is old once it has been kept too long.
#[allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general over the chart's lifetime")]
pub(crate) fn chart_standalone(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    demonstration: bool,
    width: u32,
) -> Option<String> {
    let (note, size) = (leaving(reader, station, state, demonstration), sized(width));
    let beside = Beside { previous: true, mark: None };
    let picture = drawn(reader, station, state, beside, size, Some(&note), |chart| chart.standalone())?;
    let seconds = embed::holds_for(reader, station, state).as_secs();
    Some(covered_after(&picture, size, &reader.texts.embed.kept_picture, seconds))
}

/// The same as a bitmap of that width, for where no vector picture can stand.
pub(crate) fn chart_bitmap(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    demonstration: bool,
    width: u32,
) -> Option<Vec<u8>> {
    let (note, size) = (leaving(reader, station, state, demonstration), sized(width));
    let beside = Beside { previous: true, mark: None };
    let mut canvas = Canvas::new(size, colour("--paper"));
    drawn(reader, station, state, beside, size, Some(&note), |chart| Some(chart.onto(&mut canvas, (0.0, 0.0), 1.0)))?;
    Some(canvas.png())
}

/// What a picture says that leaves the page: whose it is, and of when.
fn leaving(reader: &Reader<'_>, station: &Station, state: &StationNow, demonstration: bool) -> String {
    let warning =
        if demonstration { format!("{} \u{b7} ", reader.texts.page.demonstration_short) } else { String::new() };
    let name = match station.parameter() {
        Parameter::Level => station.name.in_language(&reader.texts.code).to_owned(),
        Parameter::Discharge => title(reader, station),
    };
    format!("{warning}{name}\n{}", embed::as_of(reader, state))
}

/// The size of a picture of a width that was asked for.
fn sized(width: u32) -> (u32, u32) {
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
    (width, (width * 17 / 32).clamp(260, 640))
}

/// The chart on a bitmap, at a place, in a size of its own pixels, each so many of the canvas. Nothing where there is nothing
/// to draw.
pub(crate) fn chart_onto(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    canvas: &mut Canvas,
    (at, size, scale): (Spot, (u32, u32), f64),
) {
    drawn(reader, station, state, Beside::default(), size, None, |chart| Some(chart.onto(canvas, at, scale)));
}

/// The chart in letters of one width.
pub(crate) fn chart_text(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Vec<String> {
    drawn(reader, station, state, Beside::default(), (640, 340), None, |chart| Some(chart.text())).unwrap_or_default()
}

fn drawn<T>(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    beside: Beside,
    size: (u32, u32),
    note: Option<&str>,
    draw: impl FnOnce(&LevelChart<'_>) -> Option<T>,
) -> Option<T> {
    beside_over(reader, (station, state), window(state, reader.now)?, beside, size, note, draw)
}

/// Something made of the chart of a station over a span of time.
pub(crate) fn spanning<T>(
    reader: &Reader<'_>,
    of: (&Station, &StationNow),
    span: (Timestamp, Timestamp),
    size: (u32, u32),
    note: Option<&str>,
    draw: impl FnOnce(&LevelChart<'_>) -> Option<T>,
) -> Option<T> {
    beside_over(reader, of, span, Beside::default(), size, note, draw)
}

fn beside_over<T>(
    reader: &Reader<'_>,
    (station, state): (&Station, &StationNow),
    (from, until): (Timestamp, Timestamp),
    beside: Beside,
    size: (u32, u32),
    note: Option<&str>,
    draw: impl FnOnce(&LevelChart<'_>) -> Option<T>,
) -> Option<T> {
    let thresholds = station.thresholds.as_ref();
    let days = local_days(reader, from, until);
    let forecast = state.current_forecast(reader.now);
    let peak = state
        .assessment
        .outlook
        .as_ref()
        .filter(|outlook| !outlook.peak.still_rising && !outlook.peak.falling)
        .map(|outlook| outlook.peak);
    draw(&LevelChart {
        id: "c",
        parameter: station.parameter(),
        size,
        from,
        until,
        now: reader.now,
        now_label: &reader.texts.page.now,
        observed: runs(since(&state.assessment.screened, from), station.cadence * 3),
        doubtful: doubtful(&state.assessment.screened),
        forecast: forecast.map(|forecast| forecast.points.clone()).unwrap_or_default(),
        previous: previous(state, reader.now).filter(|_| beside.previous).map_or_else(Vec::new, |it| it.points.clone()),
        band: forecast.and_then(Forecast::band).map(|band| (band.lower, band.upper)),
        peak: peak.map(|peak| (peak.valid, peak.value)),
        thresholds: thresholds
            .into_iter()
            .flat_map(|set| {
                set.iter().map(|step| Line { rank: step.rank, label: reader.status(set, step.rank), value: step.value })
            })
            .collect(),
        mark: beside.mark.map(|mark| (mark, reader.texts.mark.rung.as_str())),
        days: days.iter().map(|(start, end, label)| Day { start: *start, end: *end, label }).collect(),
        height: &|value| reader.level(value, station),
        title: &title(reader, station),
        desc: &description(reader, station, state, (from, until)),
        note,
    })
}

/// The chart in words: the sentence, the span of time, the thresholds.
fn description(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    (from, until): (Timestamp, Timestamp),
) -> String {
    let texts = &reader.texts.station;
    let thresholds: Vec<String> = station
        .thresholds
        .iter()
        .flat_map(|set| {
            set.iter().map(|step| {
                fill(
                    &texts.chart_threshold,
                    &[
                        ("name", reader.status(set, step.rank)),
                        ("value", &reader.stated(step.value, station.parameter())),
                    ],
                )
            })
        })
        .collect();
    let span = fill(
        &texts.chart_desc_range,
        &[("from", &reader.day(from)), ("until", &reader.day(until)), ("thresholds", &thresholds.join(" "))],
    );
    let said = [sentence::band(reader, station, state).unwrap_or_default(), span];
    let said: Vec<&str> = said.iter().map(|text| text.trim_end()).filter(|text| !text.is_empty()).collect();
    format!("{} {}", sentence::short(reader, station, state), said.join(" "))
}

/// The span shown: four days back and the forecast ahead, a week back without one; where all data are old, the days before
/// the newest.
pub(super) fn window(state: &StationNow, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let newest = state.assessment.newest.map(|reading| reading.valid);
    let end = state.current_forecast(now).and_then(Forecast::end);
    match (newest, end) {
        (newest, Some(end)) => {
            let back =
                if newest.is_some_and(|newest| now.duration_since(newest) <= DAY * 4) { DAY * 4 } else { DAY / 2 };
            Some((now - back, end))
        }
        (Some(newest), None) if now.duration_since(newest) <= DAY * 3 => {
            let first = state.observed.first().map_or(newest, |point| point.valid);
            Some(((now - DAY * 7).max(first), now + HOUR * 6))
        }
        (Some(newest), None) => Some((newest - DAY * 4, newest + HOUR * 3)),
        (None, None) => None,
    }
}

/// Local days with their short names; by month and day where the window lies far from now.
fn local_days(reader: &Reader<'_>, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp, String)> {
    let far = reader.now.duration_since(from) > DAY * 8;
    let mut days = Vec::new();
    let mut date = reader.zone.civil(from).date();
    let mut start = reader.zone.start_of_day(date);
    while start < until
        && let Ok(next) = date.tomorrow()
    {
        let end = reader.zone.start_of_day(next);
        let label = if far { date.strftime("%m-%d").to_string() } else { reader.weekday_short(date).to_owned() };
        days.push((start, end, label));
        (date, start) = (next, end);
    }
    days
}

/// The readings from an instant on, and the last one before it that is trusted.
fn since(screened: &[Screened], from: Timestamp) -> &[Screened] {
    let first = screened.partition_point(|reading| reading.point.valid < from);
    let before = screened[..first].iter().rposition(|reading| reading.trusted().is_some());
    &screened[before.unwrap_or(first)..]
}

/// Trusted readings in runs without a gap: nothing is drawn across one.
pub(crate) fn runs(screened: &[Screened], widest: SignedDuration) -> Vec<Vec<Sample>> {
    let mut runs: Vec<Vec<Sample>> = Vec::new();
    for reading in screened.iter().filter_map(Screened::trusted) {
        let sample = (reading.valid, reading.value);
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|&(last, _)| reading.valid.duration_since(last) <= widest) => {
                run.push(sample);
            }
            _ => runs.push(vec![sample]),
        }
    }
    runs
}

fn doubtful(screened: &[Screened]) -> Vec<Sample> {
    screened.iter().filter_map(Screened::suspect).map(|(reading, _)| (reading.valid, reading.value)).collect()
}

/// The ladder: now, thresholds, forecast peak, record, past floods, impacts.
pub(super) fn ladder(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    mark: Option<Value>,
) -> Option<String> {
    let texts = &reader.texts.station;
    let code = reader.texts.code.as_str();
    let thresholds = station.thresholds.as_ref();
    let current = state.assessment.newest.filter(|_| state.assessment.status.rank().is_some());
    let mut rungs: Vec<(Value, String, RungKind)> = Vec::new();
    if let Some(set) = thresholds {
        rungs.extend(set.iter().map(|step| {
            (step.value, sentence::capital(reader.threshold(station, step.rank)), RungKind::Threshold(step.rank))
        }));
    }
    if let Some(reading) = current {
        rungs.push((reading.value, texts.now_rung.clone(), RungKind::Now));
    }
    if let Some(outlook) = state.assessment.outlook.as_ref().filter(|outlook| !outlook.peak.falling) {
        let label = fill(&texts.peak_rung, &[("when", &reader.about(outlook.peak.valid))]);
        rungs.push((outlook.peak.value, label, RungKind::Peak));
    }
    if let Some(record) = &station.record {
        let year = record.year.map(|year| year.to_string());
        let label =
            year.map_or_else(|| texts.record_rung.clone(), |year| fill(&texts.record_rung_year, &[("year", &year)]));
        rungs.push((record.value, label, RungKind::Record));
    }
    for flood in &station.floods {
        let year = flood.year.map(|year| year.to_string()).unwrap_or_default();
        rungs.push((flood.value, fill(&texts.flood_rung, &[("year", &year)]), RungKind::Flood));
    }
    rungs.extend(
        station.impacts.iter().map(|impact| (impact.value, impact.text.in_language(code).to_owned(), RungKind::Impact)),
    );
    rungs.extend(mark.map(|value| (value, reader.texts.mark.rung.clone(), RungKind::Mark)));
    if rungs.is_empty() {
        return None;
    }
    rungs.sort_by_key(|(value, ..)| std::cmp::Reverse(*value));
    let height = |(value, _, kind): &(Value, String, RungKind)| match (kind, station.parameter()) {
        (RungKind::Now | RungKind::Peak, _) | (_, Parameter::Level) => reader.level(*value, station),
        (_, parameter) => reader.stated(*value, parameter),
    };
    let heights: Vec<String> = rungs.iter().map(height).collect();
    let spoken: Vec<String> =
        rungs.iter().zip(&heights).map(|((_, label, _), height)| format!("{height} {label}")).collect();
    let drawn =
        rungs.iter().zip(&heights).map(|((value, label, kind), text)| Rung { value: *value, text, label, kind: *kind });
    Ladder {
        id: "l",
        width: 328,
        now: current.map(|reading| reading.value),
        rungs: drawn.collect(),
        parameter: station.parameter(),
        title: match station.parameter() {
            Parameter::Level => &texts.ladder,
            Parameter::Discharge => &texts.ladder_discharge,
        },
        desc: &fill(&texts.ladder_desc, &[("rungs", &spoken.join("; "))]),
    }
    .svg()
}
