//! ECCC Datamart hydrometric CSV, of one station or of a whole province. Columns are followed by name. Three names stand
//! twice, once for the level and once for the discharge: such a column belongs to the value that it stands behind. Times
//! carry the offset of local standard time, all year. Source: MSC open data documentation, "Hydrometric data in CSV format".

use hydro::Quality;

use super::document::{Document, LineCounter, clip};
use super::field::Instants;
use super::rows::{Row, Rows};
use super::wsc::{self, Cell, Observations};
use super::{Format, NotThisFormat, Parsed, Rejected};

/// Where in a row what stands.
struct Columns {
    /// How many there are.
    count: usize,
    station: usize,
    date: usize,
    level: Remarked,
    discharge: Remarked,
}

/// The columns of a value; its remarks are missing in some files.
#[derive(Clone, Copy)]
struct Remarked {
    value: usize,
    symbol: Option<usize>,
    code: Option<usize>,
}

/// Reads a Datamart file. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EcccCsv, bytes)?;
    let mut rows = Rows::of(&document);
    let header = rows.next().ok_or_else(|| document.refuse(0, "no header"))?;
    let columns = Columns::of(header).map_err(|(column, found)| document.refuse(header.offset_of(column), found))?;
    let mut lines = LineCounter::new(document.text());
    let (mut observations, mut instants, mut rejected) = (Observations::default(), Instants::default(), Vec::new());
    while let Some(row) = rows.next() {
        let mut reject = |reason| rejected.push(Rejected { line: lines.line_at(row.offset), reason });
        if let Err(reason) = read(row, &columns, &mut instants, &mut observations, &mut reject) {
            reject(reason);
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

impl Columns {
    /// Reads the header: how each name begins, in the English that stands first, and how it ends: with the unit. An error
    /// says which of the columns is not as expected, and what was found in it.
    fn of(header: Row<'_>) -> Result<Self, (usize, String)> {
        let names = || (0..header.len()).map(|column| header.field(column));
        let one = |begin: &str, end: &str, place: usize| {
            let found = names().position(|name| name.starts_with(begin) && name.ends_with(end));
            found.ok_or_else(|| missing(header, place, begin, end))
        };
        let (station, date) = (one("ID", "", 0)?, one("Date", "", 1)?);
        let (level, discharge) = (one("Water Level", "(m)", 2)?, one("Discharge", "(cms)", 6)?);
        let behind = |value: usize| {
            let last = [level, discharge].into_iter().filter(|&other| other > value).min().unwrap_or(header.len());
            let remark = |begin: &str| (value..last).find(|&column| header.field(column).starts_with(begin));
            Remarked { value, symbol: remark("Symbol"), code: remark("QA/QC") }
        };
        Ok(Self { count: header.len(), station, date, level: behind(level), discharge: behind(discharge) })
    }
}

/// What is wrong with a header that lacks a column: what stands where it ordinarily does.
fn missing(header: Row<'_>, place: usize, begin: &str, end: &str) -> (usize, String) {
    let unit = if end.is_empty() { String::new() } else { format!(" {end}") };
    let found = match header.len() {
        count if place < count => format!("column {} is `{}`", place + 1, clip(header.field(place))),
        count => format!("{count} columns"),
    };
    (place.min(header.len().saturating_sub(1)), format!("{found}, expected `{begin}{unit}`"))
}

/// Adds a row to the observations. What is wrong with a value of it is rejected; an error is what is wrong with all of it.
fn read(
    row: Row<'_>,
    columns: &Columns,
    instants: &mut Instants,
    observations: &mut Observations,
    reject: impl FnMut(String),
) -> Result<(), String> {
    row.must_have(columns.count)?;
    let valid = instants.read(row.field(columns.date))?;
    let cell = |Remarked { value, symbol, code }: Remarked| {
        let text = |column: Option<usize>| column.map_or("", |column| row.field(column));
        let value = row.field(value);
        // Many stations measure no discharge: a remark would be of nothing.
        Cell { value, quality: if value.is_empty() { None } else { remark(text(symbol), text(code)) } }
    };
    observations.push_row(row.field(columns.station), valid, cell(columns.level), cell(columns.discharge), reject)
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
