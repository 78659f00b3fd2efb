//! England's Environment Agency flood monitoring: readings, CSV.

use super::document::Document;
use super::{Format, NotThisFormat, Parsed};

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EaCsv, bytes)?;
    Err(document.refuse(0, "a format that is not read yet"))
}
