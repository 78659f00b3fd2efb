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
    // The rare forms (fractions of a second, compact offsets) are left to the slower and more patient reader.
    let instant = usual_instant(text, offset).or_else(|| text.parse().ok()).ok_or_else(unread)?;
    within_years(instant)
}

/// Reads instants, each of which is mostly of the same day and at the same offset as the one before.
pub(super) struct Instants {
    /// Day and offset of the last one, as written.
    written: ([u8; 11], [u8; 6]),
    /// Where that day begins, in seconds since 1970.
    midnight: i64,
}

impl Default for Instants {
    fn default() -> Self {
        Self { written: (*b"1970-01-01T", *b"+00:00"), midnight: 0 }
    }
}

impl Instants {
    /// Reads one as [`instant`] does.
    pub(super) fn read(&mut self, text: &str) -> Result<Timestamp, String> {
        self.usual(text).map_or_else(|| instant(text, None), within_years)
    }

    fn usual(&mut self, text: &str) -> Option<Timestamp> {
        let (&day, rest) = text.as_bytes().split_first_chunk()?;
        let (&time, zone) = rest.split_first_chunk()?;
        let (written, time) = ((day, zone.try_into().ok()?), usual_time(time)?);
        if written != self.written {
            self.midnight = usual_instant(text, None)?.as_second() - time;
            self.written = written;
        }
        at(self.midnight + time, Offset::UTC)
    }
}

/// Reads a date and a time of day that stand apart, at a fixed offset: `2026-04-18`, `07:05:00`.
pub(super) fn date_and_time(date: &str, time: &str, offset: Offset) -> Result<Timestamp, String> {
    let patient = || {
        let clock = self::date(date).zip(self::time(time)).map(|(date, time)| DateTime::from_parts(date, time));
        clock.and_then(|clock| offset.to_timestamp(clock).ok())
    };
    let usual = || {
        let clock = usual_clock(date.as_bytes().try_into().ok()?, time.as_bytes().try_into().ok()?)?;
        at(clock, offset)
    };
    usual()
        .or_else(patient)
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
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(value) => Ok((!is_sentinel(value)).then_some(value)),
        Err(ValueError::NotANumber(_)) if matches!(text, "NaN" | "nan" | "N/A" | "n/a" | "NA" | "null" | "---") => {
            Ok(None)
        }
        Err(ValueError::OutOfRange(_)) => Err(format!("`{}` is beyond any river", clip(text))),
        Err(ValueError::NotANumber(_)) => Err(format!("`{}` is not a decimal number", clip(text))),
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

/// Reads an instant in the form that nearly every feed writes: each digit in its place.
fn usual_instant(text: &str, offset: Option<Offset>) -> Option<Timestamp> {
    let (&date, rest) = text.as_bytes().split_first_chunk()?;
    let ([b'T' | b't' | b' '], rest) = rest.split_first_chunk()? else { return None };
    let clock = usual_clock(date, *rest.first_chunk()?)?;
    // Some write a fraction that is none.
    let zone = text.get(19..)?;
    let offset = match zone.strip_prefix(".000").unwrap_or(zone) {
        "" => offset?,
        zone => offset_of(zone)?,
    };
    at(clock, offset)
}

/// The seconds from the beginning of 1970 to what calendar and clock say, `2026-04-18` and `07:05:00`, as if both were of UTC.
fn usual_clock(date: [u8; 10], time: [u8; 8]) -> Option<i64> {
    let year = two(date[0], date[1])? * 100 + two(date[2], date[3])?;
    let (month, day) = (two(date[5], date[6])?, two(date[8], date[9])?);
    let sound = [date[4], date[7]] == *b"--" && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    if sound { Some(days_until(year, month, day) * 86_400 + usual_time(time)?) } else { None }
}

/// The seconds from midnight to what a clock says, `07:05:00`.
fn usual_time(time: [u8; 8]) -> Option<i64> {
    let (hour, minute, second) = (two(time[0], time[1])?, two(time[3], time[4])?, two(time[6], time[7])?);
    let sound = [time[2], time[5]] == *b"::" && hour < 24 && minute < 60 && second < 60;
    sound.then_some(hour * 3600 + minute * 60 + second)
}

fn two(tens: u8, units: u8) -> Option<i64> {
    let (tens, units) = (tens.wrapping_sub(b'0'), units.wrapping_sub(b'0'));
    (tens < 10 && units < 10).then(|| i64::from(tens) * 10 + i64::from(units))
}

/// How many days a month has.
fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from the beginning of 1970 to a day of the Gregorian calendar.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    // In years that begin in March the leap day is the last, and the months before any other are a whole 153 days in each five.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

fn at(clock: i64, offset: Offset) -> Option<Timestamp> {
    Timestamp::from_second(clock - i64::from(offset.seconds())).ok()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Instants of the years 5 to 9987 as feeds write them.
    fn written() -> impl Strategy<Value = String> {
        let offset = prop_oneof![Just(None), (-60_i32..=60).prop_map(Some)];
        (-62_000_000_000_i64..253_000_000_000, offset, any::<bool>()).prop_map(|(seconds, quarters, fraction)| {
            let offset = Offset::from_seconds(quarters.unwrap_or(0) * 900).expect("an offset");
            let clock = offset.to_datetime(Timestamp::from_second(seconds).expect("an instant"));
            let fraction = if fraction { ".000" } else { "" };
            let zone = quarters.map_or("Z".to_owned(), |quarters| {
                let (sign, quarters) = (if quarters < 0 { '-' } else { '+' }, quarters.abs());
                format!("{sign}{:02}:{:02}", quarters / 4, quarters % 4 * 15)
            });
            format!("{clock}{fraction}{zone}")
        })
    }

    proptest! {
        #[test]
        fn an_instant_of_the_usual_form_is_read_as_by_the_general_reader(text in written()) {
            prop_assert!(usual_instant(&text, None).is_some(), "{}", text);
            prop_assert_eq!(usual_instant(&text, None), text.parse().ok(), "{}", text);
        }

        /// What is changed anywhere is left to the general reader or read as it would be.
        #[test]
        fn no_text_is_read_as_another_instant(text in written(), changes in prop::collection::vec((0_usize..29, "[0-9:TZ+ .-]"), 0..4)) {
            let mut text = text;
            for (place, character) in changes {
                if place < text.len() {
                    text.replace_range(place..=place, &character);
                }
            }
            let usual = usual_instant(&text, None);
            prop_assert!(usual.is_none() || usual == text.parse().ok(), "{} {:?}", text, usual);
        }

        /// Whatever was read before, also where a character of it is another.
        #[test]
        fn an_instant_of_a_known_day_is_read_as_any_other(
            start in 0_i64..4_000_000_000,
            steps in prop::collection::vec((-40_000_i64..40_000, -1_i32..=1), 1..20),
            change in prop::option::of((0_usize..20, 0_usize..25, "[0-9:TZ+ .é-]")),
        ) {
            let (mut instants, mut seconds) = (Instants::default(), start);
            for (i, (step, hours)) in steps.into_iter().enumerate() {
                seconds += step;
                let offset = Offset::from_seconds(hours * 3600).expect("an offset");
                let clock = offset.to_datetime(Timestamp::from_second(seconds).expect("an instant"));
                let mut text = format!("{clock}{}{:02}:00", if hours < 0 { '-' } else { '+' }, hours.abs());
                if let Some((_, place, character)) = change.as_ref().filter(|change| change.0 == i) {
                    text.replace_range(place..=place, character);
                }
                prop_assert_eq!(instants.read(&text), instant(&text, None), "{}", text);
            }
        }

        #[test]
        fn every_day_and_second_is_counted(day in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]") {
            let patient = date(&day).zip(super::time(&time)).map(|(day, time)| DateTime::from_parts(day, time));
            let seconds = patient.and_then(|clock| Offset::UTC.to_timestamp(clock).ok()).map(Timestamp::as_second);
            let [day, time] = [day.as_bytes(), time.as_bytes()];
            let usual = usual_clock(day.try_into().expect("ten bytes"), time.try_into().expect("eight bytes"));
            prop_assert_eq!(usual, seconds);
        }
    }
}
