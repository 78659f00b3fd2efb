//! How the water compares with past floods: every case, in both languages.

use hydro::Mark;

use super::discharge::{in_litres, of_discharge};
use super::*;

fn mark(milli: i64, year: Option<i16>) -> Mark {
    Mark { value: Value::from_milli(milli), year, source: None }
}

/// Floods at 5.50 and 7.20 m and a record without a year at 8.60 m.
fn with_floods(station: Station) -> Station {
    Station { floods: vec![mark(5500, Some(2019)), mark(7200, Some(2018))], record: Some(mark(8600, None)), ..station }
}

/// What is said in English and in French, with plain spaces.
fn said(station: &Station, state: &StationNow) -> [Option<String>; 2] {
    let said = |texts| {
        let reader = Reader { texts, zone: &station.zone, now: now() };
        compared(&reader, station, state).map(|said| said.replace(['\u{a0}', '\u{202f}'], " "))
    };
    languages().map(said).collect::<Vec<_>>().try_into().unwrap()
}

fn texts<const N: usize>(texts: [&str; N]) -> [Option<String>; N] {
    texts.map(|text| Some(text.to_owned()))
}

#[test]
fn below_above_and_level_with_the_nearest() {
    let station = with_floods(station());
    for (milli, english, french) in [
        (5840, "0.34 m above the flood of 2019.", "0,34 m de plus que la crue de 2019."),
        (4140, "1.36 m below the flood of 2019.", "1,36 m sous la crue de 2019."),
        (5497, "0.01 m below the flood of 2019.", "0,01 m sous la crue de 2019."),
        (7204, "As high as the flood of 2018.", "Aussi élevé que la crue de 2018."),
        (7196, "As high as the flood of 2018.", "Aussi élevé que la crue de 2018."),
        (7194, "0.01 m below the flood of 2018.", "0,01 m sous la crue de 2018."),
        (8200, "0.40 m below the record.", "0,40 m sous le record."),
        (8950, "0.35 m above the record.", "0,35 m de plus que le record."),
    ] {
        let state = state(&station, observed(0, milli, 0), None);
        assert_eq!(said(&station, &state), texts([english, french]), "{milli}");
    }
}

#[test]
fn where_the_forecast_peaks_is_said_of_the_same_flood() {
    let station = with_floods(station());
    for (now, ahead, english, french) in [
        (
            6790,
            [7000, 7500, 7300],
            "0.41 m below the flood of 2018; forecast to peak 0.30 m above it.",
            "0,41 m sous la crue de 2018; sommet prévu 0,30 m de plus que cette crue.",
        ),
        (
            7320,
            [7400, 7500, 7300],
            "0.12 m above the flood of 2018; forecast to peak 0.30 m above it.",
            "0,12 m de plus que la crue de 2018; sommet prévu 0,30 m de plus que cette crue.",
        ),
        (
            6790,
            [6800, 7204, 7100],
            "0.41 m below the flood of 2018; forecast to peak as high as it.",
            "0,41 m sous la crue de 2018; sommet prévu aussi élevé que cette crue.",
        ),
        (
            8200,
            [8300, 8700, 8900],
            "0.40 m below the record; forecast 0.30 m above it and still rising.",
            "0,40 m sous le record; prévision 0,30 m de plus que ce record, toujours en hausse.",
        ),
        (6790, [6800, 6500, 6000], "0.41 m below the flood of 2018.", "0,41 m sous la crue de 2018."),
        (6790, [6790, 6815, 6790], "0.41 m below the flood of 2018.", "0,41 m sous la crue de 2018."),
    ] {
        let state = state(&station, observed(0, now, 0), Some(forecast(5, &ahead)));
        assert_eq!(said(&station, &state), texts([english, french]), "{now} {ahead:?}");
    }
}

#[test]
fn what_is_not_current_or_has_no_past_is_compared_with_nothing() {
    let with = with_floods(station());
    let rising = || Some(forecast(5, &[5000, 7500, 7300]));
    for age in [12, 30] {
        assert_eq!(said(&with, &state(&with, observed(age, 5000, 10), rising())), [None, None], "{age} h old");
    }
    assert_eq!(said(&with, &state(&with, vec![], rising())), [None, None], "never measured");
    let closed = Station { operation: Operation::Closed, ..with };
    assert_eq!(said(&closed, &state(&closed, observed(0, 5000, 10), rising())), [None, None]);
    let bare = station();
    assert_eq!(said(&bare, &state(&bare, observed(0, 5000, 10), rising())), [None, None], "nothing past is known");
    // What was forecast too long ago says nothing of the time ahead.
    let late = state(&bare, observed(4, 5400, 0), Some(forecast(30, &[5000, 7500, 7300])));
    let late_said = said(&with_floods(bare.clone()), &late);
    assert_eq!(late_said, texts(["0.10 m below the flood of 2019.", "0,10 m sous la crue de 2019."]));
}

#[test]
fn a_discharge_is_compared_in_its_unit() {
    let floods = vec![mark(720_000, Some(2018)), mark(1_255_000, None)];
    let station = Station { floods, ..of_discharge() };
    let of_level = |now, ahead: &[i64]| state(&super::station(), observed(0, now, 0), Some(forecast(5, ahead)));
    let rising = in_litres(&station, &of_level(6790, &[6900, 7500, 7300]));
    assert_eq!(
        said(&station, &rising),
        texts([
            "41 m³/s below the flood of 2018; forecast to peak 30 m³/s above it.",
            "41 m³/s sous la crue de 2018; sommet prévu 30 m³/s de plus que cette crue.",
        ])
    );
    let falling = in_litres(&station, &of_level(12_550, &[12_500, 12_000]));
    assert_eq!(said(&station, &falling), texts(["5 m³/s above a past flood.", "5 m³/s de plus que une crue passée."]));
}

#[test]
fn the_page_the_text_and_the_data_agree() {
    let station = with_floods(station());
    let state = state(&station, observed(0, 6790, 0), Some(forecast(5, &[7000, 7500, 7300])));
    let snapshot = snapshot(&station, state.clone(), now());
    let texts = languages().next().unwrap();
    let reader = Reader { texts, zone: &station.zone, now: now() };
    let said = compared(&reader, &station, &state).unwrap();
    assert!(page(&station, state.clone(), texts, now()).contains(&format!("<p class=\"h\">{said}</p>")));
    let text = crate::data::station_text(&reader, &snapshot, &station, &state);
    assert!(text.lines().any(|line| line == said), "{text}");
    let facts = crate::data::station_json(&reader, &snapshot, &station, &state);
    let flood = serde_json::json!({ "value": 7.2, "year": 2018, "record": false, "above": -0.41, "peak_above": 0.3 });
    assert_eq!(facts["past_flood"], flood);
    let old = self::state(&station, observed(12, 6790, 0), None);
    assert_eq!(crate::data::station_json(&reader, &snapshot, &station, &old)["past_flood"], serde_json::Value::Null);
    assert!(!page(&station, old, texts, now()).contains("<p class=\"h\">"));
}
