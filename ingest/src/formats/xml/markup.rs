//! The three things of which nearly every document nearly wholly consists, read by hand: opening tags, the closing tag of
//! the element that is open, and text without references. All else is for the general reader: comments, CDATA,
//! declarations, references, and whatever is broken.

use memchr::{memchr, memchr2, memchr3_iter};

/// What stands at one place of a document.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::formats) enum Markup<'d> {
    /// `<…>`, or `<…/>`: what is inside, and whether the element is closed with it.
    Open { inside: &'d str, is_empty: bool },
    /// The closing tag of the element that is open, letter by letter.
    Close,
    /// Text up to the next tag, reference or the end.
    Text(&'d str),
}

/// What begins a text within the element of this name, and how many bytes it takes. `None` of what is not read by hand,
/// which begins with `<` or `&`.
pub(in crate::formats) fn first<'d>(text: &'d str, open: Option<&str>) -> Option<(Markup<'d>, usize)> {
    match text.as_bytes() {
        [b'<', b'/', ..] => {
            let name = open?;
            let is_its = text[2..].strip_prefix(name).is_some_and(|rest| rest.starts_with('>'));
            is_its.then_some((Markup::Close, name.len() + 3))
        }
        [b'&', ..] | [b'<', b'!' | b'?', ..] | [] => None,
        [b'<', rest @ ..] => {
            let end = end_of_tag(rest)?;
            let inside = &text[1..=end];
            let empty = inside.strip_suffix('/');
            Some((Markup::Open { inside: empty.unwrap_or(inside), is_empty: empty.is_some() }, end + 2))
        }
        bytes => {
            let end = memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
            Some((Markup::Text(&text[..end]), end))
        }
    }
}

/// The first `>` that does not stand in quotes.
fn end_of_tag(bytes: &[u8]) -> Option<usize> {
    let first = memchr(b'>', bytes)?;
    // Nearly always it is the first of all: counting quotes is faster than following them.
    let (mut inside, mut single) = (false, false);
    for &byte in &bytes[..first] {
        inside ^= byte == b'"';
        single |= byte == b'\'';
    }
    if !inside && !single {
        return Some(first);
    }
    let mut quote = None;
    for place in memchr3_iter(b'>', b'"', b'\'', bytes) {
        match (quote, bytes[place]) {
            (None, b'>') => return Some(place),
            (None, found) => quote = Some(found),
            (Some(open), found) if open == found => quote = None,
            _ => {}
        }
    }
    None
}
