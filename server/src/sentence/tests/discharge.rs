//! Sentences of discharges, and of forecasts that say how sure they are.

use hydro::{Bound, Outlook, Source};

use super::*;

/// The station as one of discharge, with thresholds a hundred times as large in number as its heights.
pub(super) fn of_discharge() -> Station {
    let heights = [("advisory", 450_000), ("watch", 550_000), ("warning", 600_000), ("flood", 650_000)];
    let heights = heights.map(|(name, milli)| (name, Value::from_milli(milli)));
    let source = Source {
        feed: FeedId::new("f").unwrap(),
        location: "1".to_owned(),
        parameter: Parameter::Discharge,
        datum_offset: Value::from_milli(0),
    };
    Station {
        sources: vec![source],
        thresholds: Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).ok(),
        limits: hydro::Limits::of(Parameter::Discharge),
        ..station()
    }
}

/// Data of the level's combinations as a discharge of a hundred times the number.
pub(super) fn in_litres(station: &Station, level: &StationNow) -> StationNow {
    let mut observed = level.observed.to_vec();
    observed.iter_mut().filter_map(|point| point.value.as_mut()).for_each(|value| *value = times(*value, 100));
    let mut forecast = level.forecast.as_deref().cloned();
    let points = forecast.iter_mut().flat_map(|forecast| &mut forecast.points);
    points.for_each(|(_, value)| *value = times(*value, 100));
    state(station, observed, forecast)
}

fn times(value: Value, factor: i64) -> Value {
    Value::from_milli(value.milli() * factor)
}

fn readers(zone: &Zone) -> impl Iterator<Item = Reader<'_>> {
    languages().map(move |texts| Reader { texts, zone, now: now() })
}

#[test]
fn every_sentence_of_a_discharge_is_short_and_in_its_unit() {
    for station in [of_discharge(), Station { thresholds: None, ..of_discharge() }] {
        for (name, level) in combinations(&super::station()) {
            let state = in_litres(&station, &level);
            for reader in readers(&station.zone) {
                let said = short(&reader, &station, &state);
                assert!(said.chars().count() <= SHORT, "{name}: {said}");
                let all = [said, detail(&reader, &station, &state).join(" "), row(&reader, &station, &state)];
                for said in all {
                    assert!(!said.contains(['{', '}']) && !said.contains("  ") && !said.is_empty(), "{name}: {said}");
                    for metres in ["\u{a0}m ", "\u{a0}m,", "\u{a0}m.", "cm/h", "level", "niveau"] {
                        assert!(!said.contains(metres), "{name}: {said}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_discharge_has_the_status_of_the_level_that_it_stands_for() {
    for (name, level) in combinations(&station()) {
        let discharge = in_litres(&of_discharge(), &level).assessment;
        let (level, peak) = (level.assessment, |outlook: Option<Outlook>| outlook.map(|it| (it.rank, it.crossings)));
        assert_eq!((discharge.status, peak(discharge.outlook)), (level.status, peak(level.outlook)), "{name}");
    }
}

/// A forecast of the level with bounds that lie a quarter of a metre below and above.
fn bounded(names: [&str; 2], millis: &[i64]) -> Forecast {
    let plain = forecast(5, millis);
    let bounds = names.into_iter().zip([-250, 250]).map(|(name, apart)| Bound {
        name: name.into(),
        points: plain.points.iter().map(|&(at, value)| (at, value + Value::from_milli(apart))).collect(),
    });
    Forecast { bounds: bounds.collect(), ..plain }
}

#[test]
fn the_range_is_said_as_the_feed_names_it() {
    let station = station();
    let rising: &[i64] = &[5000, 5600, 5900, 5800];
    let mut said = String::new();
    let cases = [
        (["p25", "p75"], rising),
        (["lower", "upper"], rising),
        (["min", "max"], rising),
        (["q10", "q75"], &[4900, 4500, 4000]),
        (["member 1", "member 2"], &[5000, 5900, 5800]),
        (["p50", "mean"], rising),
    ];
    for (names, millis) in cases {
        let state = state(&station, observed(0, 4950, 10), Some(bounded(names, millis)));
        for reader in readers(&station.zone) {
            let range = band(&reader, &station, &state).unwrap_or_else(|| "nothing".to_owned());
            said += &format!("{}\n", range.replace('\u{a0}', "_"));
        }
    }
    insta::assert_snapshot!(said, @"
    At the peak the forecaster gives 5.65 to 6.15_m (25_% to 75_%). Its upper end reaches warning level.
    Au sommet, le prévisionniste donne de 5,65 à 6,15_m (de 25_% à 75_%). Le haut de cette plage atteint le niveau d’avertissement.
    At the peak the forecaster gives 5.65 to 6.15_m (the lower to the upper bound). Its upper end reaches warning level.
    Au sommet, le prévisionniste donne de 5,65 à 6,15_m (de la borne inférieure à la borne supérieure). Le haut de cette plage atteint le niveau d’avertissement.
    At the peak the forecaster gives 5.65 to 6.15_m (the lowest to the highest given). Its upper end reaches warning level.
    Au sommet, le prévisionniste donne de 5,65 à 6,15_m (du plus bas au plus haut donné). Le haut de cette plage atteint le niveau d’avertissement.
    The forecaster gives 3.75 to 4.25_m tomorrow about 18:00 (10_% to 75_%).
    Le prévisionniste donne de 3,75 à 4,25_m demain vers 18_h (de 10_% à 75_%).
    At the peak the forecaster gives 5.65 to 6.15_m (the lowest to the highest of 2 members). Its upper end reaches warning level.
    Au sommet, le prévisionniste donne de 5,65 à 6,15_m (du plus bas au plus haut de 2 membres). Le haut de cette plage atteint le niveau d’avertissement.
    nothing
    nothing
    ");
}

#[test]
fn a_range_is_said_of_a_current_forecast_only() {
    let station = station();
    let old = Forecast { issued: now() - SignedDuration::from_hours(30), ..bounded(["p25", "p75"], &[5000, 5900]) };
    let alone = Forecast { points: vec![], ..bounded(["p25", "p75"], &[5000, 5900]) };
    for reader in readers(&station.zone) {
        assert_eq!(band(&reader, &station, &state(&station, vec![], Some(old.clone()))), None);
        let alone = state(&station, observed(0, 4950, 10), Some(alone.clone()));
        assert!(band(&reader, &station, &alone).is_some());
        let none = &reader.texts.sentence.forecast_none;
        assert!(!short(&reader, &station, &alone).contains(none), "bounds alone are a forecast");
        assert_eq!(alone.assessment.outlook, None, "and none that sets an outlook");
    }
}

#[test]
fn the_discharge_beside_a_level_ages_with_it() {
    let sources = [Parameter::Level, Parameter::Discharge]
        .map(|parameter| Source { parameter, ..of_discharge().sources.remove(0) });
    let station = Station { sources: sources.into(), ..station() };
    let second = station.discharge().unwrap();
    let discharge = state(&second, observed(0, 304_232, 100), None);
    let both = StationNow { discharge: Some(Box::new(discharge)), ..state(&station, observed(0, 4950, 10), None) };
    let said = |hours: i64| {
        let later = now() + SignedDuration::from_hours(hours);
        let aged = both.aged(&station, later);
        let reader = Reader { texts: crate::lang::language("en").unwrap(), zone: &station.zone, now: later };
        let (said, until) = super::super::discharge(&reader, &second, aged.discharge.as_ref().unwrap()).unwrap();
        (said.replace('\u{a0}', " "), until.is_some())
    };
    assert_eq!(said(0), ("Discharge 304 m³/s today 18:10".to_owned(), true));
    assert_eq!(said(8), ("Discharge: 304 m³/s last measured yesterday 18:10".to_owned(), false));
    assert_eq!(said(30), ("Discharge: no measurement since Monday 18:10".to_owned(), false));
}
