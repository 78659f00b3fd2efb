//! Numbers as people write them in different countries, brought to the one form that the shared readers know.

use std::borrow::Cow;

use crate::formats::document::clip;

/// How numbers are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Whether the decimals follow a comma, not a point.
    pub comma: bool,
    /// Words and signs for no value, beside those that the shared readers know.
    pub missing: Vec<String>,
}

impl Numbers {
    /// Whether a text without blanks around it stands for no value by the configuration's word.
    pub(super) fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|word| word == text)
    }

    /// The number with a point and without the blanks between its thousands.
    ///
    /// # Errors
    /// What is ambiguous about it.
    pub(super) fn plain<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, String> {
        if !self.comma && !text.contains(char::is_whitespace) {
            return Ok(Cow::Borrowed(text));
        }
        if self.comma && text.contains('.') {
            return Err(format!("`{}` has a point where decimals follow a comma", clip(text)));
        }
        let (whole, fraction) = text.split_once(if self.comma { ',' } else { '.' }).unwrap_or((text, ""));
        let (sign, digits) = whole.split_at(whole.len() - whole.trim_start_matches(['-', '+']).len());
        let mut groups = digits.split(char::is_whitespace);
        let first = groups.next().unwrap_or_default();
        let in_thousands = groups.clone().all(|group| group.len() == 3 && is_digits(group)) && first.len() <= 3;
        if groups.clone().next().is_some() && !(in_thousands && is_digits(first)) {
            return Err(format!("`{}` is not a decimal number", clip(text)));
        }
        let point = if fraction.is_empty() { "" } else { "." };
        let rest: String = groups.collect();
        Ok(Cow::Owned([sign, first, &rest, point, fraction].concat()))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use hydro::Value;
    use proptest::prelude::*;

    use super::*;

    /// A number as a country writes it.
    fn written(milli: i64, blank: &str, comma: bool) -> String {
        let plain = Value::from_milli(milli).to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
        let groups: Vec<String> = groups.iter().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let point = match (fraction, comma) {
            ("", _) => "",
            (_, true) => ",",
            (_, false) => ".",
        };
        format!("{sign}{}{point}{fraction}", groups.join(blank))
    }

    proptest! {
        #[test]
        fn numbers_of_every_country_come_back(
            milli in -Value::LIMIT..Value::LIMIT,
            blank in prop::sample::select(vec!["", " ", "\u{a0}", "\u{202f}", "\u{2009}"]),
            comma: bool,
        ) {
            let (numbers, text) = (Numbers { comma, missing: Vec::new() }, written(milli, blank, comma));
            let read = numbers.plain(&text).map(|plain| plain.parse::<Value>());
            prop_assert_eq!(read, Ok(Ok(Value::from_milli(milli))), "{}", text);
        }

        /// Nothing but blanks and a comma may change: no digit is lost, none comes from elsewhere, no point is taken for one.
        #[test]
        fn digits_stay(text in "[-0-9 .,]{0,8}", comma: bool) {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            if let Ok(plain) = (Numbers { comma, missing: Vec::new() }).plain(&text) {
                prop_assert_eq!(digits(&plain), digits(&text));
                prop_assert!(!comma || !text.contains('.'), "{}", text);
            }
        }
    }
}
