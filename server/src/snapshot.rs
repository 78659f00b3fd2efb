//! What the store knows, put together for every station at one instant: read once, drawn from by every page.

mod alerts;
mod station;
mod thresholds;

use std::sync::Arc;

use hydro::{FeedId, Station, Timestamp};
use store::{FeedState, Logged, Note, PublishedThreshold, Reader as Database, StoreError};

use crate::format::Reader;
use crate::{Site, sentence};
pub use alerts::AlertNow;
pub(crate) use alerts::is_in;
pub use station::StationNow;
pub(crate) use station::{leading, measurements_within, newest_issues, shift};
pub(crate) use thresholds::Published;
use thresholds::ruled;

/// Attempts shown for each feed.
const LOGGED: usize = 8;

/// Every station and feed as known at one instant.
#[derive(Debug)]
pub struct Snapshot {
    /// As of when.
    pub now: Timestamp,
    /// The site.
    pub site: Arc<Site>,
    /// Bytes that may still be written beside the database, where the system tells.
    pub free_space: Option<u64>,
    /// In the order of the site's stations. In a snapshot for one station's page the others are as they were last asked for.
    stations: Arc<Vec<Arc<StationNow>>>,
    /// The station whose page it is for, in whose stead it stands.
    whole: Option<(usize, Arc<StationNow>)>,
    /// In the order of the site's feeds.
    pub feeds: Arc<[FeedNow]>,
    /// The official alerts in force that cover a station, the worst first.
    pub alerts: Arc<[AlertNow]>,
    /// What operators noted of episodes, oldest first.
    pub notes: Arc<[Note]>,
}

/// One feed's own health.
#[derive(Debug, Clone)]
pub struct FeedNow {
    /// What is remembered between fetches.
    pub state: FeedState,
    /// The newest attempts, newest first.
    pub log: Vec<Logged>,
    /// Thresholds as it publishes them.
    pub thresholds: Vec<PublishedThreshold>,
    /// The newest measurement of any station from this feed.
    pub newest: Option<Timestamp>,
}

impl Snapshot {
    /// Reads everything as it was known at `now`.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn read(reader: &Database, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let _view = reader.view()?;
        let common = Common::read(reader, site, now)?;
        let read = |station| StationNow::read(reader, station, now).map(Arc::new);
        let stations = common.site.stations.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(common.snapshot(Arc::new(stations), None, reader.free_space(), now))
    }

    /// Reads what the pages of one station need, or those of all: the others then have no data, or all of them none of their
    /// measurements one by one. How full the disk was is not known of the past.
    pub(crate) fn read_for(
        reader: &Database,
        site: Arc<Site>,
        one: Option<usize>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let _view = reader.view()?;
        let common = Common::read(reader, site, now)?;
        let read = |(at, station)| match one {
            None => StationNow::read(reader, station, now).map(|whole| Arc::new(whole.alone(station))),
            Some(one) if one == at => StationNow::read(reader, station, now).map(Arc::new),
            Some(_) => Ok(Arc::new(StationNow::new(station, None, Vec::new(), [None, None], now))),
        };
        let stations = common.site.stations.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(common.snapshot(Arc::new(stations), None, None, now))
    }

    /// The site with the thresholds that were in force at an earlier instant.
    pub(crate) fn site_at(reader: &Database, site: &Arc<Site>, then: Timestamp) -> Result<Arc<Site>, StoreError> {
        if site.stations.iter().all(|station| station.publisher.is_none()) {
            return Ok(Arc::clone(site));
        }
        Ok(Common::read(reader, Arc::clone(site), then)?.site)
    }

    /// A site of one station and nothing else.
    #[cfg(test)]
    pub(crate) fn of(site: Site, state: StationNow, now: Timestamp) -> Self {
        let (site, stations) = (Arc::new(site), Arc::new(vec![Arc::new(state)]));
        let (feeds, alerts, notes) = ([].into(), [].into(), [].into());
        Self { now, site, free_space: None, stations, whole: None, feeds, alerts, notes }
    }

    /// Each station with its data, in the order of configuration.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Station, &StationNow)> + ExactSizeIterator {
        self.site.stations.iter().enumerate().map(|(at, station)| (station, self.state(at)))
    }

    /// What may be said of a station, by its place in the order of configuration.
    pub(crate) fn state(&self, at: usize) -> &StationNow {
        match &self.whole {
            Some((whole, state)) if *whole == at => state,
            _ => &self.stations[at],
        }
    }

    /// The one sentence of a station's page, in a language; `None` for a station or a language that is not there.
    pub fn sentence(&self, id: &str, language: &str) -> Option<String> {
        let (_, station, state) = self.find(id)?;
        let reader = Reader { texts: crate::language(language)?, zone: &station.zone, now: self.now };
        Some(sentence::short(&reader, station, state))
    }

    /// A station and its place in the order of configuration.
    pub fn find(&self, id: &str) -> Option<(usize, &Station, &StationNow)> {
        let at = self.site.stations.iter().position(|station| station.id.as_str() == id)?;
        Some((at, &self.site.stations[at], self.state(at)))
    }
}

/// What all stations share, as of an instant.
#[derive(Debug)]
pub(crate) struct Common {
    /// With the thresholds that are in force.
    pub(crate) site: Arc<Site>,
    feeds: Arc<[FeedNow]>,
    alerts: Arc<[AlertNow]>,
    notes: Arc<[Note]>,
    as_of: Timestamp,
}

impl Common {
    /// Reads it as it was known at `now`.
    pub(crate) fn read(reader: &Database, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let _view = reader.view()?;
        let feeds: Vec<FeedNow> =
            site.feeds.iter().map(|feed| FeedNow::read(reader, &feed.id, now)).collect::<Result<_, _>>()?;
        let site = ruled(site, &feeds);
        let alerts = alerts::alerts(&reader.alerts(now)?, &site, &feeds, now).into();
        Ok(Self { site, feeds: feeds.into(), alerts, notes: reader.notes(now)?.into(), as_of: now })
    }

    /// The same at a later instant at which nothing more is known: alerts expire.
    pub(crate) fn age(&mut self, now: Timestamp) {
        if self.as_of != now {
            self.alerts = alerts::aged(&self.alerts, &self.site, now).into();
            self.as_of = now;
        }
    }

    /// With what is said of the stations, and of one of them in more detail.
    pub(crate) fn snapshot(
        &self,
        stations: Arc<Vec<Arc<StationNow>>>,
        whole: Option<(usize, Arc<StationNow>)>,
        free_space: Option<u64>,
        now: Timestamp,
    ) -> Snapshot {
        let (site, feeds) = (Arc::clone(&self.site), Arc::clone(&self.feeds));
        let (alerts, notes) = (Arc::clone(&self.alerts), Arc::clone(&self.notes));
        Snapshot { now, site, free_space, stations, whole, feeds, alerts, notes }
    }
}

impl FeedNow {
    fn read(reader: &Database, feed: &FeedId, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            state: reader.feed_state(feed, now)?,
            log: reader.fetches(feed, now, LOGGED)?,
            thresholds: reader.published_thresholds(feed, now)?,
            newest: reader.newest_of_feed(feed, now)?,
        })
    }
}
