//! River Watch end to end: the real binary, real databases in folders of their own, real HTTP on loopback. Nothing here
//! reaches the network, and whatever is started ends with its test.

mod abuse;
mod alerts;
mod answers;
mod board;
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
mod operators;
mod ops;
mod parse;
mod past;
mod readme;
mod reload;
mod report;
mod restart;
mod stale_export;
mod support;
mod thresholds;
mod weight;
