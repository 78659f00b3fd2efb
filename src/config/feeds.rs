//! The parts `[fetch]` and `[feeds.…]`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hydro::FeedId;
use ingest::formats::Format;
use ingest::{Feed, Fetching, Schedule};
use server::FeedNote;

use super::mapping::{json_layout, table_layout};
use super::reader::Table;
use super::units::{duration, size};
use super::values::{WEB, url};

/// Reads `[fetch]`.
pub(super) fn fetching(table: &mut Table) -> Option<Fetching> {
    let contact = table.need("contact").and_then(|field| field.text());
    let mut time = |key, default| match table.find(key) {
        Some(field) => field.parsed(duration),
        None => Some(Duration::from_secs(default)),
    };
    let (connect_timeout, total_timeout) = (time("connect_timeout", 5), time("total_timeout", 30));
    let at_once = table.find("at_once").map_or(Some(4), |field| field.count(64));
    let keep_bodies = table.find("keep_bodies").map_or(Some(200_000_000), |field| field.parsed(size));
    Some(Fetching {
        contact: contact?.to_owned(),
        connect_timeout: connect_timeout?,
        total_timeout: total_timeout?,
        at_once: at_once?,
        keep_bodies: keep_bodies?,
        // Said of the database, and put in there.
        retention: None,
    })
}

/// What `[feeds]` says.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    /// Every name in it, also of feeds that are faulty otherwise, so that a station may name them.
    pub(super) names: Vec<String>,
    /// In the order of the file.
    pub(super) feeds: Vec<(Feed, FeedNote)>,
}

/// Reads `[feeds]`.
pub(super) fn feeds(table: &mut Table) -> Feeds {
    let mut feeds = Feeds::default();
    for name in table.keys() {
        feeds.names.push(name.to_owned());
        let Some(field) = table.find(name) else { continue };
        let id = FeedId::new(name).map_err(|error| table.context.fault(&field.entry, error)).ok();
        if let Some(Some(pair)) = field.table(|table| feed(table, id)) {
            feeds.feeds.push(pair);
        }
    }
    feeds
}

fn feed(table: &mut Table, id: Option<FeedId>) -> Option<(Feed, FeedNote)> {
    let title = table.need("title").and_then(|field| field.local_text());
    let address = table.need("address").and_then(|field| field.parsed(|text| url(text, &WEB)));
    let form = table.need("format").and_then(|field| field.one_of(&forms()));
    let place = table.find("place");
    let (is_placed, place) = (place.is_some(), place.and_then(|field| field.text()));
    let schedule = table.need("schedule").and_then(|field| field.parsed(Schedule::parse));
    let max_bytes = table.find("max_size").map_or(Some(32_000_000), |field| field.parsed(size));
    let private = table.find("private").map_or(Some(false), |field| field.boolean());
    let attribution = table.need("attribution").and_then(|field| field.local_text());
    let licence = table.find("licence").and_then(|field| field.pages(&WEB));
    let forecaster = table.find("forecaster").and_then(|field| field.local_text());
    let format = form.and_then(|form| form.format(table, is_placed));
    let feed = Feed {
        id: id.clone()?,
        address: address?,
        format: format?,
        place: place.map(str::to_owned),
        schedule: schedule?,
        max_bytes: max_bytes?,
        private: private?,
        places: BTreeMap::new(),
    };
    Some((feed, FeedNote { id: id?, title: title?, attribution: attribution?, licence, forecaster }))
}

/// A format by its name alone, or one that a part of the configuration describes.
#[derive(Clone)]
enum Form {
    Plain(Format),
    Table,
    Json,
}

fn forms() -> Vec<(&'static str, Form)> {
    let plain = Format::NAMED.map(|format| (format.name(), Form::Plain(format)));
    plain.into_iter().chain(Format::MAPPED.into_iter().zip([Form::Table, Form::Json])).collect()
}

impl Form {
    fn format(self, feed: &mut Table, is_placed: bool) -> Option<Format> {
        match self {
            Self::Plain(format) => Some(format),
            Self::Table => {
                let layout = feed.need("table")?.table(|table| table_layout(table, is_placed))??;
                Some(Format::Table(Arc::new(layout)))
            }
            Self::Json => {
                let layout = feed.need("json")?.table(|table| json_layout(table, is_placed))??;
                Some(Format::Json(Arc::new(layout)))
            }
        }
    }
}
