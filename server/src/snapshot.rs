//! What the store knows, put together for every station at one instant: read once, drawn from by every page.

mod alerts;

use std::sync::Arc;

use hydro::{
    Assessment, FeedId, Forecast, Point, SignedDuration, Source, Station, Thresholds, Timestamp, Value, assess,
};
use store::{FeedState, Logged, Note, PublishedThreshold, Reader as Database, StoreError};

use crate::chart::Sample;
use crate::format::Reader;
use crate::{Site, board, report, sentence};
pub use alerts::AlertNow;
pub(crate) use alerts::is_in;

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

/// One station's data of its [parameter](Station::parameter), levels in the station's datum, and what may be said of them.
#[derive(Debug, Clone)]
pub struct StationNow {
    /// The feed that the measurements come from.
    pub source: Option<FeedId>,
    /// Rising in time; a copy shares them.
    pub observed: Arc<Vec<Point>>,
    /// The newest issue, of whatever age.
    pub forecast: Option<Arc<Forecast>>,
    /// The issue before it.
    pub previous: Option<Arc<Forecast>>,
    /// What may be said of them.
    pub assessment: Assessment,
    /// How far the newest measurement stands from those of the [hours before](report::BACK) that the report tells of; nothing
    /// beside the measurements one by one.
    pub(crate) moved: [Option<Value>; 3],
    /// What the boards draw of the measurements: see [`board::recent`]; nothing beside the measurements one by one.
    pub(crate) recent: Arc<[Vec<Sample>]>,
    /// The discharge of a station of level that has it: the data of [`Station::discharge`].
    pub discharge: Option<Box<StationNow>>,
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

impl StationNow {
    /// The data of a station, and of the discharge that it has beside its level.
    pub(crate) fn read(reader: &Database, station: &Station, now: Timestamp) -> Result<Self, StoreError> {
        let _view = reader.view()?;
        let discharge = station.discharge().map(|second| Self::read_first(reader, &second, now, 2)).transpose()?;
        Ok(Self { discharge: discharge.map(Box::new), ..Self::read_first(reader, station, now, 2)? })
    }

    /// What was said of a station at an earlier instant.
    pub(crate) fn said(reader: &Database, station: &Station, then: Timestamp) -> Result<Assessment, StoreError> {
        let said = Self::read_first(reader, station, then, 1)?.assessment;
        Ok(Assessment { screened: Arc::default(), ..said })
    }

    /// Takes the measurements of the first source of the station's parameter, in the station's order, that has a current one to be believed; of the
    /// source with the newest where none has. Two sources are never mixed.
    fn read_first(reader: &Database, station: &Station, now: Timestamp, issues: usize) -> Result<Self, StoreError> {
        let mut issues = newest_issues(reader, station, now, issues)?.into_iter().map(Arc::new);
        let forecasts = [issues.next(), issues.next()];
        let mut best = Self::new(station, None, Vec::new(), forecasts.clone(), now);
        for source in leading(station) {
            let observed = recent(reader, source, now)?;
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
        [forecast, previous]: [Option<Arc<Forecast>>; 2],
        now: Timestamp,
    ) -> Self {
        let assessment = assess(station, &observed, forecast.as_deref(), now);
        let (moved, recent) = ([None; 3], Arc::default());
        Self { source, observed: Arc::new(observed), forecast, previous, assessment, moved, recent, discharge: None }
    }

    /// The same data at a later instant. The measurements are held against one another anew only where some of them were
    /// ahead of the time.
    pub(crate) fn aged(&self, station: &Station, now: Timestamp) -> Self {
        let forecast = self.forecast.as_deref();
        let assessment = if self.assessment.screened.len() == self.observed.len() {
            self.assessment.aged(station, forecast, now)
        } else {
            assess(station, &self.observed, forecast, now)
        };
        let second = self.discharge.as_ref().zip(station.discharge());
        Self {
            source: self.source.clone(),
            observed: Arc::clone(&self.observed),
            forecast: self.forecast.clone(),
            previous: self.previous.clone(),
            assessment,
            moved: self.moved,
            recent: Arc::clone(&self.recent),
            discharge: second.map(|(second, station)| Box::new(second.aged(&station, now))),
        }
    }

    /// The same without the measurements one by one, and with what pages of many stations tell of them instead.
    pub(crate) fn alone(&self, station: &Station) -> Self {
        let (episodes, outlook) = (self.assessment.episodes.clone(), self.assessment.outlook.clone());
        Self {
            source: self.source.clone(),
            observed: Arc::default(),
            forecast: self.forecast.clone(),
            previous: self.previous.clone(),
            assessment: Assessment { screened: Arc::default(), episodes, outlook, ..self.assessment },
            moved: report::moved(station, &self.assessment),
            recent: board::recent(station, &self.assessment).into(),
            discharge: self.discharge.as_ref().map(|second| Box::new(second.alone(station))),
        }
    }

    /// What may be said at `now` of all measurements of the source that are kept, not only of the last thirty days.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub(crate) fn ever(&self, reader: &Database, station: &Station, now: Timestamp) -> Result<Assessment, StoreError> {
        let source = leading(station).find(|source| Some(&source.feed) == self.source.as_ref());
        let observed =
            source.map_or_else(|| Ok(Vec::new()), |source| measurements(reader, source, Timestamp::MIN, now))?;
        Ok(assess(station, &observed, None, now))
    }

    /// The forecast, where it may still speak of the time ahead.
    pub(crate) fn current_forecast(&self, now: Timestamp) -> Option<&Forecast> {
        self.forecast.as_deref().filter(|forecast| forecast.state(now) == hydro::ForecastState::Current)
    }
}

/// The sources of what the station speaks of first, in its order.
pub(crate) fn leading(station: &Station) -> impl Iterator<Item = &Source> {
    let parameter = station.parameter();
    station.sources.iter().filter(move |source| source.parameter == parameter)
}

/// A source's measurements of the thirty days before the newest.
fn recent(reader: &Database, source: &Source, now: Timestamp) -> Result<Vec<Point>, StoreError> {
    let newest = reader.newest_observed(&source.feed, &source.location, source.parameter, now)?;
    newest.map_or_else(|| Ok(Vec::new()), |newest| measurements(reader, source, newest.min(now) - LOOK_BACK, now))
}

/// A source's measurements valid from `from` on, in the station's datum.
fn measurements(reader: &Database, source: &Source, from: Timestamp, now: Timestamp) -> Result<Vec<Point>, StoreError> {
    let points = reader.observed(&source.feed, &source.location, source.parameter, from, now)?;
    Ok(in_datum(points, source))
}

/// A source's measurements valid from one instant on and before another, in the station's datum.
pub(crate) fn measurements_within(
    reader: &Database,
    source: &Source,
    span: (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Point>, StoreError> {
    let points = reader.observed_within(&source.feed, &source.location, source.parameter, span, now)?;
    Ok(in_datum(points, source))
}

/// Brings measurements into the station's datum.
fn in_datum(mut points: Vec<Point>, source: &Source) -> Vec<Point> {
    for value in points.iter_mut().filter_map(|point| point.value.as_mut()) {
        *value = *value + source.datum_offset;
    }
    points
}

/// Brings an issue into the station's datum.
pub(crate) fn shift(issue: &mut Forecast, source: &Source) {
    let bounds = issue.bounds.iter_mut().flat_map(|bound| &mut bound.points);
    for (_, value) in issue.points.iter_mut().chain(bounds) {
        *value = *value + source.datum_offset;
    }
}

/// The newest issues of the source that spoke last, newest first, in the station's datum.
pub(crate) fn newest_issues(
    reader: &Database,
    station: &Station,
    now: Timestamp,
    at_most: usize,
) -> Result<Vec<Forecast>, StoreError> {
    let mut newest: Vec<Forecast> = Vec::new();
    for source in leading(station) {
        let mut issues = reader.forecasts(&source.feed, &source.location, source.parameter, now, at_most)?;
        for issue in &mut issues {
            shift(issue, source);
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
    fn read(reader: &Database, feed: &FeedId, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            state: reader.feed_state(feed, now)?,
            log: reader.fetches(feed, now, LOGGED)?,
            thresholds: reader.published_thresholds(feed, now)?,
            newest: reader.newest_of_feed(feed, now)?,
        })
    }
}

/// The site with the thresholds that are in force: those of a feed where the configuration says that they rule and the feed
/// has any for the station, else the configured ones.
fn ruled(site: Arc<Site>, feeds: &[FeedNow]) -> Arc<Site> {
    let in_force = |station: &Station| {
        let publisher = station.publisher.as_ref()?;
        let feed = site.feeds.iter().position(|feed| feed.id == publisher.feed).and_then(|at| feeds.get(at))?;
        let known: Vec<_> = published(station, feed).collect();
        let named = known.iter().filter(|(threshold, _)| publisher.scheme.rank(&threshold.name).is_some());
        let heights: Vec<_> =
            named.filter_map(|(threshold, value)| Some((threshold.name.as_str(), (*value)?))).collect();
        if heights.is_empty() {
            return None;
        }
        let newest = known.iter().map(|(threshold, _)| threshold.received).max()?;
        let date = station.zone.civil(newest).date();
        Thresholds::new(publisher.scheme, heights, publisher.source.clone(), Some(date)).ok()
    };
    let changed: Vec<(usize, Thresholds)> =
        site.stations.iter().enumerate().filter_map(|(at, station)| Some((at, in_force(station)?))).collect();
    if changed.is_empty() {
        return site;
    }
    let mut site = Site::clone(&site);
    for (at, thresholds) in changed {
        site.stations[at].thresholds = Some(thresholds);
    }
    Arc::new(site)
}

/// What a feed publishes of a station's leading parameter, with the heights in the station's datum. Places are matched by
/// the ids that the station's sources name, in whichever feed: an authority uses one id for a place in all its feeds.
fn published<'a>(
    station: &'a Station,
    feed: &'a FeedNow,
) -> impl Iterator<Item = (&'a PublishedThreshold, Option<Value>)> + 'a {
    feed.thresholds.iter().filter_map(|threshold| {
        let of_it = |source: &&Source| source.location == threshold.location && source.parameter == threshold.parameter;
        let source = leading(station).find(of_it)?;
        Some((threshold, threshold.value.map(|value| value + source.datum_offset)))
    })
}

/// A threshold of a station as a feed publishes it.
#[derive(Debug, PartialEq)]
pub(crate) struct Published<'a> {
    pub(crate) station: &'a Station,
    /// The feed's place among the site's.
    pub(crate) feed: usize,
    /// The threshold's name in data.
    pub(crate) name: &'a str,
    /// What is in force here.
    pub(crate) ours: Option<Value>,
    /// What it is now, and was before; `None` where there is and was none.
    pub(crate) theirs: (Option<Value>, Option<Value>),
    /// Since when.
    pub(crate) received: Timestamp,
}

impl Snapshot {
    /// The thresholds that feeds publish for stations, in the order of the stations.
    pub(crate) fn published_thresholds(&self) -> Vec<Published<'_>> {
        let mut found = Vec::new();
        for station in &self.site.stations {
            for (at, feed) in self.feeds.iter().enumerate() {
                for (threshold, value) in published(station, feed) {
                    let set = station.thresholds.as_ref();
                    let scheme = set.map(Thresholds::scheme).or(station.publisher.as_ref().map(|by| by.scheme));
                    let Some(rank) = scheme.and_then(|scheme| scheme.rank(&threshold.name)) else { continue };
                    let before =
                        value.zip(threshold.value).map_or(Value::from_milli(0), |(ours, theirs)| ours - theirs);
                    found.push(Published {
                        station,
                        feed: at,
                        name: &threshold.name,
                        ours: set.and_then(|set| set.height(rank)),
                        theirs: (value, threshold.before.map(|value| value + before)),
                        received: threshold.received,
                    });
                }
            }
        }
        found
    }
}
