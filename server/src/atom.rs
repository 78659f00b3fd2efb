//! News of a station, or of all of them, as an Atom feed (RFC 4287): a threshold reached or left, a forecast that first
//! reaches one, and a forecast peak well beyond the last.
//!
//! An entry's id is made of language, station, threshold, kind and instant and is the same for ever. `updated` is when it was
//! known here. What nobody saw begin, because it is above a threshold in the first reading known, is no news.

mod news;
mod xml;

use hydro::{Station, Timestamp};
use store::{Reader as Database, StoreError};

use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::{Snapshot, StationNow};
use news::{Kind, News};
use xml::Writer;

/// The media type.
pub(crate) const TYPE: &str = "application/atom+xml";
/// Entries at most.
const ENTRIES: usize = 50;
/// Whose ids stand for a site that does not say where it is (RFC 2606 keeps the name from being anybody's).
const NOBODY: &str = "riverwatch.invalid";

/// An entry, decided.
struct Entry {
    id: String,
    updated: Timestamp,
    title: String,
    text: String,
    station: String,
}

/// The feed of one station.
///
/// # Errors
/// [`StoreError`] where the database does not answer.
pub(crate) fn of_station(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    database: &Database,
    (station, state): (&Station, &StationNow),
) -> Result<String, StoreError> {
    let name = station.name.in_language(&reader.texts.code);
    let title = fill(&reader.texts.atom.title, &[("name", name)]);
    let entries = entries(reader, snapshot, database, station, state)?;
    Ok(feed(reader, snapshot, &title, &format!("station/{}", station.id), entries))
}

/// The feed of all stations.
///
/// # Errors
/// [`StoreError`] where the database does not answer.
pub(crate) fn of_all(reader: &Reader<'_>, snapshot: &Snapshot, database: &Database) -> Result<String, StoreError> {
    let mut all = Vec::new();
    for (station, state) in snapshot.all() {
        let reader = Reader { zone: &station.zone, ..*reader };
        // A snapshot of all has no more than the last days of each; news are of the readings of thirty.
        let whole = (!state.assessment.episodes.is_empty())
            .then(|| StationNow::read(database, station, snapshot.now))
            .transpose()?;
        all.extend(entries(&reader, snapshot, database, station, whole.as_ref().unwrap_or(state))?);
    }
    Ok(feed(reader, snapshot, &reader.texts.atom.title_all, "", all))
}

fn entries(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    database: &Database,
    station: &Station,
    state: &StationNow,
) -> Result<Vec<Entry>, StoreError> {
    let news = news::news(database, station, state, snapshot.now)?;
    Ok(news.iter().map(|news| entry(reader, snapshot, station, news)).collect())
}

fn entry(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, news: &News) -> Entry {
    let (texts, words) = (reader.texts, &reader.texts.atom);
    let name = station.name.in_language(&texts.code);
    let threshold = news.rank.map_or("", |rank| reader.threshold(station, rank));
    let (value, when) = (reader.level(news.value, station), reader.dated(news.valid));
    let at = reader.dated(news.at);
    let (title, text) = match news.kind {
        Kind::Reached => (&words.reached, &words.reached_text),
        Kind::Left => (&words.left, &words.left_text),
        Kind::ForecastReaches => (&words.ahead, &words.ahead_text),
        Kind::ForecastPeak => (&words.peak, &words.peak_text),
    };
    let values = [("name", name), ("threshold", threshold), ("value", &value), ("when", &when), ("at", &at)];
    let invented = snapshot.site.demonstration;
    let mark = if invented { format!("{}: ", texts.page.demonstration_short) } else { String::new() };
    let demonstration = if invented { format!(" {}", texts.page.demonstration) } else { String::new() };
    let title = format!("{mark}{}", fill(title, &values));
    let text = format!("{}{demonstration} {} {}", fill(text, &values), texts.page.not_official, texts.page.provisional);
    let step = news.rank.map_or("peak", |rank| crate::view::status_name(station, Some(rank)));
    let what = format!("{}/{step}/{}/{}", station.id, news.kind.name(), news.at);
    Entry { id: tag(reader, snapshot, &what), updated: news.known, title, text, station: station.id.to_string() }
}

/// A name for ever (RFC 4151), of the site's own host.
fn tag(reader: &Reader<'_>, snapshot: &Snapshot, what: &str) -> String {
    let address = snapshot.site.address.as_deref().and_then(|address| address.split_once("://"));
    let host = address.and_then(|(_, rest)| rest.split(['/', ':']).next()).filter(|host| !host.is_empty());
    format!("tag:{},2026:{}/{what}", host.unwrap_or(NOBODY), reader.texts.code)
}

/// The document; `path` is that of the page that tells the same to people, after the language.
fn feed(reader: &Reader<'_>, snapshot: &Snapshot, title: &str, path: &str, mut entries: Vec<Entry>) -> String {
    entries.sort_by(|a, b| b.updated.cmp(&a.updated).then_with(|| a.id.cmp(&b.id)));
    entries.truncate(ENTRIES);
    let (site, texts) = (&*snapshot.site, reader.texts);
    let root = format!("{}/{}", site.address.as_deref().unwrap_or_default(), texts.code);
    let own = if path.is_empty() { "stations" } else { path };
    let newest = snapshot.feeds.iter().filter_map(|feed| feed.newest).max();
    let updated = entries.first().map(|entry| entry.updated).or(newest).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml = Writer::begin(&texts.locale);
    xml.text("id", &tag(reader, snapshot, own));
    xml.text("title", title);
    xml.text("subtitle", if site.demonstration { &texts.page.demonstration } else { &texts.page.not_official });
    xml.text("updated", &updated.to_string());
    xml.author(site.title.in_language(&texts.code));
    xml.link("self", TYPE, &format!("{root}/{own}.atom"));
    xml.link("alternate", "text/html", &format!("{root}/{path}"));
    for entry in &entries {
        xml.open("entry");
        xml.text("id", &entry.id);
        xml.text("title", &entry.title);
        xml.text("updated", &entry.updated.to_string());
        xml.link("alternate", "text/html", &format!("{root}/station/{}", entry.station));
        xml.text("content", &entry.text);
        xml.close("entry");
    }
    xml.end()
}
