//! WaterML 1.1 as USGS sends it: `timeSeriesResponse > timeSeries > sourceInfo, variable, values > value*, method`. The
//! same reply as [`nwis_json`](super::nwis_json) in XML, with the same rules: times with the civil offset in force, a
//! sensor in each `values`, daily values refused. Source: CUAHSI's schema `WaterML-1.1.xsd` (namespace
//! `http://www.cuahsi.org/waterML/1.1/`) and the service's own replies.

use hydro::{Parameter, Point, Quality, Timestamp};

use super::document::{Document, LineCounter, clip};
use super::usgs::{self, Scale, Sites};
use super::xml::{Elements, Node, Tag};
use super::{Format, NotThisFormat, Parsed, Rejected, field};

const NAMESPACE: &str = "http://www.cuahsi.org/waterML/1.1/";

/// Reads a reply. One without time series is sound: nothing was measured.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::Waterml1, bytes)?;
    let mut elements = Elements::new(&document, "timeSeriesResponse");
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
    Ok(Parsed { items: reading.sites.into_items(), rejected })
}

enum Fault {
    /// Of a value, a block or a series; the rest is kept.
    Row(String),
    Document(String),
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::Row(reason)
    }
}

/// What has been understood so far. The schema's order is relied on: the site and the variable before the values.
#[derive(Default)]
struct Reading {
    sites: Sites,
    /// Where the series, the block or the value begins that is being read.
    at: usize,
    header: Header,
    subject: Subject,
    /// Of the block that is open, which names its method after its values.
    method: String,
    points: Vec<Point>,
    /// Of the value that is open.
    stamp: Option<(Timestamp, Option<Quality>)>,
}

/// The fields of a series before its values, as written.
#[derive(Default)]
struct Header {
    name: String,
    site: String,
    code: String,
    unit: String,
    statistic: String,
    sentinel: String,
}

#[derive(Default, Clone, Copy)]
enum Subject {
    /// The values have not begun.
    #[default]
    Unknown,
    /// Not of interest, or not understood: its values are passed over.
    Other,
    Series(Parameter, Scale),
}

impl Reading {
    fn opened(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        match (tag.depth, tag.name) {
            (4, "value") => {
                self.at = tag.offset;
                if matches!(self.subject, Subject::Series(..)) {
                    self.stamp = Some(stamp(tag)?);
                }
            }
            (2, "timeSeries") => {
                let (sites, mut points) = (std::mem::take(&mut self.sites), std::mem::take(&mut self.points));
                points.clear();
                *self = Self { sites, points, at: tag.offset, ..Self::default() };
                self.header.name = tag.attribute("name")?.into_owned();
            }
            (3, "values") => {
                self.at = tag.offset;
                return self.begin_block();
            }
            (4, "method") => self.method = tag.attribute("methodID")?.into_owned(),
            (5, "option") if tag.attribute("name")? == "Statistic" => {
                self.header.statistic = tag.attribute("optionCode")?.into_owned();
            }
            (5.., _) if self.stamp.take().is_some() => {
                return Err(Fault::Row(format!("<{}> inside a value", clip(tag.name))));
            }
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), Fault> {
        match (depth, name) {
            (4, "value") => {
                let (Some((valid, quality)), Subject::Series(_, scale)) = (self.stamp.take(), self.subject) else {
                    return Ok(());
                };
                let value = scale.value(content)?;
                self.points.push(Point { valid, value, quality: value.and(quality) });
            }
            (4, "siteCode") if self.header.site.is_empty() => content.clone_into(&mut self.header.site),
            (4, "variableCode") if self.header.code.is_empty() => content.clone_into(&mut self.header.code),
            (4, "noDataValue") => content.clone_into(&mut self.header.sentinel),
            (5, "unitCode") => content.clone_into(&mut self.header.unit),
            (3, "values") => {
                if let Subject::Series(parameter, _) = self.subject {
                    self.sites.sensor(&self.header.site, parameter, &self.method).append(&mut self.points);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_block(&mut self) -> Result<(), Fault> {
        if matches!(self.subject, Subject::Unknown) {
            // Values under a header that is not understood are not read; it says so once for all of them.
            self.subject = Subject::Other;
            self.subject = self.header.subject()?;
        }
        self.method.clear();
        Ok(())
    }
}

impl Header {
    fn subject(&self) -> Result<Subject, Fault> {
        let Some(parameter) = usgs::parameter(&self.code)? else { return Ok(Subject::Other) };
        if !usgs::is_instant(&self.statistic) {
            let (statistic, name) = (clip(&self.statistic), clip(&self.name));
            return Err(Fault::Document(format!("statistic `{statistic}` of `{name}`: {}", usgs::DAILY)));
        }
        if !field::is_name(&self.site) {
            return Err(Fault::Row(format!("siteCode `{}`, expected 1 to 100 characters", clip(&self.site))));
        }
        Ok(Subject::Series(parameter, Scale::of(parameter, &self.unit, &self.sentinel)?))
    }
}

/// The instant and the remark of a value.
fn stamp(tag: &Tag<'_>) -> Result<(Timestamp, Option<Quality>), String> {
    if let Some([codes, time]) = tag.exactly(["qualifiers", "dateTime"]) {
        return Ok((field::instant(time, None)?, remark(codes)));
    }
    let (mut valid, mut quality) = (None, None);
    for attribute in tag.attributes() {
        match attribute? {
            ("dateTime", text) => valid = Some(field::instant(&text, None)?),
            ("qualifiers", codes) => quality = remark(&codes),
            _ => {}
        }
    }
    Ok((valid.ok_or("a value without a dateTime")?, quality))
}

fn remark(codes: &str) -> Option<Quality> {
    usgs::quality(codes.split([' ', ',', ':']))
}
