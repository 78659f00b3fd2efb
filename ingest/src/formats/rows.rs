//! The rows of comma-separated values, one line each whatever stands in it. Quotes mean nothing to the reader: to a reader
//! that obeys them (RFC 4180), one stray quote would hide the rest of the file in a single field; here it harms its own
//! row. A field that is quoted in full loses its quotes.

use csv::{Reader, ReaderBuilder, StringRecord, Terminator};

use super::NotThisFormat;
use super::document::Document;

/// The rows of a document that are not blank, in its order.
pub(super) struct Rows<'d> {
    document: &'d Document<'d>,
    reader: Reader<&'d [u8]>,
    /// The row at hand, its memory used again by the next one.
    record: StringRecord,
}

impl<'d> Rows<'d> {
    /// At the beginning of a document.
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .quoting(false)
            .terminator(Terminator::CRLF)
            .from_reader(document.text().as_bytes());
        Self { document, reader, record: StringRecord::new() }
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// [`NotThisFormat`] should the reader fail, so that what it did not read never passes for what is not there.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, NotThisFormat> {
        loop {
            let from = byte(self.reader.position());
            let read = self.reader.read_record(&mut self.record);
            if !read.map_err(|error| self.document.refuse(from, error.to_string()))? {
                return Ok(None);
            }
            if self.record.len() > 1 || self.record.iter().any(|field| !field.trim().is_empty()) {
                break;
            }
        }
        Ok(Some(Row { offset: self.start(), record: &self.record }))
    }

    /// Where the row at hand begins. The reader counts from the end of the row before, and takes the second half of a
    /// CRLF and blank lines for a part of what follows.
    fn start(&self) -> usize {
        let from = self.record.position().map_or(0, byte);
        let ahead = self.document.text().as_bytes().get(from..).unwrap_or_default();
        from + ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'r> {
    /// Where it begins in the document, in bytes.
    pub(super) offset: usize,
    record: &'r StringRecord,
}

impl<'r> Row<'r> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.record.len()
    }

    /// One field without blanks and quotes around it; empty where the row is shorter.
    pub(super) fn field(&self, column: usize) -> &'r str {
        self.record.get(column).map_or("", plain)
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
        self.offset + self.record.range(column).map_or(0, |range| range.start + column)
    }
}

fn plain(field: &str) -> &str {
    let text = field.trim_ascii();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map_or(text, str::trim_ascii)
}

fn byte(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}
