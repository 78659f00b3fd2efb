//! US National Weather Service Hydrologic Markup Language: a bulletin of WMO heading lines and several complete `<site>`
//! documents back to back. Source: bulletins of the service's offices. Each document stands alone: one that is broken
//! takes nothing from the others.

pub(super) mod hydrograph;
mod marks;
pub(super) mod site;

use super::document::{Document, LineCounter, clip};
use super::{Format, NotThisFormat, Parsed, Rejected};

/// Reads a bulletin. It is refused where none of its documents is sound.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::Hml, bytes)?;
    let mut lines = LineCounter::new(document.text());
    let (mut parsed, mut sound, mut first_broken) = (Parsed::default(), false, None);
    for part in parts(document.text()) {
        let start = document.offset_of(part);
        let above = lines.line_at(start) - 1;
        match site::read(&document.part(part), site::Form::Hml) {
            Ok(site) => {
                sound = true;
                parsed.items.extend(site.items);
                let placed = |rejected: Rejected| Rejected { line: above + rejected.line, ..rejected };
                parsed.rejected.extend(site.rejected.into_iter().map(placed));
            }
            Err(error) => {
                parsed.rejected.push(Rejected { line: above + error.place.0, reason: error.found.clone() });
                first_broken.get_or_insert((start, error));
            }
        }
    }
    match first_broken {
        _ if sound => Ok(parsed),
        Some((start, error)) => Err(refusal(&document, start, error)),
        None => Err(document.refuse_start(format!("`{}`, expected a <site>", clip(document.text().trim())))),
    }
}

/// The documents of a bulletin. Each ends with its root, or where the next one is declared.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = rest.get(rest.find('<')?..)?;
        let (part, after) = from.split_at(end(from));
        rest = after;
        Some(part)
    })
}

fn end(part: &str) -> usize {
    const CLOSE: &str = "</site>";
    let ends = |(at, _): (usize, &str)| match part.get(at..)? {
        tag if tag.starts_with(CLOSE) => Some(at + CLOSE.len()),
        tag if at > 0 && tag.starts_with("<?xml ") => Some(at),
        _ => None,
    };
    part.match_indices('<').find_map(ends).unwrap_or(part.len())
}

/// The refusal of a part as one of the whole, with its place there.
fn refusal(document: &Document<'_>, start: usize, error: NotThisFormat) -> NotThisFormat {
    let NotThisFormat { place: (above, before), .. } = document.refuse(start, "");
    let place = match error.place {
        (1, column) => (above, before + column - 1),
        (line, column) => (above + line - 1, column),
    };
    NotThisFormat { place, ..error }
}
