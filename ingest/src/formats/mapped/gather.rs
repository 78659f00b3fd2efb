//! Rows gathered into series by what a mapping says, whatever the rows are made of.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;

use hydro::{Kind, Point, Quality, Timestamp, Value};

use super::time::Moment;
use super::{Condition, Mapping, Quantity, Unit, UnitOf};
use crate::formats::document::clip;
use crate::formats::{Item, Parsed, Rejected, Series, field};

/// The text of a field; `None` where the row has no such field. One that is there and says nothing is empty.
pub(super) type Found<'r> = Result<Option<Cow<'r, str>>, String>;

/// The series of a document while its rows are read.
#[derive(Debug)]
pub(super) struct Gathering<'m, F> {
    mapping: &'m Mapping<F>,
    drafts: Vec<Draft>,
    places: HashMap<Place, usize>,
    /// Of each quantity, the first one whose values are of the same series.
    kin: Vec<usize>,
    /// Where the last row's values went, by quantity: rows of a station mostly stand together.
    last: Vec<usize>,
    rejected: Vec<Rejected>,
}

/// The first quantity of such values, the location, and when the forecaster spoke.
type Place = (usize, String, Option<Timestamp>);

/// A series whose times are not all instants yet.
#[derive(Debug)]
struct Draft {
    place: Place,
    moments: Vec<Moment>,
    readings: Vec<Reading>,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    line: u32,
    value: Option<Value>,
    quality: Option<Quality>,
}

impl<'m, F: Display> Gathering<'m, F> {
    pub(super) fn new(mapping: &'m Mapping<F>) -> Self {
        let values = &mapping.values;
        let first = |one: &Quantity<F>| values.iter().position(|other| other.is_kin(one)).unwrap_or_default();
        let (kin, last) = (values.iter().map(first).collect(), vec![usize::MAX; values.len()]);
        Self { mapping, drafts: Vec::new(), places: HashMap::new(), kin, last, rejected: Vec::new() }
    }

    /// Reads a row, whose fields `find` knows.
    pub(super) fn row<'r>(&mut self, line: u32, find: impl Fn(&F) -> Found<'r>) {
        if let Err(reason) = self.read(line, &find) {
            self.reject(line, reason);
        }
    }

    /// A row that cannot be read, or a part of it.
    pub(super) fn reject(&mut self, line: u32, reason: String) {
        self.rejected.push(Rejected { line, reason });
    }

    /// What has been gathered.
    pub(super) fn into_parsed(mut self) -> Parsed {
        let mut items = Vec::new();
        for draft in std::mem::take(&mut self.drafts) {
            items.extend(self.series(draft).map(Item::Series));
        }
        // Two values of one row stumble over the same time.
        self.rejected.sort_by(|one, other| (one.line, &one.reason).cmp(&(other.line, &other.reason)));
        self.rejected.dedup();
        Parsed { items, rejected: self.rejected }
    }

    fn read<'r>(&mut self, line: u32, find: &impl Fn(&F) -> Found<'r>) -> Result<(), String> {
        let mapping = self.mapping;
        let mut wanted = Vec::with_capacity(mapping.values.len());
        for (i, quantity) in mapping.values.iter().enumerate() {
            if all_hold(&quantity.only, find)? {
                wanted.push((i, quantity));
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let moment = match joined(&mapping.time, find)? {
            text if text.is_empty() => return Err(format!("no time in {}", list(&mapping.time))),
            text => mapping.clock.read(&text)?,
        };
        let location = mapping.location.as_ref().map_or(Ok(Cow::Borrowed("")), |field| location(field, find))?;
        let issued = self.issued(find)?;
        let mut is_there = false;
        for &(i, quantity) in &wanted {
            let text = find(&quantity.field);
            is_there |= !matches!(text, Ok(None));
            let read = text.and_then(|text| text.map(|text| mapping.value(quantity, text.trim(), find)).transpose());
            match read {
                Ok(Some((value, quality))) => {
                    let issued = issued.filter(|_| quantity.kind == Kind::Forecast);
                    self.push((i, &location, issued), moment, Reading { line, value, quality });
                }
                Ok(None) => {}
                Err(reason) => self.reject(line, format!("{}: {reason}", quantity.field)),
            }
        }
        let named = || wanted.iter().map(|(_, quantity)| &quantity.field);
        if is_there { Ok(()) } else { Err(format!("no {}", list(named()))) }
    }

    fn issued<'r>(&self, find: &impl Fn(&F) -> Found<'r>) -> Result<Option<Timestamp>, String> {
        let text = joined(&self.mapping.issued, find)?;
        if text.is_empty() {
            return Ok(None);
        }
        let moment = self.mapping.clock.read(&text)?;
        self.mapping.clock.instants(&[moment]).pop().transpose()
    }

    fn push(&mut self, (i, location, issued): (usize, &str, Option<Timestamp>), moment: Moment, reading: Reading) {
        let first = self.kin[i];
        let is_its = |draft: &Draft| draft.place.0 == first && draft.place.1 == location && draft.place.2 == issued;
        if !self.drafts.get(self.last[i]).is_some_and(is_its) {
            let place = (first, location.to_owned(), issued);
            self.last[i] = *self.places.entry(place.clone()).or_insert(self.drafts.len());
            if self.last[i] == self.drafts.len() {
                self.drafts.push(Draft { place, moments: Vec::new(), readings: Vec::new() });
            }
        }
        if let Some(draft) = self.drafts.get_mut(self.last[i]) {
            draft.moments.push(moment);
            draft.readings.push(reading);
        }
    }

    /// The series of a draft; none where none of its times is an instant.
    fn series(&mut self, draft: Draft) -> Option<Series> {
        let instants = self.mapping.clock.instants(&draft.moments);
        let mut points = Vec::with_capacity(instants.len());
        for (instant, Reading { line, value, quality }) in instants.into_iter().zip(draft.readings) {
            match instant {
                Ok(valid) => points.push(Point { valid, value, quality: value.and(quality) }),
                Err(reason) => self.reject(line, reason),
            }
        }
        let (i, location, issued) = draft.place;
        let quantity = self.mapping.values.get(i).filter(|_| !points.is_empty())?;
        let (parameter, kind, stat) = (quantity.parameter, quantity.kind, quantity.stat.clone());
        Some(Series { location, parameter, kind, stat, issued, points })
    }
}

impl<F> Quantity<F> {
    /// Whether its values are of one series with another's, at one place.
    fn is_kin(&self, other: &Self) -> bool {
        (self.parameter, self.kind, &self.stat) == (other.parameter, other.kind, &other.stat)
    }
}

impl<F: Display> Mapping<F> {
    /// Reads the value of a quantity and the agency's remark of it.
    fn value<'r>(
        &self,
        quantity: &Quantity<F>,
        text: &str,
        find: &impl Fn(&F) -> Found<'r>,
    ) -> Result<(Option<Value>, Option<Quality>), String> {
        let (number, quality) = match &quantity.quality {
            Some(field) => (text, find(field)?.and_then(|word| self.quality(word.trim()))),
            None => self.without_mark(text),
        };
        if self.numbers.is_missing(text) || self.numbers.is_missing(number) {
            return Ok((None, None));
        }
        let plain = self.numbers.plain(number)?;
        // A value that is missing needs no unit; feeds leave both out together.
        if field::value(&plain)?.is_none() {
            return Ok((None, None));
        }
        let unit = match &quantity.unit {
            UnitOf::Fixed(unit) => *unit,
            UnitOf::Field(field) => {
                let name = find(field)?.ok_or_else(|| format!("no unit in {field}"))?;
                Unit::of(quantity.parameter, &name)?
            }
        };
        Ok((unit.value(&plain)?, quality))
    }

    fn quality(&self, word: &str) -> Option<Quality> {
        self.qualities.iter().find(|(known, _)| known == word).map(|(_, quality)| *quality)
    }

    /// A number without the mark that follows it.
    fn without_mark<'t>(&self, text: &'t str) -> (&'t str, Option<Quality>) {
        let marked =
            self.qualities.iter().find_map(|(mark, quality)| Some((text.strip_suffix(mark.as_str())?, *quality)));
        marked.map_or((text, None), |(number, quality)| (number.trim_end(), Some(quality)))
    }
}

fn all_hold<'r, F: Display>(conditions: &[Condition<F>], find: &impl Fn(&F) -> Found<'r>) -> Result<bool, String> {
    for Condition { field, equals } in conditions {
        let text = find(field)?.ok_or_else(|| format!("no {field}"))?;
        if !equals.iter().any(|word| word == text.trim()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The place's id. A row that names none is nobody's, and never the configured place's.
fn location<'r, F: Display>(field: &F, find: &impl Fn(&F) -> Found<'r>) -> Result<Cow<'r, str>, String> {
    let text = trimmed(find(field)?.ok_or_else(|| format!("no {field}"))?);
    if field::is_name(&text) { Ok(text) } else { Err(format!("{field}: `{}` names no place", clip(&text))) }
}

/// The texts of several fields with a blank between them; empty where none says anything.
fn joined<'r, F: Display>(fields: &[F], find: &impl Fn(&F) -> Found<'r>) -> Result<Cow<'r, str>, String> {
    let mut whole = Cow::Borrowed("");
    for (i, field) in fields.iter().enumerate() {
        let text = find(field)?.ok_or_else(|| format!("no {field}"))?;
        whole = if i == 0 { text } else { Cow::Owned(format!("{} {}", whole.trim(), text.trim())) };
    }
    Ok(trimmed(whole))
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Names of fields for a message.
fn list<'f, F: Display + 'f>(fields: impl IntoIterator<Item = &'f F>) -> String {
    fields.into_iter().map(F::to_string).collect::<Vec<_>>().join(", ")
}
