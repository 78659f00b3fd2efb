//! Another configuration while the program runs, at SIGHUP and when `riverwatch reload` asks: stations, feeds and texts are
//! taken up without a pause. A configuration with a fault changes nothing. `riverwatch reload` itself is here too.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{self, Config, Faults};
use crate::control::{self, Control, Said};
use crate::environment;

/// Hears when the configuration is to be read anew.
#[derive(Debug)]
pub(crate) struct Reload {
    path: PathBuf,
    hangup: Signal,
}

impl Reload {
    /// From now on a SIGHUP does not end the program. One that comes before [`Reload::follow`] is heard there.
    pub(crate) fn new(path: &Path) -> anyhow::Result<Self> {
        let hangup = signal(SignalKind::hangup()).context("SIGHUP cannot be heard")?;
        Ok(Self { path: path.to_owned(), hangup })
    }

    /// Reads the configuration whenever told to, and has it taken up by what runs with `running` now. `take` changes all
    /// or nothing.
    pub(crate) fn follow(
        mut self,
        running: &Config,
        mut take: impl FnMut(Config) -> anyhow::Result<()> + Send + 'static,
    ) {
        let mut running = running.clone();
        let control = Control::beside(&running.database).inspect_err(|error| {
            tracing::warn!(
                error = format!("{error:#}"),
                "`riverwatch reload` does not reach this program; SIGHUP does"
            );
        });
        tokio::spawn(async move {
            loop {
                let question = tokio::select! {
                    told = self.hangup.recv() => if told.is_some() { None } else { return },
                    question = asked(control.as_ref().ok()) => Some(question),
                };
                let said = tokio::task::block_in_place(|| renew(&self.path, &mut running, &mut take));
                if said.done {
                    tracing::info!("{}", said.text);
                } else {
                    tracing::error!("{}", said.text);
                }
                if let Some(question) = question {
                    question.answer(&said).await;
                }
            }
        });
    }
}

/// `riverwatch reload`: has every program over the database read its configuration anew. Exit 1 where one keeps what it has,
/// or none runs.
#[allow(clippy::print_stdout)]
pub(crate) fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = config::load(path, &environment()).map_err(|faults| anyhow::anyhow!("{}", refused(&faults)))?;
    let all = control::reload(&config.database)?;
    if all.is_empty() {
        anyhow::bail!("no program runs over {} that can be told", config.database.display());
    }
    for said in &all {
        if said.done { println!("{}", said.text) } else { eprintln!("{}", said.text) }
    }
    Ok(if all.iter().all(|said| said.done) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn asked(control: Option<&Control>) -> control::Question {
    match control {
        Some(control) => control.question().await,
        None => std::future::pending().await,
    }
}

fn refused(faults: &Faults) -> String {
    format!("the configuration in use stays; the new one has faults\n{faults}")
}

/// Reads the configuration, has it taken up, and says what came of it.
fn renew(path: &Path, running: &mut Config, take: &mut impl FnMut(Config) -> anyhow::Result<()>) -> Said {
    let new = match config::load(path, &environment()) {
        Ok(new) => new,
        Err(faults) => return Said { done: false, text: refused(&faults) },
    };
    if let Err(error) = take(new.clone()) {
        return Said { done: false, text: format!("the configuration in use stays: {error:#}") };
    }
    let mut text = format!(
        "{}: {} stations, {} feeds, in use from now on",
        path.display(),
        new.site.stations.len(),
        new.feeds.len()
    );
    for setting in later(running, &new) {
        text.push_str(&format!("\n{setting} has changed, which holds from the next start"));
    }
    // What holds from the next start is told again until then.
    *running = Config { database: running.database.clone(), listening: running.listening, ..new };
    Said { done: true, text }
}

/// The settings that differ and that a running program cannot take up.
fn later(running: &Config, new: &Config) -> Vec<&'static str> {
    let (before, after) = (&running.listening, &new.listening);
    let changed = [
        ("database.url", running.database != new.database),
        ("server.listen", before.listen != after.listen),
        ("server.connections", before.connections != after.connections),
        ("server.metrics", before.metrics != after.metrics),
    ];
    changed.into_iter().filter(|(_, changed)| *changed).map(|(setting, _)| setting).collect()
}
