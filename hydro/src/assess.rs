//! What may be said of a station now: status, freshness, trend, since when, outlook. One pure function of its data and `now`.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::episode::unconfirm;
use crate::{
    Doubt, Episode, Forecast, ForecastState, Operation, Outlook, Parameter, Point, Rank, Reading, Screened, Station,
    Trend, Value, episodes, flat_since, screen, trend,
};

/// How old the newest trusted measurement is, against how often the station reports. Never judged by when it was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// Within two cadences.
    Fresh,
    /// Within six cadences or six hours: still the current level, and said to be late.
    Late,
    /// Within a day: a past level, shown without status, trend or colour.
    Stale,
    /// Older than a day: nothing is said of now.
    Offline,
    /// There has never been one.
    None,
}

impl Freshness {
    /// Its word in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::Stale => "stale",
            Self::Offline => "offline",
            Self::None => "none",
        }
    }

    /// Whether a value of this age may be called the level *now*.
    pub const fn current(self) -> bool {
        matches!(self, Self::Fresh | Self::Late)
    }
}

/// The highest threshold reached by the newest trusted measurement, if there is a current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing is known: no current measurement, or no thresholds to hold it against. Not normal.
    Unknown,
    /// So many steps are reached; rank 0 is *normal*.
    At(Rank),
}

impl Status {
    /// The rank, if the status is known.
    pub const fn rank(self) -> Option<Rank> {
        match self {
            Self::Unknown => None,
            Self::At(rank) => Some(rank),
        }
    }
}

/// The episode of the threshold that sets the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The first reading of the episode.
    pub since: Timestamp,
    /// It may have begun earlier: it starts at the first reading known, or after a silence.
    pub or_earlier: bool,
    /// The highest reading of the episode.
    pub peak: Reading,
}

/// Everything that may be said of a station at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The measurements not later than now, with what is to be said against them; a copy shares them.
    pub screened: Arc<Vec<Screened>>,
    /// The times at or above each threshold, by their beginnings.
    pub episodes: Vec<Episode>,
    /// The newest trusted measurement, of whatever age.
    pub newest: Option<Reading>,
    /// The same, where it is the level now: it is current, and the station is in operation.
    pub current: Option<Reading>,
    /// The newest measurement of all, where it is newer than that one and in doubt.
    pub suspect: Option<(Reading, Doubt)>,
    /// Since when the trusted measurements of a level have been the same to the millimetre: see [`flat_since`]. Nothing of
    /// a discharge: agencies round it to three digits, and a dam may keep it the same for weeks.
    pub flat_since: Option<Timestamp>,
    /// Its age class.
    pub freshness: Freshness,
    /// What it means, where it is current.
    pub status: Status,
    /// The direction, where the measurement is current.
    pub trend: Option<Trend>,
    /// Since when the threshold of the status has been reached; `None` for normal and unknown, and where the station's
    /// on-delay is not over.
    pub run: Option<Observed>,
    /// Whether the forecast may speak.
    pub forecast: ForecastState,
    /// What a current forecast says of the time ahead.
    pub outlook: Option<Outlook>,
    /// How far the forecast stands from the current measurement at the time of that measurement, where that is far: then one
    /// of the two is wrong.
    pub disagreement: Option<Value>,
}

/// Forecasts begin near the measurement; half a metre apart is no longer near.
const FAR: Value = Value::from_milli(500);
/// Nor is a discharge of half the other. Measured ones are themselves uncertain by 10 to 20 % in the banks and by 40 %
/// above them (`McMillan`, Krueger and Freer, Hydrological Processes 26, 2012, 4078-4111), and by more in small brooks: less
/// than a cubic metre a second is never far.
const FAR_DISCHARGE: Value = Value::from_milli(1000);

/// A clock may be a little ahead of ours; a measurement further in the future than this is no measurement.
pub const FUTURE_TOLERANCE: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The age class of a measurement at `now`, for a station that reports every `cadence`.
pub fn freshness(valid: Timestamp, cadence: SignedDuration, now: Timestamp) -> Freshness {
    let age = now.duration_since(valid);
    match age {
        _ if age <= cadence * 2 => Freshness::Fresh,
        _ if age <= current_for(cadence) => Freshness::Late,
        _ if age <= DAY => Freshness::Stale,
        _ => Freshness::Offline,
    }
}

/// How long a measurement is the current one, for a station that reports every `cadence`.
pub fn current_for(cadence: SignedDuration) -> SignedDuration {
    (cadence * 6).max(SignedDuration::from_hours(6)).min(DAY).max(cadence * 2)
}

/// How far a current forecast stands from a measurement, where that is far. A forecast that begins within three hours of the
/// measurement is held against it by its beginning.
fn disagreement(reading: Reading, forecast: &Forecast, parameter: Parameter, now: Timestamp) -> Option<Value> {
    let near = |valid: Timestamp| valid.duration_since(reading.valid).abs() <= SignedDuration::from_hours(3);
    let begins = || forecast.points.first().filter(|(valid, _)| near(*valid)).map(|&(_, value)| value);
    let told = forecast.level_at(reading.valid).or_else(begins)?;
    let apart = told.distance(reading.value);
    let far = match parameter {
        Parameter::Level => apart > FAR,
        Parameter::Discharge => {
            apart > FAR_DISCHARGE && apart.milli() * 2 > told.milli().abs().max(reading.value.milli().abs())
        }
    };
    (far && forecast.state(now) == ForecastState::Current).then_some(apart)
}

/// Says what may be said of a station at `now`.
///
/// `observed` rises in time, each instant once, and comes from one source of the station's parameter, a level in the
/// station's datum; `forecast` is the newest issue.
pub fn assess(station: &Station, observed: &[Point], forecast: Option<&Forecast>, now: Timestamp) -> Assessment {
    let parameter = station.parameter();
    let known = observed.partition_point(|point| point.valid <= now + FUTURE_TOLERANCE);
    let screened = Arc::new(screen(&observed[..known], &station.limits));
    let mut trusted: Vec<Reading> = Vec::with_capacity(screened.len());
    trusted.extend(screened.iter().filter_map(Screened::trusted));
    let measured = Assessment {
        newest: trusted.last().copied(),
        suspect: screened.iter().rev().take_while(|one| one.trusted().is_none()).find_map(Screened::suspect),
        flat_since: flat_since(&trusted).filter(|_| parameter == Parameter::Level),
        trend: trend(&trusted, parameter),
        episodes: station.thresholds.as_ref().map_or_else(Vec::new, |thresholds| {
            episodes(&trusted, thresholds, &station.episodes, station.cadence, now)
        }),
        screened,
        current: None,
        freshness: Freshness::None,
        status: Status::Unknown,
        run: None,
        forecast: ForecastState::None,
        outlook: None,
        disagreement: None,
    };
    measured.judged(station, forecast, now)
}

impl Assessment {
    /// The same data at a later instant at which nothing more is known: it is what [`assess`] says then, be the measurements
    /// there one by one or not.
    pub fn aged(&self, station: &Station, forecast: Option<&Forecast>, now: Timestamp) -> Self {
        let mut episodes = self.episodes.clone();
        unconfirm(&mut episodes, self.newest.map(|reading| reading.valid), station.cadence, now);
        let later = Self { screened: Arc::clone(&self.screened), episodes, outlook: None, ..*self };
        later.judged(station, forecast, now)
    }

    /// Says of what is known of the measurements what it means at `now`.
    fn judged(self, station: &Station, forecast: Option<&Forecast>, now: Timestamp) -> Self {
        let freshness = self.newest.map_or(Freshness::None, |reading| freshness(reading.valid, station.cadence, now));
        let current = self.newest.filter(|_| freshness.current() && station.operation == Operation::Active);
        let status = match (current, &station.thresholds) {
            (Some(reading), Some(thresholds)) => Status::At(thresholds.reached(reading.value)),
            _ => Status::Unknown,
        };
        Self {
            freshness,
            current,
            status,
            trend: self.trend.filter(|_| current.is_some()),
            run: status.rank().and_then(|rank| lasting(&self.episodes, rank)),
            forecast: forecast.map_or(ForecastState::None, |forecast| forecast.state(now)),
            outlook: forecast.and_then(|forecast| {
                forecast.outlook(station.thresholds.as_ref(), current.map(|reading| reading.value), now)
            }),
            disagreement: current
                .zip(forecast)
                .and_then(|(reading, forecast)| disagreement(reading, forecast, station.parameter(), now)),
            ..self
        }
    }
}

/// The episode of a rank that lasts.
fn lasting(episodes: &[Episode], rank: Rank) -> Option<Observed> {
    let episode = episodes.iter().find(|episode| episode.rank == rank && episode.ended.is_none())?;
    Some(Observed { since: episode.began.valid, or_earlier: episode.began.or_earlier, peak: episode.peak })
}
