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
