//! US National Weather Service alerts, `api.weather.gov/alerts/active`: a GeoJSON collection whose features are CAP messages
//! with CAP's own names. The list is complete: what is not in it any more is not in force any more. Source: the service's
//! `OpenAPI` description (`AlertCollection`) and its replies. Tests, exercises and drafts in the list say nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hydro::{Action, Alert, AlertId, Area, Notice, Position, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::cap_xml::{place, text};
use super::document::{Document, LineCounter, clip};
use super::{Format, Item, NotThisFormat, Parsed, Rejected, field, json};

/// Reads a list. One that is continued on another page is not complete: its messages are given one by one.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::NwsAlerts, bytes)?;
    let (features, complete) = features(&document)?;
    let mut lines = LineCounter::new(document.text());
    let (mut alerts, mut rejected) = (Vec::new(), Vec::new());
    for (index, feature) in features.into_iter().enumerate() {
        let (alert, fault) = read(feature).unwrap_or_else(|reason| (None, Some(reason)));
        alerts.extend(alert);
        rejected.extend(fault.map(|reason| {
            let line = lines.line_at(document.offset_of(feature.get()));
            Rejected { line, reason: format!("feature {}: {reason}", index + 1) }
        }));
    }
    let items = if complete { vec![Item::InForce(alerts)] } else { alerts.into_iter().map(Item::Alert).collect() };
    Ok(Parsed { items, rejected })
}

/// A collection, or what the service sends in its place when it has a fault to tell (RFC 7807).
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(borrow, rename = "@context")]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    detail: Option<Cow<'a, str>>,
    #[serde(borrow)]
    updated: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pagination: Option<&'a RawValue>,
}

/// The features, and whether they are all.
fn features<'d>(document: &'d Document<'_>) -> Result<(Vec<&'d RawValue>, bool), NotThisFormat> {
    let reply: Reply<'_> = json::document(document, '{')?;
    let kind = reply.kind.as_deref().unwrap_or("no type");
    // Other services send collections of features too; this one says of what, and as of when.
    let is_list = reply.context.is_some() || (reply.title.is_some() && reply.updated.is_some());
    match reply.features {
        Some(features) if kind == "FeatureCollection" && is_list => Ok((features, reply.pagination.is_none())),
        None if kind.contains("/problems/") => {
            let said = reply.detail.or(reply.title).unwrap_or_default();
            Err(document.refuse_start(format!("an error of the service: {said}")))
        }
        _ => {
            Err(document
                .refuse_start(format!("a JSON object of `{}`, expected a FeatureCollection of alerts", clip(kind))))
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a feature")]
struct Feature<'a> {
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "properties")]
struct Properties<'a> {
    #[serde(rename = "@type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    sender: Option<Cow<'a, str>>,
    sent: Option<Cow<'a, str>>,
    status: Option<Cow<'a, str>>,
    message_type: Option<Cow<'a, str>>,
    scope: Option<Cow<'a, str>>,
    language: Option<Cow<'a, str>>,
    event: Option<Cow<'a, str>>,
    sender_name: Option<Cow<'a, str>>,
    headline: Option<Cow<'a, str>>,
    description: Option<Cow<'a, str>>,
    instruction: Option<Cow<'a, str>>,
    severity: Option<Cow<'a, str>>,
    urgency: Option<Cow<'a, str>>,
    response: Option<Cow<'a, str>>,
    onset: Option<Cow<'a, str>>,
    expires: Option<Cow<'a, str>>,
    ends: Option<Cow<'a, str>>,
    web: Option<Cow<'a, str>>,
    area_desc: Option<Cow<'a, str>>,
    geocode: Option<BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>>,
    references: Option<Vec<Reference<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a reference")]
struct Reference<'a> {
    #[serde(borrow)]
    sender: Cow<'a, str>,
    identifier: Cow<'a, str>,
    sent: Cow<'a, str>,
}

/// Reads a feature: its message, where that is meant for the public of this day, and what is wrong with a part of it.
fn read(feature: &RawValue) -> Result<(Option<Alert>, Option<String>), String> {
    let Feature { geometry, properties } = json::object(feature)?;
    let properties: Properties<'_> = json::object(properties)?;
    if properties.kind.as_deref() != Some("wx:Alert") {
        return Err(format!("`{}`, expected wx:Alert", clip(properties.kind.as_deref().unwrap_or("no @type"))));
    }
    let (Some(identifier), Some(sender), Some(sent), Some(status)) =
        (&properties.id, &properties.sender, &properties.sent, &properties.status)
    else {
        return Err("no id, sender, sent or status".into());
    };
    let Some(action) = action(&properties)?.filter(|_| status == "Actual") else { return Ok((None, None)) };
    let (sender, identifier) = (sender.as_ref().to_owned(), identifier.as_ref().to_owned());
    let id =
        AlertId { sender, identifier, sent: field::instant(sent, None).map_err(|reason| format!("sent {reason}"))? };
    let references = properties.references.iter().flatten().map(refer).collect::<Result<_, _>>()?;
    let (rings, fault) = match rings(geometry) {
        Ok(rings) => (rings, None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    let notices = vec![notice(&properties, rings)?];
    Ok((Some(Alert { id, action, references, notices }), fault))
}

/// What the message does; nothing where it is not meant for the public.
fn action(properties: &Properties<'_>) -> Result<Option<Action>, String> {
    if matches!(properties.scope.as_deref(), Some("Restricted" | "Private")) {
        return Ok(None);
    }
    Ok(Some(match properties.message_type.as_deref().unwrap_or("no messageType") {
        "Alert" => Action::Alert,
        "Update" => Action::Update,
        "Cancel" => Action::Cancel,
        "Ack" | "Error" => return Ok(None),
        other => return Err(format!("messageType `{}`, expected Alert, Update or Cancel", clip(other))),
    }))
}

fn refer(reference: &Reference<'_>) -> Result<AlertId, String> {
    let sent = field::instant(&reference.sent, None).map_err(|reason| format!("a reference sent {reason}"))?;
    Ok(AlertId { sender: reference.sender.as_ref().into(), identifier: reference.identifier.as_ref().into(), sent })
}

fn notice(properties: &Properties<'_>, rings: Vec<Vec<Position>>) -> Result<Notice, String> {
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or_default().trim().replace("\r\n", "\n");
    let time = |name: &str, text: &Option<Cow<'_, str>>| -> Result<Option<Timestamp>, String> {
        let read = |text| field::instant(text, None).map_err(|reason| format!("{name} {reason}"));
        text.as_deref().map(read).transpose()
    };
    let codes = properties.geocode.iter().flatten();
    let codes =
        codes.flat_map(|(scheme, codes)| codes.iter().map(|code| (scheme.as_ref().into(), code.as_ref().into())));
    Ok(Notice {
        // The service publishes in this language alone, and did not say so in older replies.
        language: properties.language.as_deref().unwrap_or("en-US").to_owned(),
        event: text(&properties.event),
        sender_name: text(&properties.sender_name),
        headline: text(&properties.headline),
        description: text(&properties.description),
        instruction: text(&properties.instruction),
        severity: text(&properties.severity),
        onset: time("onset", &properties.onset)?,
        expires: time("expires", &properties.expires)?,
        ends: time("ends", &properties.ends)?,
        web: text::web(properties.web.as_deref().unwrap_or_default()),
        ended: properties.urgency.as_deref() == Some("Past") || properties.response.as_deref() == Some("AllClear"),
        areas: vec![Area { name: text(&properties.area_desc), rings, circles: Vec::new(), codes: codes.collect() }],
    })
}

#[derive(Deserialize)]
#[serde(expecting = "a geometry")]
struct Geometry<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
}

/// The outer rings of a polygon or of several; none where the message names its zones alone. Holes are passed over: too wide
/// a warning does less harm than a missing one.
fn rings(geometry: Option<&RawValue>) -> Result<Vec<Vec<Position>>, String> {
    let Some(geometry) = geometry.filter(|geometry| geometry.get() != "null") else { return Ok(Vec::new()) };
    let Geometry { kind, coordinates } = json::object(geometry)?;
    let coordinates = coordinates.ok_or("a geometry without coordinates")?;
    let polygons: Vec<Vec<Vec<Vec<f64>>>> = match kind.as_ref() {
        "Polygon" => vec![json::part(coordinates)?],
        "MultiPolygon" => json::part(coordinates)?,
        other => return Err(format!("a geometry of type `{}`, expected Polygon or MultiPolygon", clip(other))),
    };
    polygons.into_iter().filter_map(|rings| rings.into_iter().next()).map(ring).collect()
}

/// GeoJSON writes a position as longitude, latitude (RFC 7946, section 3.1.1).
fn ring(corners: Vec<Vec<f64>>) -> Result<Vec<Position>, String> {
    let corner = |corner: Vec<f64>| match *corner.as_slice() {
        [longitude, latitude, ..] => place::on_earth(latitude, longitude),
        _ => None,
    };
    let ring = corners.into_iter().map(corner).collect::<Option<Vec<_>>>().and_then(place::closed);
    ring.ok_or_else(|| "a polygon that is not a closed ring of longitudes and latitudes".into())
}
