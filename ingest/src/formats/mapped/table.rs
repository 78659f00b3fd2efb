//! Delimited text: the layout of a table, and its reader.

use std::borrow::Cow;
use std::fmt;

use super::gather::Gathering;
use super::{Mapping, cells};
use crate::formats::document::{Document, shorten};
use crate::formats::{Format, NotThisFormat, Parsed};

/// The form of a table. Text is UTF-8, or windows-1252 where it is not.
#[derive(Debug, Clone, PartialEq)]
pub struct TableLayout {
    /// What stands between two cells.
    pub delimiter: Delimiter,
    /// Lines before the header, or before the rows where there is none.
    pub skip: usize,
    /// Whether the first line after those names the columns.
    pub header: bool,
    /// How lines begin that are passed over.
    pub comment: Option<String>,
    /// Columns whose empty cells repeat the one above.
    pub fill_down: Vec<Column>,
    /// What the columns mean.
    pub mapping: Mapping<Column>,
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// One character.
    Character(char),
    /// Any number of blanks.
    Blanks,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// By its name in the header, without blanks and quotes around it.
    Name(String),
    /// By its number, counted from 1.
    Number(usize),
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "column `{name}`"),
            Self::Number(number) => write!(f, "column {number}"),
        }
    }
}

/// Reads a table. A header alone is a sound reply without data.
pub(in crate::formats) fn parse(format: &Format, layout: &TableLayout, bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(format, bytes)?;
    let passed_over = |line: &str| {
        let is_comment = layout.comment.as_deref().is_some_and(|begin| line.starts_with(begin));
        is_comment || line.trim().is_empty()
    };
    let mut lines = (1_u32..).zip(document.text().lines()).skip(layout.skip).filter(|(_, line)| !passed_over(line));
    let mut columns = if layout.header {
        let (_, header) = lines.next().ok_or_else(|| document.refuse_start("no header"))?;
        Some(Columns::named(layout, header).map_err(|found| document.refuse(document.offset_of(header), found))?)
    } else {
        None
    };
    let (mut gathering, mut cells) = (Gathering::new(&layout.mapping), Vec::new());
    for (number, line) in lines {
        let columns = match &mut columns {
            Some(columns) => columns,
            none => {
                let counted = Columns::counted(layout, line);
                none.insert(counted.map_err(|found| document.refuse(document.offset_of(line), found))?)
            }
        };
        let read = cells::split(line, layout.delimiter, &mut cells).and_then(|()| columns.fill(&mut cells));
        match read {
            Ok(()) if cells.iter().all(|cell| cell.is_empty()) => {}
            Ok(()) => gathering.row(number, |column| Ok(columns.cell(column, &cells))),
            Err(reason) => {
                // What it said in a column that is filled down is lost; the rows below must not take it from above.
                columns.forget();
                gathering.reject(number, reason);
            }
        }
    }
    Ok(gathering.into_parsed())
}

/// Where a document keeps its columns.
struct Columns<'l, 'd> {
    width: usize,
    places: Vec<(&'l Column, usize)>,
    /// The columns that are filled down, and what stands above.
    above: Vec<(usize, Cow<'d, str>)>,
}

impl<'l, 'd> Columns<'l, 'd> {
    /// The columns of a header.
    fn named(layout: &'l TableLayout, header: &str) -> Result<Self, String> {
        let mut names = Vec::new();
        cells::split(header, layout.delimiter, &mut names)?;
        Self::of(layout, &names)
    }

    /// The columns of a table without a header, by its first row.
    fn counted(layout: &'l TableLayout, row: &str) -> Result<Self, String> {
        let mut cells = Vec::new();
        cells::split(row, layout.delimiter, &mut cells)?;
        let nameless = vec![Cow::Borrowed(""); cells.len()];
        Self::of(layout, &nameless).map_err(|error| format!("{error}: `{}`", shorten(row, 60)))
    }

    fn of(layout: &'l TableLayout, names: &[Cow<'_, str>]) -> Result<Self, String> {
        let place = |column: &'l Column| Ok::<_, String>((column, column.among(names)?));
        let places: Result<Vec<_>, _> = layout.mapping.fields().map(place).collect();
        let above: Result<Vec<_>, _> =
            layout.fill_down.iter().map(|column| Ok::<_, String>((column.among(names)?, Cow::Borrowed("")))).collect();
        Ok(Self { width: names.len(), places: places?, above: above? })
    }

    /// The cell of a column; all columns have their places.
    fn cell<'c>(&self, column: &Column, cells: &'c [Cow<'_, str>]) -> Option<Cow<'c, str>> {
        let (_, place) = self.places.iter().find(|(known, _)| *known == column)?;
        cells.get(*place).map(|cell| Cow::Borrowed(&**cell))
    }

    /// Fills the cells of a row that has as many as there are columns; more only if they are empty, as where lines end
    /// with a delimiter.
    fn fill(&mut self, cells: &mut Vec<Cow<'d, str>>) -> Result<(), String> {
        let found = cells.len();
        while cells.len() > self.width && cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        if cells.len() != self.width {
            return Err(format!("{found} cells, expected {}", self.width));
        }
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(());
        }
        for (place, above) in &mut self.above {
            match cells.get_mut(*place) {
                Some(cell) if cell.is_empty() => cell.clone_from(above),
                Some(cell) => above.clone_from(cell),
                None => {}
            }
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.above.iter_mut().for_each(|(_, above)| *above = Cow::Borrowed(""));
    }
}

impl Column {
    /// Its place among the names of a header, counted from 0.
    fn among(&self, names: &[Cow<'_, str>]) -> Result<usize, String> {
        let name = match self {
            Self::Number(number) if (1..=names.len()).contains(number) => return Ok(number - 1),
            Self::Number(_) => return Err(format!("no {self} among {}", names.len())),
            Self::Name(name) => name,
        };
        let mut found = (0..names.len()).filter(|&i| names[i] == *name);
        match (found.next(), found.next()) {
            (Some(place), None) => Ok(place),
            (Some(first), Some(second)) => {
                Err(format!("two columns `{name}`, {} and {}: the number must say which", first + 1, second + 1))
            }
            (None, _) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                Err(format!("no {self} among {}", names.join(", ")))
            }
        }
    }
}
