//! Delft-FEWS PI time series: `TimeSeries > timeZone, series > header, event*`. Source: the published schema
//! `pi_timeseries.xsd` (namespace `http://www.wldelft.nl/fews/PI`, versions 1.2 to 1.25) and New Brunswick's export.
//! Dates are in the document's own fixed offset all year. Only levels and discharges are kept; an empty series of them is
//! kept too, for a forecast without values is news.

mod header;

use hydro::{Point, Quality, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;

use self::header::{Header, Subject};
use super::document::{Document, LineCounter, clip};
use super::unit::Unit;
use super::xml::{Elements, Node, Tag};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, field};

/// Reads a PI time series document.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::PiXml, bytes)?;
    let mut elements = Elements::new(&document, "TimeSeries");
    let mut lines = LineCounter::new(document.text());
    let mut reading = Reading::default();
    let mut rejected = Vec::new();
    while let Some(node) = elements.next()? {
        let outcome = match node {
            Node::Open(tag) => reading.opened(&tag),
            Node::Close { depth: 2, name: "timeZone" } => {
                reading.time_zone(elements.content()).map_err(|found| document.refuse(reading.at, found))?;
                Ok(())
            }
            Node::Close { depth, name } => reading.closed(depth, name, elements.content()),
        };
        if let Err(reason) = outcome {
            rejected.push(Rejected { line: lines.line_at(reading.at), reason });
        }
    }
    Ok(Parsed { items: reading.items, rejected })
}

/// What has been understood so far. The schema's order is relied on: the zone before every series, in a series its
/// header before its events.
struct Reading {
    items: Vec<Item>,
    /// The schema's default is UTC.
    zone: Offset,
    /// Where the series, header or event begins that is being read.
    at: usize,
    seen_series: bool,
    header: Header,
    subject: Subject,
}

impl Default for Reading {
    fn default() -> Self {
        let (header, subject) = (Header::default(), Subject::Unknown);
        Self { items: Vec::new(), zone: Offset::UTC, at: 0, seen_series: false, header, subject }
    }
}

impl Reading {
    fn opened(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        if tag.depth <= 3 {
            self.at = tag.offset;
        }
        match (tag.depth, tag.name) {
            (2, "series") => {
                (self.header, self.subject, self.seen_series) = (Header::default(), Subject::Unknown, true);
                Ok(())
            }
            (3, "event") => self.event(tag),
            (4, name) => self.header.attributes(name, tag),
            _ => Ok(()),
        }
    }

    fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), String> {
        match (depth, name) {
            (4, name) => self.header.text(name, content),
            (3, "header") => {
                // Events under a header that is not understood are not read; the header says so once for all of them.
                self.subject = Subject::Other;
                self.subject = self.header.subject(self.zone)?;
            }
            (2, "series") => match std::mem::replace(&mut self.subject, Subject::Other) {
                Subject::Series { series, .. } => self.items.push(Item::Series(series)),
                Subject::Unknown => return Err("a series without a header".into()),
                Subject::NextIssue(_) | Subject::Other => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn time_zone(&mut self, hours: &str) -> Result<(), String> {
        if self.seen_series {
            return Err("<timeZone> after a <series> that needs it".into());
        }
        // Read as a value, an offset of hours comes in exact thousandths of an hour, of 3.6 seconds each.
        let seconds = hours.parse::<Value>().ok().and_then(|hours| i32::try_from(hours.milli() * 18 / 5).ok());
        let offset = seconds.filter(|seconds| seconds.abs() <= 18 * 3600).and_then(|s| Offset::from_seconds(s).ok());
        self.zone =
            offset.ok_or_else(|| format!("timeZone `{}`, expected hours from UTC such as -4.0", clip(hours)))?;
        Ok(())
    }

    fn event(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        match &mut self.subject {
            Subject::Other => {}
            Subject::Unknown => {
                self.subject = Subject::Other;
                return Err("a series without a header before its events".into());
            }
            Subject::NextIssue(created) => self.items.extend(next_issue(tag, *created, self.zone)?),
            Subject::Series { series, unit, missing } => series.points.push(point(tag, self.zone, *unit, *missing)?),
        }
        Ok(())
    }
}

fn point(tag: &Tag<'_>, zone: Offset, unit: Unit, missing: f64) -> Result<Point, String> {
    let (mut date, mut time, mut text, mut quality) = (None, None, None, None);
    for attribute in tag.attributes() {
        match attribute? {
            ("date", found) => date = Some(found),
            ("time", found) => time = Some(found),
            ("value", found) => text = Some(found),
            ("flag", found) => quality = Some(flag(&found)?),
            _ => {}
        }
    }
    let (Some(date), Some(time), Some(text)) = (date, time, text) else {
        return Err("an event without date, time or value".into());
    };
    let value = value(&text, unit, missing)?;
    Ok(Point { valid: field::date_and_time(&date, &time, zone)?, value, quality: value.and(quality) })
}

fn value(text: &str, unit: Unit, missing: f64) -> Result<Option<Value>, String> {
    let number: f64 = text.trim().parse().map_err(|_| format!("`{}` is not a number", clip(text)))?;
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

/// New Brunswick's pseudo-series `NextFcst`: an event flagged 0 or 1 carries the whole days from the day the file was
/// made to the day of the next forecast. Other events are placeholders.
fn next_issue(tag: &Tag<'_>, created: Date, zone: Offset) -> Result<Option<Item>, String> {
    let (mut days, mut chosen) = (None, false);
    for attribute in tag.attributes() {
        match attribute? {
            ("value", found) => days = Some(found),
            ("flag", found) => chosen = matches!(found.as_ref(), "0" | "1"),
            _ => {}
        }
    }
    let days = match days {
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
