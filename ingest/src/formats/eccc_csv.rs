//! ECCC Datamart hydrometric CSV, of one station or of a whole province. Columns are read by position, because three of
//! their names stand twice; the header is held against those names first. Times carry the offset of local standard time,
//! all year. Source: MSC open data documentation, "Hydrometric data in CSV format".

use hydro::Quality;

use super::document::{Document, LineCounter, clip};
use super::rows::{Row, Rows};
use super::wsc::{self, Cell, Observations};
use super::{Format, NotThisFormat, Parsed, Rejected, field};

const COLUMNS: usize = 10;

/// How each column's name begins, in the English that stands first, and how it ends: with the unit.
const HEADER: [(&str, &str); COLUMNS] = [
    ("ID", ""),
    ("Date", ""),
    ("Water Level", "(m)"),
    ("Grade", ""),
    ("Symbol", ""),
    ("QA/QC", ""),
    ("Discharge", "(cms)"),
    ("Grade", ""),
    ("Symbol", ""),
    ("QA/QC", ""),
];

/// Reads a Datamart file. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EcccCsv, bytes)?;
    let mut rows = Rows::of(&document);
    let header = rows.next()?.ok_or_else(|| document.refuse(0, "no header"))?;
    check_header(&document, header)?;
    let mut lines = LineCounter::new(document.text());
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    while let Some(row) = rows.next()? {
        for reason in read(row, &mut observations).unwrap_or_else(|reason| vec![reason]) {
            rejected.push(Rejected { line: lines.line_at(row.offset), reason });
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

fn check_header(document: &Document<'_>, header: Row<'_>) -> Result<(), NotThisFormat> {
    for (column, (begin, end)) in HEADER.into_iter().enumerate().take(header.len()) {
        let name = header.field(column);
        if !name.starts_with(begin) || !name.ends_with(end) {
            let unit = if end.is_empty() { String::new() } else { format!(" {end}") };
            let found = format!("column {} is `{}`, expected `{begin}{unit}`", column + 1, clip(name));
            return Err(document.refuse(header.offset_of(column), found));
        }
    }
    match header.len() {
        COLUMNS => Ok(()),
        count => Err(document.refuse(header.offset, format!("{count} columns, expected {COLUMNS}"))),
    }
}

/// Adds a row to the observations. Returns what is wrong with a value of it; an error is what is wrong with all of it.
fn read(row: Row<'_>, observations: &mut Observations) -> Result<Vec<String>, String> {
    let [station, date, level, _, level_symbol, level_code, discharge, _, discharge_symbol, discharge_code] =
        row.fields::<COLUMNS>()?;
    let valid = field::instant(date, None)?;
    let level = Cell { value: level, quality: remark(level_symbol, level_code) };
    let discharge = Cell { value: discharge, quality: remark(discharge_symbol, discharge_code) };
    Ok(observations.push_row(wsc::station(station)?, valid, level, discharge))
}

/// The remark that matters most: ice or estimated before the state of review. A code that is none of the documented
/// four takes nothing from the value.
fn remark(symbol: &str, code: &str) -> Option<Quality> {
    wsc::symbol(symbol).or(match code {
        "1" => Some(Quality::Provisional),
        "2" => Some(Quality::Reviewed),
        "3" => Some(Quality::Checked),
        "4" => Some(Quality::Approved),
        _ => None,
    })
}
