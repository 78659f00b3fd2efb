//! The block of a station in the words of a station file: what the agency knows, and what a person must still say. Pure.

use toml::Table;

use super::list::{Entry, Form};
use super::name;
use crate::config::Config;

/// What the operator has said of the station.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// Its id, for ever.
    pub(super) id: Option<String>,
    /// Its name for readers.
    pub(super) name: Option<String>,
    /// What it is on.
    pub(super) river: Option<String>,
    /// The feed that brings its data.
    pub(super) feed: String,
}

/// A block to be written, and what it does not say.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    /// The station's id.
    pub(super) id: String,
    /// TOML that ends a file.
    pub(super) text: String,
    /// What a person must still look at, a line each.
    pub(super) open: Vec<String>,
}

/// The national zero that nobody may take for another agency's.
const WSC_DATUM: [&str; 2] = [
    "the zero that the Water Survey of Canada uses for this gauge",
    "le zéro que les Relevés hydrologiques du Canada emploient à cette station",
];
const FEED_DATUM: [&str; 2] = ["the zero of the feed's own levels", "le zéro des niveaux du flux lui-même"];

/// Writes the block of a place of a list, for the end of a file that says `file` so far.
pub(super) fn block(entry: &Entry, form: &Form, said: &Said, config: &Config, file: &Table) -> Option<Block> {
    let (latitude, longitude) = entry.position?;
    let (river, place) = name::parts(&entry.name);
    let name = said.name.clone().unwrap_or(place);
    let river = said.river.clone().unwrap_or(river);
    let id = said.id.clone().unwrap_or_else(|| name::id(&name));
    let mut open = Vec::new();
    let mut lines = vec![
        format!("# In the agency's list: {}", one_line(&entry.name)),
        "[[station]]".to_owned(),
        format!("id = {}", quoted(&id)),
        format!("name = {}", quoted(&name)),
    ];
    open.push(format!("id: `{id}` is its address for ever: change it now or never"));
    open.push(format!("name: `{name}` in both languages? Otherwise {{ en = \"…\", fr = \"…\" }}"));
    if river_of(file) != Some(&river) {
        lines.push(format!("river = {}", quoted(&river)));
        open.push(format!("river: `{river}` in both languages?"));
    }
    open.push("region: no list says it. The board is filtered by it; it may be left out".to_owned());
    lines.extend(zone(entry, config, file, &mut open));
    let datum = if *form == Form::EcccStations { WSC_DATUM } else { FEED_DATUM };
    lines.push(format!("datum = {}", each(config, datum)));
    lines.push(format!("latitude = {latitude}"));
    lines.push(format!("longitude = {longitude}"));
    lines.extend(heights(entry, file, &mut open));
    if *form == Form::EcccStations {
        lines.extend(gauge(&entry.location, config));
    }
    lines.extend([
        String::new(),
        "[[station.source]]".to_owned(),
        format!("feed = {}", quoted(&said.feed)),
        format!("location = {}", quoted(&entry.location)),
    ]);
    Some(Block { id, text: lines.join("\n") + "\n", open })
}

/// The national number of a gauge, and its page.
fn gauge(number: &str, config: &Config) -> [String; 2] {
    let page = |letter| format!("https://wateroffice.ec.gc.ca/report/real_time_{letter}.html?stn={number}");
    let pages = each(config, [&page('e'), &page('f')]);
    [format!("gauge = {}", quoted(number)), format!("agency_page = {pages}")]
}

/// Heights that the agency names, as a remark: whether they are above the same zero as the feed's levels, no list says.
fn heights(entry: &Entry, file: &Table, open: &mut Vec<String>) -> Option<String> {
    if entry.heights.is_empty() {
        open.push(
            "thresholds: the list names none; without them no status is shown. Take them from the authority".to_owned(),
        );
        return None;
    }
    let named: Vec<String> =
        entry.heights.iter().map(|(name, height)| format!("{} = {height}", one_line(name))).collect();
    let basis =
        if file.contains_key("thresholds") { "" } else { ", and give the file a [thresholds] with scheme and source" };
    open.push(format!(
        "thresholds: take the # away once you know that they are above the zero of the feed's levels{basis}"
    ));
    Some(format!("# thresholds = {{ {} }}", named.join(", ")))
}

/// The zone of the station's clocks, where it is another than the file's and the list lets it be known.
fn zone(entry: &Entry, config: &Config, file: &Table, open: &mut Vec<String>) -> Option<String> {
    let otherwise = file.get("river").and_then(|river| river.get("timezone")?.as_str());
    let otherwise = otherwise.unwrap_or(config.site.zone.name());
    let known = ZONES.iter().find(|(region, offset, _)| *region == entry.region && *offset == entry.offset);
    match known {
        Some((.., zone)) if *zone == otherwise => None,
        Some((.., zone)) => Some(format!("timezone = {}", quoted(zone))),
        None => {
            let said = if entry.offset.is_empty() { "no offset" } else { &entry.offset };
            open.push(format!("timezone: {otherwise} holds unless you say another; the list says {said} all year"));
            None
        }
    }
}

/// The zones of which province and offset leave no doubt. Elsewhere two zones share an offset, or a province has two.
const ZONES: [(&str, &str, &str); 9] = [
    ("NB", "UTC-04:00", "America/Moncton"),
    ("NS", "UTC-04:00", "America/Halifax"),
    ("PE", "UTC-04:00", "America/Halifax"),
    ("NL", "UTC-03:30", "America/St_Johns"),
    ("NL", "UTC-04:00", "America/Goose_Bay"),
    ("MB", "UTC-06:00", "America/Winnipeg"),
    ("SK", "UTC-06:00", "America/Regina"),
    ("AB", "UTC-07:00", "America/Edmonton"),
    ("BC", "UTC-08:00", "America/Vancouver"),
];

/// The river of the file, in English.
fn river_of(file: &Table) -> Option<&str> {
    let name = file.get("river")?.get("name")?;
    name.as_str().or_else(|| name.get("en")?.as_str())
}

/// A text in the languages of the site, of which English and French are known here.
fn each(config: &Config, [en, fr]: [&str; 2]) -> String {
    // A text in two languages counts three: these, and the one for whoever asks for another.
    if config.site.title.all().count() == 3 {
        format!("{{ en = {}, fr = {} }}", quoted(en), quoted(fr))
    } else {
        quoted(en)
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text of a stranger's that stays in its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
