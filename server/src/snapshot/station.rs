//! What is known of one station: read from the store, and aged.

use std::sync::Arc;

use hydro::{Assessment, FeedId, Forecast, Point, SignedDuration, Source, Station, Timestamp, Value, assess};
use store::{Reader as Database, StoreError};

use crate::chart::Sample;
use crate::{board, report};

/// How far back readings are taken for chart, table and the beginning of a run: thirty days before the newest.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

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

    /// Takes the measurements of the first source of the station's parameter, in the station's order, that has a current one to
    /// be believed; of the source with the newest where none has. Two sources are never mixed.
    fn read_first(reader: &Database, station: &Station, now: Timestamp, issues: usize) -> Result<Self, StoreError> {
        let mut issues = newest_issues(reader, station, now, issues)?.into_iter().map(Arc::new);
        let forecasts = [issues.next(), issues.next()];
        let mut best = None;
        for source in leading(station) {
            let observed = recent(reader, source, now)?;
            let state = Self::new(station, Some(source.feed.clone()), observed, forecasts.clone(), now);
            if state.assessment.freshness.current() {
                return Ok(state);
            }
            let newest = |state: &Self| state.assessment.newest.map(|reading| reading.valid);
            if newest(&state) > best.as_ref().and_then(newest) {
                best = Some(state);
            }
        }
        Ok(best.unwrap_or_else(|| Self::new(station, None, Vec::new(), forecasts, now)))
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
    let points = reader.latest(&source.feed, &source.location, source.parameter, LOOK_BACK, now)?;
    Ok(in_datum(points, source))
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
