//! The short form fits a text message, whatever is known of whichever station.

use hydro::{Bound, Quality};
use proptest::prelude::*;

use super::discharge::of_discharge;
use super::*;

/// As long as the longest name of a station in `config`: "Sheffield-Lakeville Corner".
const LONGEST: usize = 26;

#[test]
fn no_configured_name_is_longer() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../config"))];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let file: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
                let stations = file.get("station").and_then(toml::Value::as_array).into_iter().flatten();
                names.extend(stations.filter_map(|station| station.get("name").cloned()));
            }
        }
    }
    let written = |name: &toml::Value| match name {
        toml::Value::Table(languages) => {
            languages.values().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
        }
        name => name.as_str().map(ToOwned::to_owned).into_iter().collect::<Vec<_>>(),
    };
    let longest = names.iter().flat_map(written).map(|name| name.chars().count()).max();
    assert_eq!(longest, Some(LONGEST));
}

/// A station of either parameter, with one of the schemes or without thresholds, that works or does not, measured or not, for
/// which forecasts are made or not.
fn stations() -> impl Strategy<Value = Station> {
    let schemes = prop::option::of(prop::sample::select(Scheme::ALL.to_vec()));
    let operation = prop::sample::select(vec![Operation::Active, Operation::Suspended, Operation::Closed]);
    let no_forecast = prop::sample::select(vec![None, Some(NoForecast::IceJams), Some(NoForecast::NotMade)]);
    let zone = prop::sample::select(vec!["America/Moncton", "America/St_Johns", "Europe/Berlin"]);
    (any::<bool>(), schemes, operation, no_forecast, any::<bool>(), zone).prop_map(
        |(discharge, scheme, operation, no_forecast, measured, zone)| {
            let station = if discharge { of_discharge() } else { station() };
            let factor = if discharge { 100 } else { 1 };
            let heights = [4500, 5500, 6000, 6500].map(|milli| Value::from_milli(milli * factor));
            let thresholds = scheme.and_then(|scheme: Scheme| {
                let named = scheme.thresholds().into_iter().zip(heights);
                Thresholds::new(scheme, named, LocalText::same("GNB"), None).ok()
            });
            Station {
                name: LocalText::same(&"M".repeat(LONGEST)),
                zone: Zone::named(zone).unwrap(),
                thresholds,
                operation,
                no_forecast,
                measured,
                ..station
            }
        },
    )
}

/// A level in thousandths, or the discharge that goes with it: from a drought to more than any record.
fn milli() -> impl Strategy<Value = i64> {
    prop_oneof![-2000_i64..9000, 60_000_i64..199_999]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Every status, outlook, freshness and kind of forecast in both languages: the forecast of none, one step or more, with
    /// bounds alone or beside it, new or old; measurements that rise, fall, stand or are missing, up to two years old.
    #[test]
    fn it_is_at_most_a_text_message(
        station in stations(),
        level in milli(),
        step in prop_oneof![Just(0_i64), -90_i64..90, -2500_i64..2500],
        age in prop_oneof![Just(None), (0_i64..6).prop_map(Some), (6_i64..80).prop_map(Some), (80_i64..17_000).prop_map(Some)],
        ahead in prop::option::of(prop::collection::vec(milli(), 0..8)),
        issued in 0_i64..48,
        bounded in any::<bool>(),
        ice in any::<bool>(),
        minutes in 0_i64..1440,
    ) {
        let factor = if station.parameter() == Parameter::Discharge { 100 } else { 1 };
        let at = now() + SignedDuration::from_mins(minutes);
        let measured = age.map(|age| observed(age, level * factor, step * factor)).unwrap_or_default();
        let quality = ice.then_some(Quality::Ice);
        let measured = measured.into_iter().map(|point| Point { quality, ..point }).collect();
        let forecast = ahead.map(|millis| {
            let millis: Vec<i64> = millis.into_iter().map(|milli| milli * factor).collect();
            let whole = forecast(issued, &millis);
            let bound = |name: &str| Bound { name: name.into(), points: whole.points.clone() };
            let bounds = if bounded { vec![bound("lower"), bound("upper")] } else { vec![] };
            Forecast { bounds, ..whole }
        });
        let state = StationNow::new(&station, None, measured, [forecast.map(Arc::new), None], at);
        for texts in languages() {
            let said = short(&Reader { texts, zone: &station.zone, now: at }, &station, &state);
            prop_assert!(said.chars().count() <= SHORT, "{}: {}", said.chars().count(), said);
        }
    }
}
