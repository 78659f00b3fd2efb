//! USGS Water Data, OGC API Features in GeoJSON: the collections `continuous` and `latest-continuous`, a feature for each
//! sensor and instant, and `monitoring-locations`, a feature for each site. Places keep the agency's prefix as written
//! (`USGS-01013500`). Features come in no order that means anything: where a site has several time series of one thing,
//! the one with the lowest id is also the place without an id (see [`usgs`](super::usgs)). Daily values and the table of
//! time series are refused. Source: the service's own replies and the schemas of its collections.

mod feature;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::feature::{Content, Fault};
use super::document::{Document, LineCounter, clip};
use super::usgs::Sites;
use super::{Format, NotThisFormat, Parsed, Rejected, json};

/// Reads a collection. No features is a sound reply without data. Of a reply that goes on on another page it is said so:
/// what is not there is not therefore not measured.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, NotThisFormat> {
    let document = Document::open(&Format::UsgsOgc, bytes)?;
    let (features, next) = collection(&document)?;
    let mut lines = LineCounter::new(document.text());
    let (mut sites, mut items, mut rejected) = (Sites::default(), Vec::new(), Vec::new());
    let mut foreign = features.first().copied();
    for (index, feature) in features.into_iter().enumerate() {
        let mut reject = |reason: String| {
            let line = lines.line_at(document.offset_of(feature.get()));
            rejected.push(Rejected { line, reason: format!("feature {}: {reason}", index + 1) });
        };
        match feature::read(feature) {
            Ok(Content::Other) => {}
            Ok(Content::Gauge(gauge)) => items.push(gauge),
            Ok(Content::Reading { site, parameter, sensor, point }) => {
                sites.sensor(&site, parameter, &sensor).push(point);
            }
            Err(Fault::Feature(reason)) => reject(reason),
            Err(Fault::Foreign(reason)) => {
                reject(reason);
                continue;
            }
            Err(Fault::Document(found)) => return Err(document.refuse(document.offset_of(feature.get()), found)),
        }
        foreign = None;
    }
    if let Some(first) = foreign {
        let found = format!("`{}`, expected a feature with a monitoring_location_id", clip(first.get()));
        return Err(document.refuse(document.offset_of(first.get()), found));
    }
    sites.sort();
    items.extend(sites.into_items());
    Ok(Parsed { items, rejected: with_pages(&document, rejected, next) })
}

/// A collection, or what the service or the gateway before it sends in its place.
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    links: Vec<&'a RawValue>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    rel: Cow<'a, str>,
}

#[derive(Deserialize)]
struct GatewayError {
    message: String,
}

type Features<'d> = (Vec<&'d RawValue>, Option<&'d RawValue>);

/// The features, and the link to the next page.
fn collection<'d>(document: &'d Document<'_>) -> Result<Features<'d>, NotThisFormat> {
    let reply: Reply<'_> = json::document(document, '{')?;
    let kind = reply.kind.as_deref().unwrap_or("no type");
    let gateway = || json::object::<GatewayError>(reply.error?).ok().map(|error| error.message.into());
    match reply.features {
        Some(features) if kind == "FeatureCollection" => {
            let is_next = |link: &&RawValue| json::object(link).is_ok_and(|link: Link<'_>| link.rel == "next");
            Ok((features, reply.links.into_iter().find(is_next)))
        }
        _ => Err(document.refuse_start(match reply.description.or(reply.message).or_else(gateway) {
            Some(told) => format!("an error of the service: {told}"),
            None => format!("a JSON object of `{}`, expected a FeatureCollection", clip(kind)),
        })),
    }
}

fn with_pages(document: &Document<'_>, mut rejected: Vec<Rejected>, next: Option<&RawValue>) -> Vec<Rejected> {
    if let Some(link) = next {
        let line = LineCounter::new(document.text()).line_at(document.offset_of(link.get()));
        let reason = "the reply is cut into pages; ask for fewer stations or a shorter time".to_owned();
        rejected.push(Rejected { line, reason });
        rejected.sort_by_key(|rejected| rejected.line);
    }
    rejected
}
