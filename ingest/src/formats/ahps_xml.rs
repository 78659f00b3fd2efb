//! The older hydrograph XML of the US Advanced Hydrologic Prediction Service: one `<site>` with its significant stages and
//! flows, and rows that state name and unit on each number, newest first. For a gauge without data the service has sent a
//! message without a `<site>`.

use super::document::{Document, shorten};
use super::hml::site::{Form, read};
use super::{Format, NotThisFormat, Parsed};

/// Reads a hydrograph.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::AhpsXml, bytes)?;
    if !document.text().contains("<site") {
        return Err(document.refuse_start(format!("no <site> but `{}`", shorten(&words(document.text()), 200))));
    }
    read(&document, Form::Ahps)
}

/// A text without its markup, on one line.
fn words(text: &str) -> String {
    let plain = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, after)| after));
    plain.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
