//! What may be said of a station now: status, freshness, trend, since when, outlook. One pure function of its data and `now`.

use jiff::{SignedDuration, Timestamp};

use crate::{Forecast, ForecastState, Operation, Outlook, Point, Quality, Rank, Station, Trend, Value, trend};

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

/// A measurement that may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When it was true.
    pub valid: Timestamp,
    /// The level, in the station's datum, or the discharge.
    pub value: Value,
    /// The agency's remark.
    pub quality: Option<Quality>,
}

/// The unbroken run of readings at or above the threshold that sets the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The first reading of the run.
    pub since: Timestamp,
    /// The run may have begun earlier: it starts at the first reading known, or after a gap.
    pub or_earlier: bool,
    /// The highest reading of the run.
    pub peak: Reading,
}

/// Everything that may be said of a station at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The newest trusted measurement, of whatever age.
    pub newest: Option<Reading>,
    /// Its age class.
    pub freshness: Freshness,
    /// What it means, where it is current.
    pub status: Status,
    /// The direction, where the measurement is current.
    pub trend: Option<Trend>,
    /// Since when the threshold of the status has been reached; `None` for normal and unknown.
    pub run: Option<Observed>,
    /// Whether the forecast may speak.
    pub forecast: ForecastState,
    /// What a current forecast says of the time ahead.
    pub outlook: Option<Outlook>,
}

/// A clock may be a little ahead of ours; a measurement further in the future than this is no measurement.
pub const FUTURE_TOLERANCE: SignedDuration = SignedDuration::from_mins(15);
/// A run of readings is not joined across a wider gap.
const WIDEST_GAP: SignedDuration = SignedDuration::from_hours(6);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The age class of a measurement at `now`, for a station that reports every `cadence`.
pub fn freshness(valid: Timestamp, cadence: SignedDuration, now: Timestamp) -> Freshness {
    let age = now.duration_since(valid);
    match age {
        _ if age <= cadence * 2 => Freshness::Fresh,
        _ if age <= (cadence * 6).max(SignedDuration::from_hours(6)).min(DAY) => Freshness::Late,
        _ if age <= DAY => Freshness::Stale,
        _ => Freshness::Offline,
    }
}

/// Says what may be said of a station at `now`.
///
/// `observed` rises in time and comes from one source, in the station's datum; `forecast` is the newest issue.
pub fn assess(station: &Station, observed: &[Point], forecast: Option<&Forecast>, now: Timestamp) -> Assessment {
    let trusted: Vec<Reading> = observed
        .iter()
        .filter(|point| point.valid <= now + FUTURE_TOLERANCE && point.quality.is_none_or(Quality::trusted))
        .filter_map(|point| Some(Reading { valid: point.valid, value: point.value?, quality: point.quality }))
        .collect();
    let newest = trusted.last().copied();
    let freshness = newest.map_or(Freshness::None, |reading| freshness(reading.valid, station.cadence, now));
    let current = newest.filter(|_| freshness.current() && station.operation == Operation::Active);
    let status = match (current, &station.thresholds) {
        (Some(reading), Some(thresholds)) => Status::At(thresholds.reached(reading.value)),
        _ => Status::Unknown,
    };
    let run = status
        .rank()
        .and_then(|rank| station.thresholds.as_ref()?.height(rank))
        .and_then(|height| run_at_or_above(&trusted, height));
    let pairs: Vec<(Timestamp, Value)> = trusted.iter().map(|reading| (reading.valid, reading.value)).collect();
    Assessment {
        newest,
        freshness,
        status,
        trend: current.and_then(|_| trend(&pairs)),
        run,
        forecast: forecast.map_or(ForecastState::None, |forecast| forecast.state(now)),
        outlook: forecast.and_then(|forecast| {
            forecast.outlook(station.thresholds.as_ref(), current.map(|reading| reading.value), now)
        }),
    }
}

/// The run of readings at or above `height` that the newest reading belongs to.
fn run_at_or_above(readings: &[Reading], height: Value) -> Option<Observed> {
    let mut run: Option<Observed> = None;
    for (i, reading) in readings.iter().enumerate().rev() {
        let Some(so_far) = run.as_mut() else {
            run = Some(Observed { since: reading.valid, or_earlier: i == 0, peak: *reading });
            continue;
        };
        if reading.value < height {
            break;
        }
        if so_far.since.duration_since(reading.valid) > WIDEST_GAP {
            so_far.or_earlier = true;
            break;
        }
        so_far.since = reading.valid;
        so_far.or_earlier = i == 0;
        if reading.value >= so_far.peak.value {
            so_far.peak = *reading;
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{FeedId, LocalText, Position, Scheme, StationId, Thresholds, Zone};

    const START: i64 = 1_650_000_000;

    fn station() -> Station {
        let heights = [("advisory", Value::from_milli(4000)), ("watch", Value::from_milli(5000))];
        Station {
            id: StationId::new("fredericton").unwrap(),
            name: LocalText::same("Fredericton"),
            river: LocalText::same("Saint John River"),
            position: Position { latitude: 45.97, longitude: -66.65 },
            zone: Zone::UTC,
            datum: None,
            thresholds: Some(Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap()),
            record: None,
            floods: vec![],
            impacts: vec![],
            sources: vec![],
            measured: true,
            no_forecast: None,
            cadence: SignedDuration::from_hours(1),
            operation: Operation::Active,
            tidal: false,
            gauge: None,
            agency_page: None,
        }
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(START + hours * 3600).unwrap()
    }

    fn hourly(millis: &[i64]) -> Vec<Point> {
        let value = |&milli| Some(Value::from_milli(milli));
        (0_i64..).zip(millis).map(|(i, milli)| Point { valid: at(i), value: value(milli), quality: None }).collect()
    }

    #[test]
    fn ages_have_names() {
        let hour = SignedDuration::from_hours(1);
        let names: Vec<_> = [0, 2, 3, 6, 7, 24, 25].map(|age| freshness(at(0), hour, at(age)).name()).into();
        assert_eq!(names, ["fresh", "fresh", "late", "late", "stale", "stale", "offline"]);
    }

    #[test]
    fn the_newest_trusted_measurement_sets_the_status() {
        let mut observed = hourly(&[3900, 4100, 5100, 5200, 9999]);
        observed[4].quality = Some(Quality::Unreliable);
        let found = assess(&station(), &observed, None, at(4));
        assert_eq!(found.status, Status::At(Rank::new(2).unwrap()));
        let run = found.run.expect("a run");
        assert_eq!((run.since, run.or_earlier, run.peak.value.milli()), (at(2), false, 5200));
    }

    #[test]
    fn missing_is_not_normal_and_old_is_not_now() {
        let empty = assess(&station(), &[], None, at(0));
        assert_eq!((empty.status, empty.freshness), (Status::Unknown, Freshness::None));
        let stale = assess(&station(), &hourly(&[3000, 3100, 3200]), None, at(12));
        assert_eq!((stale.status, stale.freshness, stale.trend), (Status::Unknown, Freshness::Stale, None));
        assert_eq!(
            stale.newest.map(|reading| reading.valid),
            Some(at(2)),
            "the old value is still there to be shown as old"
        );
    }

    #[test]
    fn a_suspended_station_has_no_status() {
        let station = Station { operation: Operation::Suspended, ..station() };
        assert_eq!(assess(&station, &hourly(&[3000]), None, at(0)).status, Status::Unknown);
    }

    #[test]
    fn a_measurement_from_the_future_is_none() {
        assert_eq!(assess(&station(), &hourly(&[3000, 9000, 9000]), None, at(0)).status, Status::At(Rank::NORMAL));
    }

    proptest! {
        #[test]
        fn status_is_known_only_while_the_measurement_is_current(
            millis in proptest::collection::vec(0_i64..9000, 0..12), hour in 0_i64..60,
        ) {
            let found = assess(&station(), &hourly(&millis), None, at(hour));
            prop_assert_eq!(found.status == Status::Unknown, !found.freshness.current());
            prop_assert!(found.freshness.current() || found.trend.is_none());
            prop_assert_eq!(found.run.is_some(), found.status.rank().is_some_and(|rank| rank > Rank::NORMAL));
        }

        #[test]
        fn a_forecast_never_sets_the_status(milli in 0_i64..9000) {
            let forecast = Forecast {
                issued: at(0), issue_inferred: false, received: at(0), feed: FeedId::new("f").unwrap(),
                points: vec![(at(1), Value::from_milli(milli))],
            };
            prop_assert_eq!(assess(&station(), &[], Some(&forecast), at(0)).status, Status::Unknown);
        }
    }
}
