//! New Brunswick's table of stations and thresholds, `alertlevels.xml`: `area > station > name, stationID, advisory, watch,
//! warning, Floodlvl, max, …`. Source: the province's files of 2017 and 2023. Numbers are kept as published, also where a
//! record stands below the flood level: judging them is not reading them.

use hydro::{Parameter, Value};

use super::document::{Document, LineCounter, clip};
use super::xml::{Elements, Node};
use super::{Format, Gauge, Item, NotThisFormat, Parsed, Rejected, field};

/// Reads the table. A station of which any number cannot be read is rejected as a whole: half a scheme misleads.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::NbAlertlevels, bytes)?;
    let mut elements = Elements::new(&document, "area");
    let mut lines = LineCounter::new(document.text());
    let mut parsed = Parsed::default();
    let mut row = Row::default();
    let mut at = 0;
    while let Some(node) = elements.next()? {
        match node {
            Node::Open(tag) => {
                at = tag.offset;
                if tag.depth == 2 {
                    row = Row { line: lines.line_at(at), ..Row::default() };
                }
            }
            Node::Close { depth: 3, name } if row.fault.is_none() => {
                row.fault = row.field(name, elements.content()).err().map(|reason| (lines.line_at(at), reason));
            }
            Node::Close { depth: 2, name: "station" } => match std::mem::take(&mut row).gauge() {
                Ok(gauge) => parsed.items.push(Item::Gauge(gauge)),
                Err((line, reason)) => parsed.rejected.push(Rejected { line, reason }),
            },
            Node::Close { .. } => {}
        }
    }
    Ok(parsed)
}

/// A station while its fields come in.
#[derive(Default)]
struct Row {
    line: u32,
    location: String,
    name: String,
    thresholds: Vec<(String, Value)>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    facts: Vec<(String, String)>,
    fault: Option<(u32, String)>,
}

impl Row {
    fn field(&mut self, name: &str, content: &str) -> Result<(), String> {
        match name {
            "stationID" => self.location = once(name, &self.location, content)?,
            "name" => self.name = once(name, &self.name, content)?,
            "advisory" | "watch" | "warning" => return self.threshold(name, name, content),
            "Floodlvl" => return self.threshold(name, "flood", content),
            "max" => return self.threshold(name, "record", content),
            "latitude" => self.latitude = degrees(name, content, 90.0)?,
            "longitude" => self.longitude = degrees(name, content, 180.0)?,
            _ => self.facts.push((name.to_owned(), content.to_owned())),
        }
        Ok(())
    }

    fn threshold(&mut self, element: &str, name: &str, content: &str) -> Result<(), String> {
        if self.thresholds.iter().any(|(known, _)| known == name) {
            return Err(format!("<{element}> stands twice in one station"));
        }
        let height = number(content, field::value).map_err(|error| format!("<{element}> {error}"))?;
        self.thresholds.extend(height.map(|height| (name.to_owned(), height)));
        Ok(())
    }

    fn gauge(self) -> Result<Gauge, (u32, String)> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        for (element, text) in [("stationID", &self.location), ("name", &self.name)] {
            if !field::is_name(text) {
                return Err((
                    self.line,
                    format!("a station with <{element}> `{}`, expected 1 to 100 characters", clip(text)),
                ));
            }
        }
        let Self { location, name, thresholds, facts, .. } = self;
        let position = self.latitude.zip(self.longitude);
        Ok(Gauge { location, name, parameter: Parameter::Level, thresholds, position, facts })
    }
}

fn once(element: &str, known: &str, content: &str) -> Result<String, String> {
    if known.is_empty() { Ok(content.to_owned()) } else { Err(format!("<{element}> stands twice in one station")) }
}

fn degrees(element: &str, content: &str, limit: f64) -> Result<Option<f64>, String> {
    number(content, |text| field::degrees(text, limit).map(Some).map_err(|reason| format!("<{element}> {reason}")))
}

/// Reads a number, or that there is none: the table writes `NONE` for what a station lacks.
fn number<T>(content: &str, read: impl Fn(&str) -> Result<Option<T>, String>) -> Result<Option<T>, String> {
    if matches!(content, "" | "NONE" | "N/A") { Ok(None) } else { read(content) }
}
