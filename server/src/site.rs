//! What the server needs to know of the site, checked before anything runs.

use std::net::SocketAddr;

use hydro::{FeedId, LocalText, Station, Zone};

use crate::{Ground, Operator};

/// The site: its name, its stations in river order, and where its data come from.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name, at the head of every page.
    pub title: LocalText,
    /// Where it is reached from outside, without a slash at the end, such as `https://river.example.org`; for links that leave the page.
    pub address: Option<String>,
    /// Who runs it and how they are reached.
    pub operator: Option<LocalText>,
    /// Where official warnings and help are: shown on every station and on the about page.
    pub help: Vec<HelpLink>,
    /// Sites that may show the pages made for it in a frame, as sources of a content security policy: `*`, `https://gnb.ca`.
    pub frame_hosts: Vec<String>,
    /// The zone of times that belong to no station.
    pub zone: Zone,
    /// The site tells the present time, so that a reader's own clock may age a page that was kept.
    pub live: bool,
    /// Pages may be kept on readers' phones for when there is no connection; where not, what was kept is deleted.
    pub offline: bool,
    /// Every page says that its data are synthetic.
    pub demonstration: bool,
    /// What lies under the stations of the map; without it the map is a sketch.
    pub ground: Option<Ground>,
    /// Who may write notes; nobody where there is none.
    pub operators: Vec<Operator>,
    /// In the order of configuration: river by river, from source to mouth.
    pub stations: Vec<Station>,
    /// In the order of configuration.
    pub feeds: Vec<FeedNote>,
}

/// A link or number for help, such as the emergency measures organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLink {
    /// What one finds there.
    pub text: LocalText,
    /// `https:` or `tel:`, in each language.
    pub address: LocalText,
}

/// What a page says of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedNote {
    /// The feed.
    pub id: FeedId,
    /// The agency and what it publishes.
    pub title: LocalText,
    /// The words of credit that the agency asks for.
    pub attribution: LocalText,
    /// The licence's page.
    pub licence: Option<LocalText>,
    /// Who makes its forecasts, and how far a person has looked at them.
    pub forecaster: Option<LocalText>,
}

/// How the server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Connections open at once; more wait.
    pub connections: usize,
    /// Where [`metrics`](crate::metrics()) are told, where they are.
    pub metrics: Option<SocketAddr>,
}
