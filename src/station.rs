//! `riverwatch station find` and `riverwatch station add`: from an agency's list of stations to a block of configuration.

mod block;
mod file;
mod list;
mod name;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::ingest::formats::Format;
use ::ingest::{Feed, Schedule, fetch};
use anyhow::{Context as _, anyhow, bail};
use hydro::{FeedId, Station};
use jiff::Timestamp;
use store::FeedState;

use self::block::{Said, block};
use self::file::StationFile;
use self::list::{ECCC_LIST, ECCC_STATIONS, Entry, Form};
use crate::config::Config;
use crate::parse;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Search a list of stations for words of an id, a name or a province.
    Find {
        /// The words; all of them must be there.
        #[arg(required = true)]
        text: Vec<String>,
        #[command(flatten)]
        list: List,
    },
    /// Add a station of a list to a station file, and say what a person must still fill in.
    Add(Add),
}

/// Where the list is, and how it is read.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// The list: a file, - for stdin, or an address.
    #[arg(long, default_value = ECCC_LIST, value_name = "FILE|ADDRESS")]
    list: String,
    /// What it is: the Water Survey of Canada's list, or a format that `riverwatch parse` reads.
    #[arg(long, default_value = ECCC_STATIONS)]
    format: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// The agency's id of the place, as `riverwatch station find` shows it.
    location: String,
    #[command(flatten)]
    list: List,
    /// The station file, new or not; the only one where there is but one.
    #[arg(long)]
    file: Option<PathBuf>,
    /// The configured feed that brings its data.
    #[arg(long)]
    feed: Option<String>,
    /// Its id in addresses, for ever; from its name otherwise.
    #[arg(long)]
    id: Option<String>,
    /// Its name for readers; from the agency's otherwise.
    #[arg(long)]
    name: Option<String>,
    /// What it is on; from the agency's name otherwise.
    #[arg(long)]
    river: Option<String>,
    /// Show the block and write nothing.
    #[arg(long)]
    print: bool,
}

/// Searches or adds.
pub(crate) async fn run(main: &Path, config: &Config, command: Command, now: Timestamp) -> anyhow::Result<ExitCode> {
    match command {
        Command::Find { text, list } => {
            let (_, entries) = read(&list, config, now).await?;
            find(config, &entries, &text)
        }
        Command::Add(add) => {
            let (form, entries) = read(&add.list, config, now).await?;
            self::add(main, config, &form, &entries, add)
        }
    }
}

/// Prints each place that has the words; exit 1 where none has.
#[allow(clippy::print_stdout)]
fn find(config: &Config, entries: &[Entry], text: &[String]) -> anyhow::Result<ExitCode> {
    let found: Vec<&Entry> = entries.iter().filter(|entry| entry.has(text)).collect();
    for entry in &found {
        let position = entry.position.map(|(latitude, longitude)| format!("{latitude}, {longitude}"));
        let here = configured(config, entry, None).map(|station| format!("configured as {}", station.id));
        let parts = [Some(entry.name.clone()), Some(entry.region.clone()), position, here];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        println!("{}  {}", entry.location, parts.join("; "));
    }
    if found.is_empty() {
        bail!("none of {} stations has {}", entries.len(), text.join(" "));
    }
    Ok(ExitCode::SUCCESS)
}

#[allow(clippy::print_stdout)]
fn add(main: &Path, config: &Config, form: &Form, entries: &[Entry], add: Add) -> anyhow::Result<ExitCode> {
    let entry = entries.iter().find(|entry| entry.location == add.location).with_context(|| {
        format!("the list has no `{}`: ids are as `riverwatch station find` shows them", add.location)
    })?;
    let refuse =
        |station: &Station| anyhow!("nothing is written: station `{}` is {} already", station.id, entry.location);
    // The Water Survey's numbers are one for a place in whichever feed; other agencies' ids mean something in theirs alone.
    if let Some(station) = configured(config, entry, None).filter(|_| *form == Form::EcccStations) {
        return Err(refuse(station));
    }
    let feed = add.feed.map_or_else(|| feed(config, form, entry), Ok)?;
    if let Some(station) = configured(config, entry, Some(&feed)) {
        return Err(refuse(station));
    }
    let file = StationFile::open(main, add.file.as_deref())?;
    let said = Said { id: add.id, name: add.name, river: add.river, feed };
    let block = block(entry, form, &said, config, &file.table()?);
    let block = block.with_context(|| format!("the list does not say where {} is", entry.location))?;
    if add.print {
        print!("{}", block.text);
    } else {
        let new = file.append(main, &block.text, config.site.stations.len())?;
        println!("{}: `{}` added; {} stations, no faults", file.name(), block.id, new.site.stations.len());
    }
    eprintln!("still to be looked at:");
    block.open.iter().for_each(|line| eprintln!("  {line}"));
    if !add.print {
        eprintln!(
            "then: riverwatch reload; and does its number come from where you think? riverwatch explain {}",
            block.id
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The station that is this place already: by its gauge, or by what a feed, or any, calls it.
fn configured<'a>(config: &'a Config, entry: &Entry, feed: Option<&str>) -> Option<&'a Station> {
    let is = |station: &&Station| {
        let named = station.sources.iter().filter(|source| source.location == entry.location);
        station.gauge.as_deref() == Some(&entry.location)
            || named.into_iter().any(|source| feed.is_none_or(|feed| source.feed.as_str() == feed))
    };
    config.site.stations.iter().find(is)
}

/// The feed that carries a place of the Water Survey's: the one of its province, or of itself.
fn feed(config: &Config, form: &Form, entry: &Entry) -> anyhow::Result<String> {
    if *form != Form::EcccStations {
        let known: Vec<&str> = config.feeds.iter().map(|feed| feed.id.as_str()).collect();
        bail!("which feed brings its data? Name it by --feed: {}", known.join(", "));
    }
    let whole = ["hourly", "daily"].map(|span| format!("/{}_{span}_", entry.region));
    let carries = |feed: &&Feed| {
        let ours = matches!(feed.format, Format::EcccCsv | Format::GeometJson | Format::WaterofficeCsv);
        let address = feed.address.as_str();
        ours && (whole.iter().any(|whole| address.contains(whole)) || address.contains(&entry.location))
    };
    if let Some(feed) = config.feeds.iter().find(carries) {
        return Ok(feed.id.to_string());
    }
    let (region, lower) = (&entry.region, entry.region.to_lowercase());
    bail!(
        "no feed brings the stations of {region}: add one to the configuration, such as\n\n\
         [feeds.eccc-{lower}]\n\
         title = {{ en = \"Environment and Climate Change Canada, real-time gauges, {region}\", fr = \"Environnement et \
         Changement climatique Canada, stations en temps réel, {region}\" }}\n\
         address = \"https://dd.weather.gc.ca/today/hydrometric/csv/{region}/hourly/{region}_hourly_hydrometric.csv\"\n\
         format = \"eccc-csv\"\n\
         schedule = \"9,19,29,39,49,59 * * * *\"\n\
         attribution = {{ en = \"Data Source: Environment and Climate Change Canada\", fr = \"Source des données : \
         Environnement et Changement climatique Canada\" }}\n\
         licence = {{ en = \"https://eccc-msc.github.io/open-data/licence/readme_en/\", fr = \
         \"https://eccc-msc.github.io/open-data/licence/readme_fr/\" }}\n\n\
         or name a feed by --feed"
    )
}

async fn read(list: &List, config: &Config, now: Timestamp) -> anyhow::Result<(Form, Vec<Entry>)> {
    let form = Form::named(&list.format)?;
    let bytes = match list.list.parse() {
        Ok(address) if list.list.starts_with("http") => fetched(config, address, now).await?,
        _ => parse::read(Path::new(&list.list))?,
    };
    let entries = form.read(&bytes).with_context(|| list.list.clone())?;
    Ok((form, entries))
}

/// Fetches a list as a feed is fetched: whoever names its address may also name one of a private network.
async fn fetched(config: &Config, address: ::ingest::Url, now: Timestamp) -> anyhow::Result<Vec<u8>> {
    let feed = Feed {
        id: FeedId::new("station-list")?,
        address,
        format: Format::EcccCsv,
        place: None,
        schedule: Schedule::parse("0 0 * * *")?,
        max_bytes: 32_000_000,
        private: true,
        places: std::collections::BTreeMap::new(),
    };
    let client = fetch::Client::new(&config.fetching)?;
    let fetched = fetch::fetch(&client, &feed, &FeedState::default(), now).await;
    let body = fetched.body.with_context(|| format!("{} cannot be fetched", feed.address))?;
    Ok(body.context("the server says that nothing has changed, of what was never fetched")?.bytes)
}
