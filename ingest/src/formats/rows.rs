//! The rows of comma-separated values, one line each whatever stands in it. Quotes mean nothing to the reader: to a reader
//! that obeys them (RFC 4180), one stray quote would hide the rest of the file in a single field; here it harms its own
//! row. A field that is quoted in full loses its quotes.

use super::document::Document;

/// The rows of a document that are not blank, in its order.
pub(super) struct Rows<'d> {
    text: &'d str,
    /// Where what has not been read yet begins.
    rest: usize,
    /// Where the fields of the row at hand end. Its memory is used again by the next one.
    ends: Vec<usize>,
}

impl<'d> Rows<'d> {
    /// At the beginning of a document. Some are written with a second byte order mark.
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let text = document.text();
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, rest: document.offset_of(rest), ends: Vec::new() }
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Row<'_>> {
        loop {
            let from = self.rest;
            let offset = from + self.text.as_bytes().get(from..)?.iter().position(|byte| !is_line_end(*byte))?;
            let end = self.split(offset);
            if self.ends.len() > 1 || !self.text[offset..end].trim().is_empty() {
                return Some(Row { offset, text: self.text, ends: &self.ends });
            }
        }
    }

    /// Finds the fields of the row that begins at an offset. Returns where it ends.
    fn split(&mut self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        self.ends.clear();
        let mut ends_row = |place: usize| {
            if bytes[place] == b',' {
                self.ends.push(place);
            }
            is_line_end(bytes[place])
        };
        let (mut place, mut end) = (offset, None);
        while end.is_none()
            && let Some(word) = bytes[place..].first_chunk()
        {
            end = marked(low(u64::from_le_bytes(*word))).map(|index| place + index).find(|&place| ends_row(place));
            place += word.len();
        }
        self.rest = end.or_else(|| (place..bytes.len()).find(|&place| ends_row(place))).unwrap_or(bytes.len());
        self.ends.push(self.rest);
        self.rest
    }
}

/// Marks, of eight bytes at once, those up to the comma in ASCII: the commas, the ends of lines and the few others that a
/// row may have. Fields are too short for a search from one comma to the next.
fn low(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    word.wrapping_sub(EACH * (u64::from(b',') + 1)) & !word & (EACH << 7)
}

/// The places of the bytes that are marked, by their highest bits.
fn marked(mut marks: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = marks.trailing_zeros() as usize / 8;
        (marks != 0).then(|| marks &= marks - 1).map(|()| place)
    })
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'r> {
    /// Where it begins in the document, in bytes.
    pub(super) offset: usize,
    text: &'r str,
    ends: &'r [usize],
}

impl<'r> Row<'r> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// One field without blanks and quotes around it; empty where the row is shorter.
    #[inline]
    pub(super) fn field(&self, column: usize) -> &'r str {
        self.ends.get(column).map_or("", |&end| plain(&self.text[self.offset_of(column)..end]))
    }

    /// Whether it has so many fields; the error says how many it has.
    pub(super) fn must_have(&self, count: usize) -> Result<(), String> {
        match self.len() {
            found if found == count => Ok(()),
            found => Err(format!("{found} fields, expected {count}")),
        }
    }

    /// Where a field begins in the document, in bytes. Nothing but a comma stands between two fields.
    pub(super) fn offset_of(&self, column: usize) -> usize {
        let before = column.checked_sub(1).and_then(|before| self.ends.get(before));
        before.map_or(self.offset, |end| end + 1)
    }
}

fn plain(field: &str) -> &str {
    // Blanks and quotes are the lowest of all: nearly every field shows at once that it has none.
    if let ([first, ..], [.., last]) = (field.as_bytes(), field.as_bytes())
        && *first.min(last) > b'"'
    {
        return field;
    }
    let text = field.trim_ascii();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map_or(text, str::trim_ascii)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
