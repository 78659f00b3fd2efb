//! Damaged documents: whatever happens to the bytes on their way, nothing panics, and nothing gets through that could not
//! be true.

use std::time::{Duration, Instant};

use hydro::Alert;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{fixture, mapped, workspace};
use crate::formats::{Format, Item, Parsed, parse};

/// One thing that can happen to a document on its way; places are fractions of its length.
#[derive(Debug, Clone)]
enum Damage {
    Cut(f64),
    Flip(f64, u8),
    Insert(f64, Vec<u8>),
    Duplicate(f64, f64),
}

fn damage() -> impl Strategy<Value = Damage> {
    const TELLING: [&str; 12] =
        ["\"", "<", "&", "\0", "\n", "\r", ",", "-999", "<!DOCTYPE a>", "</series>", "\u{feff}", "0001-01-01"];
    prop_oneof![
        (0.0..1.0).prop_map(Damage::Cut),
        (0.0..1.0, 1_u8..).prop_map(|(place, bits)| Damage::Flip(place, bits)),
        (0.0..1.0, prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(place, bytes)| Damage::Insert(place, bytes)),
        (0.0..1.0, prop::sample::select(TELLING.as_slice()))
            .prop_map(|(place, text)| Damage::Insert(place, text.into())),
        (0.0..1.0, 0.0..0.3).prop_map(|(place, length)| Damage::Duplicate(place, length)),
    ]
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn at(bytes: &[u8], fraction: f64) -> usize {
    ((bytes.len() as f64 * fraction) as usize).min(bytes.len())
}

fn apply(bytes: &mut Vec<u8>, damage: Damage) {
    match damage {
        Damage::Cut(place) => bytes.truncate(at(bytes, place)),
        Damage::Flip(place, bits) => {
            let place = at(bytes, place);
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= bits;
            }
        }
        Damage::Insert(place, inserted) => {
            let place = at(bytes, place);
            bytes.splice(place..place, inserted);
        }
        Damage::Duplicate(place, length) => {
            let (from, to) = (at(bytes, place), at(bytes, (place + length).min(1.0)));
            let chunk = bytes[from..to].to_vec();
            bytes.splice(to..to, chunk);
        }
    }
}

fn documents() -> Vec<(Format, Vec<u8>)> {
    let folder = |format: &Format| workspace().join("fixtures/feeds").join(format.name());
    let files = |format: &Format| std::fs::read_dir(folder(format)).expect("a folder for each format");
    let named = |format: &Format, file: std::fs::DirEntry| format!("{}/{}", format.name(), file.file_name().display());
    Format::NAMED
        .into_iter()
        .flat_map(|format| {
            let read = |file: std::io::Result<_>| fixture(&named(&format, file.expect("a file")));
            files(&format).map(read).map(|bytes| (format.clone(), bytes)).collect::<Vec<_>>()
        })
        .chain(mapped::documents())
        .collect()
}

fn year(instant: hydro::Timestamp) -> i16 {
    instant.to_zoned(jiff::tz::TimeZone::UTC).year()
}

fn check(parsed: &Parsed) -> Result<(), TestCaseError> {
    for item in &parsed.items {
        match item {
            Item::Series(series) => {
                for point in &series.points {
                    prop_assert!((1900..2100).contains(&year(point.valid)), "{point:?}");
                    let milli = point.value.map_or(0, hydro::Value::milli);
                    prop_assert!(![-999_000, -9_999_000, -99_999_000, -999_999_000].contains(&milli), "{point:?}");
                    prop_assert!(point.value.is_some() || point.quality.is_none(), "{point:?}");
                }
            }
            Item::Gauge(gauge) => prop_assert!(!gauge.location.is_empty() && !gauge.name.is_empty(), "{gauge:?}"),
            Item::Alert(alert) => check_alert(alert)?,
            Item::InForce(alerts) => alerts.iter().try_for_each(check_alert)?,
            Item::NextIssue(day) => prop_assert!((1900..2100).contains(&year(*day)), "{day}"),
        }
    }
    Ok(())
}

fn check_alert(alert: &Alert) -> Result<(), TestCaseError> {
    let times = alert.notices.iter().flat_map(|notice| [notice.onset, notice.expires]).flatten();
    for time in times.chain([alert.id.sent]) {
        prop_assert!((1900..2100).contains(&year(time)), "{alert:?}");
    }
    for area in alert.notices.iter().flat_map(|notice| &notice.areas) {
        prop_assert!(area.rings.iter().all(|ring| ring.len() >= 4 && ring.first() == ring.last()), "{area:?}");
        for position in area.rings.iter().flatten().chain(area.circles.iter().map(|(centre, _)| centre)) {
            prop_assert!(position.latitude.abs() <= 90.0 && position.longitude.abs() <= 180.0, "{position:?}");
        }
    }
    Ok(())
}

/// Tries a property on so many inputs; where `RIVERWATCH_FUZZ_SECONDS` says how long, again and again until then.
fn hold<S: Strategy>(cases: u32, inputs: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seconds = std::env::var("RIVERWATCH_FUZZ_SECONDS").map_or(0, |text| text.parse().expect("a number of seconds"));
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        if let Err(error) = TestRunner::new(config).run(inputs, &property) {
            panic!("{error}");
        }
        if Instant::now() >= end {
            return;
        }
    }
}

#[test]
fn damaged_documents_say_nothing_impossible() {
    let documents = documents();
    for format in Format::NAMED {
        assert!(documents.iter().any(|(of, _)| *of == format), "no document of {} to damage", format.name());
    }
    let inputs = (prop::sample::select(documents), prop::collection::vec(damage(), 1..4));
    hold(3000, &inputs, |((format, mut bytes), damages)| {
        for damage in damages {
            apply(&mut bytes, damage);
        }
        let lines = bytes.split(|&byte| byte == b'\n').count();
        match parse(&format, &bytes) {
            Ok(parsed) => {
                check(&parsed)?;
                for rejected in &parsed.rejected {
                    prop_assert!((1..=lines).contains(&(rejected.line as usize)), "{rejected}");
                    prop_assert!(
                        !rejected.reason.contains(char::is_control) && rejected.reason.len() < 600,
                        "{rejected}"
                    );
                }
            }
            Err(error) => {
                prop_assert!((1..=lines).contains(&(error.place.0 as usize)) && error.place.1 >= 1, "{error}");
                prop_assert!(!error.found.contains(char::is_control) && error.found.len() < 1000, "{error}");
            }
        }
        Ok(())
    });
}

#[test]
fn any_bytes_are_read_or_refused() {
    let formats: Vec<Format> = Format::NAMED.into_iter().chain(mapped::layouts().map(|(_, format)| format)).collect();
    hold(3000, &prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        for format in &formats {
            if let Ok(parsed) = parse(format, &bytes) {
                check(&parsed)?;
            }
        }
        Ok(())
    });
}
