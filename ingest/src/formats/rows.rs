//! The rows of comma-separated values, one line each whatever stands in it. Quotes mean nothing to the reader: to a reader
//! that obeys them (RFC 4180), one stray quote would hide the rest of the file in a single field; here it harms its own
//! row. A field that is quoted in full loses its quotes.

use store::Breath;

use super::document::Document;

/// The rows of a document that are not blank, in its order.
#[derive(Debug)]
pub(super) struct Rows<'d> {
    text: &'d str,
    /// Where what has not been read yet begins.
    rest: usize,
    /// Where the fields of the row at hand end. Its memory is used again by the next one.
    ends: Vec<usize>,
    /// Where the 64 bytes at hand begin, and which of them are marked and still to be looked at, from the lowest bit on.
    block: usize,
    marks: u64,
    breath: Breath,
}

impl<'d> Rows<'d> {
    /// At the beginning of a document. Some are written with a second byte order mark.
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let text = document.text();
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text,
            rest: document.offset_of(rest),
            ends: Vec::new(),
            block: 0,
            marks: mark(text.as_bytes()),
            breath: Breath::default(),
        }
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Row<'_>> {
        loop {
            let from = self.rest;
            let offset = from + self.text.as_bytes().get(from..)?.iter().position(|byte| !is_line_end(*byte))?;
            let end = self.split(offset);
            self.breath.after(end - from);
            if self.ends.len() > 1 || !self.text[offset..end].trim().is_empty() {
                return Some(Row { offset, rows: self });
            }
        }
    }

    /// Finds the fields of the row that begins at an offset. Returns where it ends.
    fn split(&mut self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        // Variables of their own stay in registers.
        let (mut block, mut marks) = (self.block, self.marks);
        self.ends.clear();
        self.rest = loop {
            if marks == 0 {
                block += 64;
                if block >= bytes.len() {
                    break bytes.len();
                }
                marks = mark(&bytes[block..]);
                continue;
            }
            let place = block + marks.trailing_zeros() as usize;
            marks &= marks - 1;
            if bytes[place] == b',' {
                self.ends.push(place);
            } else if place > offset && is_line_end(bytes[place]) {
                break place;
            }
        };
        (self.block, self.marks) = (block, marks);
        self.ends.push(self.rest);
        self.rest
    }
}

/// Marks, of up to 64 bytes, those up to the comma in ASCII: the commas, the ends of lines and the few others that a row may
/// have. Fields are too short for a search from one comma to the next.
fn mark(bytes: &[u8]) -> u64 {
    let mut last = [u8::MAX; 64];
    let block = bytes.first_chunk().unwrap_or_else(|| {
        last[..bytes.len()].copy_from_slice(bytes);
        &last
    });
    let words = block.as_chunks().0.iter().rev();
    words.fold(0, |marks, &word| marks << 8 | mark_word(u64::from_le_bytes(word)))
}

/// Marks, of eight bytes, those up to the comma.
fn mark_word(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let highest = word.wrapping_sub(EACH * (u64::from(b',') + 1)) & !word & (EACH << 7);
    // The highest bits of the eight bytes are brought together in one.
    (highest >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'r> {
    /// Where it begins in the document, in bytes.
    pub(super) offset: usize,
    rows: &'r Rows<'r>,
}

impl<'r> Row<'r> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.rows.ends.len()
    }

    /// One field without blanks and quotes around it; empty where the row is shorter.
    #[inline]
    pub(super) fn field(&self, column: usize) -> &'r str {
        self.rows.ends.get(column).map_or("", |&end| plain(&self.rows.text[self.offset_of(column)..end]))
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
        let before = column.checked_sub(1).and_then(|before| self.rows.ends.get(before));
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
