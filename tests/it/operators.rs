//! What operators do: back up and restore, find and add stations, ask how feeds are, install.

mod backup;
mod doctor;
mod package;
mod shell;
mod stations;
