//! Official alerts as their senders publish them: shown unaltered, and apart from the status of a gauge, which says what
//! the water does and not what anybody warns of. The terms are those of the Common Alerting Protocol 1.2 (OASIS, 2010).

mod cover;
mod force;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Position;
pub use cover::covers;
pub use force::in_force;

/// A message about a danger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Which message it is.
    pub id: AlertId,
    /// What it does to the messages it refers to.
    pub action: Action,
    /// The messages that it replaces or ends.
    pub references: Vec<AlertId>,
    /// Its texts, one for each language and group of areas.
    pub notices: Vec<Notice>,
}

impl Alert {
    /// Until when a text of this message holds: as it says itself, else as long as the longest of the message's other texts
    /// that say so; `None` where none does. Senders may leave the time out of a second language.
    pub fn until(&self, notice: &Notice) -> Option<Timestamp> {
        notice.until().or_else(|| self.notices.iter().filter_map(Notice::until).max())
    }

    /// The texts that hold at `now`, were the message not replaced: none of a cancellation, none of a danger that is over.
    pub fn current(&self, now: Timestamp) -> impl Iterator<Item = &Notice> {
        let cancels = self.action == Action::Cancel;
        let holds = move |notice: &&Notice| !notice.ended && self.until(notice).is_none_or(|until| now < until);
        self.notices.iter().filter(move |_| !cancels).filter(holds)
    }
}

/// What tells a message from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertId {
    /// Who sent it, as the message names its sender's system: `cap-pac@canada.ca`.
    pub sender: String,
    /// The sender's own name of the message.
    pub identifier: String,
    /// When it was sent.
    pub sent: Timestamp,
}

/// What a message does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Says something new.
    Alert,
    /// Takes the place of the messages it refers to.
    Update,
    /// Ends them.
    Cancel,
}

impl Action {
    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Update => "update",
            Self::Cancel => "cancel",
        }
    }
}

/// The text of a message in one language for some areas, word for word.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notice {
    /// BCP 47: `en-CA`, `fr-CA`; empty where the message does not say.
    pub language: String,
    /// What it is about: `Flood Warning`.
    pub event: String,
    /// The sender's name for people, where it differs from the system's.
    pub sender_name: String,
    /// One line; may be empty.
    pub headline: String,
    /// The whole; may be empty.
    pub description: String,
    /// What to do; may be empty.
    pub instruction: String,
    /// The sender's own word: `Severe`, `Flood alert`; may be empty.
    pub severity: String,
    /// When the danger begins, where that is said.
    pub onset: Option<Timestamp>,
    /// When the message stops to hold, which need not be the end of the danger. Without one it holds until it is ended.
    pub expires: Option<Timestamp>,
    /// When the danger ends, where that is said beside the message's own expiry, as the US National Weather Service does.
    pub ends: Option<Timestamp>,
    /// Where the sender says more: an `http` or `https` address, or empty.
    pub web: String,
    /// The message says itself that the danger is over there.
    pub ended: bool,
    /// Where it holds.
    pub areas: Vec<Area>,
}

impl Notice {
    /// Until when it says that it holds: to the end of the danger where that is stated, else to the message's own expiry, in
    /// the order in which the US National Weather Service reads its own.
    pub fn until(&self) -> Option<Timestamp> {
        self.ends.or(self.expires)
    }
}

/// A part of the country.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Area {
    /// The sender's name of it.
    pub name: String,
    /// Closed rings of at least four corners, the last the first again.
    pub rings: Vec<Vec<Position>>,
    /// Centres, each with a radius in kilometres.
    pub circles: Vec<(Position, f64)>,
    /// Codes of the area, each after the name of the scheme that it belongs to: (`UGC`, `MEZ001`).
    pub codes: Vec<(String, String)>,
}
