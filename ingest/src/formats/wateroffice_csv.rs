//! Water Office CSV in its two forms of observations: the reply of the web service (times in UTC) and the website's
//! download (a preamble that names the station, times of local standard time under `Date (AST)`, all year). Source: the
//! web service's and the website's files. Files of daily means are refused: a mean of a day is not a reading at midnight.

use hydro::{Parameter, Quality};
use jiff::tz::Offset;

use super::document::{Document, clip};
use super::wsc::{self, Cell, Observations};
use super::{Format, NotThisFormat, Parsed, Rejected, field};

/// The preamble has nine lines; the header is not looked for much further.
const PREAMBLE: usize = 20;

/// Reads either form. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(Format::WaterofficeCsv, bytes)?;
    let form = Form::of(&document)?;
    let (mut observations, mut rejected) = (Observations::default(), Vec::new());
    for (line, row) in document.rows().skip_while(|(line, _)| *line <= form.header_line) {
        match form.read(row, &mut observations) {
            Ok(()) => {}
            Err(Fault::Row(reason)) => rejected.push(Rejected { line, reason }),
            Err(Fault::Daily) => {
                let found = "a date without a time: daily means are not supported";
                return Err(document.refuse(document.offset_of(row), found));
            }
        }
    }
    Ok(Parsed { items: observations.into_items(), rejected })
}

enum Fault {
    Row(String),
    Daily,
}

/// Where a file keeps what.
struct Form<'d> {
    header_line: u32,
    columns: usize,
    /// Named by the preamble; otherwise it is the first field of each row.
    station: Option<&'d str>,
    /// Of times without one.
    offset: Option<Offset>,
    date: usize,
    parameter: usize,
    value: usize,
    /// Columns that may remark ice or an estimate.
    symbols: Vec<usize>,
    approval: Option<usize>,
}

impl<'d> Form<'d> {
    fn of(document: &'d Document<'_>) -> Result<Self, NotThisFormat> {
        let refuse = |part: &str, found: String| document.refuse(document.offset_of(part), found);
        let is_header = |row: &str| ["ID,", "Date"].iter().any(|begin| row.trim_start().starts_with(begin));
        let header = document.rows().take(PREAMBLE).find(|(_, row)| is_header(row));
        let (header_line, header) = header.ok_or_else(|| {
            let first = document.rows().next().map_or("", |(_, row)| row);
            refuse(first, format!("`{}`, and no header `ID,Date,…` or `Date (AST),…`", clip(first.trim())))
        })?;
        let names: Vec<&str> = header.split(',').map(str::trim).collect();
        let column = |begin: &str| names.iter().position(|name| name.starts_with(begin));
        let required = |begin: &str| {
            let missing = || format!("a header without a column `{begin}…`: `{}`", clip(header.trim()));
            column(begin).ok_or_else(|| refuse(header, missing()))
        };
        let (date, parameter, value) = (required("Date")?, required("Param")?, required("Val")?);
        if let Some(unit) = in_parentheses(names[value]).filter(|unit| !["m", "m3/s", "m³/s", "cms"].contains(unit)) {
            return Err(refuse(names[value], format!("values in `{}`, expected m or m³/s", clip(unit))));
        }
        let (station, offset) = if names[0] == "ID" {
            (None, None)
        } else {
            let zone = in_parentheses(names[date]).and_then(standard_time);
            let unknown = || format!("`{}`, expected a standard time such as `Date (AST)`", clip(names[date]));
            let station = named_before(document, header_line);
            let station = station.ok_or_else(|| refuse(header, "a preamble that names no station".into()))?;
            (Some(station), Some(zone.ok_or_else(|| refuse(names[date], unknown()))?))
        };
        let symbols = (0..names.len()).filter(|&i| is_symbol(names[i])).collect();
        let approval = column("Approv").or_else(|| column("Approb"));
        Ok(Self { header_line, columns: names.len(), station, offset, date, parameter, value, symbols, approval })
    }

    fn read(&self, row: &str, observations: &mut Observations) -> Result<(), Fault> {
        let count = row.split(',').count();
        if count != self.columns {
            return Err(Fault::Row(format!("{count} fields, expected {}", self.columns)));
        }
        let field = |wanted: usize| row.split(',').nth(wanted).unwrap_or_default().trim();
        let date = field(self.date);
        if field::date(date).is_some() {
            return Err(Fault::Daily);
        }
        let Some(parameter) = measured(field(self.parameter)).map_err(Fault::Row)? else { return Ok(()) };
        let remark = self.symbols.iter().find_map(|&column| wsc::symbol(field(column)));
        let cell = Cell { value: field(self.value), quality: remark.or_else(|| approval(field(self.approval?))) };
        let station = self.station.map_or_else(|| wsc::station(field(0)), Ok).map_err(Fault::Row)?;
        let valid = field::instant(date, self.offset).map_err(Fault::Row)?;
        observations.push(station, parameter, cell.point(valid).map_err(Fault::Row)?);
        Ok(())
    }
}

/// The station of a preamble: the line of it that begins with a station's number.
fn named_before<'d>(document: &'d Document<'_>, header_line: u32) -> Option<&'d str> {
    let mut preamble = document.rows().take_while(|(line, _)| *line < header_line);
    preamble.find_map(|(_, row)| wsc::station(row.split_once(',')?.0).ok())
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
    match text.split('/').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "provisional" | "preliminary" => Some(Quality::Provisional),
        "reviewed" => Some(Quality::Reviewed),
        "checked" => Some(Quality::Checked),
        "approved" | "final" => Some(Quality::Approved),
        _ => None,
    }
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
