//! Rows of comma-separated values: which bytes of a document are which row and field, however its lines end.

use proptest::prelude::*;

use crate::formats::Format;
use crate::formats::document::{Document, LineCounter};
use crate::formats::rows::Rows;

/// Each row's line, offset and fields.
fn rows(text: &str) -> Vec<(u32, usize, Vec<String>)> {
    let document = Document::open(&Format::EcccCsv, text.as_bytes()).expect("a document");
    let (mut rows, mut lines) = (Rows::of(&document), LineCounter::new(document.text()));
    let mut found = Vec::new();
    while let Some(row) = rows.next() {
        let fields = (0..row.len()).map(|column| row.field(column).to_owned()).collect();
        found.push((lines.line_at(row.offset), row.offset, fields));
    }
    found
}

fn row(line: u32, offset: usize, fields: &[&str]) -> (u32, usize, Vec<String>) {
    (line, offset, fields.iter().map(|&field| field.to_owned()).collect())
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["", "\n"] {
        let text = format!("a,b\nc,d{end}");
        assert_eq!(rows(&text), [row(1, 0, &["a", "b"]), row(2, 4, &["c", "d"])], "{text:?}");
    }
    for end in ["", "\r\n"] {
        let text = format!("a,b\r\nc,d{end}");
        assert_eq!(rows(&text), [row(1, 0, &["a", "b"]), row(2, 5, &["c", "d"])], "{text:?}");
    }
    let mixed = "\r\n\na,b\r\n\r\n\n  \nc,d\n\r\ne\r\n\r\n";
    assert_eq!(rows(mixed), [row(3, 3, &["a", "b"]), row(7, 14, &["c", "d"]), row(9, 20, &["e"])]);
    assert_eq!(rows("a,b\rc,d\ne"), [row(1, 0, &["a", "b"]), row(1, 4, &["c", "d"]), row(2, 8, &["e"])]);
}

#[test]
fn a_field_loses_the_quotes_around_the_whole_of_it() {
    let text = "\"a\", \" b \" ,\"c,d\",e\"f\",\"\"\n\",\"g\"";
    assert_eq!(rows(text), [row(1, 0, &["a", "b", "\"c", "d\"", "e\"f\"", ""]), row(2, 26, &["\"", "g"])]);
}

#[test]
fn a_row_of_empty_fields_is_a_row() {
    assert_eq!(rows(",\n\"\"\n,,"), [row(1, 0, &["", ""]), row(2, 2, &[""]), row(3, 5, &["", "", ""])]);
}

fn line() -> impl Strategy<Value = (String, &'static str)> {
    (prop_oneof![Just(String::new()), "[a-zé ,\"]{0,30}", "[a-z,]{500}"], prop::sample::select(vec!["\n", "\r\n"]))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // Long documents, so that rows and line ends fall across the reader's buffer of 8 KiB.
    #[test]
    fn every_line_that_says_something_is_a_row_with_its_place(lines in prop::collection::vec(line(), 1..60)) {
        let text: String = lines.iter().map(|(line, end)| format!("{line}{end}")).collect();
        prop_assume!(!text.trim().is_empty());
        let document = Document::open(&Format::EcccCsv, text.as_bytes()).expect("a document");
        let mut rows = Rows::of(&document);
        let mut counter = LineCounter::new(document.text());
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let row = rows.next().expect("a row of each line");
            prop_assert_eq!((counter.line_at(row.offset), document.line_from(row.offset)), (number, line));
            prop_assert_eq!(row.len(), line.split(',').count());
            for (column, field) in line.split(',').enumerate() {
                prop_assert!(text[row.offset_of(column)..].starts_with(field), "{}", field);
                prop_assert!(field.contains(row.field(column)), "{}", field);
            }
        }
        prop_assert!(rows.next().is_none());
    }

    /// The rows of the general reader of comma-separated values, told that quotes mean nothing.
    #[test]
    fn rows_are_those_of_the_general_reader(text in "[a-c ,\"\r\né\t]{1,80}") {
        prop_assume!(!text.trim().is_empty());
        let mut general = csv::ReaderBuilder::new();
        general.has_headers(false).flexible(true).quoting(false).terminator(csv::Terminator::CRLF);
        let general: Vec<csv::StringRecord> =
            general.from_reader(text.as_bytes()).records().map(|record| record.expect("a row")).collect();
        let is_blank = |row: &csv::StringRecord| row.len() == 1 && row[0].trim().is_empty();
        let trimmed = |field: &str| {
            let field = field.trim_ascii();
            field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field).trim_ascii().to_owned()
        };
        let expected: Vec<Vec<String>> =
            general.iter().filter(|row| !is_blank(row)).map(|row| row.iter().map(trimmed).collect()).collect();
        let found: Vec<Vec<String>> = rows(&text).into_iter().map(|(_, _, fields)| fields).collect();
        prop_assert_eq!(found, expected);
    }
}
