//! The numbers below a station's chart, decided; and where each stands on the chart, for the script that goes through them.

use hydro::{Kind, Screened, SignedDuration, Station, Timestamp, Value};
use jiff::civil::DateTime;

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

/// A value of the table, and what calendar and clock say of its instant.
struct Shown {
    valid: Timestamp,
    civil: DateTime,
    value: Value,
    kind: Kind,
}

impl Shown {
    /// When the clock of its day stood at zero, had it run evenly since.
    fn midnight(&self) -> Timestamp {
        let (hour, minute) = (i64::from(self.civil.hour()), i64::from(self.civil.minute()));
        self.valid - SignedDuration::from_mins(hour * 60 + minute)
    }
}

/// The first value of every three hours near now and of every six beyond, the newest measurement, and the forecast's peak.
pub(super) fn table(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Table {
    let newest = state.assessment.newest.map(|reading| reading.valid);
    let from = newest.map(|newest| newest - SignedDuration::from_hours(96));
    let screened = &state.assessment.screened;
    let first = screened.partition_point(|screened| Some(screened.point.valid) < from);
    let measured = screened[first..].iter().filter_map(Screened::trusted);
    let mut points = thinned(reader, measured.map(|reading| (reading.valid, reading.value)), newest, Kind::Observed);
    let forecast = state.current_forecast(reader.now).map_or(&[][..], |forecast| &forecast.points);
    let ahead = forecast.iter().copied().filter(|(valid, _)| *valid >= reader.now);
    let peak = state.assessment.outlook.as_ref().map(|outlook| outlook.peak.valid);
    points.extend(thinned(reader, ahead, peak, Kind::Forecast));
    let day = |point: &Shown| (point.civil.date(), point.kind);
    let days: Vec<_> = points.chunk_by(|one, other| day(one) == day(other)).collect();
    let mut groups: Vec<Group> = days.iter().map(|points| group(reader, station, points)).collect();
    for (i, pair) in days.windows(2).enumerate() {
        let [Some(one), Some(next)] = [pair[0].last(), pair[1].last()] else { continue };
        let minutes = next.midnight().duration_since(one.midnight()).as_mins();
        let expected = if one.civil.date() == next.civil.date() { 0 } else { 1440 };
        groups[i + 1].after = (minutes != expected).then_some(minutes);
    }
    let begins = window(state, reader.now).zip(days.first().and_then(|first| first.last()));
    let begins = begins.map(|((from, _), first)| first.midnight().duration_since(from).as_mins());
    Table { begins, groups }
}

fn group(reader: &Reader<'_>, station: &Station, points: &[Shown]) -> Group {
    let Shown { valid, kind, .. } = points[0];
    let word = if kind == Kind::Observed { &reader.texts.station.measured } else { &reader.texts.station.forecast };
    let row = |point: &Shown| (reader.clock_of(point.civil), reader.figure(point.value, station));
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
) -> Vec<Shown> {
    let (mut slot, mut clock) = (None, reader.zone.clock());
    points
        .filter_map(|(valid, value)| {
            let civil = clock.civil(valid);
            let near = (valid.duration_since(reader.now)).abs() <= SignedDuration::from_hours(48);
            let this = Some((civil.date(), civil.hour() / if near { 3 } else { 6 }));
            let first = slot != this;
            slot = this;
            (first || Some(valid) == always).then_some(Shown { valid, civil, value, kind })
        })
        .collect()
}
