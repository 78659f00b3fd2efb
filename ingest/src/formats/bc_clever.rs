//! British Columbia's River Forecast Centre: the forecast of the discharge of one station, in m³/s with a lower and an
//! upper bound, by the models CLEVER (a row for each hour) and COFFEE (a row for each day, no `HOUR`). Source: readers of
//! the files `freshet/clever/ID.CSV` and `fallfloods/coffee/COFFEE_ID.CSV` that others have published; no file is at hand.
//! Some lines of text come first, then `DATE,HOUR,FORECAST_DISCHARGE,LOWER_BOUND,UPPER_BOUND`. `DATE` stands in the first
//! row of a day only.
//!
//! - Nobody says in which zone the hours are. They are read seven hours behind UTC, which is British Columbia's time all
//!   year since 2026 and its summer time before: should standard time be meant, a crest comes an hour later than it says.
//! - A day without an hour stands at noon.
//! - A text that names one station's number is taken to speak of it, and one that says *issued* with a date to tell when
//!   the forecast was made.

use hydro::{Kind, Parameter, Point, Stat, Timestamp};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::document::{Document, LineCounter, clip};
use super::rows::{Row, Rows};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, field};

/// Of Pacific daylight saving time.
const ZONE: Offset = Offset::constant(-7);

/// The header is not looked for further than this many rows.
const PREAMBLE: usize = 30;

const HOURLY: [&str; 5] = ["DATE", "HOUR", "FORECAST_DISCHARGE", "LOWER_BOUND", "UPPER_BOUND"];
const DAILY: [&str; 4] = ["DATE", "FORECAST_DISCHARGE", "LOWER_BOUND", "UPPER_BOUND"];

/// Reads a forecast. A header alone is a sound reply without data.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::BcClever, bytes)?;
    let mut rows = Rows::of(&document);
    let preamble = preamble(&document, &mut rows)?;
    let mut lines = LineCounter::new(document.text());
    let mut reading = Reading { is_hourly: preamble.is_hourly, last: None };
    let (mut points, mut rejected) = ([const { Vec::new() }; 3], Vec::new());
    while let Some(row) = rows.next() {
        let mut reject = |reason| rejected.push(Rejected { line: lines.line_at(row.offset), reason });
        match reading.valid(row) {
            Ok(None) => {}
            Ok(Some(valid)) => {
                for (column, points) in (row.len() - points.len()..).zip(&mut points) {
                    match field::value(row.field(column)) {
                        Ok(value) => points.push(Point { valid, value, quality: None }),
                        Err(reason) => reject(reason),
                    }
                }
            }
            Err(reason) => {
                // Rows below without a date of their own might belong to the day of this one.
                reading.last = None;
                reject(reason);
            }
        }
    }
    let stats = [Stat::Value, Stat::Named("lower".into()), Stat::Named("upper".into())];
    let series = stats.into_iter().zip(points).filter(|(_, points)| !points.is_empty());
    let items = series.map(|(stat, points)| preamble.series(stat, points)).collect();
    Ok(Parsed { items, rejected })
}

/// What the lines above the table and its header say.
struct Preamble {
    station: Option<String>,
    issued: Option<Timestamp>,
    is_hourly: bool,
}

impl Preamble {
    fn series(&self, stat: Stat, points: Vec<Point>) -> Item {
        let (parameter, kind, issued) = (Parameter::Discharge, Kind::Forecast, self.issued);
        let location = self.station.clone().unwrap_or_default();
        Item::Series(Series { location, parameter, kind, stat, issued, points })
    }
}

/// Reads up to the header and with it.
fn preamble(document: &Document<'_>, rows: &mut Rows<'_>) -> Result<Preamble, NotThisFormat> {
    let (mut stations, mut issued): (Vec<String>, _) = (Vec::new(), None);
    let mut first = None;
    for _ in 0..PREAMBLE {
        let Some(row) = rows.next() else { break };
        let names: Vec<String> = (0..row.len()).map(|column| row.field(column).to_ascii_uppercase()).collect();
        if names == HOURLY || names == DAILY {
            // Of several numbers none is known to be the station's.
            let station = if stations.len() == 1 { stations.pop() } else { None };
            return Ok(Preamble { station, issued, is_hourly: names == HOURLY });
        }
        first = first.or(Some(row.offset));
        let line = document.line_from(row.offset);
        issued = issued.or_else(|| self::issued(line));
        for word in line.split(|character: char| !character.is_ascii_alphanumeric()) {
            if is_number(word) && !stations.iter().any(|known| known == word) {
                stations.push(word.to_owned());
            }
        }
    }
    let first = first.unwrap_or_default();
    let found = clip(document.line_from(first).trim());
    Err(document.refuse(first, format!("`{found}`, and no header `{}`", HOURLY.join(","))))
}

/// Whether a word is a number of the Water Survey, such as 08MF005, and not some other word that could be a station's.
fn is_number(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 7 && digits(0..2) && bytes[2..4].iter().all(u8::is_ascii_uppercase) && digits(4..7)
}

/// When the forecast was made: at the beginning of its day where only that is told, so that it is never made younger.
fn issued(line: &str) -> Option<Timestamp> {
    if !line.to_ascii_lowercase().contains("issued") {
        return None;
    }
    let mut words = line.split([' ', ',', '\t', 'T']).map(str::trim).skip_while(|word| field::date(word).is_none());
    let date = words.next()?;
    let time = words.next().filter(|word| word.contains(':')).unwrap_or("00:00");
    field::date_and_time(date, time, ZONE).ok()
}

/// The rows of the table, of which only some tell their date.
struct Reading {
    is_hourly: bool,
    /// The day and hour of the row above.
    last: Option<(Date, i8)>,
}

impl Reading {
    /// The instant that a row is about; none where the row is empty.
    fn valid(&mut self, row: Row<'_>) -> Result<Option<Timestamp>, String> {
        if (0..row.len()).all(|column| row.field(column).is_empty()) {
            return Ok(None);
        }
        row.must_have(if self.is_hourly { HOURLY.len() } else { DAILY.len() })?;
        let hour = if self.is_hourly { hour(row.field(1))? } else { 12 };
        let date = match (row.field(0), self.last) {
            ("", Some((date, above))) if self.is_hourly && hour >= above => date,
            ("", Some((_, above))) if self.is_hourly => {
                return Err(format!("hour {hour} after hour {above}, and no date"));
            }
            ("", _) => return Err("a row whose date is not told".into()),
            (text, _) => {
                field::date(text).ok_or_else(|| format!("`{}` is not a date such as 2026-05-18", clip(text)))?
            }
        };
        self.last = Some((date, hour));
        let clock = DateTime::from_parts(date, jiff::civil::Time::midnight()).checked_add(i64::from(hour).hours());
        let instant = clock.ok().and_then(|clock| ZONE.to_timestamp(clock).ok());
        instant
            .map_or_else(|| Err(format!("`{date}` is out of range")), |instant| field::within_years(instant).map(Some))
    }
}

/// Hours are counted from 0 or from 1: the 24th ends the day.
fn hour(text: &str) -> Result<i8, String> {
    let hour = text.parse().ok().filter(|hour| (0..=24).contains(hour));
    hour.ok_or_else(|| format!("hour `{}`, expected 0 to 24", clip(text)))
}
