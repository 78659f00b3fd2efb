//! Episodes: from when until when the water stood at or above a threshold, and how high it came.
//!
//! Readings that dance about a threshold make one episode, not many: it is entered at the threshold and left only well
//! below it and for good (deadband and delays, as OPC UA part 9, B.1.5, has them for alarms). Missing readings end nothing.

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use crate::assess::current_for;
use crate::{Rank, Reading, Threshold, Thresholds, Value};

/// When an episode begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpisodeRule {
    /// How far below the threshold the water must be to have left it; 2 cm, as far as waves move a reading.
    pub deadband: Value,
    /// How long the readings must be at or above the threshold before there is an episode; none: the first one begins it.
    pub on_delay: SignedDuration,
    /// How long the readings must be below threshold and deadband before the episode has ended; 30 minutes.
    pub off_delay: SignedDuration,
}

impl EpisodeRule {
    /// The rule where the tide reaches the gauge: half a day of tide (12 h 25 min) does not end an episode.
    pub const TIDAL: Self = Self { off_delay: SignedDuration::from_hours(13), ..Self::DEFAULT };

    const DEFAULT: Self = Self {
        deadband: Value::from_milli(20),
        on_delay: SignedDuration::ZERO,
        off_delay: SignedDuration::from_mins(30),
    };
}

impl Default for EpisodeRule {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// When something began or ended, as far as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The first reading after it.
    pub valid: Timestamp,
    /// There is no reading shortly before, so it may have been earlier.
    pub or_earlier: bool,
}

/// A time at or above a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// The threshold.
    pub rank: Rank,
    /// The first reading at or above it.
    pub began: Edge,
    /// The highest reading; the first of equals.
    pub peak: Reading,
    /// The first reading below threshold and deadband after which the water stayed below; `None` while the episode
    /// lasts, be it that readings are below but not yet for long enough.
    pub ended: Option<Edge>,
    /// The last reading of an episode that lasts as far as is known, where that reading is too old to say so.
    pub not_confirmed_since: Option<Timestamp>,
}

/// The episodes of every threshold, by their beginnings, the lower threshold first.
///
/// `readings` are trusted, rise in time and are not after `now`; the station reports every `cadence`, which says how old
/// a reading may be and still be the current one. Episodes of one threshold are apart; one of a higher threshold lies
/// within one of each lower.
pub fn episodes(
    readings: &[Reading],
    thresholds: &Thresholds,
    rule: &EpisodeRule,
    cadence: SignedDuration,
    now: Timestamp,
) -> Vec<Episode> {
    let silence = current_for(cadence);
    let mut all: Vec<Episode> =
        thresholds.iter().flat_map(|threshold| of_one(readings, threshold, rule, silence)).collect();
    unconfirm(&mut all, readings.last().map(|reading| reading.valid), cadence, now);
    all.sort_by_key(|episode| (episode.began.valid, episode.rank));
    all
}

/// Marks the episodes that last as far as is known where the last reading is too old at `now` to say so.
pub(crate) fn unconfirm(all: &mut [Episode], last: Option<Timestamp>, cadence: SignedDuration, now: Timestamp) {
    let unconfirmed = last.filter(|&last| now.duration_since(last) > current_for(cadence));
    for episode in all.iter_mut().filter(|episode| episode.ended.is_none()) {
        episode.not_confirmed_since = unconfirmed;
    }
}

/// An episode that lasts, or is about to begin.
#[derive(Clone, Copy)]
struct Open {
    began: Edge,
    peak: Reading,
    /// The on-delay is over.
    certain: bool,
    /// Since when the readings have been below threshold and deadband.
    below: Option<Edge>,
}

impl Open {
    fn new(reading: Reading, began: Edge, rule: &EpisodeRule) -> Self {
        Self { began, peak: reading, certain: rule.on_delay <= SignedDuration::ZERO, below: None }
    }

    /// One more reading at or above the threshold before the on-delay is over. Nobody saw the water stay there in a silence.
    fn enters(&mut self, reading: Reading, edge: Edge, rule: &EpisodeRule) {
        if edge.or_earlier {
            *self = Self::new(reading, edge, rule);
            return;
        }
        self.certain = reading.valid.duration_since(self.began.valid) >= rule.on_delay;
        self.rises_to(reading);
    }

    /// One more reading of an episode that lasts. Nobody saw the water stay below in a silence: the time below begins anew.
    fn lasts(&mut self, reading: Reading, edge: impl Fn() -> Edge, left_below: Value) {
        self.rises_to(reading);
        self.below = (reading.value < left_below).then(|| {
            let edge = edge();
            self.below.filter(|_| !edge.or_earlier).unwrap_or(edge)
        });
    }

    fn rises_to(&mut self, reading: Reading) {
        if reading.value > self.peak.value {
            self.peak = reading;
        }
    }

    fn episode(&self, rank: Rank, ended: Option<Edge>) -> Episode {
        Episode { rank, began: self.began, peak: self.peak, ended, not_confirmed_since: None }
    }
}

fn of_one(readings: &[Reading], threshold: &Threshold, rule: &EpisodeRule, silence: SignedDuration) -> Vec<Episode> {
    let (mut found, mut open): (_, Option<Open>) = (Vec::new(), None);
    for (i, &reading) in readings.iter().enumerate() {
        // Most readings are no edge of anything.
        let edge = || {
            let previous = i.checked_sub(1).map(|previous| readings[previous].valid);
            let or_earlier = previous.is_none_or(|previous| reading.valid.duration_since(previous) > silence);
            Edge { valid: reading.valid, or_earlier }
        };
        let reached = reading.value >= threshold.value;
        match &mut open {
            None if reached => open = Some(Open::new(reading, edge(), rule)),
            None => {}
            Some(begun) if begun.certain => {
                begun.lasts(reading, edge, threshold.value - rule.deadband);
                let over = begun.below.filter(|below| reading.valid.duration_since(below.valid) >= rule.off_delay);
                if over.is_some() {
                    found.push(begun.episode(threshold.rank, over));
                    open = None;
                }
            }
            Some(begun) if reached => begun.enters(reading, edge(), rule),
            Some(_) => open = None,
        }
    }
    found.extend(open.filter(|open| open.certain).map(|open| open.episode(threshold.rank, None)));
    found
}
