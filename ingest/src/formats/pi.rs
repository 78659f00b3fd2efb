//! What the two wire forms of Delft-FEWS PI time series, XML and JSON, have in common: the zone, what a header means (in
//! [`header`]), and what an event says. Source: the published schema `pi_timeseries.xsd`, whose names the JSON keeps, and
//! exports of agencies.

pub(super) mod header;

use std::borrow::Cow;

use hydro::{Point, Quality, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;

use self::header::Subject;
use super::document::clip;
use super::unit::Unit;
use super::{Item, field};

/// The zone of all dates of a document: hours from UTC, fixed all year. The schema's default is UTC.
pub(super) fn zone(hours: &str) -> Result<Offset, String> {
    // Read as a value, an offset of hours comes in exact thousandths of an hour, of 3.6 seconds each.
    let seconds = hours.parse::<Value>().ok().and_then(|hours| i32::try_from(hours.milli() * 18 / 5).ok());
    let offset = seconds.filter(|seconds| seconds.abs() <= 18 * 3600).and_then(|s| Offset::from_seconds(s).ok());
    offset.ok_or_else(|| format!("timeZone `{}`, expected hours from UTC such as -4.0", clip(hours)))
}

/// The fields of an event as written; `None` is one that is not there.
#[derive(Debug, Default)]
pub(super) struct Event<'a> {
    pub(super) date: Option<Cow<'a, str>>,
    pub(super) time: Option<Cow<'a, str>>,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) flag: Option<Cow<'a, str>>,
}

impl Event<'_> {
    /// Reads the event as one of its series, to which a point is added. Returns what else it may say.
    pub(super) fn read(self, subject: &mut Subject, zone: Offset) -> Result<Option<Item>, String> {
        match subject {
            Subject::Other => Ok(None),
            Subject::Unknown => {
                *subject = Subject::Other;
                Err("a series without a header before its events".into())
            }
            Subject::NextIssue(created) => self.next_issue(*created, zone),
            Subject::Series { series, unit, missing } => {
                series.points.push(self.point(zone, *unit, *missing)?);
                Ok(None)
            }
        }
    }

    fn point(self, zone: Offset, unit: Unit, missing: f64) -> Result<Point, String> {
        let (Some(date), Some(time), Some(text)) = (self.date, self.time, self.value) else {
            return Err("an event without date, time or value".into());
        };
        let quality = self.flag.map(|flag| self::flag(&flag)).transpose()?;
        let value = value(&text, unit, missing)?;
        Ok(Point { valid: field::date_and_time(&date, &time, zone)?, value, quality: value.and(quality) })
    }

    /// New Brunswick's pseudo-series `NextFcst`: an event flagged 0 or 1 carries the whole days from the day the file was
    /// made to the day of the next forecast. Other events are placeholders.
    fn next_issue(self, created: Date, zone: Offset) -> Result<Option<Item>, String> {
        let chosen = self.flag.is_some_and(|flag| matches!(flag.as_ref(), "0" | "1"));
        let days = match self.value {
            Some(days) if chosen => field::value(&days)?,
            _ => None,
        };
        let Some(days) = days.map(Value::milli) else { return Ok(None) };
        let span = (days % 1000 == 0 && (0..=366_000).contains(&days)).then(|| (days / 1000).days());
        let day = span.and_then(|span| created.checked_add(span).ok());
        let day =
            day.ok_or_else(|| format!("NextFcst in {}, expected whole days from 0 to 366", Value::from_milli(days)))?;
        let midnight = field::date_and_time(&day.to_string(), "00:00:00", zone)?;
        Ok(Some(Item::NextIssue(midnight)))
    }
}

fn value(text: &str, unit: Unit, missing: f64) -> Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: f64 = text.parse().map_err(|_| format!("`{}` is not a number", clip(text)))?;
    // By number and not by text: one export writes missVal -999.0 and values of -999.
    if number.is_nan() || number.total_cmp(&missing).is_eq() {
        return Ok(None);
    }
    unit.value(text)
}

/// The remark of a flag: reliable 0 to 2, doubtful 3 to 5, unreliable 6 to 9; in each group original, corrected,
/// completed (9 is missing). Source: Delft-FEWS documentation, "Quality flags".
fn flag(text: &str) -> Result<Quality, String> {
    match text {
        "0" => Ok(Quality::Good),
        "1" => Ok(Quality::Corrected),
        "2" => Ok(Quality::Estimated),
        "3" | "4" | "5" => Ok(Quality::Doubtful),
        "6" | "7" | "8" | "9" => Ok(Quality::Unreliable),
        _ => Err(format!("flag `{}`, expected 0 to 9", clip(text))),
    }
}
