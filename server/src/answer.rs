//! An answer kept in memory: its bytes as they are sent, compressed once for each coding asked for, with a strong tag of the
//! content. Whole they would be four times as much, and hardly anybody asks for that.

use std::io::{Read, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::page::Style;
use crate::policy;

/// What a rendering gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The HTTP status.
    pub status: u16,
    /// The media type.
    pub content_type: &'static str,
    /// The content.
    pub body: Vec<u8>,
    /// The style that stands in it.
    pub style: Style,
}

impl Rendered {
    /// Whether it is a page that could be shown.
    pub(crate) fn is_page(&self) -> bool {
        self.status == 200 && self.content_type.starts_with("text/html")
    }
}

/// A rendering in its compressed forms.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    style: Style,
    tag: String,
    content: Content,
    gzip: OnceLock<Bytes>,
    /// The same a tenth smaller, for an answer that many ask for.
    best: OnceLock<Bytes>,
    asked: AtomicU32,
    cost: Cost,
}

/// How long the parts of making an answer took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Bringing what is known up to date.
    pub(crate) read: Duration,
    /// Drawing.
    pub(crate) draw: Duration,
    /// Compressing for the coding that most ask for.
    pub(crate) compress: Duration,
}

/// What is sent of an answer. On which headers of the request that depends (`Vary`) is for the sender to add.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) fields: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

/// Whoever is the so many-th to ask for an answer has it compressed well for those who come after.
const POPULAR: u32 = 16;

#[derive(Debug)]
enum Content {
    /// What compression would not make smaller.
    Whole(Bytes),
    Brotli(Bytes),
}

/// How content is coded on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Brotli,
    /// Brotli again, at its best.
    Best,
}

impl Answer {
    pub(crate) fn new(rendered: Rendered) -> Self {
        Self::costing(rendered, Cost::default())
    }

    /// An answer of which it is known what it cost so far.
    pub(crate) fn costing(rendered: Rendered, cost: Cost) -> Self {
        let began = Instant::now();
        let digest = Sha256::digest(&rendered.body);
        let tag = digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
        // A PNG is compressed as it is.
        let content = if rendered.content_type == "image/png" {
            Content::Whole(rendered.body.into())
        } else {
            // A script is small and stays the same for long: it is compressed at its best from the start.
            let quality = if rendered.content_type.starts_with("text/javascript") { 11 } else { 5 };
            Content::Brotli(brotli(&rendered.body, quality))
        };
        Self {
            status: StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            content_type: rendered.content_type,
            style: rendered.style,
            tag,
            content,
            gzip: OnceLock::new(),
            best: OnceLock::new(),
            asked: AtomicU32::new(0),
            cost: Cost { compress: began.elapsed(), ..cost },
        }
    }

    /// What it cost, as the header `Server-Timing` says it: in milliseconds.
    pub(crate) fn timing(&self) -> String {
        let Cost { read, draw, compress } = self.cost;
        let parts = [("read", read), ("draw", draw), ("compress", compress)];
        parts.map(|(part, took)| format!("{part};dur={:.3}", 1e3 * took.as_secs_f64())).join(", ")
    }

    /// Counts one more who asks; true for the one who makes the answer a popular one.
    pub(crate) fn becomes_popular(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) + 1 == POPULAR
    }

    /// Compresses well, which takes some 20 ms: not for somebody who waits.
    pub(crate) fn compress_well(&self) {
        self.coded(Coding::Best);
    }

    /// Whether there is something at the address.
    pub(crate) fn is_found(&self) -> bool {
        self.status == StatusCode::OK
    }

    /// The content, uncompressed.
    pub(crate) fn identity(&self) -> Bytes {
        match &self.content {
            Content::Whole(bytes) => bytes.clone(),
            Content::Brotli(bytes) => unpacked(bytes),
        }
    }

    /// Bytes that it may come to hold: a second coding is about as long as the first.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + match &self.content {
                Content::Whole(bytes) => bytes.len(),
                Content::Brotli(bytes) => 2 * bytes.len(),
            }
    }

    /// The response to a request's headers.
    pub(crate) fn response(&self, request: &HeaderMap) -> Response<Body> {
        let coding = self.coding(values(request, &ACCEPT_ENCODING));
        let Reply { status, fields, body } = self.reply(coding, values(request, &IF_NONE_MATCH));
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().extend(fields);
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        response
    }

    /// The coding of what is sent to who accepts certain ones.
    pub(crate) fn coding<'r>(&self, accepted: impl Iterator<Item = &'r str>) -> Coding {
        match best(accepted) {
            _ if matches!(self.content, Content::Whole(_)) => Coding::Identity,
            Coding::Brotli if self.best.get().is_some() => Coding::Best,
            coding => coding,
        }
    }

    /// Whether the content is at hand in a coding, and need not be compressed or unpacked first.
    pub(crate) fn has(&self, coding: Coding) -> bool {
        match coding {
            Coding::Identity => matches!(self.content, Content::Whole(_)),
            Coding::Gzip => self.gzip.get().is_some(),
            Coding::Brotli => true,
            Coding::Best => self.best.get().is_some(),
        }
    }

    /// What is replied in a coding to who knows certain tags: without the content where that is known.
    pub(crate) fn reply<'r>(&self, coding: Coding, known: impl Iterator<Item = &'r str>) -> Reply {
        let (suffix, name) = match coding {
            Coding::Identity => ("", None),
            Coding::Gzip => ("-g", Some("gzip")),
            Coding::Brotli => ("-b", Some("br")),
            Coding::Best => ("-c", Some("br")),
        };
        let tag = ["\"", &self.tag, suffix, "\""].concat();
        let known = self.is_found() && names(known, &tag);
        let mut fields = Vec::with_capacity(12);
        fields.push((CACHE_CONTROL, HeaderValue::from_static(self.cached())));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            fields.push((ETAG, tag));
        }
        // Data and pictures may be used on any site, pages may not.
        let data = !self.content_type.starts_with("text/html");
        if data {
            fields.push((ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")));
        }
        let body = if known { Bytes::new() } else { self.coded(coding) };
        // Whoever has the content has all else with it (RFC 9110, section 15.4.5).
        if !known {
            fields.push((CONTENT_TYPE, HeaderValue::from_static(self.content_type)));
            fields.push((CONTENT_LENGTH, HeaderValue::from(body.len())));
            fields.extend(name.map(|name| (CONTENT_ENCODING, HeaderValue::from_static(name))));
            let used_by = HeaderValue::from_static(if data { "cross-origin" } else { "same-origin" });
            fields.push((const { HeaderName::from_static("cross-origin-resource-policy") }, used_by));
            fields.extend(policy::of(self.style));
        }
        Reply { status: if known { StatusCode::NOT_MODIFIED } else { self.status }, fields, body }
    }

    /// How long caches may keep it.
    fn cached(&self) -> &'static str {
        match self.status {
            // What stands on another's page grows old there unseen: a cache keeps it less long.
            StatusCode::OK if self.style.leaves() => {
                "public, max-age=60, stale-while-revalidate=120, stale-if-error=3600"
            }
            // A worker that keeps pages must be known to be the present one.
            StatusCode::OK if self.style == Style::Worker => "no-cache",
            StatusCode::OK if self.content_type.starts_with("text/javascript") => "public, max-age=31536000, immutable",
            StatusCode::OK => "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400",
            _ => "no-store",
        }
    }

    fn coded(&self, coding: Coding) -> Bytes {
        match (coding, &self.content) {
            (Coding::Brotli, Content::Brotli(bytes)) => bytes.clone(),
            (Coding::Gzip, _) => self.gzip.get_or_init(|| gzip(&self.identity())).clone(),
            (Coding::Best, _) => self.best.get_or_init(|| brotli(&self.identity(), 11)).clone(),
            (Coding::Identity | Coding::Brotli, _) => self.identity(),
        }
    }
}

/// The values of a request's headers of a name.
pub(crate) fn values<'r>(request: &'r HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'r str> {
    request.get_all(name).iter().filter_map(|value| value.to_str().ok())
}

/// The best coding of those that are accepted; a coding with `q=0` is refused.
fn best<'r>(accepted: impl Iterator<Item = &'r str>) -> Coding {
    let mut best = Coding::Identity;
    for part in accepted.flat_map(|value| value.split(',')) {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default();
        let refused = pieces.any(|piece| piece.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        match name {
            "br" if !refused => return Coding::Brotli,
            "gzip" if !refused => best = Coding::Gzip,
            _ => {}
        }
    }
    best
}

/// Whether tags that a reader knows name this very content (RFC 9110, section 13.1.2).
fn names<'r>(mut known: impl Iterator<Item = &'r str>, tag: &str) -> bool {
    known
        .any(|known| known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag))
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes);
    kept(encoder.finish().unwrap_or_default())
}

/// With a window of 18 bits. Of a station's page quality 11 makes 5.0 kB in some 20 ms, quality 5 makes 5.4 kB in less than
/// one; those between gain nothing.
fn brotli(bytes: &[u8], quality: u32) -> Bytes {
    let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), 4096, quality, 18);
    let _ = encoder.write_all(bytes);
    kept(encoder.into_inner())
}

/// Without the room that was made for more: an answer is kept for a while.
fn kept(mut bytes: Vec<u8>) -> Bytes {
    bytes.shrink_to_fit();
    bytes.into()
}

fn unpacked(bytes: &[u8]) -> Bytes {
    let mut content = Vec::new();
    // What was compressed here is sound.
    let _ = ::brotli::Decompressor::new(bytes, 4096).read_to_end(&mut content);
    content.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn answer() -> Answer {
        Answer::new(Rendered {
            status: 200,
            content_type: "text/html; charset=utf-8",
            body: b"river ".repeat(100),
            style: Style::Plain,
        })
    }

    #[test]
    fn the_coding_is_the_best_that_is_accepted() {
        for (accept, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip", Coding::Gzip),
            ("br;q=0, gzip;q=0.5", Coding::Gzip),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
        ] {
            assert_eq!(best([accept].into_iter()), coding, "{accept}");
        }
    }

    #[test]
    fn every_coding_gives_the_same_content() {
        let (answer, content) = (answer(), b"river ".repeat(100));
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(answer.coded(Coding::Gzip).as_ref()).read_to_end(&mut text).unwrap();
        assert_eq!(text, content);
        assert_eq!(answer.coded(Coding::Identity), content);
        for coding in [Coding::Brotli, Coding::Best] {
            assert_eq!(unpacked(&answer.coded(coding)), content);
        }
    }

    #[test]
    fn an_answer_that_many_ask_for_gets_smaller_under_a_tag_of_its_own() {
        let (answer, br) = (answer(), request(ACCEPT_ENCODING, "br"));
        let popular: Vec<u32> = (1..100).filter(|_| answer.becomes_popular()).collect();
        assert_eq!(popular, [POPULAR]);
        let before = answer.response(&br);
        answer.compress_well();
        let after = answer.response(&br);
        assert_ne!(before.headers()[ETAG], after.headers()[ETAG], "other bytes");
        assert_eq!(after.headers()[CONTENT_ENCODING], "br");
    }

    #[test]
    fn a_reader_who_has_it_gets_no_content() {
        let answer = answer();
        let tag = answer.response(&HeaderMap::new()).headers()[ETAG].to_str().unwrap().to_owned();
        let same = answer.response(&request(IF_NONE_MATCH, &tag));
        let fields: Vec<&str> = same.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!((same.status().as_u16(), fields), (304, vec!["cache-control", "etag", "vary"]));
        assert_eq!(answer.response(&request(IF_NONE_MATCH, &format!("\"x\", W/{tag}"))).status(), 304);
        assert_eq!(answer.response(&request(IF_NONE_MATCH, "\"x\"")).status(), 200);
    }
}
