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
mod embed;
mod examples;
mod explain;
mod faults;
mod first_start;
mod flood;
mod forecast_changes;
mod list;
mod map;
mod mark;
mod markup;
mod offline;
mod operators;
mod ops;
mod parse;
mod past;
mod readme;
mod reload;
mod report;
mod restart;
mod share;
mod stale_export;
mod support;
mod text;
mod thresholds;
mod weight;
