//! The store through its door: real SQLite files, batches in, questions answered as of any instant.

#![allow(clippy::unwrap_used, missing_docs)]

mod alerts;
mod forecasts;
mod log;
mod memory;
mod observations;
mod rig;
