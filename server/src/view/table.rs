//! The numbers below a station's chart, decided; and where each stands on the chart, for the script that goes through them.

use hydro::{Kind, Screened, SignedDuration, Station, Timestamp, Value};

use super::picture::window;
use crate::format::Reader;
use crate::sentence;
use crate::snapshot::StationNow;

/// The numbers in time order, what was measured first.
#[derive(Debug)]
pub(crate) struct Table {
    /// The minutes from where the chart begins to the midnight of the first group.
    pub(crate) begins: Option<i64>,
    pub(crate) groups: Vec<Group>,
}

/// The values of one day and one kind: clock times and levels.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// The minutes from the midnight of the group before, where they are not a day's, or for the same day none.
    pub(crate) after: Option<i64>,
    pub(crate) kind: Kind,
    pub(crate) rows: Vec<(String, String)>,
}

/// The first value of every three hours near now and of every six beyond, the newest measurement, and the forecast's peak.
pub(super) fn table(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Table {
    let newest = state.assessment.newest.map(|reading| reading.valid);
    let from = newest.map(|newest| newest - SignedDuration::from_hours(96));
    let trusted = state.assessment.screened.iter().filter_map(Screened::trusted);
    let measured = trusted.filter(|reading| Some(reading.valid) >= from).map(|reading| (reading.valid, reading.value));
    let mut points = thinned(reader, measured, newest, Kind::Observed);
    let forecast = state.current_forecast(reader.now).map_or(&[][..], |forecast| &forecast.points);
    let ahead = forecast.iter().copied().filter(|(valid, _)| *valid >= reader.now);
    let peak = state.assessment.outlook.as_ref().map(|outlook| outlook.peak.valid);
    points.extend(thinned(reader, ahead, peak, Kind::Forecast));
    let day = |valid: Timestamp| reader.zone.local(valid).civil.date();
    let days: Vec<_> = points.chunk_by(|a, b| (day(a.0), a.2) == (day(b.0), b.2)).collect();
    let mut groups: Vec<Group> = days.iter().map(|points| group(reader, station, points)).collect();
    let last = |points: &[(Timestamp, Value, Kind)]| points.last().map_or(reader.now, |point| point.0);
    for (i, pair) in days.windows(2).enumerate() {
        let (one, next) = (last(pair[0]), last(pair[1]));
        let minutes = midnight(reader, next).duration_since(midnight(reader, one)).as_mins();
        let expected = if day(one) == day(next) { 0 } else { 1440 };
        groups[i + 1].after = (minutes != expected).then_some(minutes);
    }
    let begins = window(state, reader.now).zip(days.first());
    let begins = begins.map(|((from, _), first)| midnight(reader, last(first)).duration_since(from).as_mins());
    Table { begins, groups }
}

/// When the clock of an instant's day stood at zero, had it run evenly since.
fn midnight(reader: &Reader<'_>, instant: Timestamp) -> Timestamp {
    let clock = reader.zone.local(instant).civil.time();
    instant - SignedDuration::from_mins(i64::from(clock.hour()) * 60 + i64::from(clock.minute()))
}

fn group(reader: &Reader<'_>, station: &Station, points: &[(Timestamp, Value, Kind)]) -> Group {
    let (valid, _, kind) = points[0];
    let word = if kind == Kind::Observed { &reader.texts.station.measured } else { &reader.texts.station.forecast };
    let row = |&(valid, value, _): &(Timestamp, Value, Kind)| (reader.clock(valid), reader.figure(value, station));
    Group {
        name: format!("{}, {word}", sentence::capital(&reader.day(valid))),
        after: None,
        kind,
        rows: points.iter().map(row).collect(),
    }
}

fn thinned(
    reader: &Reader<'_>,
    points: impl Iterator<Item = (Timestamp, Value)>,
    always: Option<Timestamp>,
    kind: Kind,
) -> Vec<(Timestamp, Value, Kind)> {
    let mut slot = None;
    points
        .filter(|(valid, _)| {
            let civil = reader.zone.local(*valid).civil;
            let near = (valid.duration_since(reader.now)).abs() <= SignedDuration::from_hours(48);
            let this = Some((civil.date(), civil.hour() / if near { 3 } else { 6 }));
            let first = slot != this;
            slot = this;
            first || Some(*valid) == always
        })
        .map(|(valid, value)| (valid, value, kind))
        .collect()
}
