//! One line of delimited text as cells. Quotes are obeyed (RFC 4180), but none reaches beyond its line: a stray one harms
//! its own row and hides no other.

use std::borrow::Cow;

use super::Delimiter;
use crate::formats::document::clip;

/// Reads the cells of a line, without blanks and quotes around them, in place of what `cells` held.
///
/// # Errors
/// What is wrong with its quotes.
pub(super) fn split<'l>(line: &'l str, delimiter: Delimiter, cells: &mut Vec<Cow<'l, str>>) -> Result<(), String> {
    cells.clear();
    let delimiter = match delimiter {
        Delimiter::Blanks => {
            cells.extend(line.split_whitespace().map(Cow::Borrowed));
            return Ok(());
        }
        Delimiter::Character(delimiter) => delimiter,
    };
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (cell, after) = match text.trim_start_matches(' ').strip_prefix('"') {
            Some(quoted) => until_quote(quoted, delimiter)?,
            None => match text.split_once(delimiter) {
                Some((cell, after)) => (Cow::Borrowed(cell.trim()), Some(after)),
                None => (Cow::Borrowed(text.trim()), None),
            },
        };
        cells.push(cell);
        rest = after;
    }
    Ok(())
}

/// What stands before the closing quote, and the line after the delimiter that follows. Two quotes are one of the text.
fn until_quote(text: &str, delimiter: char) -> Result<(Cow<'_, str>, Option<&str>), String> {
    let unclosed = || format!("a quote that is not closed: `\"{}`", clip(text));
    let mut from = 0;
    let end = loop {
        let quote = from + text.get(from..).and_then(|rest| rest.find('"')).ok_or_else(unclosed)?;
        if !text[quote + 1..].starts_with('"') {
            break quote;
        }
        from = quote + 2;
    };
    let (inside, after) = (text[..end].trim(), text[end + 1..].trim_start_matches(' '));
    let cell = if inside.contains('"') { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    match after.strip_prefix(delimiter) {
        Some(after) => Ok((cell, Some(after))),
        None if after.trim_end().is_empty() => Ok((cell, None)),
        None => Err(format!("`{}` after a closing quote", clip(after))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_come_back_from_quotes(texts in prop::collection::vec("[a-z0-9\",;. é]{0,6}", 1..6), quoted: bool) {
            let needs_quotes = |text: &str| quoted || text.contains([';', '"']);
            let cell = |text: &String| {
                if needs_quotes(text) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
            };
            let line = texts.iter().map(cell).collect::<Vec<_>>().join(";");
            let mut cells = Vec::new();
            prop_assert_eq!(split(&line, Delimiter::Character(';'), &mut cells), Ok(()));
            prop_assert_eq!(cells, texts.iter().map(|text| text.trim()).collect::<Vec<_>>());
        }

        #[test]
        fn any_line_is_read_or_refused(line in ".{0,20}") {
            for delimiter in [Delimiter::Character(','), Delimiter::Character('\t'), Delimiter::Blanks] {
                let mut cells = Vec::new();
                let read = split(&line, delimiter, &mut cells);
                prop_assert!(read.is_err() || cells.iter().all(|cell| cell.len() <= line.len()));
            }
        }
    }
}
