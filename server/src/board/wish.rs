//! What a board's address asks for: some stations, a river, a region, a threshold.

use axum::extract::Query;
use axum::http::Uri;
use hydro::{LocalText, Station};

use super::{ahead, reached};
use crate::format::Reader;
use crate::snapshot::StationNow;
use crate::view::list::plain;

/// What the address of a board asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// `stations`: ids of the only stations wanted, in one value or several.
    pub(crate) only: Vec<String>,
    /// `river`: its name in the page's language, without regard to case or accents.
    pub(crate) river: String,
    /// `region`: likewise.
    pub(crate) region: String,
    /// `threshold`: only stations that have reached it or are forecast to, by its name in data.
    pub(crate) threshold: String,
}

impl Wish {
    /// Reads an address; `None` where it cannot be understood.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
        let mut wish = Self::default();
        for (key, value) in asked {
            match key.as_str() {
                "stations" => wish.only.extend(value.split(',').filter(|id| !id.is_empty()).map(str::to_owned)),
                "river" => wish.river = value.chars().take(100).collect(),
                "region" => wish.region = value.chars().take(100).collect(),
                "threshold" => wish.threshold = value.chars().take(40).collect(),
                _ => {}
            }
        }
        wish.only.truncate(100);
        Some(wish)
    }

    pub(super) fn wants(&self, reader: &Reader<'_>, station: &Station, state: &StationNow) -> bool {
        let of_rank = || {
            let rank = station.thresholds.as_ref().and_then(|set| set.scheme().rank(&self.threshold));
            rank.is_some() && reached(state).max(ahead(state)) >= rank
        };
        (self.only.is_empty() || self.only.iter().any(|id| id == station.id.as_str()))
            && (self.river.is_empty() || is(reader, Some(&station.river), &self.river))
            && (self.region.is_empty() || is(reader, station.region.as_ref(), &self.region))
            && (self.threshold.is_empty() || of_rank())
    }
}

/// Whether something has the name asked for, without regard to case or accents.
pub(super) fn is(reader: &Reader<'_>, name: Option<&LocalText>, asked: &str) -> bool {
    name.is_some_and(|name| plain(name.in_language(&reader.texts.code)) == plain(asked))
}
