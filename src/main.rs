//! `riverwatch`: river levels and flood forecasts on one small page. One file per subcommand; the only code that knows
//! every crate.

mod background;
mod backup;
mod check;
mod clock;
mod config;
mod control;
mod demo;
mod doctor;
mod explain;
mod health;
mod import;
mod ingest;
mod opening;
mod parse;
mod reload;
mod serve;
mod shell;
mod station;
mod token;
mod up;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory, Parser, Subcommand};
use jiff::Timestamp;

use crate::config::Config;

/// River levels and flood forecasts on one small page.
///
/// A scheduled ingester reads government gauge and forecast feeds into SQLite; a small server renders a page for each
/// station, in English and French. `riverwatch demo` shows it all without a network.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_long_help = BESIDE)]
struct Arguments {
    /// The configuration file, with the station files in stations/ beside it; by default config/riverwatch.toml here, or
    /// else /etc/riverwatch/riverwatch.toml.
    #[arg(long, global = true, env = "RIVERWATCH_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fetch by schedule and serve pages, in one process: the default way to run.
    Up,
    /// Fetch by schedule, without serving.
    Ingest {
        /// Fetch each feed once, now, and end.
        #[arg(long)]
        once: bool,
        /// Only this feed.
        #[arg(long, value_name = "ID")]
        feed: Option<String>,
    },
    /// Serve pages, without fetching.
    Serve {
        /// Show everything as it was known at this instant, such as 2022-04-18T21:10Z.
        #[arg(long, value_name = "TIME", value_parser = clock::instant)]
        at: Option<Timestamp>,
    },
    /// Have the running program take up its configuration as it is now.
    Reload,
    /// Ask each feed once, and tell for each station what arrives, how old, and what its page would show.
    Doctor {
        /// Only this feed.
        #[arg(long, value_name = "ID")]
        feed: Option<String>,
    },
    /// Find stations in an agency's list, and add them to the configuration.
    #[command(subcommand)]
    Station(station::Command),
    /// Copy the database into a new file, also while the program runs.
    Backup {
        /// The file, which must not exist yet.
        file: PathBuf,
    },
    /// Put a backup in the place of the database; the program must not run.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Also where the database knows of later fetches, which are lost then.
        #[arg(long)]
        older: bool,
    },
    /// A synthetic freshet on every feed, through the whole path, without a network.
    Demo(demo::Options),
    /// Check the configuration: every fault at once, with its place.
    Check {
        /// Faults as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read a document of a format or of a feed: one JSON object a line; rejected rows on stderr.
    Parse {
        /// The format, such as pi-xml, or the id of a configured feed, whose documents may need what the configuration
        /// says of their form and place; a wrong one lists them all.
        #[arg(value_name = "FORMAT|FEED")]
        name: String,
        /// The file; - reads stdin.
        file: PathBuf,
    },
    /// Read saved documents into the store, as if their feed had been fetched.
    Import {
        /// The feed, as configured.
        feed: String,
        /// The files, in order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Their format, where it is not the feed's own.
        #[arg(long)]
        format: Option<String>,
        /// The instant of the fetch; now by default.
        #[arg(long, value_name = "TIME", value_parser = clock::instant)]
        at: Option<Timestamp>,
    },
    /// Tell where each number shown for a station comes from.
    Explain {
        /// The station's id.
        station: String,
        /// As it was known at this instant; now by default.
        #[arg(long, value_name = "TIME", value_parser = clock::instant)]
        at: Option<Timestamp>,
    },
    /// Make a token for an operator, and the lines of configuration that make it known.
    Token,
    /// Ask the running server whether it answers; for container and service checks.
    Health,
    /// Print what a shell needs to complete commands.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man {
        /// Write the pages of all commands into this folder instead.
        folder: Option<PathBuf>,
    },
}

/// What belongs to every command, below its help and in its manual page.
const BESIDE: &str = "\
Any setting of the configuration can come from the environment: RIVERWATCH_SERVER__LISTEN=127.0.0.1:9000 is `listen` in \
[server]. RIVERWATCH_LOG sets how much is logged: error, warn, info or debug. Times are written as in 2022-04-18T21:10Z.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The doctor tells of every fetch by itself.
    log(if matches!(arguments.command, Command::Doctor { .. }) { "error" } else { "info" });
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("riverwatch: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the subcommand; an error is one line for the operator.
async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.config.unwrap_or_else(|| default_configuration(HERE, INSTALLED));
    let config = || configuration(&path);
    let reload = || reload::Reload::new(&path);
    match arguments.command {
        Command::Up => {
            let reload = reload()?;
            up::run(config()?, reload).await
        }
        Command::Ingest { once: true, feed } => ingest::once(&config()?, feed.as_deref()),
        Command::Ingest { once: false, feed } => {
            let reload = reload()?;
            ingest::run(&config()?, feed, reload)
        }
        Command::Serve { at } => {
            let reload = reload()?;
            serve::run(config()?, at, reload).await
        }
        Command::Reload => reload::run(&path),
        Command::Doctor { feed } => doctor::run(&config()?, feed.as_deref(), clock::at(None)).await,
        Command::Station(command) => station::run(&path, &config()?, command, clock::wall()).await,
        Command::Backup { file } => backup::run(&config()?, &file),
        Command::Restore { file, older } => backup::restore(&config()?, &file, older),
        Command::Demo(options) => demo::run(options).await,
        Command::Check { json } => Ok(check::run(&path, json)),
        Command::Parse { name, file } => parse::run(&name, &file, config),
        Command::Import { feed, files, format, at } => {
            server::give_way();
            import::run(&config()?, &feed, &files, format.as_deref(), at.unwrap_or_else(clock::wall))
        }
        Command::Explain { station, at } => explain::run(&config()?, &station, at.unwrap_or_else(clock::wall)),
        Command::Token => token::run(),
        Command::Health => health::run(&config()?),
        Command::Completions { shell } => shell::completions(Arguments::command(), shell),
        Command::Man { folder } => shell::man(Arguments::command(), folder.as_deref()),
    }
}

/// The environment's variables; one that is not UTF-8 is no setting of ours.
fn environment() -> Vec<(String, String)> {
    std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?))).collect()
}

/// Where the configuration lies in the repository.
const HERE: &str = "config/riverwatch.toml";
/// Where it lies on a machine that it was installed on.
const INSTALLED: &str = "/etc/riverwatch/riverwatch.toml";

/// The file to read where none is named. Where neither is there, the first is the one that is missed.
fn default_configuration(here: &str, installed: &str) -> PathBuf {
    let absent = !Path::new(here).exists() && Path::new(installed).exists();
    PathBuf::from(if absent { installed } else { here })
}

fn configuration(path: &Path) -> anyhow::Result<Config> {
    config::load(path, &environment()).map_err(|faults| anyhow::anyhow!("the configuration has faults\n{faults}"))
}

/// Lines for operators on stderr; `RIVERWATCH_LOG` sets another level.
fn log(level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("RIVERWATCH_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let coloured = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_ansi(coloured)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}

/// Says on stdout where the server listens, for people and programs that started it.
#[allow(clippy::print_stdout)]
fn announce(listener: &tokio::net::TcpListener) -> anyhow::Result<()> {
    println!("listening on http://{}", listener.local_addr().context("the listener has no address")?);
    Ok(())
}
