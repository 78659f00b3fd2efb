//! JSON as the formats here need it: a whole document, or one part of it whose fault takes nothing from the others, and
//! numbers by their digits, which never pass through binary.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::NotThisFormat;
use super::document::{Document, clip, shorten};

/// Reads a whole document, which must begin with this bracket.
///
/// # Errors
/// [`NotThisFormat`] with the place where the document stopped being one.
pub(super) fn document<'d, T: Deserialize<'d>>(document: &'d Document<'_>, bracket: char) -> Result<T, NotThisFormat> {
    let text = document.text();
    let start = document.offset_of(text.trim_start());
    if !text[start..].starts_with(bracket) {
        let expected = if bracket == '[' { "array" } else { "object" };
        let found = format!("`{}`, expected a JSON {expected}", clip(text[start..].trim()));
        return Err(document.refuse(start, found));
    }
    serde_json::from_str(text).map_err(|error| {
        let found = match error.classify() {
            Category::Eof => "the document ends inside a JSON value".into(),
            _ => fault(&error),
        };
        NotThisFormat { place: (position(error.line()), position(error.column())), ..document.refuse(0, found) }
    })
}

/// Reads an object within a document.
///
/// # Errors
/// What is wrong with it.
pub(super) fn object<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, String> {
    // Serde would take an array for a struct, its elements for the fields in turn.
    if !json.get().starts_with('{') {
        return Err(format!("`{}`, expected an object", clip(json.get())));
    }
    part(json)
}

/// Reads any part of a document.
///
/// # Errors
/// What is wrong with it.
pub(super) fn part<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, String> {
    serde_json::from_str(json.get()).map_err(|error| fault(&error))
}

/// Whether a key is there at all: `None` is one that is not, one that is null is there.
pub(super) fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The digits of a number, or of a string that holds one. Any other JSON is as it stands, for the reader of values to
/// refuse; null and what is not there are empty.
pub(super) fn number(json: Option<&RawValue>) -> &str {
    match json.map_or("null", RawValue::get) {
        "null" => "",
        json => json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(json),
    }
}

/// A string's text or a number's digits; nothing of null, of a truth value, of an array and of an object.
pub(super) fn plain(json: Option<&RawValue>) -> Option<Cow<'_, str>> {
    match json?.get() {
        text if text.starts_with('"') => part::<Text<'_>>(json?).ok().map(|Text(text)| text),
        number if number.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => Some(number.into()),
        _ => None,
    }
}

/// A string that is borrowed where nothing in it is escaped. Serde would copy each one that may be missing.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

/// What is wrong, without the place, which is counted from the wrong beginning for a part of a document.
fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    shorten(text.rsplit_once(" at line ").map_or(text.as_str(), |(fault, _)| fault), 200)
}

fn position(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).max(1)
}
