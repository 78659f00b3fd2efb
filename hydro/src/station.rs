//! A hydrometric station as its operator describes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{EpisodeRule, FeedId, Limits, Parameter, Publisher, StationId, Thresholds, Value, Zone};

/// A text in each language that has one of its own. Place names mostly have one for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalText {
    common: Arc<str>,
    by_language: Arc<[(String, String)]>,
}

impl LocalText {
    /// One text for every language.
    pub fn same(text: &str) -> Self {
        Self { common: text.into(), by_language: Arc::default() }
    }

    /// A text for each language code; a language without one reads the first.
    pub fn each(by_language: BTreeMap<String, String>) -> Self {
        let common = by_language.values().next().map_or("", String::as_str).into();
        Self { common, by_language: by_language.into_iter().collect() }
    }

    /// The text for a language code such as `fr`.
    pub fn in_language(&self, code: &str) -> &str {
        let own = self.by_language.iter().find(|(language, _)| language == code);
        own.map_or(&self.common, |(_, text)| text)
    }

    /// Every text, for searching.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.common).chain(self.by_language.iter().map(|(_, text)| text.as_str()))
    }
}

/// Degrees north and east, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// North of the equator, -90 to 90.
    pub latitude: f64,
    /// East of Greenwich, -180 to 180.
    pub longitude: f64,
}

/// A level or discharge worth naming beside the thresholds: the record, a past flood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The height in the station's datum, or the discharge.
    pub value: Value,
    /// The year, where it is known.
    pub year: Option<i16>,
    /// Where it is stated.
    pub source: Option<LocalText>,
}

/// What the water does at a level or discharge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// The height in the station's datum, or the discharge.
    pub value: Value,
    /// What happens, in a few words.
    pub text: LocalText,
}

/// One feed's view of a station. The order in configuration is the order of preference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The feed.
    pub feed: FeedId,
    /// The feed's own id of the place.
    pub location: String,
    /// What is taken from it.
    pub parameter: Parameter,
    /// Added to the feed's levels to bring them to the station's datum. Two agencies' levels at one place may differ by
    /// hundreds of metres, so a second source of a level is joined only where this is declared.
    pub datum_offset: Value,
}

/// Why a station never has a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoForecast {
    /// Ice jams are unpredictable there.
    IceJams,
    /// The authority makes none for it.
    NotMade,
}

/// Whether the operator expects data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Operation {
    /// Data are expected.
    #[default]
    Active,
    /// Out of service for a time; what it said last is not shown as current.
    Suspended,
    /// Closed for good.
    Closed,
}

/// A hydrometric station. Thresholds, record, floods, impacts and limits are of its [parameter](Station::parameter).
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Its name in addresses.
    pub id: StationId,
    /// Its name for readers.
    pub name: LocalText,
    /// The river or lake.
    pub river: LocalText,
    /// The part of the country or of the river that its operator counts it to.
    pub region: Option<LocalText>,
    /// Where it stands.
    pub position: Position,
    /// The zone of its clocks.
    pub zone: Zone,
    /// What its levels are heights above, where that is known.
    pub datum: Option<LocalText>,
    /// What the authority names; none where nobody has named any.
    pub thresholds: Option<Thresholds>,
    /// The feed whose thresholds rule over those, where it publishes any for this station.
    pub publisher: Option<Publisher>,
    /// The highest crest on file.
    pub record: Option<Mark>,
    /// Past floods that people remember, by year.
    pub floods: Vec<Mark>,
    /// What water does at a level or discharge.
    pub impacts: Vec<Impact>,
    /// Feeds, in order of preference.
    pub sources: Vec<Source>,
    /// Whether a gauge measures here at all: some places have only forecasts.
    pub measured: bool,
    /// Why there is never a forecast, if there is never one.
    pub no_forecast: Option<NoForecast>,
    /// How often a new measurement arrives.
    pub cadence: SignedDuration,
    /// Whether data are expected.
    pub operation: Operation,
    /// The tide reaches the gauge.
    pub tidal: bool,
    /// What its readings are held against before they are believed.
    pub limits: Limits,
    /// When an episode begins and ends there.
    pub episodes: EpisodeRule,
    /// The national gauge number, such as `01AK003`, where there is one.
    pub gauge: Option<String>,
    /// The agency's own page for the station.
    pub agency_page: Option<LocalText>,
    /// Codes of the areas that it lies in, in whatever scheme, for official alerts that name their areas without an outline:
    /// `MEZ001`, `034WAF428`.
    pub alert_areas: Vec<String>,
}

impl Station {
    /// What the station speaks of first: level where any of its feeds gives one, discharge where they give nothing else.
    pub fn parameter(&self) -> Parameter {
        let discharge_only = self.sources.iter().all(|source| source.parameter == Parameter::Discharge);
        if discharge_only && !self.sources.is_empty() { Parameter::Discharge } else { Parameter::Level }
    }

    /// A station of level as one of the discharge that it also has: the same place without anything that is a height.
    /// `None` where it has no discharge, or where that leads already.
    pub fn discharge(&self) -> Option<Self> {
        let of_discharge = |source: &&Source| source.parameter == Parameter::Discharge;
        let sources: Vec<Source> = self.sources.iter().filter(of_discharge).cloned().collect();
        let second = !sources.is_empty() && self.parameter() == Parameter::Level;
        second.then(|| Self {
            sources,
            datum: None,
            thresholds: None,
            record: None,
            floods: Vec::new(),
            impacts: Vec::new(),
            limits: Limits::of(Parameter::Discharge),
            ..self.clone()
        })
    }
}
