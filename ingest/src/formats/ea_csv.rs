//! England's Environment Agency flood monitoring: readings, CSV. One row for each measure and instant, in UTC; columns go
//! by their names, `dateTime`, `measure` and `value`, for the daily archive has others between them. The location is the
//! measure's whole id ([`ea_measure`]). Source: the API's reference and its `readings.csv`. A cell of the archive may hold
//! two values, `0.1|0.2`, and does not say which is right: such a row is rejected.

use hydro::Point;

use super::document::{Document, LineCounter, clip};
use super::rows::{Row, Rows};
use super::wsc::Observations;
use super::{Format, NotThisFormat, Parsed, Rejected, ea_measure, field};

/// Reads the rows. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::EaCsv, bytes)?;
    let mut rows = Rows::of(&document);
    let columns = columns(&document, rows.next())?;
    let mut lines = LineCounter::new(document.text());
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    while let Some(row) = rows.next() {
        if let Err(reason) = read(row, &columns, &mut observations) {
            rejected.push(Rejected { line: lines.line_at(row.offset), reason });
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

/// Where a file keeps what.
struct Columns {
    count: usize,
    time: usize,
    measure: usize,
    value: usize,
}

fn columns(document: &Document<'_>, header: Option<Row<'_>>) -> Result<Columns, NotThisFormat> {
    let find = |name| {
        let header = header?;
        (0..header.len()).find(|&column| header.field(column) == name)
    };
    let (time, measure, value) = (find("dateTime"), find("measure"), find("value"));
    if let (Some(header), Some(time), Some(measure), Some(value)) = (header, time, measure, value) {
        return Ok(Columns { count: header.len(), time, measure, value });
    }
    let offset = header.map_or(0, |header| header.offset);
    let found = clip(document.line_from(offset).trim());
    Err(document.refuse(offset, format!("`{found}`, expected a header with `dateTime`, `measure` and `value`")))
}

fn read(row: Row<'_>, columns: &Columns, observations: &mut Observations) -> Result<(), String> {
    row.must_have(columns.count)?;
    let Some(measure) = ea_measure::read(row.field(columns.measure))? else { return Ok(()) };
    let valid = field::instant(row.field(columns.time), None)?;
    let value = measure.unit.value(row.field(columns.value))?;
    observations.push(measure.id, measure.parameter, Point { valid, value, quality: None });
    Ok(())
}
