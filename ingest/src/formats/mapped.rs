//! Documents whose form is described by configuration alone: delimited text (`table`) and JSON (`json`). A layout says
//! where the facts of a row stand and how they are written; what can be wrong with it beforehand is refused where it is
//! read, and what only a document can show, such as a column that is not there, is told of that document.

mod cells;
mod gather;
pub(super) mod json;
mod number;
mod path;
pub(super) mod table;
mod time;

use hydro::{Kind, Parameter, Quality, Stat};

pub use super::unit::Unit;
pub use json::JsonLayout;
pub use number::Numbers;
pub use path::{Path, Rows};
pub use table::{Column, Delimiter, TableLayout};
pub use time::{Clock, TimeForm, zone};

/// Where the facts of a row stand. `F` addresses one field of a row: a [`Column`] of a table, a [`Path`] in JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping<F> {
    /// The instant that the row is about. Several fields, such as a date and an hour, are joined by a blank.
    pub time: Vec<F>,
    /// When the forecaster spoke, written as the time is. Empty where no field says so; of forecasts alone.
    pub issued: Vec<F>,
    /// How times are written.
    pub clock: Clock,
    /// The feed's own id of the place; `None` where the documents name none.
    pub location: Option<F>,
    /// How numbers are written, and what stands for none.
    pub numbers: Numbers,
    /// The agency's words or marks for its remarks.
    pub qualities: Vec<(String, Quality)>,
    /// What is read of each row; at least one.
    pub values: Vec<Quantity<F>>,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity<F> {
    /// Where its number stands.
    pub field: F,
    /// What it measures.
    pub parameter: Parameter,
    /// Its unit, or where the document states it.
    pub unit: UnitOf<F>,
    /// Measured or forecast.
    pub kind: Kind,
    /// Value, bound or member.
    pub stat: Stat,
    /// Where the agency's word for its remark stands; without it, a mark may follow the number itself.
    pub quality: Option<F>,
    /// The rows that have it: all conditions hold.
    pub only: Vec<Condition<F>>,
}

/// Whose unit a number is in.
#[derive(Debug, Clone, PartialEq)]
pub enum UnitOf<F> {
    /// The configuration's: the documents state none.
    Fixed(Unit),
    /// The document's own, of each row.
    Field(F),
}

/// What a row must say.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition<F> {
    /// Where.
    pub field: F,
    /// One of these texts, without blanks around it.
    pub equals: Vec<String>,
}

impl<F> Mapping<F> {
    /// Every field that it names, some perhaps twice.
    pub fn fields(&self) -> impl Iterator<Item = &F> {
        let of_rows = self.time.iter().chain(&self.issued).chain(&self.location);
        of_rows.chain(self.values.iter().flat_map(Quantity::fields))
    }
}

impl<F> Quantity<F> {
    fn fields(&self) -> impl Iterator<Item = &F> {
        let unit = if let UnitOf::Field(field) = &self.unit { Some(field) } else { None };
        let only = self.only.iter().map(|condition| &condition.field);
        std::iter::once(&self.field).chain(unit).chain(&self.quality).chain(only)
    }
}
