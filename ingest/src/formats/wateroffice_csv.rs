//! Water Office CSV in its two forms of observations: the reply of the web service (times in UTC) and the website's
//! download (a preamble that names the station, times of local standard time under `Date (AST)`, all year). Source: the
//! web service's and the website's files. Files of daily means are refused: a mean of a day is not a reading at midnight.

use hydro::{Parameter, Quality};
use jiff::tz::Offset;

use super::document::{Document, LineCounter, clip};
use super::rows::{Row, Rows};
use super::wsc::{self, Cell, Observations};
use super::{Format, NotThisFormat, Parsed, Rejected, field};

/// The preamble has six rows that are not blank; the header is not looked for much further.
const PREAMBLE: usize = 20;

/// Reads either form. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::WaterofficeCsv, bytes)?;
    let mut rows = Rows::of(&document);
    let form = find_header(&document, &mut rows)?;
    let mut lines = LineCounter::new(document.text());
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    while let Some(row) = rows.next() {
        match form.read(row, &mut observations) {
            Ok(()) => {}
            Err(Fault::Row(reason)) => rejected.push(Rejected { line: lines.line_at(row.offset), reason }),
            Err(Fault::Daily) => {
                return Err(document.refuse(row.offset, "a date without a time: daily means are not supported"));
            }
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

/// Reads up to the header and with it; the station of a preamble is the row of it that begins with a station's number.
fn find_header(document: &Document<'_>, rows: &mut Rows<'_>) -> Result<Form, NotThisFormat> {
    let (mut first, mut station) = (None, None);
    for _ in 0..PREAMBLE {
        let Some(row) = rows.next() else { break };
        if row.len() > 1 && row.field(0) == "ID" || row.field(0).starts_with("Date") {
            return Form::of(document, row, station);
        }
        first = first.or(Some(row.offset));
        let named = || wsc::station(row.field(0)).ok().filter(|_| row.len() > 1);
        station = station.or_else(|| named().map(str::to_owned));
    }
    let first = first.unwrap_or_default();
    let found = clip(document.line_from(first).trim());
    Err(document.refuse(first, format!("`{found}`, and no header `ID,Date,…` or `Date (AST),…`")))
}

enum Fault {
    Row(String),
    Daily,
}

/// Where a file keeps what.
struct Form {
    columns: usize,
    /// Named by the preamble; otherwise it is the first field of each row.
    station: Option<String>,
    /// Of times without one.
    offset: Option<Offset>,
    date: usize,
    parameter: usize,
    value: usize,
    /// Columns that may remark ice or an estimate.
    symbols: Vec<usize>,
    approval: Option<usize>,
}

impl Form {
    fn of(document: &Document<'_>, header: Row<'_>, station: Option<String>) -> Result<Self, NotThisFormat> {
        let refuse = |column, found: String| document.refuse(header.offset_of(column), found);
        let names: Vec<&str> = (0..header.len()).map(|column| header.field(column)).collect();
        let column = |begin: &str| names.iter().position(|name| name.starts_with(begin));
        let required = |begin: &str| {
            let whole = clip(document.line_from(header.offset).trim());
            column(begin).ok_or_else(|| refuse(0, format!("a header without a column `{begin}…`: `{whole}`")))
        };
        let (date, parameter, value) = (required("Date")?, required("Param")?, required("Val")?);
        if let Some(unit) = in_parentheses(names[value]).filter(|unit| !["m", "m3/s", "m³/s", "cms"].contains(unit)) {
            return Err(refuse(value, format!("values in `{}`, expected m or m³/s", clip(unit))));
        }
        let (station, offset) = if names[0] == "ID" {
            (None, None)
        } else {
            let zone = in_parentheses(names[date]).and_then(standard_time);
            let unknown = || format!("`{}`, expected a standard time such as `Date (AST)`", clip(names[date]));
            let station = station.ok_or_else(|| refuse(0, "a preamble that names no station".into()))?;
            (Some(station), Some(zone.ok_or_else(|| refuse(date, unknown()))?))
        };
        let symbols = (0..names.len()).filter(|&i| is_symbol(names[i])).collect();
        let approval = column("Approv").or_else(|| column("Approb"));
        Ok(Self { columns: names.len(), station, offset, date, parameter, value, symbols, approval })
    }

    fn read(&self, row: Row<'_>, observations: &mut Observations) -> Result<(), Fault> {
        row.must_have(self.columns).map_err(Fault::Row)?;
        let date = row.field(self.date);
        if field::date(date).is_some() {
            return Err(Fault::Daily);
        }
        let Some(parameter) = measured(row.field(self.parameter)).map_err(Fault::Row)? else { return Ok(()) };
        let remark = self.symbols.iter().find_map(|&column| wsc::symbol(row.field(column)));
        let cell =
            Cell { value: row.field(self.value), quality: remark.or_else(|| approval(row.field(self.approval?))) };
        let station = self.station.as_deref().map_or_else(|| wsc::station(row.field(0)), Ok).map_err(Fault::Row)?;
        let valid = field::instant(date, self.offset).map_err(Fault::Row)?;
        observations.push(station, parameter, cell.point(valid).map_err(Fault::Row)?);
        Ok(())
    }
}

/// The parameter of a code: 46 is the level of the primary sensor, 47 the discharge derived from it; temperatures,
/// voltages and second sensors have other numbers and are not of interest.
fn measured(code: &str) -> Result<Option<Parameter>, String> {
    match code {
        "46" => Ok(Some(Parameter::Level)),
        "47" => Ok(Some(Parameter::Discharge)),
        _ if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) => Ok(None),
        _ => Err(format!("parameter `{}`, expected a number such as 46", clip(code))),
    }
}

/// The state of review, in English with or without the French after a slash.
fn approval(text: &str) -> Option<Quality> {
    let state = text.split('/').next().unwrap_or_default().trim();
    let known = [
        ("provisional", Quality::Provisional),
        ("preliminary", Quality::Provisional),
        ("reviewed", Quality::Reviewed),
        ("checked", Quality::Checked),
        ("approved", Quality::Approved),
        ("final", Quality::Approved),
    ];
    known.into_iter().find_map(|(word, quality)| state.eq_ignore_ascii_case(word).then_some(quality))
}

/// The standard times of Canada under their English and French letters; the files keep them through the summer.
fn standard_time(letters: &str) -> Option<Offset> {
    let quarters = match letters {
        "UTC" => 0,
        "NST" | "HNT" => -14,
        "AST" | "HNA" => -16,
        "EST" | "HNE" => -20,
        "CST" | "HNC" => -24,
        "MST" | "HNR" => -28,
        "PST" | "HNP" => -32,
        _ => return None,
    };
    Offset::from_seconds(quarters * 15 * 60).ok()
}

fn is_symbol(name: &str) -> bool {
    ["Symbol", "Qualifi", "Grade"].iter().any(|begin| name.starts_with(begin))
}

fn in_parentheses(name: &str) -> Option<&str> {
    name.split_once('(')?.1.strip_suffix(')')
}
