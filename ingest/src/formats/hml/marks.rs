//! The significant stages or flows of a `<site>`: what the National Weather Service calls flood, and how high each step of
//! it stands.

use hydro::{Parameter, Value};

use crate::formats::unit::Unit;
use crate::formats::{Gauge, field};

/// The marks of one parameter while they come in.
#[derive(Debug)]
pub(super) struct Marks {
    parameter: Parameter,
    thresholds: Vec<(String, Value)>,
    facts: Vec<(String, String)>,
    /// One of them could not be read: half a scheme misleads.
    broken: bool,
}

impl Marks {
    pub(super) fn new(parameter: Parameter) -> Self {
        Self { parameter, thresholds: Vec::new(), facts: Vec::new(), broken: false }
    }

    /// Takes in one mark. An empty one is not defined.
    pub(super) fn mark(&mut self, element: &str, units: &str, content: &str) -> Result<(), String> {
        // What the older form calls flood is called minor since.
        let name = match element {
            "flood" => "minor",
            "action" | "moderate" | "major" | "record" => element,
            "low" | "bankfull" | "zerodatum" if !content.is_empty() => {
                self.facts.push((element.to_owned(), format!("{content} {units}").trim_end().to_owned()));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let read = self.height(name, units, content);
        self.broken |= read.is_err();
        read.map_err(|reason| format!("<{element}>: {reason}"))
    }

    fn height(&mut self, name: &str, units: &str, content: &str) -> Result<(), String> {
        if field::value(content)?.is_none() {
            return Ok(());
        }
        if self.thresholds.iter().any(|(known, _)| known == name) {
            return Err("stands twice".into());
        }
        let height = Unit::of(self.parameter, units)?.value(content)?;
        self.thresholds.extend(height.map(|height| (name.to_owned(), height)));
        Ok(())
    }

    /// The gauge that they are the marks of, if there are any.
    pub(super) fn into_gauge(self, location: &str, name: &str) -> Option<Gauge> {
        let Self { parameter, thresholds, facts, broken } = self;
        let (location, name) = (location.to_owned(), name.to_owned());
        let gauge = Gauge { location, name, parameter, thresholds, position: None, facts };
        (!broken && !gauge.thresholds.is_empty()).then_some(gauge)
    }
}
