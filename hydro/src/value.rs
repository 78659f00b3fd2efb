//! A number that a gauge or a model gave, exact to a thousandth of its unit.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A water level in millimetres or a discharge in litres per second: thousandths of the unit of its
/// [`Parameter`](crate::Parameter). A missing value is an `Option`, never a sentinel.
// Held to four bytes, a point of a value that may be missing takes 32 bytes rather than 40.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(Rust, packed(4))]
pub struct Value(i64);

/// Why a text is not a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValueError {
    /// Not a plain decimal number such as `-0.125`.
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    /// No river is ten million metres high or carries ten million cubic metres a second.
    #[error("{0} is beyond any river")]
    OutOfRange(String),
}

impl Value {
    /// The largest magnitude accepted, in thousandths: ten million of the unit.
    pub const LIMIT: i64 = 10_000_000_000;

    /// From thousandths of the unit.
    pub const fn from_milli(milli: i64) -> Self {
        Self(milli)
    }

    /// In thousandths of the unit.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// In the unit itself, for drawing and for JSON numbers; exact for every value within [`Value::LIMIT`].
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// From a number in the unit, rounded to the nearest thousandth.
    ///
    /// # Errors
    /// [`ValueError`] for NaN, infinities and magnitudes beyond [`Value::LIMIT`].
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    pub fn from_f64(number: f64) -> Result<Self, ValueError> {
        if !number.is_finite() {
            return Err(ValueError::NotANumber(number.to_string()));
        }
        let milli = (number * 1000.0).round();
        if milli.abs() > Self::LIMIT as f64 {
            return Err(ValueError::OutOfRange(number.to_string()));
        }
        Ok(Self(milli as i64))
    }

    /// How far it is from another, either way.
    pub const fn distance(self, other: Self) -> Self {
        Self((self.0 - other.0).abs())
    }

    /// Rounded half away from zero to a multiple of `step` thousandths, as it will be printed.
    pub const fn rounded(self, step: i64) -> Self {
        let half = step / 2;
        let shifted = if self.0 < 0 { self.0 - half } else { self.0 + half };
        Self(shifted / step * step)
    }
}

impl std::ops::Add for Value {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Value {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Value {
    /// In the unit, with a point and without trailing zeros: `5.954`, `-0.05`, `12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, milli) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        let sign = if self.0 < 0 { "-" } else { "" };
        if milli == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{milli:03}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

impl FromStr for Value {
    type Err = ValueError;

    /// Reads a plain or scientific decimal (`5.954`, `-.5`, `1.2E2`) in the unit, rounding half away from zero to a
    /// thousandth. Plain decimals are read exactly, without passing through binary floating point.
    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        usual(text.as_bytes()).map_or_else(|| patient(text), Ok)
    }
}

/// Reads a number in the form that nearly every feed writes: up to seven digits, and up to three behind a point.
#[inline]
fn usual(text: &[u8]) -> Option<Value> {
    let (sign, digits) = text.strip_prefix(b"-").map_or((1, text), |digits| (-1, digits));
    if digits.len() > 11 {
        return None;
    }
    let (mut number, mut point) = (0, None);
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(place),
            _ => return None,
        }
    }
    let (whole, decimals) = point.map_or((digits.len(), 0), |point| (point, digits.len() - point - 1));
    let unit = [1000, 100, 10, 1].get(decimals)?;
    (1..=7).contains(&whole).then(|| Value(sign * number * unit))
}

/// Reads a number in any of its forms.
fn patient(text: &str) -> Result<Value, ValueError> {
    let not_a_number = || ValueError::NotANumber(text.chars().take(40).collect());
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let (mut milli, mut decimals, mut seen_point, mut seen_digit, mut round_up) = (0_i64, 0_u8, false, false, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen_digit = true;
                let digit = i64::from(byte - b'0');
                if seen_point && decimals == 3 {
                    round_up = digit >= 5;
                    decimals = 4;
                } else if decimals < 3 {
                    milli = milli * 10 + digit;
                    decimals += u8::from(seen_point);
                }
                if milli > Value::LIMIT {
                    return Err(ValueError::OutOfRange(text.chars().take(40).collect()));
                }
            }
            b'.' if !seen_point => seen_point = true,
            b'e' | b'E' if seen_digit => {
                return text.parse::<f64>().map_err(|_| not_a_number()).and_then(Value::from_f64);
            }
            _ => return Err(not_a_number()),
        }
    }
    if !seen_digit {
        return Err(not_a_number());
    }
    for _ in decimals.min(3)..3 {
        milli *= 10;
    }
    milli += i64::from(round_up);
    if milli > Value::LIMIT {
        return Err(ValueError::OutOfRange(text.chars().take(40).collect()));
    }
    Ok(Value(if negative { -milli } else { milli }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_feeds_write() {
        for (text, milli) in [
            ("5.954", 5954),
            ("-0.05", -50),
            (".5", 500),
            ("12", 12000),
            ("1.2E2", 120_000),
            ("0.9625", 963),
            ("+3.", 3000),
        ] {
            assert_eq!(text.parse::<Value>(), Ok(Value(milli)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in ["", "-", ".", "NaN", "inf", "1,5", "5.9 m", "--1", "e5", "1.2.3"] {
            assert!(matches!(text.parse::<Value>(), Err(ValueError::NotANumber(_))), "{text}");
        }
        assert!(matches!("99999999999".parse::<Value>(), Err(ValueError::OutOfRange(_))));
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(Value(5955).rounded(10), Value(5960));
        assert_eq!(Value(-5955).rounded(10), Value(-5960));
        assert_eq!(Value(5954).rounded(10), Value(5950));
    }

    proptest! {
        #[test]
        fn printing_and_reading_come_back(milli in -Value::LIMIT..=Value::LIMIT) {
            prop_assert_eq!(Value(milli).to_string().parse::<Value>(), Ok(Value(milli)));
            prop_assert_eq!(Value::from_f64(Value(milli).as_f64()), Ok(Value(milli)));
        }

        #[test]
        fn the_usual_form_is_read_as_any_other(text in "-?[0-9]{0,9}[.e]?[0-9]{0,5}[ -.]?") {
            if let Some(value) = usual(text.as_bytes()) {
                prop_assert_eq!(patient(&text), Ok(value), "{}", text);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,12}") {
            let _ = text.parse::<Value>();
        }
    }
}
