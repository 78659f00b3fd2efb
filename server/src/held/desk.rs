//! The answers that were drawn, and when what they speak of last changed. Changes are counted, so that whether an answer
//! still holds is the comparison of two numbers.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::Scope;
use super::watch::Ticks;
use crate::Site;
use crate::answer::Answer;

/// Bytes of answers kept at once: a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 192 << 20;
/// An answer, made once: whoever asks while it is being made waits for it.
pub(super) type Place = Arc<OnceLock<Arc<Answer>>>;

/// The answers, and when what they speak of last changed.
pub(super) struct Desk {
    ticks: Ticks,
    pub(super) site: Arc<Site>,
    /// The places of stations by their ids.
    ids: HashMap<String, usize>,
    answers: HashMap<String, Kept>,
    bytes: usize,
}

struct Kept {
    place: Place,
    scope: Scope,
    /// The change after which it was made, and the minute.
    made: (u64, i64),
    bytes: usize,
}

impl Desk {
    pub(super) fn new(site: Arc<Site>, ticks: Ticks) -> Self {
        let ids = site.stations.iter().enumerate().map(|(at, station)| (station.id.to_string(), at)).collect();
        Self { ticks, site, ids, answers: HashMap::new(), bytes: 0 }
    }

    /// Learns what has changed.
    pub(super) fn learn(&mut self, ticks: Ticks) {
        self.ticks = ticks;
    }

    pub(super) fn ticks(&self) -> Ticks {
        self.ticks.clone()
    }

    /// The answer of a key, if it was made and still says what would be said now.
    pub(super) fn kept(&self, key: &str, now: i64) -> Option<Arc<Answer>> {
        let kept = self.answers.get(key).filter(|kept| self.holds(kept, now))?;
        kept.place.get().map(Arc::clone)
    }

    /// Whether an answer of a key is kept, and be it out of date.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.answers.contains_key(key)
    }

    /// The place of a key's answer and what that speaks of: the place that is kept, or a new one in its stead.
    pub(super) fn place(&mut self, key: &str, station: Option<&str>, now: i64) -> (Place, Scope) {
        if let Some(kept) = self.answers.get(key).filter(|kept| self.holds(kept, now)) {
            return (Arc::clone(&kept.place), kept.scope);
        }
        let scope = station.and_then(|id| self.ids.get(id)).map_or(Scope::Site, |&at| Scope::Station(at));
        let place = Place::default();
        let kept = Kept { place: Arc::clone(&place), scope, made: (self.ticks.any, now), bytes: 0 };
        if let Some(before) = self.answers.insert(key.to_owned(), kept) {
            self.bytes -= before.bytes;
        }
        (place, scope)
    }

    /// Whether an answer still says what would be said now: its words age by the minute.
    fn holds(&self, kept: &Kept, now: i64) -> bool {
        let changed = match kept.scope {
            Scope::Site => self.ticks.any,
            Scope::Station(at) => self.ticks.common.max(self.ticks.station(at)),
        };
        kept.made.1 == now && kept.made.0 >= changed
    }

    /// Keeps an answer that was just made, unless it is a failure or there is no room; makes room of what is over.
    pub(super) fn keep(&mut self, key: &str, place: &Place, answer: &Answer) {
        let (found, bytes) = (answer.is_found(), answer.bytes() + 2 * key.len());
        let Some(kept) = self.answers.get(key).filter(|kept| Arc::ptr_eq(&kept.place, place)) else { return };
        if self.bytes + bytes > KEPT {
            let now = kept.made.1;
            self.answers.retain(|other, kept| other == key || kept.made.1 == now);
            self.bytes = self.answers.values().map(|kept| kept.bytes).sum();
        }
        if !found || self.bytes + bytes > KEPT {
            self.answers.remove(key);
        } else if let Some(kept) = self.answers.get_mut(key) {
            kept.bytes = bytes;
            self.bytes += bytes;
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }
}
