//! The heights of a station, or its discharges: thresholds, record, past floods, impacts.

use hydro::{Impact, LocalText, Mark, Parameter, Publisher, Scheme, ThresholdError, Thresholds, Value};
use jiff::civil::Date;

use super::context::Spot;
use super::reader::{Field, Table};
use super::stations::known_feed;

/// What the thresholds of one file share: `[thresholds]`.
#[derive(Debug)]
pub(super) struct Basis {
    scheme: Scheme,
    source: LocalText,
    date: Option<Date>,
    /// Whose published thresholds rule over the configured ones.
    pub(super) publisher: Option<Publisher>,
}

/// Reads `[thresholds]`.
pub(super) fn basis(table: &mut Table, feeds: Option<&[String]>) -> Option<Basis> {
    let schemes = Scheme::ALL.map(|scheme| (scheme.name(), scheme));
    let scheme = table.need("scheme").and_then(|field| field.one_of(&schemes));
    let source = table.need("source").and_then(|field| field.local_text());
    let date = table.find("date").and_then(|field| field.date());
    let feed = table.find("feed").and_then(|field| known_feed(&field, feeds));
    let (scheme, source) = (scheme?, source?);
    let publisher = feed.map(|feed| Publisher { feed, scheme, source: source.clone() });
    Some(Basis { scheme, source, date, publisher })
}

/// Reads a station's thresholds, each under its name in the scheme.
pub(super) fn thresholds(field: &Field, basis: &Basis, parameter: Parameter) -> Option<Thresholds> {
    let heights: Vec<(&str, Value, Spot)> = field.table(|table| named_heights(table, parameter))?;
    let named = heights.iter().map(|(name, value, _)| (*name, *value));
    let error = match Thresholds::new(basis.scheme, named, basis.source.clone(), basis.date) {
        Ok(_) if heights.is_empty() => {
            return field.refuse(format!("no threshold: expected {}", basis.scheme.thresholds().join(", ")));
        }
        Ok(thresholds) => return Some(thresholds),
        Err(error) => error,
    };
    let wrong = match &error {
        ThresholdError::NotRising { lower, .. } => lower,
        ThresholdError::UnknownName { name, .. } => name.as_str(),
    };
    match heights.iter().find(|(name, ..)| name.starts_with(wrong)) {
        Some((_, _, spot)) => field.refuse_at(spot, error),
        None => field.refuse(error),
    }
}

fn named_heights<'a>(table: &mut Table<'a>, parameter: Parameter) -> Vec<(&'a str, Value, Spot)> {
    let mut heights = Vec::new();
    for name in table.keys() {
        let field = table.find(name);
        heights.extend(field.and_then(|field| Some((name, field.amount(parameter)?, field.entry))));
    }
    heights
}

/// Reads the highest crest on file: a number, whose source is then that of the thresholds, or a table.
pub(super) fn record(
    field: &Field,
    basis: Option<&Basis>,
    thresholds: Option<&Thresholds>,
    parameter: Parameter,
) -> Option<Mark> {
    let record = if field.is_table() {
        field.table(|table| mark(table, parameter))??
    } else {
        Mark { value: field.amount(parameter)?, year: None, source: basis.map(|basis| basis.source.clone()) }
    };
    let highest = thresholds.and_then(|set| Some((set.scheme(), set.iter().next_back()?)));
    match highest {
        Some((scheme, threshold)) if record.value < threshold.value => field.refuse(format!(
            "record {} is below {} {}{}: either is wrong, or no flood is on file; leave the record out until it is known",
            record.value,
            scheme.word(threshold.rank),
            threshold.value,
            unit_of(parameter),
        )),
        _ => Some(record),
    }
}

/// Reads a past flood.
pub(super) fn mark(table: &mut Table, parameter: Parameter) -> Option<Mark> {
    let value = table.need("value").and_then(|field| field.amount(parameter));
    let year = table.find("year").and_then(|field| field.year());
    let source = table.find("source").and_then(|field| field.local_text());
    Some(Mark { value: value?, year, source })
}

/// Reads what water does at a height or a discharge.
pub(super) fn impact(table: &mut Table, parameter: Parameter) -> Option<Impact> {
    let value = table.need("value").and_then(|field| field.amount(parameter));
    let text = table.need("text").and_then(|field| field.local_text());
    Some(Impact { value: value?, text: text? })
}

/// The unit behind a number that would be read as metres without it.
pub(super) const fn unit_of(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Level => "",
        Parameter::Discharge => " m3/s",
    }
}
