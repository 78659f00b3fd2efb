//! The hand-over report, decided: who is above what since when, what is forecast, what has changed in the last hours, and
//! which stations are silent; on paper and as CSV.
//!
//! What has changed is told against what was known then and said of each station: not what has come since.

use hydro::{Assessment, Rank, Screened, SignedDuration, Station, Timestamp, Trend, Value};
use store::StoreError;

use crate::board::{arrow, is_out, left, peak};
use crate::data::{cell, invented};
use crate::format::Reader;
use crate::lang::fill;
use crate::page::notes::of_lasting;
use crate::pool::Pool;
use crate::sentence::{self, capital};
use crate::snapshot::{Snapshot, StationNow};
use crate::view::alerts::{self, AlertView};
use crate::view::{Tag, list, status_name};

/// How many hours back changes are told.
pub(crate) const BACK: [i64; 3] = [6, 12, 24];
/// A forecast peak that has moved by less is the same.
const SAME: Value = Value::from_milli(10);

/// The report.
#[derive(Debug)]
pub(crate) struct ReportView {
    pub(crate) summary: String,
    pub(crate) alerts: Vec<AlertView>,
    pub(crate) above: Vec<AboveRow>,
    pub(crate) ahead: Vec<AheadRow>,
    pub(crate) changes: Vec<ChangeRow>,
    /// Id, name and what is known.
    pub(crate) silent: Vec<(String, String, String)>,
    pub(crate) unmeasured: Vec<(String, String, String)>,
}

/// A station above a threshold.
#[derive(Debug)]
pub(crate) struct AboveRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) tag: Tag,
    pub(crate) level: String,
    pub(crate) trend: Option<(&'static str, String)>,
    pub(crate) since: Option<String>,
    /// The highest level since then, and when.
    pub(crate) highest: Option<String>,
    /// What operators noted of it.
    pub(crate) notes: Vec<String>,
}

/// What is forecast for a station.
#[derive(Debug)]
pub(crate) struct AheadRow {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The thresholds that it reaches, lowest first.
    pub(crate) reaches: Vec<(Rank, String)>,
    /// The highest value with the rank that it reaches, and when; or where it falls to.
    pub(crate) peak: Option<(Option<Rank>, String, String)>,
    pub(crate) issued: String,
}

/// What has changed at a station, for each of [`BACK`].
#[derive(Debug)]
pub(crate) struct ChangeRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) level: Option<String>,
    pub(crate) back: Vec<(Option<String>, Vec<String>)>,
}

/// What was said of each station so many hours before, for each of [`BACK`]; none where that cannot be read.
pub(crate) type Earlier = [Option<Vec<Assessment>>; 3];

/// Reads it, from what was known then.
pub(crate) fn earlier(snapshot: &Snapshot, pool: &Pool) -> Earlier {
    let said = |hours| -> Result<Vec<Assessment>, StoreError> {
        let then = snapshot.now - SignedDuration::from_hours(hours);
        pool.read(|database| {
            let _view = database.view()?;
            let site = Snapshot::site_at(database, &snapshot.site, then)?;
            site.stations.iter().map(|station| StationNow::said(database, station, then)).collect()
        })
    };
    BACK.map(|hours| {
        said(hours)
            .inspect_err(|error| tracing::error!(%error, "what changed cannot be told: the database does not answer"))
            .ok()
    })
}

/// Decides what the report says.
pub(crate) fn view(reader: &Reader<'_>, snapshot: &Snapshot, earlier: &Earlier) -> ReportView {
    let (mut above, mut ahead, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut silent, mut unmeasured) = (Vec::new(), Vec::new());
    for (i, (station, state)) in snapshot.all().enumerate() {
        let reader = &Reader { zone: &station.zone, ..*reader };
        let known = || {
            let (id, name) = named(reader, station);
            (id, name, capital(&sentence::row(reader, station, state)))
        };
        let notes = || of_lasting(reader, &snapshot.notes, station, state);
        let row = above_row(reader, station, state).map(|row| AboveRow { notes: notes(), ..row });
        above.extend(row.map(|row| (state.assessment.status.rank(), row)));
        ahead.extend(ahead_row(reader, station, state).map(|row| (first_crossing(state), row)));
        let then = earlier.each_ref().map(|then| then.as_ref().map(|then| &then[i]));
        changes.extend(change_row(reader, station, state, then));
        match (state.assessment.current, is_out(station)) {
            (Some(_), _) => {}
            (None, true) => unmeasured.push(known()),
            (None, false) => silent.push(known()),
        }
    }
    above.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    ahead.sort_by_key(|(crossing, _)| *crossing);
    ReportView {
        summary: list::summary(reader, snapshot),
        alerts: alerts::of_site(reader, snapshot),
        above: above.into_iter().map(|(_, row)| row).collect(),
        ahead: ahead.into_iter().map(|(_, row)| row).collect(),
        changes,
        silent,
        unmeasured,
    }
}

fn named(reader: &Reader<'_>, station: &Station) -> (String, String) {
    (station.id.to_string(), station.name.in_language(&reader.texts.code).to_owned())
}

fn first_crossing(state: &StationNow) -> Timestamp {
    let crossing = state.assessment.outlook.as_ref().and_then(|outlook| outlook.crossings.first());
    crossing.map_or(Timestamp::MAX, |crossing| crossing.valid)
}

fn above_row(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<AboveRow> {
    let assessment = &state.assessment;
    let current = assessment.current.filter(|_| assessment.status.rank() > Some(Rank::NORMAL))?;
    let (id, name) = named(reader, station);
    let since = assessment.run.map(|run| {
        let when = reader.at(run.since);
        if run.or_earlier { fill(&reader.texts.report.or_earlier, &[("when", &when)]) } else { when }
    });
    Some(AboveRow {
        id,
        name,
        tag: Tag::of(reader, station, state),
        level: reader.level(current.value, station),
        trend: assessment.trend.map(|trend| (arrow(trend), reader.trend(trend, station.parameter()))),
        since,
        highest: assessment
            .run
            .map(|run| format!("{}, {}", reader.level(run.peak.value, station), reader.at(run.peak.valid))),
        notes: Vec::new(),
    })
}

fn ahead_row(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<AheadRow> {
    let (outlook, forecast) = (state.assessment.outlook.as_ref()?, state.forecast.as_ref()?);
    let (id, name) = named(reader, station);
    let reaches = outlook.crossings.iter().map(|crossing| {
        let words = [
            ("threshold", capital(reader.threshold_brief(station, crossing.rank))),
            ("when", reader.about(crossing.valid)),
            ("left", left(reader, crossing.valid)),
        ];
        let words = words.each_ref().map(|(name, word)| (*name, word.as_str()));
        (crossing.rank, fill(&reader.texts.report.reaches_at, &words))
    });
    Some(AheadRow {
        id,
        name,
        reaches: reaches.collect(),
        peak: peak(reader, station, state),
        issued: reader.at(forecast.issued),
    })
}

/// What has changed, where the station has been heard from now or then.
fn change_row(
    reader: &Reader<'_>,
    station: &Station,
    state: &StationNow,
    earlier: [Option<&Assessment>; 3],
) -> Option<ChangeRow> {
    let texts = &reader.texts.report;
    let (id, name) = named(reader, station);
    let back = |(moved, then): (Option<Value>, Option<&Assessment>)| {
        let moved = moved.map(|moved| signed(reader, moved, station));
        let Some(then) = then else { return (moved, Vec::new()) };
        let mut notes = Vec::new();
        if then.status.rank() != state.assessment.status.rank() {
            notes.push(fill(&texts.was, &[("status", &Tag::said(reader, station, then).word)]));
        }
        if let Some(was) = other_peak(&state.assessment, then) {
            notes.push(fill(&texts.peak_was, &[("peak", &reader.level(was, station))]));
        }
        (moved, notes)
    };
    let back: Vec<_> = changes(state).into_iter().zip(earlier).map(back).collect();
    let some = back.iter().any(|(moved, notes)| moved.is_some() || !notes.is_empty());
    let level = state.assessment.current.map(|reading| reader.level(reading.value, station));
    some.then_some(ChangeRow { id, name, level, back })
}

/// How far the newest measurement stands from the one so many hours before it; `None` where nothing was measured about then.
pub(crate) fn moved(station: &Station, assessment: &Assessment) -> [Option<Value>; 3] {
    let near = station.cadence.max(SignedDuration::from_mins(30));
    BACK.map(|hours| {
        let now = assessment.newest?;
        let then = now.valid - SignedDuration::from_hours(hours);
        let from = assessment.screened.partition_point(|screened| screened.point.valid < then - near);
        let about = assessment.screened[from..].iter().take_while(|screened| screened.point.valid <= then + near);
        let trusted = about.filter_map(Screened::trusted);
        let nearest = trusted.min_by_key(|reading| reading.valid.duration_since(then).abs())?;
        Some(now.value - nearest.value)
    })
}

/// The same, where that measurement is the level now.
fn changes(state: &StationNow) -> [Option<Value>; 3] {
    if state.assessment.current.is_some() { state.moved } else { [None; 3] }
}

/// The forecast peak of then, where it was another than the one of now.
fn other_peak(now: &Assessment, then: &Assessment) -> Option<Value> {
    let peak = |said: &Assessment| said.outlook.as_ref().map(|outlook| outlook.peak.value);
    let (now, was) = (peak(now)?, peak(then)?);
    (now.distance(was) >= SAME).then_some(was)
}

fn signed(reader: &Reader<'_>, moved: Value, station: &Station) -> String {
    let sign = if moved.milli() > 0 { "+" } else { "" };
    format!("{sign}{}", reader.difference(moved, station.parameter()))
}

/// The report as CSV (RFC 4180): a row for every station, instants in UTC, values in the unit named.
pub(crate) fn csv(reader: &Reader<'_>, snapshot: &Snapshot, earlier: &Earlier) -> String {
    let demonstration = snapshot.site.demonstration;
    let mut head = String::from(
        "as_of,id,name,river,status,since,since_or_earlier,freshness,value,unit,valid,trend,rate_per_hour,next_threshold,next_valid,peak_value,peak_valid,peak_status,still_rising,issued",
    );
    for hours in BACK {
        head.push_str(&format!(",change_{hours}h,status_{hours}h,peak_{hours}h"));
    }
    let mut rows = format!("{head}{}\r\n", invented(demonstration, ",demonstration"));
    for (i, (station, state)) in snapshot.all().enumerate() {
        let then = earlier.each_ref().map(|then| then.as_ref().map(|then| &then[i]));
        let changed = changes(state).into_iter().zip(then).flat_map(|(moved, then)| {
            let rank = then.map(|then| status_name(station, then.status.rank()).to_owned());
            let peak = then.and_then(|then| then.outlook.as_ref()).map(|outlook| outlook.peak.value);
            [number(moved), rank.unwrap_or_default(), number(peak)]
        });
        let cells: Vec<String> =
            std::iter::once(reader.now.to_string()).chain(cells(reader, station, state)).chain(changed).collect();
        rows.push_str(&format!("{}{}\r\n", cells.join(","), invented(demonstration, ",true")));
    }
    rows
}

fn number(value: Option<Value>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What is known of a station now.
fn cells(reader: &Reader<'_>, station: &Station, state: &StationNow) -> [String; 19] {
    let (assessment, code) = (&state.assessment, reader.texts.code.as_str());
    let instant = |instant: Option<Timestamp>| instant.map(|instant| instant.to_string()).unwrap_or_default();
    let outlook = assessment.outlook.as_ref();
    let next = outlook.and_then(|outlook| outlook.crossings.first());
    let rate = assessment.trend.map(|trend| match trend {
        Trend::Rising(rate) => rate,
        Trend::Steady => Value::from_milli(0),
        Trend::Falling(rate) => Value::from_milli(-rate.milli()),
    });
    [
        station.id.to_string(),
        cell(station.name.in_language(code)),
        cell(station.river.in_language(code)),
        status_name(station, assessment.status.rank()).to_owned(),
        instant(assessment.run.map(|run| run.since)),
        assessment.run.map(|run| run.or_earlier.to_string()).unwrap_or_default(),
        assessment.freshness.name().to_owned(),
        number(assessment.newest.map(|reading| reading.value)),
        station.parameter().unit().to_owned(),
        instant(assessment.newest.map(|reading| reading.valid)),
        assessment.trend.map(Trend::name).unwrap_or_default().to_owned(),
        number(rate),
        next.map(|crossing| status_name(station, Some(crossing.rank))).unwrap_or_default().to_owned(),
        instant(next.map(|crossing| crossing.valid)),
        number(outlook.map(|outlook| outlook.peak.value)),
        instant(outlook.map(|outlook| outlook.peak.valid)),
        outlook.map(|outlook| status_name(station, outlook.rank)).unwrap_or_default().to_owned(),
        outlook.map(|outlook| outlook.peak.still_rising.to_string()).unwrap_or_default(),
        instant(outlook.and(state.forecast.as_ref()).map(|forecast| forecast.issued)),
    ]
}
