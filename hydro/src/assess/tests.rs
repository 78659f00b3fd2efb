//! What is said of a station: ages, status, suspects, episodes that last.

use proptest::prelude::*;

use super::*;
use crate::{
    EpisodeRule, FeedId, Jump, Limits, LocalText, Position, Quality, Scheme, Source, StationId, Thresholds, Zone,
};

const START: i64 = 1_650_000_000;

fn station() -> Station {
    let heights = [("advisory", Value::from_milli(4000)), ("watch", Value::from_milli(5000))];
    Station {
        id: StationId::new("fredericton").unwrap(),
        name: LocalText::same("Fredericton"),
        river: LocalText::same("Saint John River"),
        region: None,
        position: Position { latitude: 45.97, longitude: -66.65 },
        zone: Zone::UTC,
        datum: None,
        thresholds: Some(Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap()),
        publisher: None,
        record: None,
        floods: vec![],
        impacts: vec![],
        sources: vec![],
        measured: true,
        no_forecast: None,
        cadence: SignedDuration::from_hours(1),
        operation: Operation::Active,
        tidal: false,
        limits: Limits::default(),
        episodes: EpisodeRule::default(),
        gauge: None,
        agency_page: None,
        alert_areas: vec![],
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
fn a_newer_measurement_in_doubt_is_told_apart() {
    let mut observed = hourly(&[3900, 3910, 3920, 9000, 9010]);
    observed.push(Point { valid: at(5), value: None, quality: None });
    let found = assess(&station(), &observed, None, at(5));
    assert_eq!(found.status, Status::At(Rank::NORMAL));
    assert_eq!((found.newest.map(|newest| newest.valid), found.freshness), (Some(at(2)), Freshness::Late));
    let (suspect, doubt) = found.suspect.expect("a suspect");
    assert_eq!((suspect.valid, suspect.value.milli(), doubt.name()), (at(4), 9010, "too-fast"));
    let jump = Jump { from: found.newest.unwrap(), to: observed[3].reading().unwrap() };
    assert_eq!(doubt, Doubt::TooFast(jump));
    // Once the water is back at what is trusted, the doubt is of the past.
    observed[5].value = Some(Value::from_milli(3930));
    let back = assess(&station(), &observed, None, at(5));
    assert_eq!((back.suspect, back.newest.map(|newest| newest.valid)), (None, Some(at(5))));
    // Where nothing is trusted, nothing is known.
    let station =
        Station { limits: Limits { highest: Some(Value::from_milli(3000)), ..Limits::default() }, ..station() };
    let unknown = assess(&station, &observed, None, at(5));
    assert_eq!((unknown.status, unknown.newest, unknown.freshness), (Status::Unknown, None, Freshness::None));
    assert_eq!(unknown.suspect.map(|(reading, _)| reading.valid), Some(at(5)));
}

#[test]
fn a_dance_about_the_threshold_has_one_beginning() {
    let mut observed = hourly(&[3900, 4010, 3990, 4300, 3985, 4020]);
    let run = |observed: &[Point]| assess(&station(), observed, None, observed.last().unwrap().valid).run;
    assert_eq!(
        run(&observed).map(|run| (run.since, run.or_earlier, run.peak.value.milli())),
        Some((at(1), false, 4300))
    );
    observed.push(Point { valid: at(30), value: Some(Value::from_milli(4000)), quality: None });
    assert_eq!(run(&observed).map(|run| run.since), Some(at(1)), "a silence ends nothing");
    let slow = EpisodeRule { on_delay: SignedDuration::from_hours(2), ..EpisodeRule::default() };
    let station = Station { episodes: slow, ..station() };
    let found = assess(&station, &observed[..2], None, at(1));
    assert_eq!((found.status, found.run), (Status::At(Rank::new(1).unwrap()), None));
}

#[test]
fn a_stuck_gauge_is_remarked() {
    let found = assess(&station(), &hourly(&[[3900].as_slice(), &[3950; 26]].concat()), None, at(26));
    assert_eq!((found.flat_since, found.status), (Some(at(1)), Status::At(Rank::NORMAL)));
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
            points: vec![(at(1), Value::from_milli(milli))], bounds: vec![],
        };
        prop_assert_eq!(assess(&station(), &[], Some(&forecast), at(0)).status, Status::Unknown);
    }
}

#[test]
fn a_forecast_far_from_the_measurement_disagrees() {
    let forecast = |milli: i64| Forecast {
        issued: at(0),
        issue_inferred: false,
        received: at(0),
        feed: FeedId::new("f").unwrap(),
        points: vec![(at(1), Value::from_milli(milli)), (at(7), Value::from_milli(milli))],
        bounds: vec![],
    };
    let apart =
        |milli: i64, hour: i64| assess(&station(), &hourly(&[5000; 4]), Some(&forecast(milli)), at(hour)).disagreement;
    assert_eq!(apart(5400, 3), None);
    assert_eq!(apart(7000, 3), Some(Value::from_milli(2000)));
    assert_eq!(apart(7000, 40), None, "neither is current");
    let carries = |milli: i64, told: i64| {
        assess(&of_discharge(), &hourly(&[milli; 4]), Some(&forecast(told)), at(3)).disagreement
    };
    assert_eq!(carries(304_000, 400_000), None, "a rating curve knows no better");
    assert_eq!(carries(304_000, 700_000), Some(Value::from_milli(396_000)));
    assert_eq!(carries(700_000, 304_000), Some(Value::from_milli(396_000)));
    assert_eq!(carries(12, 60), None, "a brook");
}

/// A station whose feeds give nothing but discharge.
fn of_discharge() -> Station {
    let source = Source {
        feed: FeedId::new("f").unwrap(),
        location: "1".to_owned(),
        parameter: Parameter::Discharge,
        datum_offset: Value::from_milli(0),
    };
    let heights = [("advisory", Value::from_milli(300_000)), ("watch", Value::from_milli(500_000))];
    let thresholds = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap();
    Station {
        sources: vec![source],
        thresholds: Some(thresholds),
        limits: Limits::of(Parameter::Discharge),
        ..station()
    }
}

#[test]
fn a_discharge_is_held_against_thresholds_of_discharge() {
    let now = assess(&of_discharge(), &hourly(&[20_000, 250_000, 298_000, 301_000]), None, at(3));
    assert_eq!(now.status, Status::At(Rank::new(1).unwrap()));
    assert_eq!(now.suspect, None, "a discharge may be multiplied within an hour");
    assert!(matches!(now.trend, Some(Trend::Rising(_))), "{:?}", now.trend);
    let hours: Vec<i64> = std::iter::once(299_000).chain([301_000; 30]).collect();
    assert_eq!(assess(&of_discharge(), &hourly(&hours), None, at(30)).flat_since, None, "agencies round a discharge");
    assert!(assess(&station(), &hourly(&hours), None, at(30)).flat_since.is_some());
}

#[test]
fn level_leads_and_the_discharge_beside_it_has_no_heights() {
    let discharge = of_discharge().sources;
    let level = Source { parameter: Parameter::Level, ..discharge[0].clone() };
    let both = Station { sources: [discharge.clone(), vec![level]].concat(), ..station() };
    assert_eq!((station().parameter(), both.parameter()), (Parameter::Level, Parameter::Level));
    assert_eq!((of_discharge().parameter(), of_discharge().discharge()), (Parameter::Discharge, None));
    assert_eq!(station().discharge(), None);
    let second = both.discharge().unwrap();
    assert_eq!(
        (second.parameter(), second.sources == discharge, second.thresholds),
        (Parameter::Discharge, true, None)
    );
}

proptest! {
    /// What is said at a later instant does not need the measurements one by one.
    #[test]
    fn what_has_aged_is_what_is_said_then(
        millis in proptest::collection::vec(3000_i64..6000, 0..40),
        ahead in proptest::collection::vec(3000_i64..6000, 0..12),
        first in 0_i64..60,
        later in 0_i64..60,
    ) {
        let (observed, station) = (hourly(&millis), station());
        let known = i64::try_from(millis.len()).unwrap();
        let issued = at(known);
        let points = (1..).zip(&ahead).map(|(i, &milli)| (at(known + 6 * i), Value::from_milli(milli))).collect();
        let feed = FeedId::new("nb-fews").unwrap();
        let forecast = Forecast { issued, issue_inferred: false, received: issued, feed, points, bounds: vec![] };
        let then = assess(&station, &observed, Some(&forecast), at(known + first));
        let now = at(known + first + later);
        let said = assess(&station, &observed, Some(&forecast), now);
        prop_assert_eq!(&then.aged(&station, Some(&forecast), now), &said);
        let alone = Assessment { screened: Arc::default(), ..then };
        prop_assert_eq!(alone.aged(&station, Some(&forecast), now), Assessment { screened: Arc::default(), ..said });
    }
}
