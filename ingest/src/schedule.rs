//! When a feed is due: crontab's fields, always in UTC, because a schedule in local time has an hour without any fetch
//! when the clocks go back, and a night without one when they go forward.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use hydro::Timestamp;
use thiserror::Error;

/// A schedule that fires again and again.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    cron: cron::Schedule,
}

/// Why a text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "schedule `{text}`: {fault}; expected crontab's five fields in UTC (minute hour day month weekday, such as \
     `*/15 * * * *`), or six with seconds first"
)]
pub struct ScheduleError {
    text: String,
    fault: String,
}

/// The fields in order, and what each may be.
const FIELDS: [(&str, &str); 6] = [
    ("second", "0-59"),
    ("minute", "0-59"),
    ("hour", "0-23"),
    ("day", "1-31"),
    ("month", "1-12 or JAN-DEC"),
    ("weekday", "0-7 or SUN-SAT, where 0 and 7 are Sunday"),
];

impl Schedule {
    /// Reads five fields as of crontab(5), or six with seconds first; evaluated in UTC.
    ///
    /// Weekdays have crontab's numbers. A day and a weekday together are refused: crontab takes either, others both.
    ///
    /// # Errors
    /// [`ScheduleError`], also for a schedule that never fires, such as `0 0 31 2 *`.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let fault = |fault: String| ScheduleError { text: text.chars().take(80).collect(), fault };
        let cron = fields(text).and_then(|fields| checked(&fields)).map_err(fault)?;
        let schedule = Self { text: text.to_owned(), cron };
        // Days of the month and months repeat within 29 years at the most: what does not fire from here on never does.
        if schedule.next_after(Timestamp::UNIX_EPOCH) == Timestamp::MAX {
            return Err(fault("never fires".to_owned()));
        }
        Ok(schedule)
    }

    /// The first instant after `instant` at which it fires; [`Timestamp::MAX`] beyond the year 2100.
    pub fn next_after(&self, instant: Timestamp) -> Timestamp {
        DateTime::<Utc>::from_timestamp(instant.as_second(), 0)
            .and_then(|from| self.cron.after(&from).next())
            .and_then(|next| Timestamp::from_second(next.timestamp()).ok())
            .unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The six fields of a schedule in the `cron` crate's terms.
fn fields(text: &str) -> Result<[String; 6], String> {
    let mut fields: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let count = fields.len();
    if count == 5 {
        fields.insert(0, "0".to_owned());
    }
    let mut fields: [String; 6] = fields.try_into().map_err(|_| format!("{count} fields"))?;
    let any = |field: &str| matches!(field, "*" | "?");
    if !any(&fields[3]) && !any(&fields[5]) {
        return Err("a day of the month and a weekday together".to_owned());
    }
    if !any(&fields[5]) {
        fields[5] = weekdays(&fields[5]).ok_or_else(|| fault(5, &fields[5]))?;
    }
    Ok(fields)
}

/// The schedule of six fields, or which of them is at fault: the crate itself says only where it stopped reading.
fn checked(fields: &[String; 6]) -> Result<cron::Schedule, String> {
    for (i, field) in fields.iter().enumerate() {
        let ends = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '?');
        let mut probe = ["*"; 6];
        probe[i] = field;
        if !field.starts_with(ends) || !field.ends_with(ends) || cron::Schedule::from_str(&probe.join(" ")).is_err() {
            return Err(fault(i, field));
        }
    }
    cron::Schedule::from_str(&fields.join(" ")).map_err(|error| error.to_string().replace('\n', " "))
}

fn fault(field: usize, text: &str) -> String {
    let (name, range) = FIELDS[field];
    format!("{name} `{text}` is not {range}, a range, a list or a step of them")
}

/// Crontab's weekdays (0 and 7 are Sunday) as a list of the `cron` crate's (1 is Sunday).
fn weekdays(field: &str) -> Option<String> {
    let mut days = Vec::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step = step.map_or(Some(1), |step| step.parse().ok().filter(|step| (1..=7).contains(step)))?;
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (0, 6),
            Some((first, last)) => (weekday(first)?, weekday(last).map(|last| if last == 0 { 7 } else { last })?),
            None if part.contains('/') => (weekday(range)?, 6),
            None => (weekday(range)?, weekday(range)?),
        };
        if first > last {
            return None;
        }
        days.extend((first..=last).step_by(step).map(|day| (day % 7 + 1).to_string()));
    }
    Some(days.join(","))
}

fn weekday(text: &str) -> Option<u8> {
    const NAMES: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let named = NAMES.iter().zip(0..).find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, day)| day);
    named.or_else(|| text.parse().ok().filter(|day| *day <= 7))
}

#[cfg(test)]
mod tests {
    use hydro::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn next(schedule: &str, after: &str) -> String {
        Schedule::parse(schedule).unwrap().next_after(at(after)).to_string()
    }

    #[test]
    fn five_fields_or_six() {
        assert_eq!(next("*/15 * * * *", "2026-04-01T10:00:00Z"), "2026-04-01T10:15:00Z");
        assert_eq!(next("*/15 * * * *", "2026-04-01T10:14:59.999Z"), "2026-04-01T10:15:00Z");
        assert_eq!(next("30 */15 * * * *", "2026-04-01T10:00:00Z"), "2026-04-01T10:00:30Z");
        assert_eq!(next("0 12 * * *", "2026-04-01T12:00:00Z"), "2026-04-02T12:00:00Z");
    }

    #[test]
    fn weekdays_are_crontabs() {
        // 2026-04-01 is a Wednesday.
        for (weekday, day) in [
            ("0", "05"),
            ("7", "05"),
            ("SUN", "05"),
            ("1", "06"),
            ("mon", "06"),
            ("6", "04"),
            ("5-7", "03"),
            ("SAT-SUN", "04"),
            ("1-5", "02"),
            ("1,2", "06"),
            ("*/3", "04"),
            ("1-5/4", "03"),
        ] {
            let found = next(&format!("0 6 * * {weekday}"), "2026-04-01T07:00:00Z");
            assert_eq!(found, format!("2026-04-{day}T06:00:00Z"), "{weekday}");
        }
        assert_eq!(next("0 6 * * 5-7", "2026-04-04T07:00:00Z"), "2026-04-05T06:00:00Z");
        assert_eq!(next("0 6 * * 5-7", "2026-04-05T07:00:00Z"), "2026-04-10T06:00:00Z");
    }

    #[test]
    fn faults_are_named() {
        for (text, fault) in [
            ("", "0 fields"),
            ("@hourly", "1 fields"),
            ("* * * *", "4 fields"),
            ("0 0 0 * * * *", "7 fields"),
            ("61 * * * *", "minute `61` is not 0-59, a range, a list or a step of them"),
            ("*/0 * * * *", "minute `*/0` is not 0-59, a range, a list or a step of them"),
            ("1, 2 * * *", "minute `1,` is not 0-59, a range, a list or a step of them"),
            ("0 24 * * *", "hour `24` is not 0-23, a range, a list or a step of them"),
            ("0 0 31 2 *", "never fires"),
            ("0 0 1 * 1", "a day of the month and a weekday together"),
            (
                "* * * * 8",
                "weekday `8` is not 0-7 or SUN-SAT, where 0 and 7 are Sunday, a range, a list or a step of them",
            ),
            (
                "* * * * FRI-MON",
                "weekday `FRI-MON` is not 0-7 or SUN-SAT, where 0 and 7 are Sunday, a range, a list or a step of them",
            ),
        ] {
            let message = Schedule::parse(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("schedule `{text}`: {fault}; expected ")), "{text}: {message}");
            assert!(!message.contains('\n'));
        }
        assert!(Schedule::parse("0 0 29 2 *").is_ok());
    }

    #[test]
    fn clock_changes_leave_no_gap() {
        let schedule = Schedule::parse("*/15 * * * *").unwrap();
        for night in ["2026-03-08T00:00:00Z", "2026-11-01T00:00:00Z"] {
            let mut last = at(night);
            for _ in 0..96 {
                let next = schedule.next_after(last);
                assert_eq!(next.duration_since(last), SignedDuration::from_mins(15), "{last}");
                last = next;
            }
        }
        let nightly = Schedule::parse("30 2 * * *").unwrap();
        assert_eq!(nightly.next_after(at("2026-03-07T02:30:00Z")), at("2026-03-08T02:30:00Z"));
        assert_eq!(nightly.next_after(at("2026-03-08T02:30:00Z")), at("2026-03-09T02:30:00Z"));
    }

    #[test]
    fn after_its_last_year_it_is_never_due() {
        let schedule = Schedule::parse("0 0 1 1 *").unwrap();
        assert_eq!(schedule.next_after(at("2300-01-01T00:00:00Z")), Timestamp::MAX);
    }

    proptest! {
        #[test]
        fn next_is_later(second in 0_i64..4_000_000_000, nano in 0_i32..1_000_000_000, step in 1_u8..60) {
            let instant = Timestamp::new(second, nano).unwrap();
            let schedule = Schedule::parse(&format!("*/{step} * * * *"))?;
            let next = schedule.next_after(instant);
            prop_assert!(next > instant);
            prop_assert!(next.duration_since(instant) <= SignedDuration::from_hours(1));
        }
    }
}
