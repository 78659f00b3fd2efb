//! The configuration: what the operator wrote, checked as a whole before anything runs. Every fault of every file is
//! found in one run, and a [`Config`] that exists cannot be wrong in a way that can be known beforehand.
//!
//! Files are read in [`load`] alone; [`check`] is pure. What the keys mean is told in `config/riverwatch.toml`.

mod context;
mod environment;
mod fault;
mod feeds;
mod ground;
mod heights;
mod limits;
mod mapping;
mod operators;
mod reader;
mod site;
mod stations;
#[cfg(test)]
mod tests;
mod units;
mod values;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use context::{Context, Report, Spot};
use environment::Environment;
pub(crate) use fault::{Fault, Faults, Place};
use reader::Table;
use stations::Known;

/// Where station files lie unless the key `stations` says so.
const STATIONS: &str = "stations/*.toml";

/// Everything that is configured, in the parts that the crates need.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The database's file, relative to the working directory.
    pub(crate) database: PathBuf,
    /// Where the server listens.
    pub(crate) listening: server::Listening,
    /// What pages show.
    pub(crate) site: server::Site,
    /// What is fetched, in the order of the file.
    pub(crate) feeds: Vec<ingest::Feed>,
    /// How it is fetched.
    pub(crate) fetching: ingest::Fetching,
}

/// A file's name, as it is shown, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The name.
    pub(crate) file: String,
    /// The text.
    pub(crate) text: String,
}

/// Reads and checks a configuration file and the station files that it names. `env` is the environment, in which a
/// variable such as `RIVERWATCH_SERVER__LISTEN` replaces a setting.
///
/// # Errors
/// [`Faults`]: all of them, in files and environment.
pub(crate) fn load(path: &Path, env: &[(String, String)]) -> Result<Config, Faults> {
    let main = read(path).map_err(|fault| Faults::new(vec![fault]))?;
    check(&main, env, |file| read_beside(path, file), |pattern| station_files(folder_of(path), pattern))
}

/// The same, with a station file as it would be: another text of one that is there, or a new one.
///
/// # Errors
/// [`Faults`]: all of them, in files and environment.
pub(crate) fn load_with(path: &Path, env: &[(String, String)], change: Source) -> Result<Config, Faults> {
    let main = read(path).map_err(|fault| Faults::new(vec![fault]))?;
    check(
        &main,
        env,
        |file| read_beside(path, file),
        |pattern| {
            let (folder, matches) = in_folder(folder_of(path), pattern)?;
            let mut files = station_files(folder_of(path), pattern)?;
            match files.iter_mut().find(|file| file.as_ref().is_ok_and(|file| file.file == change.file)) {
                Some(file) => *file = Ok(change),
                None if matches(&change.file) && Path::new(&change.file).parent() == Some(&folder) => {
                    files.push(Ok(change));
                }
                None => {}
            }
            Ok(files)
        },
    )
}

/// The folder of the station files of a sound configuration.
///
/// # Errors
/// What is wrong with the setting `stations`.
pub(crate) fn station_folder(path: &Path) -> Result<PathBuf, String> {
    in_folder(folder_of(path), &pattern_of(path)?).map(|(folder, _)| folder)
}

/// The station files of a sound configuration, in their order.
///
/// # Errors
/// What is wrong with the setting `stations`, or that its folder cannot be read.
pub(crate) fn station_paths(path: &Path) -> Result<Vec<PathBuf>, String> {
    paths(folder_of(path), &pattern_of(path)?)
}

/// Checks a configuration. `read` reads a file that it names, `station_files` finds and reads those of a pattern, in order.
///
/// # Errors
/// [`Faults`]: all of them, in files and environment.
pub(crate) fn check(
    main: &Source,
    env: &[(String, String)],
    read: impl FnOnce(&str) -> Result<Source, String>,
    station_files: impl FnOnce(&str) -> Result<Vec<Result<Source, Fault>>, String>,
) -> Result<Config, Faults> {
    let (report, environment) = (Report::default(), Environment::new(env));
    let context = Context { source: main, report: &report, environment: Some(&environment) };
    let document = context.parse();
    let head = document.as_ref().map(|document| Table::top(context, document, head));
    if head.is_some() {
        unknown_variables(context, &environment);
    }
    let (pattern, spot) =
        head.as_ref().map_or((STATIONS, Spot::File), |head| (head.pattern.as_str(), head.pattern_spot.clone()));
    let files = station_files(pattern).unwrap_or_else(|error| {
        context.fault(&spot, error);
        Vec::new()
    });
    let stations = stations_of(&report, files, head.as_ref());
    if stations.is_empty() && report.faults.borrow().is_empty() {
        context.fault(&spot, format!("no station in any file of `{pattern}`: expected at least one [[station]]"));
    }
    let map = head.as_ref().and_then(|head| head.map.as_ref());
    let ground = map.and_then(|(file, spot)| {
        let source = read(file).map_err(|error| context.fault(spot, error)).ok()?;
        ground::ground(&source, &report)
    });
    let faults = report.faults.into_inner();
    match head.and_then(|head| head.complete(stations, ground)) {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(Faults::new(faults)),
    }
}

/// What the configuration file itself says; `None` for a part that is faulty.
struct Head {
    database: Option<site::Database>,
    server: Option<(server::Listening, Vec<String>)>,
    site: Option<server::Site>,
    map: Option<(String, Spot)>,
    feeds: feeds::Feeds,
    operators: Vec<server::Operator>,
    fetching: Option<ingest::Fetching>,
    pattern: String,
    pattern_spot: Spot,
}

fn head(table: &mut Table) -> Head {
    let (site, map) = table.section("site", |table| (site::site(table), site::map(table))).unwrap_or_default();
    let stations = table.find("stations");
    let pattern = stations.as_ref().and_then(reader::Field::text).unwrap_or(STATIONS);
    Head {
        site,
        map,
        database: table.section("database", site::database).flatten(),
        server: table.section("server", site::server).flatten(),
        fetching: table.section("fetch", feeds::fetching).flatten(),
        feeds: table.section("feeds", feeds::feeds).unwrap_or_default(),
        operators: operators(table),
        pattern: pattern.to_owned(),
        pattern_spot: stations.map_or(Spot::File, |field| field.spot),
    }
}

fn operators(table: &mut Table) -> Vec<server::Operator> {
    let mut known = Vec::new();
    table.each("operators", |table| operators::operator(table, &mut known))
}

impl Head {
    /// The configuration with its stations; `None` where a part is missing, whose fault is reported.
    fn complete(self, stations: Vec<hydro::Station>, ground: Option<server::Ground>) -> Option<Config> {
        let (mut feeds, notes): (Vec<_>, Vec<_>) = self.feeds.feeds.into_iter().unzip();
        for feed in &mut feeds {
            join(feed, &stations);
        }
        let (listening, frame_hosts) = self.server?;
        let site =
            server::Site { stations, feeds: notes, frame_hosts, ground, operators: self.operators, ..self.site? };
        let site::Database { path: database, retention } = self.database?;
        let fetching = ingest::Fetching { retention, ..self.fetching? };
        Some(Config { database, listening, site, feeds, fetching })
    }
}

/// Tells a feed which of its places are whose.
fn join(feed: &mut ingest::Feed, stations: &[hydro::Station]) {
    for station in stations {
        for source in station.sources.iter().filter(|source| source.feed == feed.id) {
            let place = (source.location.clone(), source.parameter);
            feed.places.entry(place).or_default().insert(station.id.clone());
        }
    }
}

fn stations_of(report: &Report, files: Vec<Result<Source, Fault>>, head: Option<&Head>) -> Vec<hydro::Station> {
    let readable = |file: Result<Source, Fault>| file.map_err(|fault| report.faults.borrow_mut().push(fault)).ok();
    let sources: Vec<Source> = files.into_iter().filter_map(readable).collect();
    let contexts = sources.iter().map(|source| Context { source, report, environment: None });
    let documents: Vec<_> = contexts.filter_map(|context| Some((context, context.parse()?))).collect();
    let site = head.and_then(|head| head.site.as_ref());
    let mut known = Known {
        feeds: head.map(|head| head.feeds.names.clone()),
        zone: site.map_or(hydro::Zone::UTC, |site| site.zone.clone()),
        ids: BTreeMap::new(),
    };
    let read = |(context, document)| Table::top(context, document, |table| stations::stations(table, &mut known));
    documents.iter().map(|(context, document)| (*context, document)).flat_map(read).collect()
}

fn unknown_variables(context: Context, environment: &Environment) {
    for (variable, beside) in environment.unknown() {
        let expected = if beside.is_empty() { String::new() } else { format!(": expected {}", beside.join(", ")) };
        context.fault(&Spot::Variable(variable), format!("unknown setting{expected}"));
    }
}

fn read(path: &Path) -> Result<Source, Fault> {
    let file = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Source { file, text }),
        Err(error) => Err(Fault { place: Place::File { file }, message: format!("cannot be read: {error}") }),
    }
}

/// Reads a file that the configuration file names.
fn read_beside(path: &Path, file: &str) -> Result<Source, String> {
    read(&folder_of(path).join(file)).map_err(|fault| format!("{} {}", fault.place, fault.message))
}

/// Reads the files of a pattern `FOLDER/*.toml` in one folder, in the order of their names.
fn station_files(folder: &Path, pattern: &str) -> Result<Vec<Result<Source, Fault>>, String> {
    Ok(paths(folder, pattern)?.iter().map(|path| read(path)).collect())
}

fn paths(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let (folder, matches) = in_folder(folder, pattern)?;
    let unreadable = |error| format!("{} cannot be read: {error}", folder.display());
    let entries: Result<Vec<PathBuf>, _> =
        fs::read_dir(&folder).map_err(unreadable)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = entries.map_err(unreadable)?;
    paths.retain(|path| matches(&path.to_string_lossy()));
    paths.sort();
    Ok(paths)
}

/// The folder of a pattern, and whether a file's name is of the pattern.
fn in_folder<'a>(folder: &Path, pattern: &'a str) -> Result<(PathBuf, impl Fn(&str) -> bool + use<'a>), String> {
    let (within, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let Some((before, after)) = name.split_once('*').filter(|(_, after)| !within.contains('*') && !after.contains('*'))
    else {
        return Err(format!("`{pattern}`: expected a folder and a name with one `*`, such as `{STATIONS}`"));
    };
    let matches = move |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
    };
    Ok((folder.join(within), matches))
}

/// The setting `stations` of a file that is known to be sound.
fn pattern_of(path: &Path) -> Result<String, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let pattern = std::env::var(environment::variable("", "stations")).ok();
    let pattern = pattern.or_else(|| Some(table.get("stations")?.as_str()?.to_owned()));
    Ok(pattern.unwrap_or_else(|| STATIONS.to_owned()))
}

/// The folder that a file lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}
