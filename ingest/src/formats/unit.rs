//! Units of agencies, as they are written, and what makes metres or cubic metres a second of them. A document that states
//! its unit is converted by it each time it states it. The foot is the international one, 0.3048 m exactly.

use hydro::{Parameter, Value};

use super::document::clip;
use super::field;

/// How a number becomes metres or m³/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// It is so already, and its decimals are read exactly.
    Ours,
    /// Multiplied.
    Times(f64),
}

impl Unit {
    /// The unit of a height or of a discharge by the name that feeds give it.
    ///
    /// # Errors
    /// What was found and what is known.
    pub fn of(parameter: Parameter, name: &str) -> Result<Self, String> {
        let (known, expected) = match parameter {
            Parameter::Level => (level(name), "m, cm, mm or ft"),
            Parameter::Discharge => (discharge(name), "m3/s, l/s, cfs or kcfs"),
        };
        known.ok_or_else(|| format!("unit `{}` of a {}, expected {expected}", clip(name), parameter.name()))
    }

    /// Reads a value in the unit. `None` where the feed says in any of the usual ways that there is none.
    pub(super) fn value(self, text: &str) -> Result<Option<Value>, String> {
        let Some(plain) = field::value(text)? else { return Ok(None) };
        let Self::Times(factor) = self else { return Ok(Some(plain)) };
        let number = if is_in_thousandths(text) {
            plain.as_f64()
        } else {
            // Read again: a thousandth of a thousand cubic feet is a number of litres.
            text.trim_ascii().parse().map_err(|_| format!("`{}` is not a decimal number", clip(text)))?
        };
        let value = Value::from_f64(number * factor).map_err(|error| error.to_string())?;
        Ok((!field::is_sentinel(value)).then_some(value))
    }
}

/// Whether thousandths hold all of what a decimal number says.
fn is_in_thousandths(number: &str) -> bool {
    let number = number.trim_ascii();
    let begin = number.trim_end_matches(|last: char| last.is_ascii_digit());
    matches!(begin, "" | "-" | "+") || begin.ends_with('.') && number.len() - begin.len() <= 3
}

const FOOT: f64 = 0.3048;
const CUBIC_FOOT: f64 = FOOT * FOOT * FOOT;

/// Of a height.
pub(super) fn level(name: &str) -> Option<Unit> {
    match name.trim().to_ascii_lowercase().as_str() {
        "m" | "metre" | "metres" | "meter" | "meters" | "mnap" | "masd" | "maod" | "mbdat" => Some(Unit::Ours),
        "ft" | "foot" | "feet" => Some(Unit::Times(FOOT)),
        "cm" => Some(Unit::Times(0.01)),
        "mm" => Some(Unit::Times(0.001)),
        _ => None,
    }
}

/// Of a discharge.
pub(super) fn discharge(name: &str) -> Option<Unit> {
    match name.trim().to_ascii_lowercase().as_str() {
        "m3/s" | "m³/s" | "m^3/s" | "m3s-1" | "cms" | "cumecs" | "cumec" => Some(Unit::Ours),
        "ft3/s" | "ft³/s" | "ft^3/s" | "cfs" | "cfsd" => Some(Unit::Times(CUBIC_FOOT)),
        "kcfs" => Some(Unit::Times(1000.0 * CUBIC_FOOT)),
        "l/s" => Some(Unit::Times(0.001)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_those_of_the_feeds() {
        let read = |parameter, unit, text| Unit::of(parameter, unit).and_then(|unit| unit.value(text));
        for (parameter, unit, text, milli) in [
            (Parameter::Level, "ft", "5.42", 1652),
            (Parameter::Level, "cm", "715", 7150),
            (Parameter::Level, "mm", "1203", 1203),
            (Parameter::Level, "mAOD", "41.030", 41_030),
            (Parameter::Discharge, "kcfs", "0.234", 6626),
            (Parameter::Discharge, "cfs", "234", 6626),
            (Parameter::Discharge, "ft^3/s", "1.87E3", 52_953),
            (Parameter::Discharge, "l/s", "12.4", 12),
            (Parameter::Discharge, "m³/s", "304.232", 304_232),
        ] {
            assert_eq!(read(parameter, unit, text), Ok(Some(Value::from_milli(milli))), "{text} {unit}");
        }
        assert_eq!(read(Parameter::Level, "ft", "-999"), Ok(None));
        assert_eq!(read(Parameter::Discharge, "kcfs", "-9999"), Ok(None));
        assert_eq!(
            read(Parameter::Level, "kcfs", "1").unwrap_err(),
            "unit `kcfs` of a level, expected m, cm, mm or ft"
        );
    }

    proptest! {
        /// The two ways to the number, through thousandths and through the general reader, are one.
        #[test]
        fn what_is_in_thousandths_is_the_same_number(text in "[-+]?[0-9]{0,7}([.][0-9]{0,4})?(e[0-9])?") {
            if let (Ok(Some(plain)), true) = (field::value(&text), is_in_thousandths(&text)) {
                prop_assert_eq!(Ok(plain.as_f64()), text.parse::<f64>(), "{}", text);
            }
        }

        /// Feeds write feet to the hundredth, centimetres whole, thousands of cubic feet to the hundredth.
        #[test]
        #[allow(clippy::cast_precision_loss)]
        fn conversions_come_back_to_the_precision_of_the_feed(hundredths in 0_i64..1_000_000) {
            for (unit, decimals) in [(level("ft"), 2), (level("cm"), 0), (discharge("kcfs"), 2)] {
                let Some(Unit::Times(factor)) = unit else { panic!("a factor") };
                let written = format!("{:.decimals$}", hundredths as f64 / 100.0);
                let value = Unit::Times(factor).value(&written).unwrap().map(|value| value.as_f64() / factor);
                let back = value.map_or_else(|| written.clone(), |value| format!("{value:.decimals$}"));
                prop_assert_eq!(&back, &written);
            }
        }
    }
}
