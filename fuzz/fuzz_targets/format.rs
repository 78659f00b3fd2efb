//! One format, that which the target is named after, against whatever the fuzzer thinks of: it reads or refuses, and says
//! nothing that could not be true.

#![no_main]

use hydro::Timestamp;
use ingest::formats::{Format, Item, parse};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let format = Format::named(env!("CARGO_BIN_NAME")).expect("a target is named after a format");
    let Ok(parsed) = parse(&format, bytes) else { return };
    let lines = bytes.split(|&byte| byte == b'\n').count();
    for rejected in &parsed.rejected {
        assert!((1..=lines).contains(&(rejected.line as usize)), "{rejected}");
    }
    for item in &parsed.items {
        match item {
            Item::Series(series) => series.points.iter().for_each(|point| {
                assert!(is_of_our_time(point.valid), "{point:?}");
                assert!(point.value.is_some() || point.quality.is_none(), "{point:?}");
            }),
            Item::Alert(alert) => assert!(is_of_our_time(alert.id.sent), "{alert:?}"),
            Item::InForce(alerts) => {
                alerts.iter().for_each(|alert| assert!(is_of_our_time(alert.id.sent), "{alert:?}"))
            }
            Item::NextIssue(day) => assert!(is_of_our_time(*day), "{day}"),
            Item::Gauge(gauge) => assert!(!gauge.name.is_empty(), "{gauge:?}"),
        }
    }
});

/// Whether an instant is one of which a feed could speak: a sentinel such as year 1 is not.
fn is_of_our_time(instant: Timestamp) -> bool {
    (1900..2100).contains(&instant.to_zoned(TimeZone::UTC).year())
}
