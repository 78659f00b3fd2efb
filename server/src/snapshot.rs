//! What the store knows, put together for every station at one instant: read once, drawn from by every page.

use std::sync::Arc;

use hydro::{
    Assessment, FeedId, Forecast, Freshness, Parameter, Point, SignedDuration, Source, Station, Timestamp, Value,
    assess, freshness,
};
use store::{FeedState, GaugeThresholds, Logged, Reader, StoreError};

use crate::Site;

/// How far back readings are taken for chart, table and the beginning of a run: two weeks before the newest.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Attempts shown for each feed.
const LOGGED: usize = 8;

/// Every station and feed as known at one instant.
#[derive(Debug)]
pub struct Snapshot {
    /// As of when.
    pub now: Timestamp,
    /// The site.
    pub site: Arc<Site>,
    /// In the order of the site's stations.
    pub stations: Vec<StationNow>,
    /// In the order of the site's feeds.
    pub feeds: Vec<FeedNow>,
}

/// One station's data, in the station's datum, and what may be said of them.
#[derive(Debug, Clone)]
pub struct StationNow {
    /// The feed that the measurements come from.
    pub source: Option<FeedId>,
    /// Rising in time.
    pub observed: Vec<Point>,
    /// The newest issue, of whatever age.
    pub forecast: Option<Forecast>,
    /// The issue before it.
    pub previous: Option<Forecast>,
    /// What may be said of them.
    pub assessment: Assessment,
}

/// One feed's own health.
#[derive(Debug, Clone)]
pub struct FeedNow {
    /// What is remembered between fetches.
    pub state: FeedState,
    /// The newest attempts, newest first.
    pub log: Vec<Logged>,
    /// Thresholds as it publishes them.
    pub thresholds: Vec<GaugeThresholds>,
    /// The newest measurement of any station from this feed.
    pub newest: Option<Timestamp>,
}

impl Snapshot {
    /// Reads everything as it was known at `now`.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub fn read(reader: &Reader, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let stations =
            site.stations.iter().map(|station| StationNow::read(reader, station, now)).collect::<Result<_, _>>()?;
        let feeds =
            site.feeds.iter().map(|feed| FeedNow::read(reader, &feed.id, &site, now)).collect::<Result<_, _>>()?;
        Ok(Self { now, site, stations, feeds })
    }

    /// The same data seen at a later instant: nothing new is known, and everything is older.
    pub(crate) fn aged(&self, now: Timestamp) -> Self {
        let older = |(station, state): (&Station, &StationNow)| {
            let assessment = assess(station, &state.observed, state.forecast.as_ref(), now);
            StationNow { assessment, ..state.clone() }
        };
        Self { now, site: Arc::clone(&self.site), stations: self.all().map(older).collect(), feeds: self.feeds.clone() }
    }

    /// Each station with its data, in the order of configuration.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (&Station, &StationNow)> + ExactSizeIterator {
        self.site.stations.iter().zip(&self.stations)
    }

    /// A station and its place in the order of configuration.
    pub fn find(&self, id: &str) -> Option<(usize, &Station, &StationNow)> {
        let at = self.site.stations.iter().position(|station| station.id.as_str() == id)?;
        Some((at, &self.site.stations[at], &self.stations[at]))
    }
}

impl StationNow {
    fn read(reader: &Reader, station: &Station, now: Timestamp) -> Result<Self, StoreError> {
        let source = measuring_source(reader, station, now)?;
        let observed = match source {
            Some((source, newest)) => reader
                .observed(&source.feed, &source.location, Parameter::Level, newest.min(now) - LOOK_BACK, now)?
                .into_iter()
                .map(|point| Point { value: point.value.map(|value| value + source.datum_offset), ..point })
                .collect(),
            None => Vec::new(),
        };
        let mut issues = newest_issues(reader, station, now)?.into_iter();
        let (forecast, previous) = (issues.next(), issues.next());
        let assessment = assess(station, &observed, forecast.as_ref(), now);
        Ok(Self { source: source.map(|(source, _)| source.feed.clone()), observed, forecast, previous, assessment })
    }

    /// The forecast, where it may still speak of the time ahead.
    pub(crate) fn current_forecast(&self, now: Timestamp) -> Option<&Forecast> {
        self.forecast.as_ref().filter(|forecast| forecast.state(now) == hydro::ForecastState::Current)
    }
}

/// The source that measurements are taken from: the first in the station's order that has a current one, else the one with
/// the newest. Two sources are never mixed.
fn measuring_source<'a>(
    reader: &Reader,
    station: &'a Station,
    now: Timestamp,
) -> Result<Option<(&'a Source, Timestamp)>, StoreError> {
    let mut newest: Option<(&Source, Timestamp)> = None;
    for source in station.sources.iter().filter(|source| source.parameter == Parameter::Level) {
        let Some(valid) = reader.newest_observed(&source.feed, &source.location, Parameter::Level, now)? else {
            continue;
        };
        if freshness(valid, station.cadence, now) <= Freshness::Late {
            return Ok(Some((source, valid)));
        }
        if newest.is_none_or(|(_, before)| valid > before) {
            newest = Some((source, valid));
        }
    }
    Ok(newest)
}

/// The two newest issues of the source that spoke last, newest first, in the station's datum.
fn newest_issues(reader: &Reader, station: &Station, now: Timestamp) -> Result<Vec<Forecast>, StoreError> {
    let mut newest: Vec<Forecast> = Vec::new();
    for source in station.sources.iter().filter(|source| source.parameter == Parameter::Level) {
        let mut issues = reader.forecasts(&source.feed, &source.location, Parameter::Level, now, 2)?;
        for (_, value) in issues.iter_mut().flat_map(|issue| &mut issue.points) {
            *value = *value + source.datum_offset;
        }
        let later = match (issues.first(), newest.first()) {
            (Some(issue), Some(before)) => issue.issued > before.issued,
            (first, _) => first.is_some(),
        };
        if later {
            newest = issues;
        }
    }
    Ok(newest)
}

impl FeedNow {
    fn read(reader: &Reader, feed: &FeedId, site: &Site, now: Timestamp) -> Result<Self, StoreError> {
        let mut newest = None;
        for source in site.stations.iter().flat_map(|station| &station.sources).filter(|source| source.feed == *feed) {
            newest = newest.max(reader.newest_observed(feed, &source.location, source.parameter, now)?);
        }
        Ok(Self {
            state: reader.feed_state(feed)?,
            log: reader.fetches(feed, now, LOGGED)?,
            thresholds: reader.published_thresholds(feed, now)?,
            newest,
        })
    }
}

/// A threshold that a feed publishes otherwise than the configuration has it.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference<'a> {
    pub(crate) station: &'a Station,
    /// The threshold's name in data.
    pub(crate) name: &'a str,
    pub(crate) ours: Option<Value>,
    pub(crate) theirs: Value,
}

impl Snapshot {
    /// Where thresholds published in a feed differ from those in use. Places are matched by the ids that the stations'
    /// sources name, in whichever feed: an authority uses one id for a place in all its feeds.
    pub(crate) fn threshold_differences<'a>(&'a self, feed: &'a FeedNow) -> Vec<Difference<'a>> {
        let mut differences = Vec::new();
        for gauge in &feed.thresholds {
            let named = |station: &&Station| station.sources.iter().any(|source| source.location == gauge.location);
            let Some(station) = self.site.stations.iter().find(named) else { continue };
            let Some(thresholds) = &station.thresholds else { continue };
            for (name, theirs) in &gauge.heights {
                let Some(step) = (1..=4).find(|&n| thresholds.scheme().thresholds()[n - 1] == name) else { continue };
                let rank = u8::try_from(step).ok().and_then(hydro::Rank::new);
                let ours = rank.and_then(|rank| thresholds.height(rank));
                if ours != Some(*theirs) {
                    differences.push(Difference { station, name, ours, theirs: *theirs });
                }
            }
        }
        differences
    }
}
