//! Québec's Centre d'expertise hydrique: the latest readings of one station as text parted by tabs, a header
//! `Date, Heure, Niveau, , Débit` (either may be absent), a blank line, then the readings, newest first. Source: files of
//! `fichier_donnees.asp`. They name neither station nor unit nor zone: levels are metres, discharges m³/s, and times are
//! those of clocks in Québec, summer time included. Numbers are French (`1 470,5`); a `*` after one marks an estimate.

use hydro::{Kind, Parameter, Point, Quality, Stat, Timestamp, Value};
use jiff::civil::DateTime;

use super::document::{Document, clip};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, civil, field};

/// Reads the readings. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::CehqTsv, bytes)?;
    let zone = civil::zone("America/Toronto").map_err(|found| document.refuse_start(found))?;
    let mut lines = (1_u32..).zip(document.text().lines()).filter(|(_, line)| !line.trim().is_empty());
    let header = lines.next().map_or("", |(_, line)| line);
    let columns = columns(header).map_err(|found| document.refuse(document.offset_of(header), found))?;
    let count = header.split('\t').count();
    let (mut rows, mut times, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    for (line, text) in lines {
        let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
        match time(&fields, count) {
            Ok(time) => {
                times.push(time);
                rows.push((line, fields));
            }
            Err(reason) => rejected.push(Rejected { line, reason }),
        }
    }
    let mut points = vec![Vec::new(); columns.len()];
    for ((line, fields), valid) in rows.into_iter().zip(civil::resolve(&times, &zone)) {
        for (column, points) in columns.iter().zip(&mut points) {
            match valid.clone().and_then(|valid| column.point(valid, &fields)) {
                Ok(point) => points.push(point),
                Err(reason) => rejected.push(Rejected { line, reason }),
            }
        }
    }
    rejected.sort_by_key(|rejected| rejected.line);
    rejected.dedup();
    let series = columns.iter().zip(points).filter(|(_, points)| !points.is_empty());
    Ok(Parsed { items: series.map(|(column, points)| column.series(points)).collect(), rejected })
}

/// A column of values, and whether the column after it has no name and so may hold the mark of an estimate.
struct Column {
    parameter: Parameter,
    at: usize,
    marked: bool,
}

impl Column {
    fn point(&self, valid: Timestamp, fields: &[&str]) -> Result<Point, String> {
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let text = field(self.at);
        let (number, is_marked) = text.strip_suffix('*').map_or((text, false), |number| (number, true));
        let mark = if self.marked { field(self.at + 1) } else { "" };
        if !matches!(mark, "" | "*") {
            return Err(format!("`{}` beside a value, expected nothing or `*`", clip(mark)));
        }
        let value = french(number)?;
        let quality = (is_marked || mark == "*").then_some(Quality::Estimated);
        Ok(Point { valid, value, quality: value.and(quality) })
    }

    fn series(&self, points: Vec<Point>) -> Item {
        let (parameter, kind, stat) = (self.parameter, Kind::Observed, Stat::Value);
        Item::Series(Series { location: String::new(), parameter, kind, stat, issued: None, points })
    }
}

fn columns(header: &str) -> Result<Vec<Column>, String> {
    let names: Vec<&str> = header.split('\t').map(str::trim).collect();
    let expected =
        || format!("`{}`, expected a header `Date, Heure, Niveau, Débit` parted by tabs", clip(header.trim()));
    let ["Date", "Heure", values @ ..] = names.as_slice() else { return Err(expected()) };
    let mut columns: Vec<Column> = Vec::new();
    for (at, name) in (2..).zip(values) {
        let parameter = match (*name, columns.last_mut()) {
            ("Niveau", _) => Parameter::Level,
            ("Débit", _) => Parameter::Discharge,
            ("", Some(column)) if column.at + 1 == at => {
                column.marked = true;
                continue;
            }
            _ => return Err(expected()),
        };
        if columns.iter().any(|column| column.parameter == parameter) {
            return Err(format!("two columns `{name}`"));
        }
        columns.push(Column { parameter, at, marked: false });
    }
    if columns.is_empty() { Err(expected()) } else { Ok(columns) }
}

fn time(fields: &[&str], count: usize) -> Result<DateTime, String> {
    match fields {
        [date, time, ..] if fields.len() == count => civil::clock(date, time),
        _ => Err(format!("{} fields, expected {count}", fields.len())),
    }
}

/// Reads a number with a decimal comma, whose thousands may be parted by blanks. A point is refused: it parts decimals in
/// English and thousands in some French, and a discharge must not be read as a thousandth of itself.
fn french(text: &str) -> Result<Option<Value>, String> {
    let refused = || format!("`{}` is not a number with a decimal comma such as 62,32", clip(text));
    let (whole, decimals) = text.split_once(',').unwrap_or((text, ""));
    let mut groups = whole.split([' ', '\u{a0}', '\u{202f}']);
    let mut plain = groups.next().unwrap_or_default().to_owned();
    let is_grouped = |digits: usize| (1..=3).contains(&digits);
    let first = plain.trim_start_matches('-').len();
    for group in groups {
        if group.len() != 3 || !is_grouped(first) {
            return Err(refused());
        }
        plain += group;
    }
    if text.contains('.') {
        return Err(refused());
    }
    if text.contains(',') {
        plain = [plain.as_str(), decimals].join(".");
    }
    field::value(&plain).map_err(|_| refused())
}
