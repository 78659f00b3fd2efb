//! What the CSV and the JSON of England's Environment Agency have in common: measures. A measure's id says all about it,
//! `STATION-PARAMETER-QUALIFIER-TYPE-PERIOD-UNIT` (`1029TH-level-downstage-i-15_min-mASD`), and the whole of it is the
//! location here: a station has several measures, and the levels above and below its weir must never be one series.
//! Source: the real-time flood-monitoring API's reference, "Readings and measures", and its files.

use hydro::Parameter;

use super::document::clip;
use super::field;
use super::unit::Unit;

/// A measure of a river.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure<'a> {
    /// The part of its address after `/id/measures/`.
    pub(super) id: &'a str,
    /// A level or a discharge.
    pub(super) parameter: Parameter,
    /// `stage`, `downstage`, `tidal_level`, …; may be empty.
    pub(super) qualifier: &'a str,
    /// The unit as the id writes it: `mASD`, `m3_s`.
    pub(super) unit_name: &'a str,
    /// That unit.
    pub(super) unit: Unit,
}

/// Reads a measure's address. `None` for what is not of a river: rain, groundwater, wind, temperature.
pub(super) fn read(address: &str) -> Result<Option<Measure<'_>>, String> {
    let strange = || format!("measure `{}`, expected STATION-level-… or STATION-flow-…", clip(tail(address)));
    let id = address.split_once("/id/measures/").map(|(_, id)| id).filter(|id| field::is_name(id));
    let id = id.ok_or_else(strange)?;
    let (word, rest) = parameter(id).ok_or_else(strange)?;
    let mut parts = rest.splitn(4, '-');
    let (Some(qualifier), Some(_type), Some(_period), Some(unit_name)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(strange());
    };
    let parameter = match word {
        "level" if qualifier != "groundwater" => Parameter::Level,
        "flow" => Parameter::Discharge,
        _ => return Ok(None),
    };
    Ok(Some(Measure { id, parameter, qualifier, unit_name, unit: unit(parameter, unit_name)? }))
}

/// The parameter of an id and what follows it. Stations' references may have a hyphen, so it is looked for by its word.
fn parameter(id: &str) -> Option<(&str, &str)> {
    let mut rest = id.split_once('-')?.1;
    loop {
        let (word, after) = rest.split_once('-')?;
        if matches!(word, "level" | "flow" | "rainfall" | "temperature" | "wind") {
            return Some((word, after));
        }
        rest = after;
    }
}

fn unit(parameter: Parameter, name: &str) -> Result<Unit, String> {
    match name {
        "m3_s" => Unit::of(parameter, "m3/s"),
        "l_s" => Unit::of(parameter, "l/s"),
        // Metres below a datum grow as the water falls.
        "mBDAT" => Err("unit `mBDAT` of a level, which is counted downwards".into()),
        _ => Unit::of(parameter, name),
    }
}

/// The end of an address, where addresses differ.
fn tail(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}
