//! What an operator holds in hands: metrics that say what the pages say, and the files of `ops/`, checked by the programs
//! that read them where those are installed.

mod files;
mod licences;
mod lines;
mod metrics;
mod openmetrics;

use std::process::Command;

/// A program that may not be installed; says loudly what is not checked without it.
pub(crate) fn tool(name: &str, checks: &str) -> Option<Command> {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    if !found {
        eprintln!("skipped: {name} is not installed, so it did not check {checks}");
    }
    found.then(|| Command::new(name))
}
