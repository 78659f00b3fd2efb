//! Levels, discharges, distances and rates: how far each is rounded, and how it is written.

use hydro::{Parameter, Station, Thresholds, Trend, Value};

use super::Reader;
use crate::lang::fill;

/// A space that keeps a number and its unit on one line.
const NBSP: &str = "\u{a0}";

impl Reader<'_> {
    /// A number of the unit with so many decimals: `5.95`, `5,95`.
    fn number(&self, value: Value, decimals: usize) -> String {
        let step = [1000, 100, 10, 1][decimals.min(3)];
        let rounded = value.rounded(step);
        let milli = rounded.milli().unsigned_abs();
        let mut text = String::with_capacity(16);
        if rounded.milli() < 0 {
            text.push('\u{2212}');
        }
        let mut digits = itoa::Buffer::new();
        text.push_str(digits.format(milli / 1000));
        if decimals > 0 {
            text.push_str(&self.texts.decimal_mark);
            // With a digit before them, which is left out, the thousandths keep their zeros.
            text.push_str(&digits.format(1000 + milli % 1000)[1..=decimals.min(3)]);
        }
        text
    }

    /// The same with its thousands set apart: `1,240`, `1 240`.
    fn grouped(&self, value: Value, decimals: usize) -> String {
        let plain = self.number(value, decimals);
        let (sign, digits) = plain.strip_prefix('\u{2212}').map_or(("", plain.as_str()), |digits| ("\u{2212}", digits));
        let whole = digits.split_once(self.texts.decimal_mark.as_str()).map_or(digits, |(whole, _)| whole);
        let (mut text, places) = (sign.to_owned(), whole.len());
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (places - i).is_multiple_of(3) {
                text.push_str(&self.texts.group_mark);
            }
            text.push(digit);
        }
        text + &digits[places..]
    }

    /// A value of the station without its unit, rounded with respect to its thresholds: `5.95`, `1,240`.
    pub(crate) fn figure(&self, value: Value, station: &Station) -> String {
        let rounded = shown(value, station);
        match station.parameter() {
            Parameter::Level => self.number(rounded, 2),
            Parameter::Discharge => self.grouped(rounded, decimals(step(rounded, 3)).max(decimals(exact(rounded)))),
        }
    }

    /// A value of the station, rounded with respect to its thresholds: `5.95 m`, `1,240 m³/s`.
    pub(crate) fn level(&self, value: Value, station: &Station) -> String {
        self.figure(value, station) + NBSP + unit(station.parameter())
    }

    /// A height, a discharge or the distance of two as it is stated somewhere: a height to the centimetre, a discharge
    /// with every digit that it has.
    pub(crate) fn stated(&self, value: Value, parameter: Parameter) -> String {
        let number = match parameter {
            Parameter::Level => self.number(value, 2),
            Parameter::Discharge => self.grouped(value, decimals(exact(value))),
        };
        number + NBSP + unit(parameter)
    }

    /// How far two values are apart that are not both exact: a discharge to two digits.
    pub(crate) fn difference(&self, value: Value, parameter: Parameter) -> String {
        match parameter {
            Parameter::Level => self.stated(value, parameter),
            Parameter::Discharge => self.stated(value.rounded(step(value, 2)), parameter),
        }
    }

    /// A rate: of a level in centimetres, half a centimetre where it is slow, of a discharge to two digits: `4 cm`, `0.5 cm`,
    /// `12 m³/s`.
    fn rate(&self, per_hour: Value, parameter: Parameter) -> String {
        if parameter == Parameter::Discharge {
            return self.difference(per_hour, parameter);
        }
        let centimetres = Value::from_milli(per_hour.milli() * 100);
        let decimals = usize::from(per_hour.milli() < 10);
        format!("{}{NBSP}cm", self.number(centimetres, decimals))
    }

    /// `rising 4 cm/h`, `rising 12 m³/s an hour`.
    pub(crate) fn trend(&self, trend: Trend, parameter: Parameter) -> String {
        let texts = &self.texts.trend;
        let (rising, falling) = match parameter {
            Parameter::Level => (&texts.rising, &texts.falling),
            Parameter::Discharge => (&texts.rising_discharge, &texts.falling_discharge),
        };
        match trend {
            Trend::Rising(rate) => fill(rising, &[("rate", &self.rate(rate, parameter))]),
            Trend::Falling(rate) => fill(falling, &[("rate", &self.rate(rate, parameter))]),
            Trend::Steady => texts.steady.clone(),
        }
    }

    /// The word for what is measured, inside a sentence: `level`, `discharge`.
    pub(crate) fn quantity(&self, parameter: Parameter) -> &str {
        match parameter {
            Parameter::Level => &self.texts.quantity.level,
            Parameter::Discharge => &self.texts.quantity.discharge,
        }
    }
}

/// A level rounded to a centimetre, but never up to a threshold that it has not reached.
fn to_centimetre(value: Value, thresholds: Option<&Thresholds>) -> Value {
    let rounded = value.rounded(10);
    match thresholds {
        Some(set) if set.reached(rounded) > set.reached(value) => rounded - Value::from_milli(10),
        _ => rounded,
    }
}

/// A discharge rounded to three digits, which is what a rating curve bears; as many more as tell it from a threshold that
/// it has not reached, or that it has.
fn to_three_digits(value: Value, thresholds: Option<&Thresholds>) -> Value {
    let mut step = step(value, 3);
    loop {
        let rounded = value.rounded(step);
        let misleads = |set: &Thresholds| {
            set.reached(rounded) != set.reached(value) || set.iter().any(|named| named.value == value)
        };
        if step == 1 || !thresholds.is_some_and(misleads) {
            return rounded;
        }
        step /= 10;
    }
}

/// What a value of the station is rounded to where it is shown.
pub(crate) fn shown(value: Value, station: &Station) -> Value {
    match station.parameter() {
        Parameter::Level => to_centimetre(value, station.thresholds.as_ref()),
        Parameter::Discharge => to_three_digits(value, station.thresholds.as_ref()),
    }
}

/// A unit as readers know it.
pub(crate) const fn unit(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Level => "m",
        Parameter::Discharge => "m\u{b3}/s",
    }
}

/// The thousandths of which a number of so many digits is a multiple; nothing at all is a whole number.
fn step(value: Value, digits: u32) -> i64 {
    let (mut step, most) = (if value.milli() == 0 { 1000 } else { 1 }, 10_i64.pow(digits));
    while value.milli().abs() / step >= most {
        step *= 10;
    }
    step
}

/// How many decimals it takes to write a multiple of so many thousandths.
const fn decimals(step: i64) -> usize {
    match step {
        1 => 3,
        10 => 2,
        100 => 1,
        _ => 0,
    }
}

/// The largest power of ten of thousandths, up to a whole, of which a value is a multiple.
fn exact(value: Value) -> i64 {
    [1000, 100, 10].into_iter().find(|step| value.milli() % step == 0).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use hydro::{LocalText, Scheme, Zone};

    use super::*;
    use crate::format::tests::reader;

    static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(|| Zone::UTC);

    #[test]
    fn heights_and_rates_in_both_languages() {
        let (en, fr) = (reader("en", &UTC, "2026-04-18T00:00:00Z"), reader("fr", &UTC, "2026-04-18T00:00:00Z"));
        assert_eq!(en.stated(Value::from_milli(5954), Parameter::Level), "5.95\u{a0}m");
        assert_eq!(fr.stated(Value::from_milli(-56), Parameter::Level), "\u{2212}0,06\u{a0}m");
        assert_eq!(en.rate(Value::from_milli(43), Parameter::Level), "4\u{a0}cm");
        assert_eq!(fr.rate(Value::from_milli(7), Parameter::Level), "0,7\u{a0}cm");
    }

    #[test]
    fn discharges_have_three_digits_and_their_thousands_apart() {
        let (en, fr) = (reader("en", &UTC, "2026-04-18T00:00:00Z"), reader("fr", &UTC, "2026-04-18T00:00:00Z"));
        let station = of_discharge(&[("advisory", 1_275_000), ("flood", 2_000_000)]);
        let said = |milli: i64| {
            [&en, &fr].map(|reader| reader.level(Value::from_milli(milli), &station).replace('\u{a0}', "_"))
        };
        assert_eq!(said(304_232), ["304_m³/s", "304_m³/s"]);
        assert_eq!(said(1_238_000), ["1,240_m³/s", "1_240_m³/s"]);
        assert_eq!(said(12_345_678), ["12,300_m³/s", "12_300_m³/s"]);
        assert_eq!(said(5_400), ["5.40_m³/s", "5,40_m³/s"]);
        assert_eq!(said(12), ["0.012_m³/s", "0,012_m³/s"]);
        assert_eq!(said(-54_210), ["\u{2212}54.2_m³/s", "\u{2212}54,2_m³/s"]);
        assert_eq!(said(0)[0], "0_m³/s");
        assert_eq!(said(1_275_000)[0], "1,275_m³/s", "a threshold as it is stated");
        assert_eq!(said(1_274_900)[0], "1,270_m³/s");
        assert_eq!(said(1_999_600)[0], "1,999.6_m³/s", "the threshold is not reached");
        assert_eq!(en.stated(Value::from_milli(35_000), Parameter::Discharge), "35\u{a0}m³/s");
        assert_eq!(en.rate(Value::from_milli(12_345), Parameter::Discharge), "12\u{a0}m³/s");
    }

    fn of_discharge(thresholds: &[(&str, i64)]) -> Station {
        let heights = thresholds.iter().map(|&(name, milli)| (name, Value::from_milli(milli)));
        let source = hydro::Source {
            feed: hydro::FeedId::new("f").unwrap(),
            location: "1".to_owned(),
            parameter: Parameter::Discharge,
            datum_offset: Value::from_milli(0),
        };
        let thresholds = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).ok();
        Station { thresholds, sources: vec![source], ..crate::sentence::tests::station() }
    }

    #[test]
    fn rounding_never_reaches_a_threshold_that_the_water_has_not() {
        let heights = [("flood", Value::from_milli(4000))];
        let set = Thresholds::new(Scheme::NewBrunswick, heights, LocalText::same("GNB"), None).unwrap();
        assert_eq!(to_centimetre(Value::from_milli(3998), Some(&set)), Value::from_milli(3990));
        assert_eq!(to_centimetre(Value::from_milli(4004), Some(&set)), Value::from_milli(4000));
        assert_eq!(to_centimetre(Value::from_milli(3998), None), Value::from_milli(4000));
    }
}
