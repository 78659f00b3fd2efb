//! Readings held against one another: where the water would have had to move too fast, the later ones are in doubt until
//! they come back to the trusted level or confirm one another.

use jiff::SignedDuration;

use super::{Doubt, Jump, Limits, Screened};
use crate::{Point, Reading, Value};

/// After so long without a reading the water may be anywhere that it can reach: what was in doubt stays so, and what
/// was trusted no longer has the last word.
pub(super) const SILENCE: SignedDuration = SignedDuration::from_hours(6);
/// So many readings in a row that agree are believed, whatever was before.
const CONFIRMED: usize = 3;
/// How near a ratio must be: levels move between two readings.
const RATIO_TOLERANCE: f64 = 0.02;

/// What the readings so far amount to.
pub(super) struct Track<'a> {
    limits: &'a Limits,
    screened: Vec<Screened>,
    trusted: Option<Trusted>,
    run: Option<Run>,
}

/// The trusted level.
struct Trusted {
    last: Reading,
    /// It rests on three readings that agree, or on the operator's word; a lone reading at the start or after a silence
    /// does not outweigh those that follow.
    proven: bool,
    /// The readings on which it rests until then.
    proving: Vec<usize>,
}

/// Readings in doubt, one after the other.
struct Run {
    /// What began it.
    jump: Jump,
    last: Reading,
    /// A doubt that agreement does not lift, and the newest reading at the level that it is about.
    held: Option<(Doubt, Reading)>,
    /// The newest readings, as long as they might confirm one another; never more than [`CONFIRMED`].
    settling: Vec<Step>,
}

/// A reading in doubt and the one before it.
#[derive(Clone, Copy)]
struct Step {
    i: usize,
    from: Reading,
    to: Reading,
}

impl<'a> Track<'a> {
    pub(super) fn new(limits: &'a Limits, points: usize) -> Self {
        Self { limits, screened: Vec::with_capacity(points), trusted: None, run: None }
    }

    pub(super) fn follow(mut self, points: &[Point]) -> Vec<Screened> {
        for (i, &point) in points.iter().enumerate() {
            self.screened.push(Screened { point, doubt: None });
            let Some(reading) = point.reading() else { continue };
            if self.limits.accepted(reading.valid) {
                self.run = None;
                self.trusted = Some(Trusted { last: reading, proven: true, proving: Vec::new() });
            } else if let Some(doubt) = self.limits.refuse(reading) {
                self.screened[i].doubt = Some(doubt);
            } else {
                self.compare(i, reading);
            }
        }
        self.screened
    }

    fn compare(&mut self, i: usize, reading: Reading) {
        let before = self.run.as_ref().map(|run| run.last).or(self.trusted.as_ref().map(|trusted| trusted.last));
        if before.is_some_and(|before| reading.valid.duration_since(before.valid) > SILENCE) {
            self.run = None;
            if let Some(trusted) = &mut self.trusted {
                (trusted.proven, trusted.proving) = (false, Vec::new());
            }
        }
        let Some(last) = self.trusted.as_ref().map(|trusted| trusted.last) else { return self.trust(i, reading) };
        match self.run.take() {
            None if self.limits.allow(last, reading) => self.trust(i, reading),
            None => {
                let jump = Jump { from: last, to: reading };
                self.doubt(Run { jump, last, held: None, settling: Vec::new() }, i, last, reading);
            }
            Some(run) if self.back(&run, last, reading) => self.trust(i, reading),
            Some(run) => self.doubt(run, i, last, reading),
        }
    }

    /// Whether the readings are back at the trusted level. The water has had all the time since then to move, but
    /// readings that keep coming in are no silence: only the time since the last one counts, and the time up to the
    /// jump with it for a reading nearer to the trusted one than to those in doubt, as after a single spike.
    fn back(&self, run: &Run, trusted: Reading, reading: Reading) -> bool {
        let interval = reading.valid.duration_since(run.last.valid);
        let both = interval + run.jump.to.valid.duration_since(run.jump.from.valid);
        let away = reading.value.distance(trusted.value);
        away <= self.limits.reach(interval)
            || (away <= self.limits.reach(both) && away < reading.value.distance(run.last.value))
    }

    fn trust(&mut self, i: usize, reading: Reading) {
        self.run = None;
        let trusted = self.trusted.get_or_insert(Trusted { last: reading, proven: false, proving: Vec::new() });
        trusted.last = reading;
        if !trusted.proven {
            trusted.proving.push(i);
            trusted.proven = trusted.proving.len() >= CONFIRMED;
        }
    }

    fn doubt(&mut self, mut run: Run, i: usize, trusted: Reading, reading: Reading) {
        let step = Step { i, from: run.last, to: reading };
        run.last = reading;
        if let Some((doubt, held)) = run.held.as_mut().filter(|(_, held)| self.limits.allow(*held, reading)) {
            *held = reading;
            self.screened[i].doubt = Some(*doubt);
            run.settling.clear();
        } else {
            self.screened[i].doubt = Some(self.unit_jump(trusted, reading).unwrap_or(Doubt::TooFast(run.jump)));
            run.settling.push(step);
            if run.settling.len() > CONFIRMED {
                run.settling.remove(0);
            }
            let agreed = |first: &Step| run.settling.iter().skip(1).all(|step| self.limits.allow(first.to, step.to));
            if run.settling.len() == CONFIRMED && run.settling.first().is_some_and(agreed) {
                return self.settle(run);
            }
        }
        self.run = Some(run);
    }

    /// Three readings in a row agree: either that confirms them, or the doubt is one that agreement does not lift.
    fn settle(&mut self, mut run: Run) {
        let steps = std::mem::take(&mut run.settling);
        let held = steps.first().and_then(|first| self.held(*first));
        for step in &steps {
            self.screened[step.i].doubt = held;
        }
        if let Some(doubt) = held {
            run.held = Some((doubt, run.last));
            self.run = Some(run);
            return;
        }
        let trusted = Trusted { last: run.last, proven: true, proving: Vec::new() };
        let unproven = self.trusted.replace(trusted).filter(|old| !old.proven).map(|old| old.proving);
        for i in unproven.into_iter().flatten() {
            self.screened[i].doubt = Some(Doubt::TooFast(run.jump));
        }
    }

    /// The doubt of a level to which the readings leapt at once, though the water cannot have got there by now.
    fn held(&self, first: Step) -> Option<Doubt> {
        let trusted = self.trusted.as_ref().filter(|trusted| trusted.proven)?.last;
        if self.limits.allow(trusted, first.to) {
            return None;
        }
        let leap = first.to.value.distance(first.from.value) > self.limits.step;
        let leapt = leap && !self.limits.allow(first.from, first.to);
        let datum_jump = leapt.then_some(Doubt::DatumJump(Jump { from: first.from, to: first.to }));
        self.unit_jump(trusted, first.to).or(datum_jump)
    }

    fn unit_jump(&self, from: Reading, to: Reading) -> Option<Doubt> {
        let doubted = !self.limits.allow(from, to) && of_another_unit(from.value, to.value, self.limits.unit_ratios());
        doubted.then_some(Doubt::UnitJump(Jump { from, to }))
    }
}

/// Whether two values may be one in two units of these ratios.
pub(super) fn of_another_unit(from: Value, to: Value, ratios: &[f64]) -> bool {
    let ratio = to.as_f64() / from.as_f64();
    ratios.iter().any(|unit| (ratio / unit - 1.0).abs() <= RATIO_TOLERANCE)
}
