//! River Watch end to end: the real binary, real databases in folders of their own, real HTTP on loopback. Nothing here
//! reaches the network, and whatever is started ends with its test.

mod abuse;
mod alerts;
mod answers;
mod atom;
mod commands;
mod config;
mod demo;
mod dependencies;
mod discharge;
mod explain;
mod faults;
mod first_start;
mod flood;
mod list;
mod markup;
mod notes;
mod open_data;
mod operators;
mod ops;
mod parse;
mod readme;
mod reload;
mod restart;
mod stale_export;
mod support;
mod thresholds;
mod weight;
