//! The answers that were drawn, and when what they speak of last changed. Changes are counted, so that whether an answer
//! still holds is the comparison of two numbers.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::Scope;
use super::watch::Ticks;
use crate::Site;
use crate::answer::Answer;

/// Bytes of answers kept at once: a reader who makes up addresses cannot fill the memory.
const KEPT: usize = 192 << 20;
/// While an answer is made anew, the one before it is given to all but the first who ask, for so long after it was last
/// known to hold: what is committed is on the page within a tenth of a second, and a crowd does not wait for a drawing.
const STANDS_IN: Duration = Duration::from_millis(80);
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
    /// When it was last known to hold.
    held: Instant,
    /// The answer before, and when that was last known to hold.
    before: Option<(Arc<Answer>, Instant)>,
}

impl Ticks {
    /// Whether an answer says what would be said now: its words age by the minute.
    fn hold(&self, kept: &Kept, now: i64) -> bool {
        let changed = match kept.scope {
            Scope::Stations => self.any,
            Scope::Station(at) => self.common.max(self.station(at)),
            Scope::Site => self.common,
        };
        kept.made.1 == now && kept.made.0 >= changed
    }
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

    /// The answer of a key, if it was made and says what would be said now, or did so until a moment ago.
    pub(super) fn kept(&mut self, key: &str, now: i64) -> Option<Arc<Answer>> {
        let kept = self.answers.get_mut(key).filter(|kept| self.ticks.hold(kept, now))?;
        if let Some(answer) = kept.place.get() {
            kept.held = Instant::now();
            return Some(Arc::clone(answer));
        }
        kept.before.as_ref().filter(|(_, held)| held.elapsed() < STANDS_IN).map(|(answer, _)| Arc::clone(answer))
    }

    /// Whether an answer of a key is kept, and be it out of date.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.answers.contains_key(key)
    }

    /// The place of a key's answer and what that speaks of: the place that is kept, or a new one in its stead.
    pub(super) fn place(&mut self, key: &str, scope: Scope<&str>, now: i64) -> (Place, Scope) {
        if let Some(kept) = self.answers.get(key).filter(|kept| self.ticks.hold(kept, now)) {
            return (Arc::clone(&kept.place), kept.scope);
        }
        let scope = match scope {
            Scope::Station(id) => self.ids.get(id).map_or(Scope::Site, |&at| Scope::Station(at)),
            Scope::Stations => Scope::Stations,
            Scope::Site => Scope::Site,
        };
        let place = Place::default();
        let before = self.answers.remove(key).and_then(|before| {
            self.bytes -= before.bytes;
            before.place.get().map(|answer| (Arc::clone(answer), before.held)).or(before.before)
        });
        let (made, held) = ((self.ticks.any, now), Instant::now());
        self.answers.insert(key.to_owned(), Kept { place: Arc::clone(&place), scope, made, bytes: 0, held, before });
        (place, scope)
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
            (kept.bytes, kept.before) = (bytes, None);
            self.bytes += bytes;
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }
}
