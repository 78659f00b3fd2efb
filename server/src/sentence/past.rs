//! How the water compares with what people remember: the nearest past flood or the record, now and at the forecast's peak.

use hydro::{Mark, Station, Value};

use super::{capital, near_to};
use crate::format::{Reader, shown};
use crate::lang::fill;
use crate::snapshot::StationNow;

/// The past flood or record that the present level, or discharge, is nearest to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) flood: &'a Mark,
    /// It is the record, not only a flood that people remember.
    pub(crate) record: bool,
    now: Value,
    ahead: Option<(Value, bool)>,
}

impl Past<'_> {
    /// How far above it the water stands, below where negative.
    pub(crate) fn above(&self) -> Value {
        self.now - self.flood.value
    }

    /// The same of the height that the forecast rises to.
    pub(crate) fn ahead_above(&self) -> Option<Value> {
        self.ahead.map(|(value, _)| value - self.flood.value)
    }
}

/// What the water is compared with; nothing where the level of now is not known or nothing past is.
pub(crate) fn past<'a>(station: &'a Station, state: &StationNow) -> Option<Past<'a>> {
    let now = state.assessment.current?.value;
    let floods = station.floods.iter().map(|flood| (flood, false));
    let named = floods.chain(station.record.iter().map(|record| (record, true)));
    let (flood, record) = named.min_by_key(|(flood, _)| flood.value.distance(now))?;
    // What does not rise has no peak to speak of; the sentence says the same.
    let peak = state.assessment.outlook.as_ref().map(|outlook| outlook.peak);
    let peak = peak.filter(|peak| peak.value > now + near_to(now, station.parameter()));
    Some(Past { flood, record, now, ahead: peak.map(|peak| (peak.value, peak.still_rising)) })
}

/// `0.12 m above the flood of 2018; forecast to peak 0.30 m above it.`
pub(crate) fn compared(reader: &Reader<'_>, station: &Station, state: &StationNow) -> Option<String> {
    let texts = &reader.texts.past_floods;
    let past = past(station, state)?;
    let year = past.flood.year.map(|year| year.to_string());
    let (named, unnamed, it) = if past.record {
        (&texts.record_of, &texts.record, &texts.this_record)
    } else {
        (&texts.flood_of, &texts.flood, &texts.this_flood)
    };
    let name = year.map_or_else(|| unnamed.clone(), |year| fill(named, &[("year", &year)]));
    let place = |value: Value, name: &str| {
        let apart = shown(value, station) - past.flood.value;
        let template = match apart.milli() {
            ..=-1 => &texts.below,
            0 => &texts.same,
            1.. => &texts.above,
        };
        let distance = reader.stated(Value::from_milli(apart.milli().abs()), station.parameter());
        fill(template, &[("distance", &distance), ("flood", name)])
    };
    let now = place(past.now, &name);
    let ahead = past.ahead.map(|(value, still_rising)| {
        let template = if still_rising { &texts.still_rising } else { &texts.peak };
        fill(template, &[("place", &place(value, it))])
    });
    Some(capital(&match ahead {
        Some(ahead) => fill(&texts.both, &[("now", &now), ("ahead", &ahead)]),
        None => fill(&texts.alone, &[("now", &now)]),
    }))
}
