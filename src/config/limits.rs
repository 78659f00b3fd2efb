//! What a station's readings are held against, and when its episodes begin and end.

use hydro::{EpisodeRule, Limits, Mark, Parameter, SignedDuration, Thresholds, Timestamp, Value};

use super::heights::unit_of;
use super::reader::{Field, Table};
use super::units::delay;
use crate::clock::instant;

/// Where no `highest` is said: so far above the highest height that the station names. Floods have exceeded records by
/// metres; what is caught here are other zeros, other units and nonsense.
const HEADROOM: Value = Value::from_milli(10_000);
/// Where no `lowest` is said: so far below the lowest threshold. Few rivers rise that far from their lowest level.
const FOOTROOM: Value = Value::from_milli(-20_000);

/// Where no `highest` is said of a discharge: so many times the highest that the station names. The flood of July 2021 on the
/// Ahr carried some five times the highest discharge that had been measured there.
const HEADROOM_TIMES: i64 = 10;
/// The share of the lowest threshold that a discharge must be below it to have left it, where no `deadband` is said: a
/// centimetre of a metre of water makes about as much.
const DEADBAND_SHARE: i64 = 50;

/// Metres an hour; waves alone make a quarter of a metre of readings five minutes apart.
const FASTEST: [Value; 2] = [Value::from_milli(500), Value::from_milli(100_000)];
const STEP: [Value; 2] = [Value::from_milli(100), Value::from_milli(100_000)];
const DEADBAND: [Value; 2] = [Value::from_milli(0), Value::from_milli(1000)];
/// Of a discharge, whose size is that of the river.
const ANY: [Value; 2] = [Value::from_milli(0), Value::from_milli(500_000_000)];

/// What a setting may be of a level, or of a discharge.
const fn range(of_level: [Value; 2], parameter: Parameter) -> [Value; 2] {
    match parameter {
        Parameter::Level => of_level,
        Parameter::Discharge => ANY,
    }
}

/// What the stations of a file share where they say nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    limits: Limits,
    rule: EpisodeRule,
}

impl Pace {
    /// For a station: what is shared is of levels, and of a discharge only the delays hold. A river's discharge may change as
    /// fast as its size allows, which the highest one that the station names tells.
    pub(super) fn of(&self, named: Named) -> Self {
        if named.parameter == Parameter::Level {
            return self.clone();
        }
        let otherwise = Limits::of(Parameter::Discharge);
        let fastest = named.highest().filter(|highest| highest.milli() > 0).unwrap_or(otherwise.fastest);
        let deadband = named.lowest().map_or(0, |lowest| lowest.milli() / DEADBAND_SHARE);
        let rule = EpisodeRule { deadband: Value::from_milli(deadband.max(0)), ..self.rule };
        Self { limits: Limits { fastest, ..otherwise }, rule }
    }
}

/// Reads what stations share, in `[river]`.
pub(super) fn pace(table: &mut Table) -> Option<Pace> {
    let limits = table.section("limits", |table| speeds(table, &Limits::default())).flatten();
    let rule = rule(table, EpisodeRule::default(), Parameter::Level);
    Some(Pace { limits: limits?, rule: rule? })
}

/// The heights or discharges that a station names: thresholds, record and past floods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) parameter: Parameter,
    /// The tide turns the river about.
    pub(super) tidal: bool,
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

    /// Beyond what no reading is believed where the station does not say it. Only the tide makes a discharge negative.
    fn bounds(self) -> (Option<Value>, Option<Value>) {
        let (lowest, highest) = (self.lowest(), self.highest());
        match self.parameter {
            Parameter::Level => (lowest.map(|height| height + FOOTROOM), highest.map(|height| height + HEADROOM)),
            Parameter::Discharge => (
                (!self.tidal).then_some(Value::from_milli(0)),
                highest.map(|discharge| Value::from_milli(discharge.milli() * HEADROOM_TIMES)),
            ),
        }
    }
}

/// Reads a station's limits.
pub(super) fn limits(table: &mut Table, pace: &Pace, named: Named) -> Option<Limits> {
    table.section("limits", |table| {
        let lowest = table.find("lowest").map_or(Some(None), |field| lowest(&field, named).map(Some));
        let highest = table.find("highest").map_or(Some(None), |field| highest(&field, named).map(Some));
        let otherwise = named.bounds();
        let (speeds, accept) = (speeds(table, &pace.limits), table.find("accept"));
        let accept = accept.map_or(Some(Vec::new()), |field| spans(&field));
        let lowest = lowest?.or(otherwise.0);
        let highest = highest?.or(otherwise.1);
        if let (Some(low), Some(high)) = (lowest, highest)
            && low >= high
        {
            return table
                .find("lowest")?
                .refuse(format!("lowest {low} is not below highest {high}{}", unit_of(named.parameter)));
        }
        Some(Limits { lowest, highest, accept: accept?, ..speeds? })
    })?
}

fn lowest(field: &Field, named: Named) -> Option<Value> {
    let (level, known) = (field.amount(named.parameter)?, named.lowest());
    match known.filter(|known| level >= *known) {
        Some(known) => {
            let unit = unit_of(named.parameter);
            field.refuse(format!("lowest {level} is not below the lowest threshold {known}{unit}"))
        }
        None => Some(level),
    }
}

fn highest(field: &Field, named: Named) -> Option<Value> {
    let (level, known) = (field.amount(named.parameter)?, named.highest());
    match known.filter(|known| level <= *known) {
        Some(known) => field.refuse(format!(
            "highest {level} is not above {known}{}, the highest of thresholds, record and past floods: a flood like it \
             would be doubted",
            unit_of(named.parameter)
        )),
        None => Some(level),
    }
}

fn speeds(table: &mut Table, otherwise: &Limits) -> Option<Limits> {
    let parameter = otherwise.parameter;
    let (fast, step) = (range(FASTEST, parameter), range(STEP, parameter));
    let fastest = table.find("fastest").map_or(Some(otherwise.fastest), |field| field.within(fast, parameter));
    let step = table.find("step").map_or(Some(otherwise.step), |field| field.within(step, parameter));
    Some(Limits { fastest: fastest?, step: step?, ..Limits::of(parameter) })
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
    rule(table, EpisodeRule { off_delay, ..pace.rule }, pace.limits.parameter)
}

fn rule(table: &mut Table, otherwise: EpisodeRule, parameter: Parameter) -> Option<EpisodeRule> {
    let range = range(DEADBAND, parameter);
    let deadband = table.find("deadband").map_or(Some(otherwise.deadband), |field| field.within(range, parameter));
    let mut length = |key: &'static str, otherwise| table.find(key).map_or(Some(otherwise), |field| wait(&field));
    let (on_delay, off_delay) = (length("on_delay", otherwise.on_delay), length("off_delay", otherwise.off_delay));
    Some(EpisodeRule { deadband: deadband?, on_delay: on_delay?, off_delay: off_delay? })
}

fn wait(field: &Field) -> Option<SignedDuration> {
    field.parsed(|text| SignedDuration::try_from(delay(text)?).map_err(|error| error.to_string()))
}
