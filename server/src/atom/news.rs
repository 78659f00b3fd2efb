//! What is news of a station: decided from its episodes and from every issue of its forecast of the last thirty days.

use hydro::{Forecast, Parameter, Rank, SignedDuration, Station, Thresholds, Timestamp, Value};
use store::{Reader as Database, StoreError};

use crate::snapshot::{StationNow, leading, shift};

/// How far back news go.
const SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// An issue is held against the one before it where that is no older than this; issues so long before are read too, so that
/// what is news does not depend on when it is asked for.
const GAP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A forecast peak is news where it stands so much above the last one.
const FURTHER: Value = Value::from_milli(100);
/// Values of a forecast read at once.
const AT_ONCE: usize = 20_000;

/// Sorts of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The water has reached a threshold.
    Reached,
    /// The water has left it.
    Left,
    /// A forecast reaches a threshold that the one before did not.
    ForecastReaches,
    /// A forecast peak stands well above that of the one before.
    ForecastPeak,
}

impl Kind {
    /// Its word in ids.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Left => "left",
            Self::ForecastReaches => "forecast",
            Self::ForecastPeak => "forecast-peak",
        }
    }
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct News {
    pub(super) kind: Kind,
    /// The threshold; none for a peak.
    pub(super) rank: Option<Rank>,
    /// The instant that it is of: of the reading, or of the issue.
    pub(super) at: Timestamp,
    /// When it was known here.
    pub(super) known: Timestamp,
    /// The reading that reached the threshold, the episode's highest one, or the forecast's peak, and when that is.
    pub(super) value: Value,
    /// When that is.
    pub(super) valid: Timestamp,
}

/// The news of a station known at `now`, in no order.
///
/// # Errors
/// [`StoreError`] where the database does not answer.
pub(super) fn news(
    database: &Database,
    station: &Station,
    state: &StationNow,
    now: Timestamp,
) -> Result<Vec<News>, StoreError> {
    let mut news = measured(database, station, state, now)?;
    news.extend(forecast(database, station, state, now)?);
    news.retain(|news| news.known > now - SPAN);
    Ok(news)
}

/// Thresholds reached and left.
fn measured(
    database: &Database,
    station: &Station,
    state: &StationNow,
    now: Timestamp,
) -> Result<Vec<News>, StoreError> {
    let source = leading(station).find(|source| Some(&source.feed) == state.source.as_ref());
    let Some(source) = source else { return Ok(Vec::new()) };
    let trusted: Vec<_> = state.assessment.screened.iter().filter_map(hydro::Screened::trusted).collect();
    let first = trusted.first().map(|reading| reading.valid);
    let received = |valid| database.received(&source.feed, &source.location, source.parameter, valid, now);
    let mut news = Vec::new();
    for episode in &state.assessment.episodes {
        let rank = Some(episode.rank);
        let began = trusted.iter().find(|reading| reading.valid == episode.began.valid);
        if let Some(reading) = began.filter(|reading| Some(reading.valid) != first) {
            let known = received(reading.valid)?.unwrap_or(reading.valid);
            let (value, at) = (reading.value, reading.valid);
            news.push(News { kind: Kind::Reached, rank, at, known, value, valid: at });
        }
        if let Some(ended) = episode.ended {
            // It was known only once the water had stayed below for long enough.
            let sure = |reading: &&hydro::Reading| reading.valid >= ended.valid + station.episodes.off_delay;
            let told = trusted.iter().find(sure).map_or(ended.valid, |reading| reading.valid);
            let (known, peak) = (received(told)?.unwrap_or(told), episode.peak);
            news.push(News { kind: Kind::Left, rank, at: ended.valid, known, value: peak.value, valid: peak.valid });
        }
    }
    Ok(news)
}

/// What forecasts said that the ones before had not.
fn forecast(
    database: &Database,
    station: &Station,
    state: &StationNow,
    now: Timestamp,
) -> Result<Vec<News>, StoreError> {
    let feed = state.forecast.as_ref().map(|forecast| &forecast.feed);
    let Some(source) = leading(station).find(|source| Some(&source.feed) == feed) else { return Ok(Vec::new()) };
    let series = (&source.feed, source.location.as_str(), source.parameter);
    let (mut news, mut before, mut after): (Vec<News>, Option<Said>, _) = (Vec::new(), None, None);
    loop {
        let page = database.issues(series, (now - SPAN - GAP, Timestamp::MAX), after, now, AT_ONCE)?;
        for mut issue in page.issues {
            shift(&mut issue, source);
            after = Some((issue.issued, issue.received));
            let Some(said) = Said::of(&issue, station.thresholds.as_ref()) else { continue };
            let held = before.filter(|before| said.issued.duration_since(before.issued) <= GAP);
            let new = said.news(held, station).filter(|new| !news.iter().any(|old| old.same(new)));
            news.extend(new);
            before = Some(said);
        }
        if !page.more {
            return Ok(news);
        }
    }
}

impl News {
    /// Whether both have one id: an issue that was corrected twice.
    fn same(&self, other: &Self) -> bool {
        (self.kind, self.rank, self.at) == (other.kind, other.rank, other.at)
    }
}

/// What one issue says of the time after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    issued: Timestamp,
    received: Timestamp,
    rank: Option<Rank>,
    peak: Value,
    valid: Timestamp,
    falling: bool,
}

impl Said {
    /// `None` where it gives no values ahead.
    fn of(issue: &Forecast, thresholds: Option<&Thresholds>) -> Option<Self> {
        let outlook = issue.outlook(thresholds, None, issue.issued)?;
        let (rank, peak) = (outlook.rank, outlook.peak);
        let (issued, received) = (issue.issued, issue.received);
        Some(Self { issued, received, rank, peak: peak.value, valid: peak.valid, falling: peak.falling })
    }

    /// What is new in it. Below all thresholds a peak is no news: rivers rise and fall every week.
    fn news(self, before: Option<Self>, station: &Station) -> Option<News> {
        let reaches = self.rank.filter(|rank| *rank > Rank::NORMAL);
        let higher = reaches.is_some_and(|rank| before.and_then(|before| before.rank).is_none_or(|had| rank > had));
        let further = before.is_some_and(|before| self.peak >= before.peak + further(before.peak, station.parameter()));
        let told = self.rank.is_none() || reaches.is_some();
        let (kind, rank) = match (higher, further && told && !self.falling) {
            (true, _) => (Kind::ForecastReaches, reaches),
            (false, true) => (Kind::ForecastPeak, None),
            (false, false) => return None,
        };
        let (value, valid) = (self.peak, self.valid);
        Some(News { kind, rank, at: self.issued, known: self.received, value, valid })
    }
}

/// How much further a peak must go to be news: of a discharge, a tenth.
fn further(peak: Value, parameter: Parameter) -> Value {
    match parameter {
        Parameter::Level => FURTHER,
        Parameter::Discharge => Value::from_milli(peak.milli().abs() / 10).max(FURTHER),
    }
}
