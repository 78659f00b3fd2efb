//! The lines under the stations of the map: GeoJSON (RFC 7946) whose features say what they are by `kind`. Every position ends
//! up on telephones, so there may not be many.

use std::fmt::Display;
use std::ops::Range;

use hydro::Position;
use serde::Deserialize;
use server::{Feature, FeatureKind, Ground};

use super::Source;
use super::context::{Context, Report, Spot};

/// The most positions of a file.
const MOST: usize = 5000;

/// Reads a file of lines; what is wrong with it is reported.
pub(super) fn ground(source: &Source, report: &Report) -> Option<Ground> {
    let context = Context { source, report, environment: None };
    let ground: Ground = match serde_json::from_str::<Collection>(&source.text) {
        Ok(collection) => collection.into(),
        Err(error) => {
            context.fault(&Spot::Span(span(&source.text, &error)), message(&error));
            return None;
        }
    };
    let count: usize = ground.features.iter().flat_map(|feature| &feature.parts).map(Vec::len).sum();
    if count > MOST {
        context.fault(&Spot::File, format!("{count} positions: expected at most {MOST}, as all may reach a telephone"));
        return None;
    }
    Some(ground)
}

/// What is wrong, without where.
fn message(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    told.strip_suffix(&place).unwrap_or(&told).to_owned()
}

/// Where it is: the sign at which it is no JSON, or the value that is no such value, from the bracket that opens it.
fn span(text: &str, error: &serde_json::Error) -> Range<usize> {
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let read = text.get(..line + error.column()).unwrap_or(text);
    if !error.is_data() {
        return read.char_indices().next_back().map_or(0, |(last, _)| last)..read.len();
    }
    // Of a list, the sign behind the value has been read as well.
    let read = read.trim_end();
    let value = read.strip_suffix([',', ']']).map(str::trim_end).filter(|value| value.ends_with([']', '}']));
    let value = value.unwrap_or(read);
    let mut open = 0;
    let start = value.char_indices().rev().find(|(_, sign)| {
        open += match sign {
            ']' | '}' => 1,
            '[' | '{' => -1,
            _ => 0,
        };
        open == 0
    });
    start.map_or(0, |(start, _)| start)..value.len()
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    _type: IsCollection,
    credit: String,
    bbox: Bounds,
    features: Vec<Shape>,
}

#[derive(Deserialize)]
enum IsCollection {
    FeatureCollection,
}

#[derive(Deserialize)]
enum IsFeature {
    Feature,
}

impl From<Collection> for Ground {
    fn from(Collection { credit, bbox: Bounds { south_west, north_east }, features, .. }: Collection) -> Self {
        let features = features.into_iter().map(|Shape(feature)| feature).collect();
        Self { credit, south_west, north_east, features }
    }
}

/// West, south, east, north.
#[derive(Deserialize)]
#[serde(try_from = "Vec<f64>")]
struct Bounds {
    south_west: Position,
    north_east: Position,
}

impl TryFrom<Vec<f64>> for Bounds {
    type Error = String;

    fn try_from(numbers: Vec<f64>) -> Result<Self, String> {
        match numbers[..] {
            [west, south, east, north] if west < east && south < north => {
                Ok(Self { south_west: position(&[west, south])?, north_east: position(&[east, north])? })
            }
            _ => Err("no bbox: expected [west, south, east, north] in degrees".to_owned()),
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "Vec<f64>")]
struct Point(Position);

impl TryFrom<Vec<f64>> for Point {
    type Error = String;

    fn try_from(numbers: Vec<f64>) -> Result<Self, String> {
        position(&numbers).map(Self)
    }
}

/// A position as GeoJSON writes it: a height may follow, and means nothing here.
fn position(numbers: &[f64]) -> Result<Position, String> {
    match *numbers {
        [longitude, latitude] | [longitude, latitude, _] if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 => {
            Ok(Position { latitude, longitude })
        }
        _ => Err("no position: expected [longitude, latitude], -180 to 180 and -90 to 90 degrees".to_owned()),
    }
}

#[derive(Deserialize)]
struct Properties {
    kind: FeatureKind,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    LineString(Vec<Point>),
    MultiLineString(Vec<Vec<Point>>),
    Polygon(Vec<Vec<Point>>),
    MultiPolygon(Vec<Vec<Vec<Point>>>),
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "type")]
    _type: IsFeature,
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
#[serde(try_from = "Written")]
struct Shape(Feature);

impl TryFrom<Written> for Shape {
    type Error = String;

    fn try_from(Written { properties: Properties { kind, name }, geometry, .. }: Written) -> Result<Self, String> {
        let (area, parts) = match geometry {
            Geometry::LineString(line) => (false, vec![line]),
            Geometry::MultiLineString(lines) => (false, lines),
            Geometry::Polygon(rings) => (true, rings),
            Geometry::MultiPolygon(polygons) => (true, polygons.into_iter().flatten().collect()),
        };
        let positions = |part: Vec<Point>| part.into_iter().map(|Point(position)| position).collect();
        let parts: Vec<Vec<Position>> = parts.into_iter().map(positions).collect();
        match (kind.is_area(), area) {
            (true, false) => Err(expected("an area has an inside", "Polygon or MultiPolygon")),
            (false, true) => Err(expected("a line has no inside", "LineString or MultiLineString")),
            (true, true) if parts.iter().any(|ring| ring.len() < 4 || ring.first() != ring.last()) => {
                Err(expected("a ring is open", "four positions or more, the last of them the first"))
            }
            (false, false) if parts.iter().any(|line| line.len() < 2) => {
                Err(expected("a line leads nowhere", "two positions or more"))
            }
            _ => Ok(Self(Feature { kind, name, parts })),
        }
    }
}

fn expected(found: impl Display, expected: impl Display) -> String {
    format!("{found}: expected {expected}")
}
