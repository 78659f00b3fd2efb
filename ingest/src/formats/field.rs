//! The fields that every format has, read in one way: instants between the years 1900 and 2100, and values that are
//! numbers or missing. Errors say what was found; the caller adds the line.

use hydro::{Timestamp, Value, ValueError};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::document::clip;

/// Seconds since 1970 of 1900-01-01 and of 2100-01-01, UTC: no reading is older, no forecast later.
const YEARS: std::ops::Range<i64> = -2_208_988_800..4_102_444_800;

/// Reads `2026-04-18T07:05:00-04:00`, with `T` or a blank, with an offset or `Z`; without either it is in `offset`, and
/// refused when there is none.
pub(super) fn instant(text: &str, offset: Option<Offset>) -> Result<Timestamp, String> {
    let unread = || format!("`{}` is not a time with its offset such as 2026-04-18T07:05:00-04:00", clip(text));
    let instant = match split(text) {
        Some((clock, "")) => offset.and_then(|offset| offset.to_timestamp(clock).ok()),
        Some((clock, zone)) => offset_of(zone).and_then(|offset| offset.to_timestamp(clock).ok()),
        None => None,
    };
    // The rare forms (fractions of a second, compact offsets) are left to the slower and more patient reader.
    let instant = instant.or_else(|| text.parse().ok()).ok_or_else(unread)?;
    within_years(instant)
}

/// Reads a date and a time of day that stand apart, at a fixed offset: `2026-04-18`, `07:05:00`.
pub(super) fn date_and_time(date: &str, time: &str, offset: Offset) -> Result<Timestamp, String> {
    let clock = self::date(date).zip(self::time(time)).map(|(date, time)| DateTime::from_parts(date, time));
    let instant = clock.and_then(|clock| offset.to_timestamp(clock).ok());
    instant
        .ok_or_else(|| {
            format!("`{}` `{}` is not a date and a time such as 2026-04-18 07:05:00", clip(date), clip(time))
        })
        .and_then(within_years)
}

/// Reads a calendar day, `2026-04-18`.
pub(super) fn date(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [_, _, _, _, b'-', _, _, b'-', _, _] = bytes else { return None };
    let year = i16::from(digits(bytes, 0)?) * 100 + i16::from(digits(bytes, 2)?);
    Date::new(year, digits(bytes, 5)?, digits(bytes, 8)?).ok()
}

/// Reads a value in its unit. `None` where the feed says in any of the usual ways that there is none.
pub(super) fn value(text: &str) -> Result<Option<Value>, String> {
    let text = text.trim_ascii();
    match text {
        "" | "NaN" | "nan" | "N/A" | "n/a" | "NA" | "null" | "---" => Ok(None),
        _ => match text.parse() {
            Ok(value) => Ok((!is_sentinel(value)).then_some(value)),
            Err(ValueError::OutOfRange(_)) => Err(format!("`{}` is beyond any river", clip(text))),
            Err(ValueError::NotANumber(_)) => Err(format!("`{}` is not a decimal number", clip(text))),
        },
    }
}

/// Reads a latitude or a longitude, no farther from zero than `limit`.
pub(super) fn degrees(text: &str, limit: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= limit => Ok(degrees),
        _ => Err(format!("`{}` is not degrees", clip(text))),
    }
}

/// Whether a number stands for a missing value in feeds of any agency: -888, -999, -9999, -99999, -999999, 99999, 999999. No
/// river is there.
pub(super) fn is_sentinel(value: Value) -> bool {
    matches!(value.milli(), -888_000 | -999_000 | -9_999_000 | -99_999_000 | -999_999_000 | 99_999_000 | 999_999_000)
}

/// Whether a text may be a station's number or a name used as one: short, without control characters.
pub(super) fn is_name(text: &str) -> bool {
    (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// The instant, if it is in the years of readings and forecasts.
pub(super) fn within_years(instant: Timestamp) -> Result<Timestamp, String> {
    if YEARS.contains(&instant.as_second()) {
        Ok(instant)
    } else {
        Err(format!("{instant} is not between the years 1900 and 2100"))
    }
}

fn split(text: &str) -> Option<(DateTime, &str)> {
    let date = date(text.get(..10)?)?;
    let time = time(text.get(11..19)?)?;
    // Some write a fraction that is none.
    let zone = text[19..].strip_prefix(".000").unwrap_or(&text[19..]);
    matches!(text.as_bytes()[10], b'T' | b't' | b' ').then(|| (DateTime::from_parts(date, time), zone))
}

/// Reads a time of day, `07:05` or `07:05:00`.
pub(super) fn time(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    if let [_, _, b':', _, _, b':', _, _] = bytes {
        return Time::new(digits(bytes, 0)?, digits(bytes, 3)?, digits(bytes, 6)?, 0).ok();
    }
    // Without this the general reader would accept an offset here and pass over it in silence.
    let plain = bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    if plain { text.parse().ok() } else { None }
}

/// Reads an offset from UTC, `Z` or `-04:00`.
pub(super) fn offset_of(zone: &str) -> Option<Offset> {
    let (sign, bytes) = match zone.as_bytes() {
        b"Z" | b"z" => return Some(Offset::UTC),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let [_, _, b':', _, _] = bytes else { return None };
    let (hours, minutes) = (i32::from(digits(bytes, 0)?), i32::from(digits(bytes, 3)?));
    if minutes > 59 { None } else { Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok() }
}

fn digits(bytes: &[u8], at: usize) -> Option<i8> {
    match bytes.get(at..at + 2)? {
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => i8::try_from((tens - b'0') * 10 + (units - b'0')).ok(),
        _ => None,
    }
}
