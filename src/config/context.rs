//! The file that is being read, and where its faults go.

use std::cell::{OnceCell, RefCell};
use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::Source;
use super::environment::Environment;
use super::fault::{Fault, Place};

/// What all files share while they are read.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Found so far.
    pub(super) faults: RefCell<Vec<Fault>>,
    /// The languages in which texts are written: those of the first text that says them, the site's title.
    pub(super) languages: OnceCell<Vec<String>>,
}

/// The file that is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// Its name and text.
    pub(super) source: &'a Source,
    /// Where faults go.
    pub(super) report: &'a Report,
    /// Settings of the environment, for the file whose settings they may replace.
    pub(super) environment: Option<&'a Environment>,
}

/// Where a value was written.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    /// Nowhere: the file as a whole.
    File,
    /// Bytes of the file.
    Span(Range<usize>),
    /// A variable of the environment.
    Variable(String),
}

impl<'a> Context<'a> {
    /// The file's document; a fault and `None` where it is not TOML.
    pub(super) fn parse(self) -> Option<Spanned<DeTable<'a>>> {
        let parsed = DeTable::parse(&self.source.text);
        parsed.map_err(|error| self.fault(&error.span().map_or(Spot::File, Spot::Span), error.message())).ok()
    }

    /// Reports a fault.
    pub(super) fn fault(self, spot: &Spot, message: impl Display) {
        let fault = Fault { place: self.place(spot), message: message.to_string() };
        self.report.faults.borrow_mut().push(fault);
    }

    /// What a spot is for readers.
    pub(super) fn place(self, spot: &Spot) -> Place {
        let Source { file, text } = self.source;
        match spot {
            Spot::File => Place::File { file: file.clone() },
            Spot::Span(span) => Place::of(file, text, span),
            Spot::Variable(variable) => Place::Variable { variable: variable.clone() },
        }
    }
}
