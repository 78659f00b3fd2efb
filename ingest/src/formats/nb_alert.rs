//! New Brunswick's older forecast of levels, `alert.xml`: `forecast > dates, station*`, for each station a level in metres
//! for today (`forecast_cur`) and for each day ahead (`forecast_24` to `forecast_120`). Source: the province's files of 2017
//! to 2019. The days stand once for all stations, in English and in French and without a year (`19 May`, `19 Mai`).
//!
//! - The year is that of `date_issued`, which the form of 2019 has: a column's day is looked for as many days
//!   later as its name says, give or take one. A file without `date_issued` (the form of 2017) could be of any year and is
//!   refused.
//! - No time of day is told. A day's level stands at noon by New Brunswick's clocks: never half a day wrong.
//! - The forecast was made at some time of its day and is taken to be as old as that day: never younger than it is.
//! - `forecast_cur` is left out: at some stations it is the gauge's, at others a guess, and the file does not say where.
//! - `0.00` stands, like `N/A`, where there is no forecast.
//! - A `stationID` is a place in the list, and the lists of 2017 and 2019 differ: a station's number may change.

use hydro::{Kind, Parameter, Point, Stat, Timestamp, Value, Zone};
use jiff::ToSpan;
use jiff::civil::Date;

use super::document::{Document, LineCounter, clip};
use super::xml::{Elements, Node};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, Series, field};

/// Reads the forecasts of all stations.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::NbAlert, bytes)?;
    let zone = Zone::named("America/Moncton").map_err(|error| document.refuse_start(error.to_string()))?;
    let mut elements = Elements::new(&document, "forecast");
    let mut lines = LineCounter::new(document.text());
    let mut parsed = Parsed::default();
    let (mut dates, mut run, mut row) = (Dates::default(), None, Row::default());
    let (mut at, mut block) = (0, 0);
    while let Some(node) = elements.next()? {
        let outcome = match node {
            Node::Open(tag) => {
                at = tag.offset;
                if tag.depth == 2 {
                    (row, block) = (Row::default(), at);
                }
                Ok(())
            }
            Node::Close { depth: 3, name } if name.starts_with("date") => {
                dates.field(name, elements.content(), at);
                Ok(())
            }
            Node::Close { depth: 3, name } => row.field(name, elements.content(), run.as_ref()),
            Node::Close { depth: 2, name: "dates" } => {
                let (found, faults) = dates.run(&zone).map_err(|found| document.refuse(block, found))?;
                let fault = |(at, reason)| Rejected { line: lines.line_at(at), reason };
                parsed.rejected.extend(faults.into_iter().map(fault));
                run = Some(found);
                Ok(())
            }
            Node::Close { depth: 2, name: "station" } => {
                let Some(run) = &run else { return Err(document.refuse(block, "a <station> before the <dates>")) };
                at = block;
                std::mem::take(&mut row).series(run).map(|series| parsed.items.extend(series.map(Item::Series)))
            }
            Node::Close { .. } => Ok(()),
        };
        if let Err(reason) = outcome {
            parsed.rejected.push(Rejected { line: lines.line_at(at), reason });
        }
    }
    if run.is_none() {
        return Err(document.refuse_start("a <forecast> without <dates>"));
    }
    Ok(parsed)
}

/// The days as written, each with its column and its place.
#[derive(Default)]
struct Dates {
    issued: Option<Result<Date, String>>,
    days: Vec<Day>,
}

/// The day and month that a column is said to be of, and where.
struct Day {
    column: String,
    named: Result<(i8, i8), String>,
    at: usize,
}

/// What the days mean: when the forecast was made, and when each column is valid; None for one that is not understood.
struct Run {
    issued: Timestamp,
    columns: Vec<(String, Option<Timestamp>)>,
}

type Fault = (usize, String);

impl Dates {
    fn field(&mut self, name: &str, content: &str, at: usize) {
        if name == "date_issued" {
            let unread = || format!("date_issued `{}` is not a date such as 2026-04-18", clip(content));
            self.issued = Some(field::date(content).ok_or_else(unread));
        } else if let Some(column) = name.strip_prefix("dates_").filter(|column| *column != "in") {
            self.days.push(Day { column: column.to_owned(), named: day_and_month(content), at });
        }
    }

    /// An error is a document whose year cannot be known; a fault is a column whose day cannot be.
    fn run(&self, zone: &Zone) -> Result<(Run, Vec<Fault>), String> {
        let issued = self.issued.clone().ok_or("days without a year, and no <date_issued> to tell it")??;
        let made = field::within_years(zone.start_of_day(issued))?;
        let (mut columns, mut faults) = (Vec::<(String, Option<Timestamp>)>::new(), Vec::new());
        for Day { column, named, at } in &self.days {
            let noon = named.clone().and_then(|day| on_day(issued, column, day)).and_then(|date| noon(date, zone));
            let noon = noon.map_err(|reason| faults.push((*at, reason))).ok();
            match columns.iter_mut().find(|(known, _)| known == column) {
                None => columns.push((column.clone(), noon)),
                Some((_, known)) => {
                    if known.is_some_and(|known| noon.is_some_and(|noon| noon != known)) {
                        faults.push((*at, format!("<dates_{}> names two days", clip(column))));
                    }
                    *known = known.filter(|known| Some(*known) == noon);
                }
            }
        }
        Ok((Run { issued: made, columns }, faults))
    }
}

/// The day of that name that a column so many hours ahead can mean.
fn on_day(issued: Date, column: &str, (day, month): (i8, i8)) -> Result<Date, String> {
    let hours: i64 = column
        .parse()
        .ok()
        .filter(|hours| (24..=240).contains(hours))
        .ok_or_else(|| format!("<dates_{}>, expected hours from 24 to 240", clip(column)))?;
    let mut days = (hours / 24 - 1..=hours / 24 + 1).filter_map(|days| issued.checked_add(days.days()).ok());
    days.find(|date| (date.day(), date.month()) == (day, month))
        .ok_or_else(|| format!("<dates_{column}> is day {day} of month {month}, not so many hours after {issued}"))
}

fn noon(date: Date, zone: &Zone) -> Result<Timestamp, String> {
    let noon = zone.rules().to_ambiguous_timestamp(date.at(12, 0, 0, 0)).unambiguous();
    noon.map_err(|error| error.to_string()).and_then(field::within_years)
}

fn day_and_month(text: &str) -> Result<(i8, i8), String> {
    let unread = || format!("`{}` is not a day such as 19 May or 19 mai", clip(text));
    let (day, month) = text.split_once(char::is_whitespace).ok_or_else(unread)?;
    let day = day.strip_suffix("er").unwrap_or(day).parse().ok().filter(|day| (1..=31).contains(day));
    day.zip(self::month(month)).ok_or_else(unread)
}

fn month(name: &str) -> Option<i8> {
    Some(match name.trim().to_lowercase().as_str() {
        "january" | "janvier" => 1,
        "february" | "février" | "fevrier" => 2,
        "march" | "mars" => 3,
        "april" | "avril" => 4,
        "may" | "mai" => 5,
        "june" | "juin" => 6,
        "july" | "juillet" => 7,
        "august" | "août" | "aout" => 8,
        "september" | "septembre" => 9,
        "october" | "octobre" => 10,
        "november" | "novembre" => 11,
        "december" | "décembre" | "decembre" => 12,
        _ => return None,
    })
}

/// A station while its fields come in.
#[derive(Default)]
struct Row {
    location: Option<String>,
    points: Vec<Point>,
    columns: Vec<String>,
}

impl Row {
    fn field(&mut self, name: &str, content: &str, run: Option<&Run>) -> Result<(), String> {
        if name == "stationID" {
            // Of two numbers neither is trusted: the empty one has the station refused.
            let twice = self.location.is_some();
            self.location = Some(if twice { String::new() } else { content.to_owned() });
            return if twice { Err("<stationID> stands twice in one station".into()) } else { Ok(()) };
        }
        let Some(column) = name.strip_prefix("forecast_").filter(|column| *column != "cur") else { return Ok(()) };
        if self.columns.iter().any(|known| known == column) {
            return Err(format!("<{}> stands twice in one station", clip(name)));
        }
        self.columns.push(column.to_owned());
        let valid = run.and_then(|run| run.columns.iter().find(|(known, _)| known == column));
        match valid {
            None => Err(format!("<{}> without its day among the <dates>", clip(name))),
            Some((_, None)) => Ok(()),
            Some((_, Some(valid))) => {
                let value = field::value(content)?.filter(|value| *value != Value::from_milli(0));
                self.points.push(Point { valid: *valid, value, quality: None });
                Ok(())
            }
        }
    }

    /// None for a station of which no forecast was read.
    fn series(self, run: &Run) -> Result<Option<Series>, String> {
        let location = self.location.unwrap_or_default();
        if !field::is_name(&location) {
            return Err(format!("a station with <stationID> `{}`, expected 1 to 100 characters", clip(&location)));
        }
        let (parameter, kind, stat, issued) = (Parameter::Level, Kind::Forecast, Stat::Value, Some(run.issued));
        Ok((!self.points.is_empty()).then_some(Series { location, parameter, kind, stat, issued, points: self.points }))
    }
}
