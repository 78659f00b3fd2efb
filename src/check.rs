//! `riverwatch check`: the configuration, with every fault at once, and the database that it names, where there is one.

use std::path::Path;
use std::process::ExitCode;

use crate::{config, environment};

/// Prints the faults, or a line that says there are none; exit 1 if there is any.
#[allow(clippy::print_stdout)]
pub(crate) fn run(path: &Path, json: bool) -> ExitCode {
    match config::load(path, &environment()) {
        Ok(config) => {
            if let Some(Err(error)) = config.database.exists().then(|| store::verify(&config.database)) {
                eprintln!("{error:#}");
                return ExitCode::FAILURE;
            }
            let (stations, feeds) = (config.site.stations.len(), config.feeds.len());
            if json {
                println!("[]");
            } else {
                println!("{}: {stations} stations, {feeds} feeds, no faults", path.display());
            }
            ExitCode::SUCCESS
        }
        Err(faults) if json => {
            println!("{}", serde_json::to_string_pretty(&faults).unwrap_or_default());
            ExitCode::FAILURE
        }
        Err(faults) => {
            eprintln!("{faults}");
            ExitCode::FAILURE
        }
    }
}
