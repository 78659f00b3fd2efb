//! What a station's readings are held against, and when its episodes begin and end.

use hydro::{EpisodeRule, Limits, Mark, SignedDuration, Thresholds, Timestamp, Value};

use super::reader::{Field, Table};
use super::units::delay;
use crate::clock::instant;

/// Where no `highest` is said: so far above the highest height that the station names. Floods have exceeded records by
/// metres; what is caught here are other zeros, other units and nonsense.
const HEADROOM: Value = Value::from_milli(10_000);
/// Where no `lowest` is said: so far below the lowest threshold. Few rivers rise that far from their lowest level.
const FOOTROOM: Value = Value::from_milli(-20_000);

/// Metres an hour; waves alone make a quarter of a metre of readings five minutes apart.
const FASTEST: [Value; 2] = [Value::from_milli(500), Value::from_milli(100_000)];
const STEP: [Value; 2] = [Value::from_milli(100), Value::from_milli(100_000)];
const DEADBAND: [Value; 2] = [Value::from_milli(0), Value::from_milli(1000)];

/// What the stations of a file share where they say nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    limits: Limits,
    rule: EpisodeRule,
}

/// Reads what stations share, in `[river]`.
pub(super) fn pace(table: &mut Table) -> Option<Pace> {
    let limits = table.section("limits", |table| speeds(table, &Limits::default())).flatten();
    let rule = rule(table, EpisodeRule::default());
    Some(Pace { limits: limits?, rule: rule? })
}

/// The heights that a station names: thresholds, record and past floods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) thresholds: Option<&'a Thresholds>,
    pub(super) record: Option<&'a Mark>,
    pub(super) floods: &'a [Mark],
}

impl Named<'_> {
    fn lowest(self) -> Option<Value> {
        self.thresholds?.iter().next().map(|threshold| threshold.value)
    }

    fn highest(self) -> Option<Value> {
        let thresholds = self.thresholds.and_then(|set| set.iter().next_back()).map(|threshold| threshold.value);
        let marks = self.record.into_iter().chain(self.floods).map(|mark| mark.value);
        thresholds.into_iter().chain(marks).max()
    }
}

/// Reads a station's limits.
pub(super) fn limits(table: &mut Table, pace: &Pace, named: Named) -> Option<Limits> {
    table.section("limits", |table| {
        let lowest = table.find("lowest").map_or(Some(None), |field| lowest(&field, named).map(Some));
        let highest = table.find("highest").map_or(Some(None), |field| highest(&field, named).map(Some));
        let (speeds, accept) = (speeds(table, &pace.limits), table.find("accept"));
        let accept = accept.map_or(Some(Vec::new()), |field| spans(&field));
        let lowest = lowest?.or_else(|| named.lowest().map(|height| height + FOOTROOM));
        let highest = highest?.or_else(|| named.highest().map(|height| height + HEADROOM));
        if let (Some(low), Some(high)) = (lowest, highest)
            && low >= high
        {
            return table.find("lowest")?.refuse(format!("lowest {low} is not below highest {high}"));
        }
        Some(Limits { lowest, highest, accept: accept?, ..speeds? })
    })?
}

fn lowest(field: &Field, named: Named) -> Option<Value> {
    let (level, known) = (field.level()?, named.lowest());
    match known.filter(|known| level >= *known) {
        Some(known) => field.refuse(format!("lowest {level} is not below the lowest threshold {known}")),
        None => Some(level),
    }
}

fn highest(field: &Field, named: Named) -> Option<Value> {
    let (level, known) = (field.level()?, named.highest());
    match known.filter(|known| level <= *known) {
        Some(known) => field.refuse(format!(
            "highest {level} is not above {known}, the highest of thresholds, record and past floods: a flood like it \
             would be doubted"
        )),
        None => Some(level),
    }
}

fn speeds(table: &mut Table, otherwise: &Limits) -> Option<Limits> {
    let fastest = table.find("fastest").map_or(Some(otherwise.fastest), |field| field.metres(FASTEST));
    let step = table.find("step").map_or(Some(otherwise.step), |field| field.metres(STEP));
    Some(Limits { fastest: fastest?, step: step?, ..Limits::default() })
}

/// Reads the spans of time for which the operator vouches, each to its fault.
fn spans(field: &Field) -> Option<Vec<(Timestamp, Timestamp)>> {
    let spans: Vec<_> = field.items()?.iter().map(span).collect();
    spans.into_iter().collect()
}

/// Reads a span of time for which the operator vouches: two instants.
fn span(field: &Field) -> Option<(Timestamp, Timestamp)> {
    let items = field.items()?;
    let [from, to] = items.as_slice() else {
        return field.expected("two instants, from and to");
    };
    let (from, until) = (from.parsed(instant), to.parsed(instant));
    let (from, until) = (from?, until?);
    if from > until {
        return to.refuse(format!("the span ends before it begins: {until} is before {from}"));
    }
    Some((from, until))
}

/// Reads a station's rule of episodes. A tide that reaches the gauge asks for its own off-delay, unless the station says it.
pub(super) fn station_rule(table: &mut Table, pace: &Pace, tidal: bool) -> Option<EpisodeRule> {
    let off_delay = if tidal { EpisodeRule::TIDAL.off_delay } else { pace.rule.off_delay };
    rule(table, EpisodeRule { off_delay, ..pace.rule })
}

fn rule(table: &mut Table, otherwise: EpisodeRule) -> Option<EpisodeRule> {
    let deadband = table.find("deadband").map_or(Some(otherwise.deadband), |field| field.metres(DEADBAND));
    let mut length = |key: &str, otherwise| table.find(key).map_or(Some(otherwise), |field| wait(&field));
    let (on_delay, off_delay) = (length("on_delay", otherwise.on_delay), length("off_delay", otherwise.off_delay));
    Some(EpisodeRule { deadband: deadband?, on_delay: on_delay?, off_delay: off_delay? })
}

fn wait(field: &Field) -> Option<SignedDuration> {
    field.parsed(|text| SignedDuration::try_from(delay(text)?).map_err(|error| error.to_string()))
}
