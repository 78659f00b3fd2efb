//! The coordinators' board, decided: every station in the order of what needs attention, in the few words and numbers of a
//! line each.

mod wish;

use std::cmp::Reverse;

use hydro::{Assessment, LocalText, Operation, Rank, Scheme, SignedDuration, Station, Timestamp, Trend, current_for};

use crate::chart::Sample;
use crate::chart::spark::{Spark, thinned};
use crate::format::Reader;
use crate::lang::fill;
use crate::page::notes::of_lasting;
use crate::snapshot::{Snapshot, StationNow};
use crate::view::{Tag, alerts, runs};
pub(crate) use wish::Wish;

/// The span of the small charts, the same for all so that they can be read across.
const BEHIND: SignedDuration = SignedDuration::from_hours(48);
const AHEAD: SignedDuration = SignedDuration::from_hours(72);

/// What the small chart of a station needs of what was measured, in runs without a gap.
pub(crate) fn recent(station: &Station, assessment: &Assessment) -> Vec<Vec<Sample>> {
    let Some(newest) = assessment.newest else { return Vec::new() };
    // One reading before the span is where the line enters it.
    let from = assessment.screened.partition_point(|screened| screened.point.valid < newest.valid - BEHIND);
    let hours = (BEHIND + AHEAD).as_hours();
    let runs = runs(&assessment.screened[from.saturating_sub(1)..], station.cadence * 3);
    runs.iter().map(|run| thinned(run, hours)).collect()
}

/// Why a station stands where it does; the first needs attention most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attention {
    /// At or above a threshold.
    Above,
    /// Below all thresholds or not known to be above one, and forecast to reach one or to stand above it.
    Ahead,
    /// Rising.
    Rising,
    /// A gauge that says nothing current.
    Silent,
    /// None of these.
    Calm,
    /// Nobody measures there, or not now.
    Unmeasured,
}

impl Attention {
    pub(crate) fn of(station: &Station, state: &StationNow) -> Self {
        let assessment = &state.assessment;
        let crosses = assessment.outlook.as_ref().is_some_and(|outlook| !outlook.crossings.is_empty());
        match assessment.trend {
            _ if reached(state) > Some(Rank::NORMAL) => Self::Above,
            _ if crosses || ahead(state) > Some(Rank::NORMAL) => Self::Ahead,
            Some(Trend::Rising(_)) => Self::Rising,
            _ if is_out(station) => Self::Unmeasured,
            _ if assessment.current.is_none() => Self::Silent,
            _ => Self::Calm,
        }
    }
}

/// Nobody measures there, or not now.
pub(crate) fn is_out(station: &Station) -> bool {
    !station.measured || station.operation != Operation::Active
}

fn reached(state: &StationNow) -> Option<Rank> {
    state.assessment.status.rank()
}

fn ahead(state: &StationNow) -> Option<Rank> {
    state.assessment.outlook.as_ref().and_then(|outlook| outlook.rank)
}

/// A board: groups of rows, and what can be chosen.
#[derive(Debug)]
pub(crate) struct BoardView {
    pub(crate) groups: Vec<(Attention, Vec<Row>)>,
    /// Each river by name, and whether it is the one asked for.
    pub(crate) rivers: Vec<(String, bool)>,
    /// Each region likewise.
    pub(crate) regions: Vec<(String, bool)>,
    /// Each threshold by its name in data and its word, and whether it is the one asked for.
    pub(crate) thresholds: Vec<(&'static str, String, bool)>,
    /// Every station by id and name, and whether it is one asked for.
    pub(crate) stations: Vec<(String, String, bool)>,
}

/// A station's line.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) river: String,
    pub(crate) tag: Tag,
    /// What the station's rank of attention is now, for those who watch for changes: the status, then the outlook.
    pub(crate) ranks: (u8, u8),
    /// An official alert covers it.
    pub(crate) alert: bool,
    /// What operators noted of its times above a threshold that last.
    pub(crate) notes: Vec<String>,
    pub(crate) level: Option<String>,
    /// The last one, where none is current.
    pub(crate) last: Option<String>,
    /// Which way, as an arrow and in words.
    pub(crate) trend: Option<(&'static str, String)>,
    /// The next threshold that the forecast reaches: its rank and name, when, and in how many hours.
    pub(crate) next: Option<(Rank, String, Timestamp, String, String)>,
    /// The forecast's highest value with the rank that it reaches, and when; or where it falls to.
    pub(crate) peak: Option<(Option<Rank>, String, String)>,
    pub(crate) issued: Option<String>,
    /// When the newest measurement was made, its clock and its age.
    pub(crate) measured: Option<(Timestamp, String, String)>,
    /// Until when it counts as current.
    pub(crate) until: Option<Timestamp>,
    pub(crate) spark: Option<String>,
}

/// Decides what the board says to a wish.
pub(crate) fn view(reader: &Reader<'_>, snapshot: &Snapshot, wish: &Wish) -> BoardView {
    let code = reader.texts.code.as_str();
    let mut wanted: Vec<_> = snapshot.all().enumerate().filter(|(_, (at, now))| wish.wants(reader, at, now)).collect();
    wanted.sort_by_key(|(i, (station, state))| (urgency(station, state), *i));
    let mut groups: Vec<(Attention, Vec<Row>)> = Vec::new();
    for (i, (station, state)) in wanted {
        let attention = Attention::of(station, state);
        let row = Row {
            alert: alerts::mark(snapshot, i, reader.now).is_some(),
            notes: of_lasting(reader, &snapshot.notes, station, state),
            ..row(&Reader { zone: &station.zone, ..*reader }, station, state)
        };
        match groups.last_mut() {
            Some((of, rows)) if *of == attention => rows.push(row),
            _ => groups.push((attention, vec![row])),
        }
    }
    let stations = &snapshot.site.stations;
    let named = |station: &Station| {
        let chosen = wish.only.iter().any(|id| id == station.id.as_str());
        (station.id.to_string(), station.name.in_language(code).to_owned(), chosen)
    };
    BoardView {
        groups,
        rivers: choices(reader, stations.iter().map(|station| &station.river), &wish.river),
        regions: choices(reader, stations.iter().filter_map(|station| station.region.as_ref()), &wish.region),
        thresholds: thresholds(reader, snapshot, wish),
        stations: stations.iter().map(named).collect(),
    }
}

/// Each name once, in the order of the stations, and whether it is the one asked for.
fn choices<'a>(reader: &Reader<'_>, names: impl Iterator<Item = &'a LocalText>, asked: &str) -> Vec<(String, bool)> {
    let mut choices: Vec<(String, bool)> = Vec::new();
    for text in names {
        let name = text.in_language(&reader.texts.code);
        if !choices.iter().any(|(known, _)| known == name) {
            choices.push((name.to_owned(), wish::is(reader, Some(text), asked)));
        }
    }
    choices
}

/// The thresholds of the schemes that the site's stations have.
fn thresholds(reader: &Reader<'_>, snapshot: &Snapshot, wish: &Wish) -> Vec<(&'static str, String, bool)> {
    let uses = |scheme: &Scheme| {
        snapshot
            .site
            .stations
            .iter()
            .filter_map(|station| station.thresholds.as_ref())
            .any(|set| set.scheme() == *scheme)
    };
    let names = Scheme::ALL.into_iter().filter(uses).flat_map(Scheme::thresholds);
    names.map(|name| (name, reader.texts.status_word(name).to_owned(), name == wish.threshold)).collect()
}

/// What sorts the rows, least first: the group; the higher status, or what the last measurement of a silent gauge had reached;
/// the sooner crossing; the faster rise; the longer silence.
fn urgency(station: &Station, state: &StationNow) -> impl Ord + use<> {
    let assessment = &state.assessment;
    let crossing = assessment.outlook.as_ref().and_then(|outlook| outlook.crossings.first());
    let rate = match assessment.trend {
        Some(Trend::Rising(rate)) => rate.milli(),
        Some(Trend::Falling(rate)) => -rate.milli(),
        _ => 0,
    };
    let last = || Some(station.thresholds.as_ref()?.reached(assessment.newest?.value));
    (
        Attention::of(station, state),
        Reverse(reached(state).or_else(last)),
        crossing.map_or(Timestamp::MAX, |crossing| crossing.valid),
        Reverse(rate),
        assessment.newest.map(|reading| reading.valid),
    )
}

fn row(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Row {
    let (assessment, code) = (&state.assessment, reader.texts.code.as_str());
    let current = assessment.current;
    let rank = |rank: Option<Rank>| rank.map_or(0, Rank::get);
    let outlook = assessment.outlook.as_ref();
    let issued = state.current_forecast(reader.now).map(|forecast| brief(reader, forecast.issued, false));
    Row {
        id: station.id.to_string(),
        name: station.name.in_language(code).to_owned(),
        river: station.river.in_language(code).to_owned(),
        tag: Tag::of(reader, station, state),
        ranks: (rank(reached(state)), rank(ahead(state))),
        alert: false,
        notes: Vec::new(),
        level: current.map(|reading| reader.level(reading.value, station)),
        last: assessment.newest.filter(|_| current.is_none()).map(|reading| reader.level(reading.value, station)),
        trend: assessment.trend.map(|trend| (arrow(trend), reader.trend(trend, station.parameter()))),
        next: outlook.and_then(|outlook| outlook.crossings.first()).map(|crossing| {
            let set = station.thresholds.as_ref();
            let name = set.map_or_else(String::new, |set| reader.status(set, crossing.rank).to_owned());
            (crossing.rank, name, crossing.valid, brief(reader, crossing.valid, true), left(reader, crossing.valid))
        }),
        peak: peak(reader, station, state),
        issued,
        measured: assessment.newest.map(|reading| {
            let recent = reader.now.duration_since(reading.valid) < SignedDuration::from_hours(12);
            let clock = if recent { reader.clock(reading.valid) } else { brief(reader, reading.valid, false) };
            (reading.valid, clock, reader.age(reading.valid))
        }),
        until: current.map(|reading| reading.valid + current_for(station.cadence)),
        spark: spark(reader, station, state),
    }
}

/// Which way, as an arrow.
pub(crate) const fn arrow(trend: Trend) -> &'static str {
    match trend {
        Trend::Rising(_) => "\u{2197}",
        Trend::Steady => "\u{2192}",
        Trend::Falling(_) => "\u{2198}",
    }
}

/// An instant in the space of a board: `Thu 07:00`, to the nearest hour where nobody knows the minute; its date where it is far.
fn brief(reader: &Reader<'_>, at: Timestamp, to_the_hour: bool) -> String {
    let hour = SignedDuration::from_hours(1).as_secs();
    let nearest = (at.as_second() + hour / 2).div_euclid(hour) * hour;
    let at = if to_the_hour { Timestamp::from_second(nearest).unwrap_or(at) } else { at };
    if at.duration_since(reader.now).abs() > SignedDuration::from_hours(6 * 24) {
        return reader.at(at);
    }
    let day = reader.weekday_short(reader.zone.local(at).civil.date());
    format!("{day}\u{a0}{}", reader.clock(at))
}

/// How long until an instant ahead, in whole hours: nobody knows the minute of a forecast.
pub(crate) fn left(reader: &Reader<'_>, at: Timestamp) -> String {
    let hours = at.duration_since(reader.now).as_hours();
    let texts = &reader.texts.board;
    if hours < 1 { texts.soon.clone() } else { fill(&texts.left, &[("n", &hours.to_string())]) }
}

/// The rank that the forecast's highest value reaches, the value, and when; of a forecast that only falls, where to, and where
/// nothing is measured, from where.
pub(crate) fn peak(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
) -> Option<(Option<Rank>, String, String)> {
    let (outlook, texts) = (state.assessment.outlook.as_ref()?, &reader.texts.board);
    let peak = outlook.peak;
    let rank = outlook.rank.filter(|rank| *rank > Rank::NORMAL);
    let level = reader.level(peak.value, station);
    if !peak.falling {
        let when = brief(reader, peak.valid, true);
        let when = if peak.still_rising { fill(&texts.still_rising, &[("when", &when)]) } else { when };
        return Some((rank, level, when));
    }
    let &(end, last) = state.forecast.as_ref()?.points.last()?;
    let falls = fill(&texts.falls_to, &[("level", &reader.level(last, station))]);
    let when = brief(reader, end, true);
    Some(match state.assessment.current {
        Some(_) => (None, falls, when),
        None => (rank, level, format!("{falls} {when}")),
    })
}

fn spark(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    let thresholds: Vec<_> =
        station.thresholds.iter().flat_map(|set| set.iter().map(|step| (step.rank, step.value))).collect();
    Spark {
        from: reader.now - BEHIND,
        until: reader.now + AHEAD,
        now: reader.now,
        observed: &state.recent,
        forecast: state.current_forecast(reader.now).map_or(&[], |forecast| &forecast.points),
        thresholds: &thresholds,
    }
    .svg()
}
