//! The kinds of value that settings have: texts by language, heights, degrees, counts, addresses.

use std::collections::BTreeMap;

use hydro::{LocalText, Parameter, Value};
use ingest::Url;

use super::reader::Field;

/// Heights that a river on this earth can have, in metres: from the Dead Sea's shore to the highest mountain's top.
const HEIGHTS: std::ops::RangeInclusive<Value> = Value::from_milli(-500_000)..=Value::from_milli(9_000_000);

/// Discharges that a river can have, in cubic metres a second: the Amazon's greatest floods carry less than 400,000, and
/// where the tide turns a river about, as much may run upstream.
const DISCHARGES: std::ops::RangeInclusive<Value> = Value::from_milli(-500_000_000)..=Value::from_milli(500_000_000);

impl Field<'_> {
    /// A height in metres, or a discharge in cubic metres a second.
    pub(super) fn amount(&self, parameter: Parameter) -> Option<Value> {
        let (unit, amount) = (parameter.unit(), self.numeral()?.parse::<Value>());
        let (possible, what) = match parameter {
            Parameter::Level => (HEIGHTS, "height"),
            Parameter::Discharge => (DISCHARGES, "discharge"),
        };
        match amount {
            Ok(amount) if possible.contains(&amount) => Some(amount),
            Ok(amount) => self.refuse(format!(
                "{amount} {unit} is no {what} of a river: expected {} to {} {unit}",
                possible.start(),
                possible.end()
            )),
            Err(error) => self.refuse(error),
        }
    }

    /// A length, a discharge or the speed of one, within bounds.
    pub(super) fn within(&self, [least, most]: [Value; 2], parameter: Parameter) -> Option<Value> {
        let unit = parameter.unit();
        match self.numeral()?.parse::<Value>() {
            Ok(amount) if (least..=most).contains(&amount) => Some(amount),
            Ok(amount) => self.refuse(format!("{amount} {unit} is out of range: expected {least} to {most} {unit}")),
            Err(error) => self.refuse(error),
        }
    }

    /// Degrees within `±limit`.
    pub(super) fn degrees(&self, limit: f64) -> Option<f64> {
        let numeral = self.numeral()?;
        let degrees = numeral.parse().ok().filter(|degrees: &f64| degrees.abs() <= limit);
        degrees.or_else(|| self.refuse(format!("`{numeral}` is not in degrees: expected -{limit} to {limit}")))
    }

    /// A whole number from 1 to a limit.
    pub(super) fn count(&self, limit: usize) -> Option<usize> {
        let numeral = self.numeral()?;
        let count = numeral.parse().ok().filter(|count| (1..=limit).contains(count));
        count.or_else(|| self.refuse(format!("expected a whole number from 1 to {limit}, found `{numeral}`")))
    }

    /// A year of which a flood can be known.
    pub(super) fn year(&self) -> Option<i16> {
        let numeral = self.numeral()?;
        let year = numeral.parse().ok().filter(|year| (1000..=9999).contains(year));
        year.or_else(|| self.refuse(format!("expected a year of four digits, found `{numeral}`")))
    }

    /// A text for every language, or a text in each: `{ en = "…", fr = "…" }`. The first such text, the site's title,
    /// says which languages there are; a text that lacks one of them would be shown in the wrong language.
    pub(super) fn local_text(&self) -> Option<LocalText> {
        if !self.is_table() {
            return self.text().map(LocalText::same);
        }
        let texts = self.table(|table| {
            let mut texts = BTreeMap::new();
            for language in table.keys() {
                texts.insert(language.to_owned(), table.find(language)?.text()?.to_owned());
            }
            Some(texts)
        })??;
        let languages: Vec<String> = texts.keys().cloned().collect();
        let expected = self.report().languages.get_or_init(|| languages.clone());
        if languages.is_empty() || languages != *expected {
            let (expected, found) = (expected.join(", "), languages.join(", "));
            return self
                .refuse(format!("expected a text in each language of the site's title, {expected}; found {found}"));
        }
        Some(LocalText::each(texts))
    }

    /// An address of the web, with a text for each language where they differ.
    pub(super) fn pages(&self, schemes: &[&str]) -> Option<LocalText> {
        let texts = self.local_text()?;
        let wrong = texts.all().find_map(|text| url(text, schemes).err());
        if let Some(error) = wrong { self.refuse(error) } else { Some(texts) }
    }
}

/// What an address in a page or of a feed may begin with.
pub(super) const WEB: [&str; 2] = ["http", "https"];

/// Reads an address of one of some schemes.
///
/// # Errors
/// A sentence with what was found and what was expected.
pub(super) fn url(text: &str, schemes: &[&str]) -> Result<Url, String> {
    let expected = || format!("expected an address that begins with {}:", schemes.join(": or "));
    let url = Url::parse(text).map_err(|error| format!("`{text}` is not an address: {error}; {}", expected()))?;
    if schemes.contains(&url.scheme()) { Ok(url) } else { Err(format!("`{text}`: {}", expected())) }
}
