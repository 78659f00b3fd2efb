//! Times as agencies write them, by a form that the configuration states.

use hydro::Timestamp;
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Offset, TimeZone};

use crate::formats::document::{clip, shorten};
use crate::formats::{civil, field};

/// How times are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// The form.
    pub form: TimeForm,
    /// The zone of times that tell no offset; there wherever the form [needs](TimeForm::needs_zone) one.
    pub zone: Option<TimeZone>,
}

/// The form of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeForm {
    /// `2026-04-18T07:05:00-04:00` (RFC 3339), with `T` or a blank.
    Rfc3339,
    /// Seconds since 1970.
    Unix,
    /// Thousandths of a second since 1970.
    UnixMs,
    /// By the letters of `strftime`.
    Pattern(Pattern),
}

/// A form by the letters of `strftime`, which tells date and hour at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    letters: String,
    /// Whether it tells an instant: an offset, or seconds since 1970.
    tells_instant: bool,
}

/// A time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// With its offset.
    Instant(Timestamp),
    /// As a clock in the zone shows it.
    Civil(DateTime),
}

impl TimeForm {
    /// Reads `rfc3339`, `unix`, `unix_ms` or a pattern such as `%Y-%m-%d %H:%M`.
    ///
    /// # Errors
    /// A sentence with what was found and what was expected; also for a pattern that does not tell date and hour: the
    /// mean of a day is no reading at midnight.
    pub fn named(text: &str) -> Result<Self, String> {
        match text {
            "rfc3339" => Ok(Self::Rfc3339),
            "unix" => Ok(Self::Unix),
            "unix_ms" => Ok(Self::UnixMs),
            _ => Pattern::new(text).map(Self::Pattern),
        }
    }

    /// Whether times so written are instants only together with a zone.
    pub fn needs_zone(&self) -> bool {
        matches!(self, Self::Pattern(pattern) if !pattern.tells_instant)
    }

    /// Whether a zone can mean anything to times so written.
    pub fn takes_zone(&self) -> bool {
        self.needs_zone() || *self == Self::Rfc3339
    }
}

/// Reads a zone: a name of the IANA database, or a fixed offset such as `-05:00`.
///
/// # Errors
/// A sentence with what was found and what was expected.
pub fn zone(text: &str) -> Result<TimeZone, String> {
    let fixed = field::offset_of(text).map(TimeZone::fixed);
    fixed.or_else(|| civil::zone(text).ok()).ok_or_else(|| {
        let found = clip(text);
        format!("`{found}` is neither a time zone of the IANA database, such as `America/Toronto`, nor an offset, such as `-05:00`")
    })
}

impl Clock {
    /// Reads a time.
    pub(super) fn read(&self, text: &str) -> Result<Moment, String> {
        let unread = |what: &str| format!("`{}` is not {what}", clip(text));
        match &self.form {
            TimeForm::Rfc3339 if self.zone.is_none() || tells_offset(text) => {
                field::instant(text, None).map(Moment::Instant)
            }
            TimeForm::Rfc3339 => {
                // A date alone is the time of a day's mean, not of a reading; brackets would name another zone.
                let civil = if text.len() > 10 && !text.contains('[') { text.parse().ok() } else { None };
                civil.map(Moment::Civil).ok_or_else(|| unread("a time such as 2026-04-18 07:05:00"))
            }
            TimeForm::Unix => since_1970(text, Timestamp::from_second).ok_or_else(|| unread("seconds since 1970"))?,
            TimeForm::UnixMs => {
                since_1970(text, Timestamp::from_millisecond).ok_or_else(|| unread("milliseconds since 1970"))?
            }
            TimeForm::Pattern(pattern) => pattern
                .read(text)
                .ok_or_else(|| unread(&format!("a time of the form `{}`", shorten(&pattern.letters, 60))))?,
        }
    }

    /// The instants of the times of one series, in the document's order, by which an hour that comes twice is told.
    pub(super) fn instants(&self, moments: &[Moment]) -> Vec<Result<Timestamp, String>> {
        let civil = |moment: &Moment| if let Moment::Civil(civil) = moment { Some(*civil) } else { None };
        let civil: Vec<DateTime> = moments.iter().filter_map(civil).collect();
        let mut resolved = match &self.zone {
            Some(zone) if !civil.is_empty() => civil::resolve(&civil, zone),
            _ => Vec::new(),
        }
        .into_iter();
        let mut instant = |moment: &Moment| match moment {
            Moment::Instant(instant) => Ok(*instant),
            Moment::Civil(civil) => resolved.next().unwrap_or_else(|| Err(format!("{civil} is in no zone"))),
        };
        moments.iter().map(&mut instant).collect()
    }
}

impl Pattern {
    /// A pattern that reads what it writes, to the hour.
    fn new(letters: &str) -> Result<Self, String> {
        let refuse = |why: &str| {
            let found = shorten(letters, 60);
            format!("`{found}` {why}: expected rfc3339, unix, unix_ms, or letters such as `%Y-%m-%d %H:%M`")
        };
        let zone = TimeZone::fixed(Offset::constant(-4));
        let evening = jiff::civil::date(2026, 4, 18).at(19, 0, 0, 0);
        let sample: Zoned = evening.to_zoned(zone).map_err(|error| refuse(&error.to_string()))?;
        let written = strtime::format(letters, &sample).map_err(|_| refuse("is not a form of time"))?;
        let read = BrokenDownTime::parse(letters, &written).map_err(|_| refuse("cannot be read back"))?;
        let tells_instant = read.to_timestamp().is_ok_and(|instant| instant == sample.timestamp());
        if tells_instant || read.to_datetime().is_ok_and(|civil| civil == evening) {
            Ok(Self { letters: letters.to_owned(), tells_instant })
        } else {
            Err(refuse("does not tell both the day and the hour"))
        }
    }

    fn read(&self, text: &str) -> Option<Result<Moment, String>> {
        let read = BrokenDownTime::parse(&self.letters, text).ok()?;
        if self.tells_instant {
            read.to_timestamp().ok().map(|instant| field::within_years(instant).map(Moment::Instant))
        } else {
            read.to_datetime().ok().map(|civil| Ok(Moment::Civil(civil)))
        }
    }
}

fn tells_offset(text: &str) -> bool {
    text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-']))
}

/// Reads a count since 1970; a fraction of noughts is how some programs write whole numbers.
fn since_1970<E>(text: &str, from: impl Fn(i64) -> Result<Timestamp, E>) -> Option<Result<Moment, String>> {
    let whole = text.split_once('.').map_or(
        text,
        |(whole, fraction)| {
            if fraction.bytes().all(|byte| byte == b'0') { whole } else { "" }
        },
    );
    let instant = from(whole.parse().ok()?).ok()?;
    Some(field::within_years(instant).map(Moment::Instant))
}
