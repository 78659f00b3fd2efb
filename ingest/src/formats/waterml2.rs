//! WaterML 2.0 measurements as time-value pairs: `Collection > observationMember > OM_Observation > procedure,
//! observedProperty, featureOfInterest, result > MeasurementTimeseries > defaultPointMetadata, point*`. Units and remarks
//! hold for all points unless a point has its own. What a simulation gives is a forecast, issued at its result time.
//! Several observations of one thing at one place are several sensors (see [`usgs`](super::usgs)), by their `gml:id`.
//! Statistics over a time are not read. Source: OGC 10-126r4 and its vocabularies
//! (`http://www.opengis.net/def/waterml/2.0/…`), and the USGS's replies.

mod observation;

use hydro::{Kind, Point, Stat};

use self::observation::{Draft, Fault, Header, Subject};
use super::document::{Document, LineCounter, clip};
use super::usgs::Sites;
use super::xml::{Elements, Node, Tag};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series};

const NAMESPACE: &str = "http://www.opengis.net/waterml/2.0";

/// Reads a collection. One without observations is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::Waterml2, bytes)?;
    let mut elements = Elements::new(&document, "Collection");
    let mut lines = LineCounter::new(document.text());
    let mut reading = Reading::default();
    let mut rejected = Vec::new();
    while let Some(node) = elements.next()? {
        let outcome = match node {
            Node::Open(tag) if tag.depth == 1 && !tag.declares(NAMESPACE) => {
                return Err(document.refuse(tag.offset, format!("a <{}> that is not of {NAMESPACE}", tag.name)));
            }
            Node::Open(tag) => reading.opened(&tag),
            Node::Close { depth, name } => reading.closed(depth, name, elements.content()),
        };
        match outcome {
            Ok(()) => {}
            Err(Fault::Row(reason)) => rejected.push(Rejected { line: lines.line_at(reading.at), reason }),
            Err(Fault::Document(found)) => return Err(document.refuse(reading.at, found)),
        }
    }
    reading.items.extend(reading.sites.into_items());
    Ok(Parsed { items: reading.items, rejected })
}

/// What has been understood so far. The schema's order is relied on: what is told of all points before the points.
#[derive(Default)]
struct Reading {
    /// Forecasts.
    items: Vec<Item>,
    /// Measurements.
    sites: Sites,
    /// Where the observation or the point begins that is being read.
    at: usize,
    header: Header,
    subject: Subject,
    points: Vec<Point>,
    in_point: bool,
    draft: Draft,
    /// In the time or the value of a point, which have nothing in them but text.
    in_text: bool,
}

impl Reading {
    fn opened(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        match (tag.depth, tag.name) {
            (3, _) => {
                let (items, sites) = (std::mem::take(&mut self.items), std::mem::take(&mut self.sites));
                *self = Self { items, sites, at: tag.offset, header: Header::of(tag)?, ..Self::default() };
            }
            (6, "point") => {
                (self.in_point, self.in_text) = (true, false);
                self.draft.clear();
                if matches!(self.subject, Subject::Unknown) {
                    // Points under a header that is not understood are not read; it says so once for all of them.
                    self.subject = Subject::Other;
                    self.subject = self.header.subject()?;
                }
                self.at = tag.offset;
            }
            (8, "time" | "value") if self.in_point => self.in_text = true,
            (9.., name) if self.in_text => {
                self.draft.fault = Some(format!("<{}> inside a time or a value", clip(name)));
            }
            // What is told of a point stands two elements deeper than what is told of all.
            (10, _) if self.in_point => self.draft.metadata.opened(tag)?,
            (8, _) if !self.in_point => self.header.defaults.opened(tag)?,
            _ if !self.in_point => self.header.opened(tag)?,
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), Fault> {
        match (depth, name) {
            (8, "time") if self.in_point => {
                self.in_text = false;
                content.clone_into(&mut self.draft.time);
            }
            (8, "value") if self.in_point => {
                self.in_text = false;
                content.clone_into(&mut self.draft.value);
            }
            (12, "value") if self.in_point => self.draft.metadata.remark(content),
            (10, "value") if !self.in_point => self.header.defaults.remark(content),
            (6, "point") => {
                self.in_point = false;
                if let Subject::Series { parameter, unit, .. } = self.subject {
                    self.points.extend(self.draft.point(parameter, unit, &self.header.defaults)?);
                }
            }
            (3, _) => self.end()?,
            _ if !self.in_point => self.header.closed(depth, name, content),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let points = std::mem::take(&mut self.points);
        let Subject::Series { parameter, kind, .. } = self.subject else { return Ok(()) };
        let location = self.header.location().to_owned();
        if kind == Kind::Observed {
            self.sites.sensor(&location, parameter, self.header.id()).extend(points);
        } else {
            let issued = self.header.issued()?;
            self.items.push(Item::Series(Series { location, parameter, kind, stat: Stat::Value, issued, points }));
        }
        Ok(())
    }
}
