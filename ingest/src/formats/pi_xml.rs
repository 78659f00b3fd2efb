//! Delft-FEWS PI time series: `TimeSeries > timeZone, series > header, event*`. Source: the published schema
//! `pi_timeseries.xsd` (namespace `http://www.wldelft.nl/fews/PI`, versions 1.2 to 1.25) and New Brunswick's export.
//! Dates are in the document's own fixed offset all year. Only levels and discharges are kept; an empty series of them is
//! kept too, for a forecast without values is news.

use std::borrow::Cow;

use jiff::tz::Offset;

use super::document::{Document, LineCounter};
use super::pi::header::{Header, Subject};
use super::pi::{self, Event};
use super::xml::{Elements, Node, Tag};
use super::{Format, Item, NotThisFormat, Parsed, Rejected};

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
            (4, "forecastDate") => self.forecast_date(tag),
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
        self.zone = pi::zone(hours)?;
        Ok(())
    }

    fn event(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        if matches!(self.subject, Subject::Other) {
            return Ok(());
        }
        let event = event(tag)?;
        self.items.extend(event.read(&mut self.subject, self.zone)?);
        Ok(())
    }

    fn forecast_date(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        let (mut date, mut time) = (Cow::default(), Cow::default());
        for attribute in tag.attributes() {
            match attribute? {
                ("date", found) => date = found,
                ("time", found) => time = found,
                _ => {}
            }
        }
        self.header.forecast_date(&date, &time);
        Ok(())
    }
}

/// What an event says, as written.
fn event<'d>(tag: &Tag<'d>) -> Result<Event<'d>, String> {
    if let Some(fields) = tag.exactly(["date", "time", "value", "flag"]) {
        let [date, time, value, flag] = fields.map(|field| Some(Cow::Borrowed(field)));
        return Ok(Event { date, time, value, flag });
    }
    let mut event = Event::default();
    for attribute in tag.attributes() {
        match attribute? {
            ("date", found) => event.date = Some(found),
            ("time", found) => event.time = Some(found),
            ("value", found) => event.value = Some(found),
            ("flag", found) => event.flag = Some(found),
            _ => {}
        }
    }
    Ok(event)
}
