//! Lengths of time and sizes of data as people write them: `30s`, `10m`, `1h`, `200kB`, `32MB`.

use std::time::Duration;

use hydro::SignedDuration;

/// Reads a whole number of seconds, minutes, hours or days, such as `30s`, `10m`, `13h`, `2d`.
///
/// # Errors
/// A sentence with what was found and what was expected, also for none at all (`0s`) and for more than a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = counted(text, &[("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]);
    seconds
        .filter(|seconds| (1..=366 * 86_400).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| format!("`{text}` is not a length of time: expected a number and s, m, h or d, such as `30s`"))
}

/// Reads a length of time as [`duration`] does, or `0s` for none at all.
///
/// # Errors
/// As of [`duration`].
pub(super) fn delay(text: &str) -> Result<Duration, String> {
    if text == "0s" { Ok(Duration::ZERO) } else { duration(text) }
}

/// Reads how long data are kept: a whole number of days or years, such as `90d` or `5y`; a year is 366 days, so that none
/// is cut short.
///
/// # Errors
/// A sentence with what was found and what was expected, also for less than the thirty days that pages look back, and
/// for more than 200 years.
pub(super) fn retention(text: &str) -> Result<SignedDuration, String> {
    let days = counted(text, &[("d", 1), ("y", 366)]).and_then(|days| i64::try_from(days).ok());
    days.filter(|days| (31..=200 * 366).contains(days)).map(|days| SignedDuration::from_hours(days * 24)).ok_or_else(
        || {
            format!(
                "`{text}` is not a time to keep data: expected a number and d or y, from `31d` to `200y`, such as `5y`"
            )
        },
    )
}

/// Reads a whole number of bytes, such as `512B`, `200kB`, `32MB`, `1GB`; a thousand bytes are a kilobyte.
///
/// # Errors
/// A sentence with what was found and what was expected, also for nothing (`0B`) and for more than 1000 terabytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let bytes = counted(text, &[("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1)]);
    bytes
        .filter(|bytes| (1..=1_000_000_000_000_000).contains(bytes))
        .ok_or_else(|| format!("`{text}` is not a size: expected a number and B, kB, MB or GB, such as `32MB`"))
}

fn counted(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [("30s", 30), ("10m", 600), ("1h", 3600), ("13 h", 46_800), ("2d", 172_800)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "30", "s", "0s", "-5s", "1.5h", "5 minutes", "1H", "99999999999999999999s", "9999d"] {
            assert!(duration(text).is_err(), "{text}");
            assert!(text == "0s" || delay(text).is_err(), "{text}");
        }
        assert_eq!((delay("0s"), delay("30m")), (Ok(Duration::ZERO), duration("30m")));
    }

    #[test]
    fn retentions_are_read() {
        for (text, days) in [("31d", 31), ("90 d", 90), ("1y", 366), ("5y", 1830), ("200y", 73_200)] {
            assert_eq!(retention(text), Ok(SignedDuration::from_hours(days * 24)), "{text}");
        }
        for text in ["", "5", "y", "30d", "0y", "-1y", "12h", "1.5y", "201y", "5 years", "99999999999999999999y"] {
            assert!(retention(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [("1B", 1), ("200kB", 200_000), ("32MB", 32_000_000), ("1 GB", 1_000_000_000)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "32", "MB", "0MB", "32mb", "32MiB", "-1B", "18446744073709551615GB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
