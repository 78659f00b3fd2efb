//! What the three forms of the Water Survey of Canada's observations have in common: station numbers, remarks, and rows
//! gathered into series. Source of the remarks: MSC open data documentation, "Hydrometric data" (QA/QC), and the symbols
//! of the Water Survey's archive (E estimated, B ice).

use std::collections::HashMap;

use hydro::{Kind, Parameter, Point, Quality, Stat, Timestamp};

use super::document::clip;
use super::field;
use super::{Item, Series};

/// Points gathered into one observed series per station and parameter, in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Observations {
    series: Vec<Series>,
    places: HashMap<String, Place>,
    /// The station at hand: its rows mostly stand together.
    station: String,
    place: Place,
}

/// Which series are a station's, by their parameters.
type Place = [Option<usize>; 2];

impl Observations {
    /// Adds a point to its series.
    pub(super) fn push(&mut self, station: &str, parameter: Parameter, point: Point) {
        self.go_to(station);
        self.add(parameter, point);
    }

    /// Makes a station the one at hand.
    fn go_to(&mut self, station: &str) {
        if self.station != station {
            station.clone_into(&mut self.station);
            self.place = self.places.get(station).copied().unwrap_or_default();
        }
    }

    /// Adds a point to a series of the station at hand.
    #[inline]
    fn add(&mut self, parameter: Parameter, point: Point) {
        match self.place[parameter as usize].and_then(|index| self.series.get_mut(index)) {
            Some(series) => series.points.push(point),
            None => self.begin(parameter, point),
        }
    }

    /// Begins a series of the station at hand with room for as many points as those before it have: stations are much alike.
    fn begin(&mut self, parameter: Parameter, point: Point) {
        let room = self.series.iter().rev().take(2).map(|before| before.points.len()).max();
        let mut points = Vec::with_capacity(room.unwrap_or(1));
        points.push(point);
        self.place[parameter as usize] = Some(self.series.len());
        self.places.insert(self.station.clone(), self.place);
        let (location, kind, stat) = (self.station.clone(), Kind::Observed, Stat::Value);
        self.series.push(Series { location, parameter, kind, stat, issued: None, points });
    }

    /// Adds what one row says: the level and the discharge that it has, or that it has neither, as a missing level. Each
    /// stands alone; what is wrong with one is rejected and takes nothing from the other.
    ///
    /// # Errors
    /// What is not the number of a station.
    #[inline]
    pub(super) fn push_row(
        &mut self,
        number: &str,
        valid: Timestamp,
        level: Cell<'_>,
        discharge: Cell<'_>,
        mut reject: impl FnMut(String),
    ) -> Result<(), String> {
        // The station at hand is known to have a number.
        if number.is_empty() || number != self.station {
            self.go_to(station(number)?);
        }
        let mut push = |parameter, cell: &Cell<'_>| match cell.point(valid) {
            Ok(point) => self.add(parameter, point),
            Err(reason) => reject(reason),
        };
        if !level.is_empty() || discharge.is_empty() {
            push(Parameter::Level, &level);
        }
        if !discharge.is_empty() {
            push(Parameter::Discharge, &discharge);
        }
        Ok(())
    }

    /// The series.
    pub(super) fn into_items(self) -> Vec<Item> {
        self.series.into_iter().map(Item::Series).collect()
    }
}

/// A value as written, and the agency's remark of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    /// Empty where the station measures no such thing or the value is missing.
    pub(super) value: &'a str,
    /// Of the value, if there is one.
    pub(super) quality: Option<Quality>,
}

impl Cell<'_> {
    fn is_empty(&self) -> bool {
        self.value.bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// The point at an instant.
    pub(super) fn point(&self, valid: Timestamp) -> Result<Point, String> {
        let value = field::value(self.value)?;
        Ok(Point { valid, value, quality: value.and(self.quality) })
    }
}

/// Whether a text is a station's number, such as `01AK003` or, for a backup gauge, `08GAX43`.
pub(super) fn station(text: &str) -> Result<&str, String> {
    let sound = (5..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if sound { Ok(text) } else { Err(format!("`{}` is not a station number such as 01AK003", clip(text))) }
}

/// The remark of a symbol in either language, if it is one that changes how a value reads: ice or estimated.
#[inline]
pub(super) fn symbol(text: &str) -> Option<Quality> {
    if text.is_empty() { None } else { symbol_of(&text.trim().to_lowercase()) }
}

fn symbol_of(text: &str) -> Option<Quality> {
    let word = |wanted: &str| text.split(|c: char| !c.is_alphabetic()).any(|word| word.starts_with(wanted));
    let ice = text.split(|c: char| !c.is_alphabetic()).any(|word| word == "ice") || word("glace");
    match text {
        "b" => Some(Quality::Ice),
        "e" => Some(Quality::Estimated),
        _ if ice => Some(Quality::Ice),
        _ if word("estim") => Some(Quality::Estimated),
        _ => None,
    }
}
