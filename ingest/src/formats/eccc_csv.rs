//! ECCC Datamart hydrometric CSV, of one station or of a whole province. Columns are read by position, because three of
//! their names stand twice; the header is held against those names first. Times carry the offset of local standard time,
//! all year. Source: MSC open data documentation, "Hydrometric data in CSV format".

use hydro::Quality;

use super::document::{Document, clip};
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
    let document = Document::open(Format::EcccCsv, bytes)?;
    let mut rows = document.rows();
    check_header(&document, rows.next().map_or("", |(_, header)| header))?;
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    for (line, row) in rows {
        if let Err(reason) = read(row, &mut observations) {
            rejected.push(Rejected { line, reason });
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

fn check_header(document: &Document<'_>, header: &str) -> Result<(), NotThisFormat> {
    let refuse = |part: &str, found: String| Err(document.refuse(document.offset_of(part), found));
    for (column, (name, (begin, end))) in header.split(',').zip(HEADER).enumerate() {
        let plain = name.trim();
        if !plain.starts_with(begin) || !plain.ends_with(end) {
            let unit = if end.is_empty() { String::new() } else { format!(" {end}") };
            return refuse(name, format!("column {} is `{}`, expected `{begin}{unit}`", column + 1, clip(plain)));
        }
    }
    match header.split(',').count() {
        COLUMNS => Ok(()),
        count => refuse(header, format!("{count} columns, expected {COLUMNS}")),
    }
}

fn read(row: &str, observations: &mut Observations) -> Result<(), String> {
    let mut fields = [""; COLUMNS];
    let mut count = 0;
    for text in row.split(',') {
        if let Some(field) = fields.get_mut(count) {
            *field = text;
        }
        count += 1;
    }
    if count != COLUMNS {
        return Err(format!("{count} fields, expected {COLUMNS}"));
    }
    let [station, date, level, _, level_symbol, level_code, discharge, _, discharge_symbol, discharge_code] = fields;
    let valid = field::instant(date, None)?;
    let level = Cell { value: level, quality: remark(level_symbol, level_code) };
    let discharge = Cell { value: discharge, quality: remark(discharge_symbol, discharge_code) };
    observations.push_row(wsc::station(station.trim())?, valid, level, discharge)
}

/// The remark that matters most: ice or estimated before the state of review. A code that is none of the documented
/// four takes nothing from the value.
fn remark(symbol: &str, code: &str) -> Option<Quality> {
    wsc::symbol(symbol).or_else(|| match code.trim() {
        "1" => Some(Quality::Provisional),
        "2" => Some(Quality::Reviewed),
        "3" => Some(Quality::Checked),
        "4" => Some(Quality::Approved),
        _ => None,
    })
}
