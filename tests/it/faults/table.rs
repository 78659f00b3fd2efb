//! The rows of the matrix, F01 to F49, by where the fault lies.

mod documents;
mod places;
mod replies;
mod times;
mod transport;
mod values;

use super::fault::Fault;
pub(crate) use replies::HTML;

/// All of them, those that take longest first.
pub(crate) fn rows() -> Vec<Fault> {
    [transport::ROWS, replies::ROWS, documents::ROWS, times::ROWS, values::ROWS, places::ROWS].concat()
}
