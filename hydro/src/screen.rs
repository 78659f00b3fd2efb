//! Quality control: which readings of a series may be believed, and why the others are doubted.
//!
//! A pure function of the series, evaluated whenever a series is read: nothing is ever marked or thrown away, the answer
//! for a past instant is the same whenever it is asked for, and each doubt carries what a reader must be told. How
//! readings are compared, and how a doubt is lifted, stands in `track`.

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
mod track;

use jiff::{SignedDuration, Timestamp};

use crate::{Parameter, Point, Quality, Reading, Value};

/// What a station's readings are held against before they are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// What the readings are of.
    pub parameter: Parameter,
    /// No reading below this is believed.
    pub lowest: Option<Value>,
    /// No reading above this is believed.
    pub highest: Option<Value>,
    /// How far the water may rise or fall within an hour. The default is 3 m. In the flood of April 2022 on the Saint John
    /// River the water moved less than 18 cm in any hour, and waves made 26 cm an hour of readings five minutes apart; an
    /// ice jam that breaks may take away more than 2 m in one. Of a discharge the default is no limit: a turbine that is
    /// switched on or a cloudburst may multiply it within minutes, and how much that is depends on the size of the river.
    pub fastest: Value,
    /// A leap from one reading to the next that is larger than this, and faster than the limit, does not confirm itself by
    /// lasting: a gauge that was moved reads like that for ever. The default is 1 m. A discharge has no zero to be moved,
    /// and no limit by default.
    pub step: Value,
    /// Spans, both ends included, in which the operator vouches for the readings: nothing is doubted there.
    pub accept: Vec<(Timestamp, Timestamp)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of(Parameter::Level)
    }
}

/// Feet and centimetres for metres, and the other way round.
const LENGTHS: [f64; 4] = [3.28084, 1.0 / 3.28084, 100.0, 0.01];
/// Cubic feet, thousands of cubic feet and litres for cubic metres, and the other way round.
const VOLUMES: [f64; 6] = [35.3147, 1.0 / 35.3147, 28.3168, 1.0 / 28.3168, 1000.0, 0.001];

/// A gauge's own waves and noise do not shrink with the time between two readings: less than this counts as this.
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);

impl Limits {
    /// What holds where a station says nothing else.
    pub const fn of(parameter: Parameter) -> Self {
        let (fastest, step) = match parameter {
            Parameter::Level => (3000, 1000),
            Parameter::Discharge => (Value::LIMIT, Value::LIMIT),
        };
        let (fastest, step) = (Value::from_milli(fastest), Value::from_milli(step));
        Self { parameter, lowest: None, highest: None, fastest, step, accept: Vec::new() }
    }

    /// The ratios of the parameter's units to one another.
    pub(crate) const fn unit_ratios(&self) -> &'static [f64] {
        match self.parameter {
            Parameter::Level => &LENGTHS,
            Parameter::Discharge => &VOLUMES,
        }
    }

    /// How far the water may move in a length of time; within five minutes as far as in five.
    pub fn reach(&self, elapsed: SignedDuration) -> Value {
        let seconds = elapsed.max(SHORTEST).as_secs();
        Value::from_milli(self.fastest.milli().saturating_mul(seconds) / 3600)
    }

    /// Whether the water can have gone from one reading to a later one.
    pub fn allow(&self, from: Reading, to: Reading) -> bool {
        let distance = to.value.distance(from.value);
        // Nearly always so near that no time has to be measured.
        distance <= self.reach(SHORTEST) || distance <= self.reach(to.valid.duration_since(from.valid))
    }

    /// Whether the operator vouches for readings of this instant.
    pub fn accepted(&self, valid: Timestamp) -> bool {
        self.accept.iter().any(|&(from, to)| (from..=to).contains(&valid))
    }

    /// What is to be said against a reading by itself, whatever the others are.
    fn refuse(&self, reading: Reading) -> Option<Doubt> {
        let by_agency = reading.quality.filter(|quality| !quality.trusted()).map(Doubt::Agency);
        let below = self.lowest.filter(|&lowest| reading.value < lowest);
        let beyond = below.or_else(|| self.highest.filter(|&highest| reading.value > highest));
        by_agency.or_else(|| beyond.map(|bound| Doubt::OutOfBounds { bound }))
    }
}

/// Two readings between which the water would have had to move faster than it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// The earlier one.
    pub from: Reading,
    /// The later one.
    pub to: Reading,
}

/// Why a reading is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The agency itself calls it doubtful or unreliable.
    Agency(Quality),
    /// Beyond the lowest or the highest that the place can have. No other reading confirms it, only the operator.
    OutOfBounds {
        /// The bound that it is beyond.
        bound: Value,
    },
    /// The readings jumped, and have neither come back nor been confirmed. Two more readings in a row that agree with
    /// one of them confirm it.
    TooFast(Jump),
    /// A jump between two levels whose ratio is that of metres and feet, or of metres and centimetres; between two
    /// discharges, that of cubic metres and cubic feet or litres. It lasts until the readings come back or the operator
    /// accepts them.
    UnitJump(Jump),
    /// A leap of more than [`Limits::step`] between two readings that lasts: the zero of the gauge was moved. It lasts until
    /// the readings come back or the operator accepts them.
    DatumJump(Jump),
}

impl Doubt {
    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agency(_) => "agency",
            Self::OutOfBounds { .. } => "out-of-bounds",
            Self::TooFast(_) => "too-fast",
            Self::UnitJump(_) => "unit-jump",
            Self::DatumJump(_) => "datum-jump",
        }
    }
}

/// A point and what is to be said against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screened {
    /// The point as the feed gave it.
    pub point: Point,
    /// Why its value is not believed, if it is not.
    pub doubt: Option<Doubt>,
}

impl Screened {
    /// The reading, if there is a value and it is believed.
    pub fn trusted(&self) -> Option<Reading> {
        self.point.reading().filter(|_| self.doubt.is_none())
    }

    /// The reading and the doubt, if there is a value and it is doubted.
    pub fn suspect(&self) -> Option<(Reading, Doubt)> {
        self.point.reading().zip(self.doubt)
    }
}

/// Says of each point of a series whether it is believed. `points` rise in time, each instant once.
///
/// What more points at the end change, and what not:
/// - A reading once believed stays believed, but for the first two of a series and the first two after a silence of more
///   than six hours: where the next three readings agree among themselves and not with those, those are doubted after all.
/// - A doubt is lifted only by confirmation, and only from the last two readings that were compared.
pub fn screen(points: &[Point], limits: &Limits) -> Vec<Screened> {
    track::Track::new(limits, points.len()).follow(points)
}

/// Since when the readings at the end are the same to the thousandth, if they have been for more than a day and were
/// different before: the gauge may be stuck. A remark, no doubt: the level may well be right. Not across a silence of more
/// than six hours. `readings` rise in time.
pub fn flat_since(readings: &[Reading]) -> Option<Timestamp> {
    let newest = readings.last()?;
    let same = readings.windows(2).rev().take_while(|pair| {
        pair[0].value == newest.value && pair[1].valid.duration_since(pair[0].valid) <= track::SILENCE
    });
    let first = readings.len() - 1 - same.count();
    let since = readings[first].valid;
    let moved = readings[..first].iter().any(|reading| reading.value != newest.value);
    (moved && newest.valid.duration_since(since) > SignedDuration::from_hours(24)).then_some(since)
}
