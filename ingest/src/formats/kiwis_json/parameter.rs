//! What a series of an agency's `KiWIS` measures. Agencies name their parameters freely and in their own languages, so the
//! words are those of rivers as agencies in Europe, Canada and Australia use them; what is below the ground is no river.

use std::borrow::Cow;

use hydro::Parameter;

use crate::formats::unit;

/// The parameter by the first of its names that is known, and by its unit where no name says otherwise. `None` for what is
/// not of interest.
///
/// # Errors
/// Nothing tells what it is.
pub(super) fn parameter(names: &[Option<Cow<'_, str>>], unit: Option<&str>) -> Result<Option<Parameter>, String> {
    let names: Vec<String> = names.iter().flatten().map(|name| name.trim().to_lowercase()).collect();
    if names.iter().any(|name| contains(name, &OTHER)) {
        return Ok(None);
    }
    if let Some(parameter) = names.iter().find_map(|name| named(name)) {
        return Ok(Some(parameter));
    }
    let unit = unit.unwrap_or_default();
    match names.iter().all(String::is_empty) {
        _ if unit::discharge(unit).is_some() => Ok(Some(Parameter::Discharge)),
        false => Ok(None),
        // Rain is measured in millimetres, rivers hardly ever.
        true if unit::level(unit).is_some() && !unit.trim().eq_ignore_ascii_case("mm") => Ok(Some(Parameter::Level)),
        true => Err("neither a parameter nor a unit that tells it: the request must say metadata=true".into()),
    }
}

const OTHER: [&str; 15] = [
    "ground",
    "grund",
    "grond",
    "nappe",
    "piezo",
    "borehole",
    "gw",
    "snow",
    "neige",
    "rain",
    "precip",
    "wave",
    "veloc",
    "direction",
    "temp",
];
const LEVEL: [&str; 8] = ["level", "stage", "height", "wasserstand", "waterstand", "waterhoogte", "niveau", "hauteur"];
const DISCHARGE: [&str; 7] = ["flow", "discharge", "abfluss", "durchfluss", "débit", "debit", "afvoer"];

fn named(name: &str) -> Option<Parameter> {
    match name {
        "h" | "hg" | "s" | "sg" | "w" | "wl" => Some(Parameter::Level),
        "q" => Some(Parameter::Discharge),
        _ if contains(name, &LEVEL) => Some(Parameter::Level),
        _ if contains(name, &DISCHARGE) => Some(Parameter::Discharge),
        _ => None,
    }
}

fn contains(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}
