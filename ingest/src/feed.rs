//! What the ingester needs to know of a feed, checked before anything runs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hydro::{FeedId, Parameter, SignedDuration, StationId};
use reqwest::Url;

use crate::formats::{Format, Gauge, Item, NotThisFormat, Parsed, Series, parse};
use crate::schedule::Schedule;

/// A feed: one address, one format, one schedule.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Its name in configuration, store and log.
    pub id: FeedId,
    /// What is fetched: `http` or `https`.
    pub address: Url,
    /// How its bytes are read.
    pub format: Format,
    /// The place that its documents are about, where they name none themselves.
    pub place: Option<String>,
    /// When it is fetched, in UTC.
    pub schedule: Schedule,
    /// The largest body accepted, in bytes after decompression.
    pub max_bytes: u64,
    /// Addresses of private networks and of this machine are accepted: for feeds inside an agency, and demonstrations.
    pub private: bool,
    /// The places that stations name, and which stations those are. Other places of the document are ignored.
    pub places: BTreeMap<(String, Parameter), BTreeSet<StationId>>,
}

impl Feed {
    /// Reads a document of the feed, in its own format or another, and names the place of a series that has none.
    ///
    /// # Errors
    /// [`NotThisFormat`] as [`parse`] gives it.
    pub fn read(&self, format: &Format, bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
        let mut parsed = parse(format, bytes)?;
        if let Some(place) = &self.place {
            for item in &mut parsed.items {
                match item {
                    Item::Series(Series { location, .. }) | Item::Gauge(Gauge { location, .. })
                        if location.is_empty() =>
                    {
                        location.clone_from(place);
                    }
                    _ => {}
                }
            }
        }
        Ok(parsed)
    }
}

/// What all fetches share.
#[derive(Debug, Clone)]
pub struct Fetching {
    /// Whom an agency can write to, in the User-Agent: an address of mail or web.
    pub contact: String,
    /// Until a connection stands.
    pub connect_timeout: Duration,
    /// Until the whole body is there.
    pub total_timeout: Duration,
    /// Fetches under way at once; one at a time for each server, but for private feeds.
    pub at_once: usize,
    /// Stored bodies are pruned, oldest first, beyond this many bytes (compressed).
    pub keep_bodies: u64,
    /// Observations, issues and the log are forgotten when they are older than this; kept for ever without it.
    pub retention: Option<SignedDuration>,
}
