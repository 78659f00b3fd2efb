//! Which of all messages ever received are in force at an instant.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Action, Alert, AlertId};

/// The messages in force at `now`, each once: the most severe first, then the newest.
///
/// A message is in force while one of its texts is, and no other message replaces or ends it. What a message refers to is
/// over for good, also when the message itself has expired since, and in whatever order the two came: an old message that is
/// read again does not come back. Hence all messages are to be given, not only those that could be in force.
pub fn in_force<'a>(alerts: impl IntoIterator<Item = &'a Alert>, now: Timestamp) -> Vec<&'a Alert> {
    let alerts: Vec<&Alert> = alerts.into_iter().collect();
    let replaced: BTreeSet<&AlertId> = alerts.iter().copied().flat_map(replaced).collect();
    let is_in_force = |alert: &&Alert| alert.current(now).next().is_some() && !replaced.contains(&alert.id);
    let mut current: Vec<&Alert> = alerts.iter().copied().filter(is_in_force).collect();
    current.sort_by_key(|alert| (Reverse(severity(alert)), Reverse(alert.id.sent), &alert.id));
    current.dedup_by_key(|alert| &alert.id);
    current
}

/// What a message replaces or ends. A reference to something sent later is none: messages cannot end one another.
fn replaced(alert: &Alert) -> impl Iterator<Item = &AlertId> {
    let ends = alert.action != Action::Alert;
    alert.references.iter().filter(move |id| ends && **id != alert.id && id.sent <= alert.id.sent)
}

/// How severe the worst of its texts is, in the order of CAP 1.2; any other word is the least.
fn severity(alert: &Alert) -> usize {
    const RISING: [&str; 4] = ["Minor", "Moderate", "Severe", "Extreme"];
    let rank = |word: &str| RISING.iter().position(|known| *known == word).map_or(0, |place| place + 1);
    alert.notices.iter().map(|notice| rank(&notice.severity)).max().unwrap_or(0)
}
