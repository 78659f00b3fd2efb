//! What the store knows, put together for every station at one instant: read once, drawn from by every page.

use std::sync::Arc;

use hydro::{
    Assessment, FeedId, Forecast, Parameter, Point, SignedDuration, Source, Station, Timestamp, Value, assess,
};
use store::{FeedState, GaugeThresholds, Logged, Reader as Database, StoreError};

use crate::format::Reader;
use crate::{Site, sentence};

/// How far back readings are taken for chart, table and the beginning of a run: thirty days before the newest.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
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
    pub fn read(reader: &Database, site: Arc<Site>, now: Timestamp) -> Result<Self, StoreError> {
        let stations =
            site.stations.iter().map(|station| StationNow::read(reader, station, now)).collect::<Result<_, _>>()?;
        let feeds =
            site.feeds.iter().map(|feed| FeedNow::read(reader, &feed.id, &site, now)).collect::<Result<_, _>>()?;
        Ok(Self { now, site, stations, feeds })
    }

    /// The same data seen at a later instant: nothing new is known, and everything is older.
    pub(crate) fn aged(&self, now: Timestamp) -> Self {
        let older = |(station, state): (&Station, &StationNow)| {
            let StationNow { source, observed, forecast, previous, .. } = state.clone();
            StationNow::new(station, source, observed, [forecast, previous], now)
        };
        Self { now, site: Arc::clone(&self.site), stations: self.all().map(older).collect(), feeds: self.feeds.clone() }
    }

    /// Each station with its data, in the order of configuration.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (&Station, &StationNow)> + ExactSizeIterator {
        self.site.stations.iter().zip(&self.stations)
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
        Some((at, &self.site.stations[at], &self.stations[at]))
    }
}

impl StationNow {
    /// Takes the measurements of the first source, in the station's order, that has a current one to be believed; of the
    /// source with the newest where none has. Two sources are never mixed.
    fn read(reader: &Database, station: &Station, now: Timestamp) -> Result<Self, StoreError> {
        let mut issues = newest_issues(reader, station, now)?.into_iter();
        let forecasts = [issues.next(), issues.next()];
        let mut best = Self::new(station, None, Vec::new(), forecasts.clone(), now);
        for source in station.sources.iter().filter(|source| source.parameter == Parameter::Level) {
            let observed = measurements(reader, source, now)?;
            let state = Self::new(station, Some(source.feed.clone()), observed, forecasts.clone(), now);
            if state.assessment.freshness.current() {
                return Ok(state);
            }
            let newest = |state: &Self| state.assessment.newest.map(|reading| reading.valid);
            if newest(&state) > newest(&best) {
                best = state;
            }
        }
        Ok(best)
    }

    /// Says what may be said at `now` of data in the station's datum: measurements rising in time from one source, the newest
    /// issue of the forecast and the one before.
    pub(crate) fn new(
        station: &Station,
        source: Option<FeedId>,
        observed: Vec<Point>,
        [forecast, previous]: [Option<Forecast>; 2],
        now: Timestamp,
    ) -> Self {
        let assessment = assess(station, &observed, forecast.as_ref(), now);
        Self { source, observed, forecast, previous, assessment }
    }

    /// The forecast, where it may still speak of the time ahead.
    pub(crate) fn current_forecast(&self, now: Timestamp) -> Option<&Forecast> {
        self.forecast.as_ref().filter(|forecast| forecast.state(now) == hydro::ForecastState::Current)
    }
}

/// A source's measurements of the thirty days before the newest, in the station's datum.
fn measurements(reader: &Database, source: &Source, now: Timestamp) -> Result<Vec<Point>, StoreError> {
    let newest = reader.newest_observed(&source.feed, &source.location, source.parameter, now)?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let mut points =
        reader.observed(&source.feed, &source.location, source.parameter, newest.min(now) - LOOK_BACK, now)?;
    for value in points.iter_mut().filter_map(|point| point.value.as_mut()) {
        *value = *value + source.datum_offset;
    }
    Ok(points)
}

/// The two newest issues of the source that spoke last, newest first, in the station's datum.
fn newest_issues(reader: &Database, station: &Station, now: Timestamp) -> Result<Vec<Forecast>, StoreError> {
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
    fn read(reader: &Database, feed: &FeedId, site: &Site, now: Timestamp) -> Result<Self, StoreError> {
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
                let Some(rank) = thresholds.scheme().rank(name) else { continue };
                let ours = thresholds.height(rank);
                if ours != Some(*theirs) {
                    differences.push(Difference { station, name, ours, theirs: *theirs });
                }
            }
        }
        differences
    }
}
