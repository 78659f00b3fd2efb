//! US National Water Prediction Service. Three replies come in this form: a gauge with its flood categories, the stages and
//! flows of a gauge (`observed` and `forecast`), and one of these two alone. Source: replies of `api.water.noaa.gov/nwps/v1`.

mod gauge;
mod stageflow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, LineCounter, shorten};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, json};

/// Reads a reply of any of the three.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::NwpsJson, bytes)?;
    let reply: Reply<'_> = json::document(&document, '{')?;
    let read = match reply {
        Reply { lid: Some(_), .. } => gauge::read(&document)?,
        Reply { observed, forecast, .. } if observed.or(forecast).is_some() => {
            stageflow::both(&document, observed, forecast)?
        }
        Reply { data: Some(_), issued_time: Some(_), .. } => stageflow::one(&document)?,
        Reply { message: Some(message), .. } => {
            let found = format!("an error of the service: {}", shorten(json::number(Some(message)), 200));
            return Err(document.refuse_start(found));
        }
        _ => return Err(document.refuse_start("a JSON object without lid, observed, forecast or data")),
    };
    Ok(read.numbered(&document))
}

/// What tells the replies apart. A part that is null is there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    lid: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    observed: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    forecast: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    data: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    issued_time: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    message: Option<&'a RawValue>,
}

/// What has been read, and what could not be, with its offset in the document.
#[derive(Default)]
struct Read {
    items: Vec<Item>,
    faults: Vec<(usize, String)>,
}

impl Read {
    /// Keys may come in any order, and are not read in theirs.
    fn numbered(mut self, document: &Document<'_>) -> Parsed {
        self.faults.sort_by_key(|(offset, _)| *offset);
        // What is read once for levels and once for discharges is told once.
        self.faults.dedup();
        let mut lines = LineCounter::new(document.text());
        let numbered = |(offset, reason)| Rejected { line: lines.line_at(offset), reason };
        Parsed { items: self.items, rejected: self.faults.into_iter().map(numbered).collect() }
    }
}
