//! What the formats of the US Geological Survey have in common: parameter codes, statistics, remarks, and several sensors
//! of one thing at one site. Source: USGS parameter codes (00065 gage height in feet, 00060 discharge in cubic feet a
//! second), statistic codes (00000 and 00011: of an instant), and the remarks explained in the replies themselves.
//!
//! One site may measure one thing with several sensors, on different datums. They are never mixed: where a document lists
//! several for a site, each that has values is the place `SITE/SENSOR` (the method or time series id of the feed), and the
//! first that has values is the place `SITE` as well. A configuration that must have one sensor and no other names
//! `SITE/SENSOR`; `SITE` is whichever comes first.

use std::collections::HashMap;

use hydro::{Kind, Parameter, Point, Quality, Stat, Value};

use super::document::clip;
use super::unit::Unit;
use super::{Item, Series, field};

/// Why a document of daily values is not read.
pub(super) const DAILY: &str = "daily means and extremes are not readings of an instant";

/// What a parameter code measures, if it is of interest: gage height and discharge. Elevations above a national datum
/// (62620, 63160, 72279, …) are other numbers than the gage height and are not taken for it.
pub(super) fn parameter(code: &str) -> Result<Option<Parameter>, String> {
    match code {
        "00065" => Ok(Some(Parameter::Level)),
        "00060" => Ok(Some(Parameter::Discharge)),
        _ if is_code(code) => Ok(None),
        _ => Err(format!("parameter `{}`, expected five digits such as 00065", clip(code))),
    }
}

/// Whether a text has the form of a parameter's or statistic's code.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether values of a statistic are of an instant. Where none is stated they are.
pub(super) fn is_instant(statistic: &str) -> bool {
    matches!(statistic, "" | "00000" | "00011")
}

/// How the values of a series are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    unit: Unit,
    /// The series' own sentinel, unless it is one of those that mean nothing else in any feed.
    missing: Option<Value>,
}

impl Scale {
    /// By the unit and the sentinel (empty where there is none) that the document states.
    pub(super) fn of(parameter: Parameter, unit: &str, sentinel: &str) -> Result<Self, String> {
        let missing = field::value(sentinel).map_err(|error| format!("noDataValue {error}"))?;
        Ok(Self { unit: Unit::of(parameter, unit)?, missing })
    }

    /// The value of a text, `None` where it says that there is none.
    pub(super) fn value(self, text: &str) -> Result<Option<Value>, String> {
        let says_missing = is_remark_of_absence(text) || self.missing.is_some() && field::value(text)? == self.missing;
        if says_missing { Ok(None) } else { self.unit.value(text) }
    }
}

/// Remarks that stand in the place of a value: unavailable, backwater, discontinued, dry, equipment, flood damage, ice,
/// maintenance, partial record, rating in development, seasonal, testing. Zero flow is not among them; it is a value.
const ABSENCES: [&str; 12] = ["***", "bkw", "dis", "dry", "eqp", "fld", "ice", "mnt", "pr", "rat", "ssn", "tst"];

fn is_remark_of_absence(text: &str) -> bool {
    let text = text.trim_ascii();
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    !is_number && ABSENCES.iter().any(|remark| text.eq_ignore_ascii_case(remark))
}

/// Of an agency's remarks the one that matters most to a reader.
pub(super) fn quality<'a>(remarks: impl IntoIterator<Item = &'a str>) -> Option<Quality> {
    remarks.into_iter().filter_map(remark).max()
}

fn remark(code: &str) -> Option<Quality> {
    match code.trim() {
        "P" => Some(Quality::Provisional),
        "A" => Some(Quality::Approved),
        "e" | "E" => Some(Quality::Estimated),
        code => [
            ("provisional", Quality::Provisional),
            ("approved", Quality::Approved),
            ("estimated", Quality::Estimated),
            ("ice", Quality::Ice),
            ("eqp", Quality::Doubtful),
            ("equip", Quality::Doubtful),
        ]
        .into_iter()
        .find_map(|(word, quality)| code.eq_ignore_ascii_case(word).then_some(quality)),
    }
}

/// What is measured at sites, gathered by site, parameter and sensor, in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Sites {
    places: Vec<Place>,
    known: HashMap<(String, Parameter), usize>,
    /// Where the last level and the last discharge went: readings of a site mostly stand together.
    last: [usize; 2],
}

#[derive(Debug)]
struct Place {
    site: String,
    parameter: Parameter,
    sensors: Vec<Sensor>,
}

#[derive(Debug)]
struct Sensor {
    id: String,
    points: Vec<Point>,
}

impl Sites {
    /// The points of a sensor, in the document's order. One without an id is not the same as any before it.
    pub(super) fn sensor(&mut self, site: &str, parameter: Parameter, id: &str) -> &mut Vec<Point> {
        let sensors = &mut self.place(site, parameter).sensors;
        let found = sensors.iter().position(|sensor| sensor.id == id && !id.is_empty());
        let index = found.unwrap_or_else(|| {
            sensors.push(Sensor { id: id.to_owned(), points: Vec::new() });
            sensors.len() - 1
        });
        &mut sensors[index].points
    }

    /// Puts the sensors of each site in the order of their ids, for documents whose own order means nothing.
    pub(super) fn sort(&mut self) {
        for place in &mut self.places {
            place.sensors.sort_by(|one, other| one.id.cmp(&other.id));
        }
    }

    /// The series of the sensors that have points. A sensor without an id goes by its number.
    pub(super) fn into_items(self) -> Vec<Item> {
        self.places.into_iter().flat_map(Place::into_items).collect()
    }

    fn place(&mut self, site: &str, parameter: Parameter) -> &mut Place {
        let last = &mut self.last[usize::from(parameter == Parameter::Discharge)];
        let same = |place: &Place| place.parameter == parameter && place.site == site;
        if !self.places.get(*last).is_some_and(same) {
            *last = *self.known.entry((site.to_owned(), parameter)).or_insert_with(|| {
                self.places.push(Place { site: site.to_owned(), parameter, sensors: Vec::new() });
                self.places.len() - 1
            });
        }
        &mut self.places[*last]
    }
}

impl Place {
    fn into_items(self) -> Vec<Item> {
        let Self { site, parameter, sensors } = self;
        let several = sensors.len() > 1;
        let mut items = Vec::new();
        for (index, Sensor { id, points }) in sensors.into_iter().enumerate() {
            if points.is_empty() {
                continue;
            }
            if !several {
                return vec![observed(site, parameter, points)];
            }
            if items.is_empty() {
                items.push(observed(site.clone(), parameter, points.clone()));
            }
            let id = if field::is_name(&id) { id } else { (index + 1).to_string() };
            items.push(observed(format!("{site}/{id}"), parameter, points));
        }
        items
    }
}

fn observed(location: String, parameter: Parameter, points: Vec<Point>) -> Item {
    let (kind, stat, issued) = (Kind::Observed, Stat::Value, None);
    Item::Series(Series { location, parameter, kind, stat, issued, points })
}
