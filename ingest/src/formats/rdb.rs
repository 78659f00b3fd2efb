//! USGS tab-separated RDB of instantaneous values: `#` comments, a row of names, a row of formats (`5s 15s 20d`), rows;
//! and again for sites with other columns. A column of values is named `SENSOR_PARAMETER` (`69928_00065`), that of its
//! remarks ends in `_cd`. Times are civil with the zone's letters in `tz_cd`. The units are those of the parameter codes.
//! Tables of daily values are refused. Source: the service's own replies and the comments in them.

use hydro::{Parameter, Point};
use jiff::tz::Offset;

use super::document::{Document, LineCounter, clip};
use super::usgs::{self, Scale, Sites};
use super::{Format, NotThisFormat, Parsed, Rejected, field};

/// Reads a document. Names and formats without rows are a sound reply without data; so is the comment that says so.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::Rdb, bytes)?;
    let mut lines = LineCounter::new(document.text());
    let (mut sites, mut rejected) = (Sites::default(), Vec::new());
    let (mut state, mut says_none) = (State::Begin, false);
    let mut fields = Vec::new();
    for line in document.text().lines().filter(|line| !line.trim().is_empty()) {
        let at = document.offset_of(line);
        if line.starts_with('#') {
            says_none |= line.contains("No sites");
            continue;
        }
        fields.clear();
        fields.extend(line.split('\t').map(str::trim_ascii));
        match &state {
            State::Begin | State::Table(_) if fields[0] == "agency_cd" => {
                state = State::Names(Table::of(&fields).map_err(|found| document.refuse(at, found))?);
            }
            State::Names(table) if fields.iter().all(|field| is_format(field)) && fields.len() == table.columns => {
                state = State::Table(table.clone());
            }
            State::Table(table) => {
                for reason in table.read(&fields, &mut sites).unwrap_or_else(|reason| vec![reason]) {
                    rejected.push(Rejected { line: lines.line_at(at), reason });
                }
            }
            State::Begin | State::Names(_) => return Err(document.refuse(at, unexpected(line, &state))),
        }
    }
    match state {
        State::Table(_) => Ok(Parsed { items: sites.into_items(), rejected }),
        State::Begin if says_none => Ok(Parsed::default()),
        _ => Err(document.refuse(document.text().len(), "the document ends before its table begins")),
    }
}

enum State {
    /// In the comments.
    Begin,
    /// After a row of names, before that of formats.
    Names(Table),
    Table(Table),
}

fn unexpected(line: &str, state: &State) -> String {
    let expected = match state {
        State::Names(_) => "a row of formats such as `5s 15s 20d`",
        _ => "a row of names that begins with `agency_cd`",
    };
    format!("`{}`, expected {expected}", clip(line.trim()))
}

/// A width and a kind: `5s`, `20d`, `14n`.
fn is_format(field: &str) -> bool {
    let width = field.strip_suffix(['s', 'd', 'n']);
    width.is_some_and(|width| !width.is_empty() && width.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Where a table keeps what.
#[derive(Clone)]
struct Table {
    columns: usize,
    site: usize,
    date: usize,
    zone: usize,
    /// Of levels and discharges.
    sensors: Vec<Column>,
    /// Whether other values stand in the table too, so that a blank one may be of another instant.
    shared: bool,
}

#[derive(Clone)]
struct Column {
    /// The part of the name before the parameter code.
    id: String,
    parameter: Parameter,
    scale: Scale,
    value: usize,
    remark: Option<usize>,
}

impl Table {
    /// By its row of names.
    fn of(names: &[&str]) -> Result<Self, String> {
        let column = |wanted: &str| names.iter().position(|name| *name == wanted);
        let required = |wanted: &str| column(wanted).ok_or_else(|| format!("a table without a column `{wanted}`"));
        if column("dv_dt").is_some() {
            return Err(format!("a column `dv_dt`: {}", usgs::DAILY));
        }
        let (mut sensors, mut values) = (Vec::new(), 0);
        for (value, name) in names.iter().enumerate() {
            let Some((id, code, statistic)) = measured(name) else { continue };
            values += 1;
            let Some(parameter) = usgs::parameter(code)? else { continue };
            if !usgs::is_instant(statistic) {
                return Err(format!("a column `{}`: {}", clip(name), usgs::DAILY));
            }
            let unit = if parameter == Parameter::Level { "ft" } else { "ft3/s" };
            let (scale, remark) = (Scale::of(parameter, unit, "")?, column(&format!("{name}_cd")));
            sensors.push(Column { id: id.to_owned(), parameter, scale, value, remark });
        }
        let (site, date) = (required("site_no")?, required("datetime")?);
        // Tables of daily values have no zone; those without levels and discharges are passed over.
        let zone = if sensors.is_empty() { 0 } else { required("tz_cd")? };
        Ok(Self { columns: names.len(), site, date, zone, sensors, shared: values > 1 })
    }

    /// Adds a row to the sites. Returns what is wrong with a value of it; an error is what is wrong with all of it.
    fn read(&self, fields: &[&str], sites: &mut Sites) -> Result<Vec<String>, String> {
        if fields.len() != self.columns {
            return Err(format!("{} fields, expected {}", fields.len(), self.columns));
        }
        if self.sensors.is_empty() {
            return Ok(Vec::new());
        }
        let (site, letters) = (fields[self.site], fields[self.zone]);
        if !field::is_name(site) {
            return Err(format!("site_no `{}`, expected 1 to 100 characters", clip(site)));
        }
        let zone = offset(letters).ok_or_else(|| format!("tz_cd `{}`, expected letters such as EST", clip(letters)))?;
        let (date, time) = fields[self.date].split_once(' ').unwrap_or((fields[self.date], ""));
        let valid = field::date_and_time(date, time, zone)?;
        let mut faults = Vec::new();
        for column in &self.sensors {
            // Also where nothing is added to it, so that a sensor that is silent for now is known to be there.
            let points = sites.sensor(site, column.parameter, &column.id);
            let (text, remarks) = (fields[column.value], column.remark.map_or("", |remark| fields[remark]));
            if self.shared && text.is_empty() && remarks.is_empty() {
                continue;
            }
            match column.scale.value(text) {
                Ok(value) => {
                    let quality = usgs::quality(remarks.split([':', ',', ' ']));
                    points.push(Point { valid, value, quality: value.and(quality) });
                }
                Err(reason) => faults.push(reason),
            }
        }
        Ok(faults)
    }
}

/// The sensor, the parameter and the statistic (empty for an instant) of a column of values by its name.
fn measured(name: &str) -> Option<(&str, &str, &str)> {
    let (id, rest) = name.split_once('_')?;
    let (code, statistic) = rest.split_once('_').unwrap_or((rest, ""));
    let sound = usgs::is_code(code) && (statistic.is_empty() || usgs::is_code(statistic)) && !id.is_empty();
    sound.then_some((id, code, statistic))
}

/// The offset of a zone's letters in `tz_cd`.
fn offset(letters: &str) -> Option<Offset> {
    let hours = match letters {
        "UTC" | "GMT" => 0,
        "ADT" => -3,
        "AST" | "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" | "AKDT" => -8,
        "AKST" | "HDT" => -9,
        "HST" => -10,
        "SST" => -11,
        // Guam; a zone of the same letters in the Gulf has no gauge of this agency.
        "GST" | "ChST" => 10,
        _ => return None,
    };
    Offset::from_hours(hours).ok()
}
