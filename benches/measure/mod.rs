//! What every bench measures with: medians of repeated runs, one line for each figure. Of two ways that are compared, the
//! runs take turns, so that whatever else the machine does falls upon both.

#![allow(dead_code, clippy::cast_precision_loss, clippy::print_stdout)]

use std::time::{Duration, Instant};

/// The middle one of some durations.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long one run takes.
pub(crate) fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    std::hint::black_box(run());
    began.elapsed()
}

/// The medians of two ways, run in turns so often.
pub(crate) fn both<A, B>(rounds: usize, mut one: impl FnMut() -> A, mut other: impl FnMut() -> B) -> [Duration; 2] {
    let times = (0..rounds).map(|_| (time(&mut one), time(&mut other)));
    let (ones, others) = times.unzip();
    [median(ones), median(others)]
}

/// Bytes that this process has handed to the disk so far; 0 where the system does not tell.
pub(crate) fn written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

/// So many of something in a duration, as millions a second.
pub(crate) fn millions(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64() / 1e6
}

/// A duration in milliseconds.
pub(crate) fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// Prints a heading.
pub(crate) fn heading(text: &str) {
    println!("\n{text}");
}

/// Prints one figure.
pub(crate) fn figure(name: &str, value: impl std::fmt::Display) {
    println!("  {name:<52} {value}");
}
