//! A row of the matrix: what goes wrong, and what shall come of it.

use jiff::SignedDuration;
use serde_json::Value as Json;
use store::{FeedState, Logged};

use super::documents::{Form, Row, Scene};
use super::server::{Answers, Reply};
use crate::support::program::Output;

/// A fault and what is expected of the program that meets it.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// The matrix's number, with a letter where it has several cases.
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// What the feed calls its places; each has a station of its own, and only the first one's is looked at as a matter of
    /// course.
    pub(crate) places: &'static [&'static str],
    /// Whether the stations have thresholds.
    pub(crate) thresholds: bool,
    /// A second feed of the first station, by its key.
    pub(crate) second_source: Option<&'static str>,
    /// The first document, where it is not the good one of the form.
    pub(crate) first: Option<fn(&Scene) -> Reply>,
    /// What comes then.
    pub(crate) then: fn(&Scene) -> Reply,
    /// Where that is fetched from.
    pub(crate) reach: Reach,
    /// How often it is fetched.
    pub(crate) times: usize,
    /// The limit on a fetch.
    pub(crate) patience: &'static str,
    pub(crate) outcome: &'static str,
    /// A part of the log's message; nothing where there shall be none.
    pub(crate) says: &'static str,
    pub(crate) data: Data,
    pub(crate) level: &'static str,
    /// The feed's state in `/healthz`.
    pub(crate) health: &'static str,
    /// What else shall be.
    pub(crate) also: &'static [Check],
}

/// A further expectation and its name.
pub(crate) type Check = (&'static str, fn(&Seen) -> bool);

/// From where a feed is fetched once it is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// From where it was before.
    Same,
    /// The same, but the feed is one of the open internet.
    SameAsPublic,
    /// From another address.
    At(&'static str),
    /// From a port where nobody listens.
    ClosedPort,
    /// From a port that lets nobody in and turns nobody away.
    Blackhole,
    /// Over TLS, from a server with such a certificate.
    Tls(&'static str),
}

/// What shall be measured afterwards.
#[derive(Clone, Copy)]
pub(crate) enum Data {
    /// The same as before.
    Kept,
    /// These rows; a value that is no number is missing.
    Rows(fn(&Scene) -> Vec<Row>),
    /// The further expectations say it.
    Other,
}

/// Nothing usable comes, and what was known stays.
pub(crate) const REFUSED: Fault = Fault {
    key: "",
    name: "",
    form: Form::Csv,
    places: &[super::documents::PLACE],
    thresholds: true,
    second_source: None,
    first: None,
    then: |_| Vec::new(),
    reach: Reach::Same,
    times: 1,
    patience: "3s",
    outcome: "failed",
    says: "",
    data: Data::Kept,
    level: "advisory",
    health: "failing",
    also: &[],
};

/// A document comes that brings one reading more.
pub(crate) const TAKEN: Fault = Fault { outcome: "changed", data: Data::Rows(Scene::more), health: "ok", ..REFUSED };

/// What was seen of a fault.
pub(crate) struct Seen {
    pub(crate) scene: Scene,
    /// Of each fetch of the fault.
    pub(crate) runs: Vec<Output>,
    /// How often the server was asked.
    pub(crate) asked: usize,
    /// The last attempt.
    pub(crate) log: Logged,
    pub(crate) state: FeedState,
    /// Five minutes after the beginning, before the fault.
    pub(crate) before: Look,
    /// Five minutes after the beginning, after the fault.
    pub(crate) after: Look,
    /// Three hours and ten minutes after the beginning.
    pub(crate) late: Look,
    /// Thirty hours after the beginning.
    pub(crate) offline: Look,
}

/// What the site says of a feed and its stations at an instant.
#[derive(Default)]
pub(crate) struct Look {
    /// The first station's JSON; null where the feed has no station.
    pub(crate) station: Json,
    /// The others'.
    pub(crate) others: Vec<Json>,
    /// Its page, in English and in French.
    pub(crate) pages: Vec<String>,
    /// How its page is tagged.
    pub(crate) etag: Option<String>,
    pub(crate) picture: String,
    /// The feed's entry in `/healthz`.
    pub(crate) health: Json,
    /// All of `/healthz`.
    pub(crate) overall: Json,
    /// The page of the feeds, in English and in French.
    pub(crate) feeds: Vec<String>,
}

impl Fault {
    /// The name of its feed, and of its first station.
    pub(crate) fn id(&self) -> String {
        self.key.to_lowercase()
    }

    /// The names of its stations: none for a table of thresholds, which measures nothing.
    pub(crate) fn stations(&self) -> Vec<String> {
        let number = |i| if i == 0 { self.id() } else { format!("{}-{}", self.id(), i + 1) };
        if self.form == Form::Table { Vec::new() } else { (0..self.places.len()).map(number).collect() }
    }

    /// What the server sends.
    pub(crate) fn answers(&self, scene: &Scene) -> Answers {
        let places: Vec<String> = self.places.iter().map(|&place| place.to_owned()).collect();
        let first = self.first.map_or_else(|| scene.good(self.form, &places), |first| first(scene));
        (first, (self.then)(scene))
    }
}

impl Seen {
    /// When the newest measurement was valid, by the station's JSON.
    pub(crate) fn newest(&self) -> Option<SignedDuration> {
        let valid: jiff::Timestamp = self.after.station["status"]["valid"].as_str()?.parse().ok()?;
        Some(self.scene.now.duration_since(valid))
    }

    /// Whether both languages' pages of the station say one of these.
    pub(crate) fn page_says(&self, words: [&str; 2]) -> bool {
        self.after.pages.iter().zip(words).all(|(page, words)| page.contains(words))
    }

    /// Whether nothing that the site sends of the feed holds this.
    pub(crate) fn nowhere(&self, text: &str) -> bool {
        let look = &self.after;
        let data = [look.station.to_string(), look.overall.to_string(), look.picture.clone()];
        look.pages.iter().chain(&look.feeds).chain(&data).all(|said| !said.contains(text))
    }
}
