//! England's Environment Agency flood monitoring: readings, stations or warnings, JSON.

use super::document::Document;
use super::{Format, NotThisFormat, Parsed};

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EaJson, bytes)?;
    Err(document.refuse(0, "a format that is not read yet"))
}
