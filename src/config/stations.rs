//! A file of stations: what they share, and each of them.

use std::collections::BTreeMap;

use hydro::{
    FeedId, LocalText, NoForecast, Operation, Parameter, Position, SignedDuration, Source, Station, StationId,
    Thresholds, Value, Zone,
};

use super::heights::{Basis, basis, impact, mark, record, thresholds};
use super::limits::{Named, Pace, limits, pace, station_rule};
use super::reader::{Field, Table};
use super::units::duration;
use super::values::WEB;

/// What is known when stations are read.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// The feeds' names; `None` where they are not known because that file is faulty.
    pub(super) feeds: Option<Vec<String>>,
    /// The site's time zone.
    pub(super) zone: Zone,
    /// The ids of the stations read so far, where they stand.
    pub(super) ids: BTreeMap<StationId, Field<'a>>,
}

/// What the stations of a file share where they say nothing else: `[river]` and `[thresholds]`.
#[derive(Debug)]
struct Shared {
    river: Option<LocalText>,
    region: Option<LocalText>,
    datum: Option<LocalText>,
    zone: Option<Zone>,
    pace: Option<Pace>,
    basis: Option<Basis>,
    /// Whether there is a `[thresholds]`, be it faulty.
    has_basis: bool,
}

/// Reads a file of stations, in its order.
pub(super) fn stations<'a>(table: &mut Table<'a>, known: &mut Known<'a>) -> Vec<Station> {
    let site_zone = known.zone.clone();
    let river = table.section("river", |table| {
        let zone = table.find("timezone").map_or(Some(site_zone), |field| field.parsed(Zone::named));
        // A faulty name is reported once, and not again as missing in every station.
        (
            table.find("name").map(|field| field.local_text().unwrap_or_default()),
            text(table, "region"),
            text(table, "datum"),
            zone,
            pace(table),
        )
    });
    let (river, region, datum, zone, pace) = river.unwrap_or_default();
    let thresholds = table.find("thresholds");
    let has_basis = thresholds.is_some();
    let basis = thresholds.and_then(|field| field.table(|table| basis(table, known.feeds.as_deref()))).flatten();
    let shared = Shared { river, region, datum, zone, pace, basis, has_basis };
    table.each("station", |table| station(table, &shared, known))
}

fn station<'a>(table: &mut Table<'a>, shared: &Shared, known: &mut Known<'a>) -> Option<Station> {
    let id = id(table, known);
    let name = table.need("name").and_then(|field| field.local_text());
    let river = text(table, "river").or_else(|| shared.river.clone()).or_else(|| table.need("river")?.local_text());
    let region = text(table, "region").or_else(|| shared.region.clone());
    let position = position(table);
    let zone = table.find("timezone").map_or_else(|| shared.zone.clone(), |field| field.parsed(Zone::named));
    let operation = table.find("operation").map_or(Some(Operation::Active), |field| field.one_of(&OPERATION));
    let (sources, parameter) = sources(table, operation, known.feeds.as_deref());
    let datum = text(table, "datum").or_else(|| shared.datum.clone());
    let thresholds = station_thresholds(table, shared, parameter);
    let record =
        table.find("record").and_then(|field| record(&field, shared.basis.as_ref(), thresholds.as_ref(), parameter));
    let floods = table.each("floods", |table| mark(table, parameter));
    let impacts = table.each("impacts", |table| impact(table, parameter));
    let measured = table.find("measured").map_or(Some(true), |field| field.boolean());
    let no_forecast = table.find("no_forecast").and_then(|field| field.one_of(&NO_FORECAST));
    let cadence = cadence(table);
    let tidal = table.find("tidal").map_or(Some(false), |field| field.boolean());
    let (at_sea, record_known) = (tidal.unwrap_or_default(), record.as_ref());
    let named =
        Named { parameter, tidal: at_sea, thresholds: thresholds.as_ref(), record: record_known, floods: &floods };
    // Where the file's own is faulty, that is reported already, and the station is still read with the default.
    let pace = shared.pace.clone().unwrap_or_default().of(named);
    let limits = limits(table, &pace, named);
    let episodes = station_rule(table, &pace, at_sea);
    let gauge = table.find("gauge").and_then(|field| field.text()).map(str::to_owned);
    let agency_page = table.find("agency_page").and_then(|field| field.pages(&WEB));
    let alert_areas = alert_areas(table);
    Some(Station {
        id: id?,
        name: name?,
        river: river?,
        region,
        position: position?,
        zone: zone?,
        datum,
        thresholds,
        publisher: shared.basis.as_ref().and_then(|basis| basis.publisher.clone()),
        record,
        floods,
        impacts,
        sources,
        measured: measured?,
        no_forecast,
        cadence: cadence?,
        operation: operation?,
        tidal: tidal?,
        limits: limits?,
        episodes: episodes?,
        gauge,
        agency_page,
        alert_areas: alert_areas?,
    })
}

/// Codes of areas, each a word: a blank in one is a sign that several stand in one text.
fn alert_areas(table: &mut Table) -> Option<Vec<String>> {
    let Some(field) = table.find("alert_areas") else { return Some(Vec::new()) };
    let code = |field: Field| {
        let text = field.text()?;
        let is_code = text.len() <= 40 && text.chars().all(|character| character.is_ascii_graphic());
        if is_code {
            Some(text.to_owned())
        } else {
            field.refuse(format!("`{text}` is not the code of an area, such as MEZ001"))
        }
    };
    // Each is read before any is missed, so that all faults are told.
    let codes: Vec<Option<String>> = field.items()?.into_iter().map(code).collect();
    codes.into_iter().collect()
}

const NO_FORECAST: [(&str, NoForecast); 2] = [("ice-jams", NoForecast::IceJams), ("not-made", NoForecast::NotMade)];

const OPERATION: [(&str, Operation); 3] =
    [("active", Operation::Active), ("suspended", Operation::Suspended), ("closed", Operation::Closed)];

fn text(table: &mut Table, key: &'static str) -> Option<LocalText> {
    table.find(key)?.local_text()
}

fn position(table: &mut Table) -> Option<Position> {
    let latitude = table.need("latitude").and_then(|field| field.degrees(90.0));
    let longitude = table.need("longitude").and_then(|field| field.degrees(180.0));
    Some(Position { latitude: latitude?, longitude: longitude? })
}

fn cadence(table: &mut Table) -> Option<SignedDuration> {
    let Some(field) = table.find("cadence") else { return Some(SignedDuration::from_hours(1)) };
    field.parsed(|text| SignedDuration::try_from(duration(text)?).map_err(|error| error.to_string()))
}

fn station_thresholds(table: &mut Table, shared: &Shared, parameter: Parameter) -> Option<Thresholds> {
    let field = table.find("thresholds")?;
    match &shared.basis {
        Some(basis) => thresholds(&field, basis, parameter),
        None if shared.has_basis => None,
        None => {
            field.refuse("thresholds of nobody: expected a table [thresholds] with `scheme` and `source` in this file")
        }
    }
}

fn id<'a>(table: &mut Table<'a>, known: &mut Known<'a>) -> Option<StationId> {
    let field = table.need("id")?;
    let id = field.parsed(StationId::new)?;
    if let Some(first) = known.ids.get(&id) {
        return field.refuse(format!("two stations have the id `{id}`: the first is at {}", first.place()));
    }
    known.ids.insert(id.clone(), field);
    Some(id)
}

/// The sources, and what a station's other numbers are of: discharge where no source is of level, be that one faulty.
fn sources(table: &mut Table, operation: Option<Operation>, feeds: Option<&[String]>) -> (Vec<Source>, Parameter) {
    if operation == Some(Operation::Active) && table.find("source").is_none() {
        table.context.fault(&table.spot, "missing [[station.source]]: data are expected of an active station");
    }
    let (mut first_level, mut parameters) = (None, Vec::new());
    let sources = table.each("source", |table| source(table, feeds, &mut first_level, &mut parameters));
    let discharge = !parameters.is_empty() && parameters.iter().all(|parameter| *parameter == Parameter::Discharge);
    (sources, if discharge { Parameter::Discharge } else { Parameter::Level })
}

/// A feed's name, of which there must be one.
pub(super) fn known_feed(field: &Field, feeds: Option<&[String]>) -> Option<FeedId> {
    let feed = field.parsed(FeedId::new)?;
    match feeds {
        Some(feeds) if !feeds.iter().any(|known| known == feed.as_str()) => {
            let expected = if feeds.is_empty() { format!("a table [feeds.{feed}]") } else { feeds.join(", ") };
            field.refuse(format!("no feed `{feed}`: expected {expected}"))
        }
        _ => Some(feed),
    }
}

/// Reads a source. Levels of two feeds are joined only where the difference of their datums is declared.
fn source(
    table: &mut Table,
    feeds: Option<&[String]>,
    first_level: &mut Option<FeedId>,
    parameters: &mut Vec<Parameter>,
) -> Option<Source> {
    let field = table.need("feed");
    let feed = field.as_ref().and_then(|field| known_feed(field, feeds));
    let location = table.need("location").and_then(|field| field.text());
    let words = [Parameter::Level, Parameter::Discharge].map(|parameter| (parameter.name(), parameter));
    let parameter = table.find("parameter").map_or(Some(Parameter::Level), |field| field.one_of(&words))?;
    parameters.push(parameter);
    let offset = table.find("datum_offset");
    if let (Parameter::Discharge, Some(field)) = (parameter, &offset) {
        return field.refuse("a discharge is above no datum: `datum_offset` is for levels");
    }
    let (field, feed) = (field?, feed?);
    if parameter == Parameter::Level {
        let first = first_level.get_or_insert_with(|| feed.clone());
        if *first != feed && offset.is_none() {
            return field.refuse(format!(
                "levels of `{feed}` beside those of `{first}` need `datum_offset`: two agencies' heights may be above \
                 different datums; say what is to be added, in metres, 0.0 if nothing"
            ));
        }
    }
    let datum_offset = offset.map_or(Some(Value::from_milli(0)), |field| field.amount(parameter))?;
    Some(Source { feed, location: location?.to_owned(), parameter, datum_offset })
}
