//! An answer kept in memory: its bytes as they are sent, compressed once for each coding asked for, with a strong tag of the
//! content. Whole they would be four times as much, and hardly anybody asks for that.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::page::Style;

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

/// Whoever is the so many-th to ask for an answer has it compressed well for those who come after.
const POPULAR: u32 = 16;

#[derive(Debug)]
enum Content {
    /// What compression would not make smaller.
    Whole(Bytes),
    Brotli(Bytes),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
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

    /// The response to a request's headers: whole, compressed as the request accepts, or *not modified*.
    pub(crate) fn response(&self, request: &HeaderMap) -> Response<Body> {
        let coding = match accepted(request) {
            _ if matches!(self.content, Content::Whole(_)) => Coding::Identity,
            Coding::Brotli if self.best.get().is_some() => Coding::Best,
            coding => coding,
        };
        let (suffix, name) = match coding {
            Coding::Identity => ("", None),
            Coding::Gzip => ("-g", Some("gzip")),
            Coding::Brotli => ("-b", Some("br")),
            Coding::Best => ("-c", Some("br")),
        };
        let tag = format!("\"{}{suffix}\"", self.tag);
        let known = self.status == StatusCode::OK && matches(request, &tag);
        let body = if known { Bytes::new() } else { self.coded(coding) };
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        let cache = match self.status {
            // What stands on another's page grows old there unseen: a cache keeps it less long.
            StatusCode::OK if self.style.leaves() => {
                "public, max-age=60, stale-while-revalidate=120, stale-if-error=3600"
            }
            // A worker that keeps pages must be known to be the present one.
            StatusCode::OK if self.style == Style::Worker => "no-cache",
            StatusCode::OK if self.content_type.starts_with("text/javascript") => "public, max-age=31536000, immutable",
            StatusCode::OK => "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400",
            _ => "no-store",
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(ETAG, tag);
        }
        if !known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            if let Some(name) = name {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        let data = !self.content_type.starts_with("text/html");
        if data {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        // Data and pictures may be used on any site, pages may not.
        let used_by = if data { "cross-origin" } else { "same-origin" };
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static(used_by));
        protect(headers, self.style);
        response
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

/// What a document may load: its own style, known by its hash, and nothing else; and nothing may frame it, unless
/// [`embed::allow_framing`](crate::embed::allow_framing) says so.
static POLICIES: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
    let policy = |style: Style| {
        let hash = base64(&Sha256::digest(style.css().as_bytes()));
        let styled = if matches!(style, Style::None | Style::Worker) {
            String::new()
        } else {
            format!("style-src 'sha256-{hash}'; ")
        };
        let own = base64(&Sha256::digest(style.script().as_bytes()));
        let loaded = match style {
            // The icons of the manifest are images of the site. The script connects to nothing; tools that look at a site
            // for search engines read its robots.txt from within its pages.
            _ if style.ages() => {
                "script-src 'self'; worker-src 'self'; connect-src 'self'; manifest-src 'self'; img-src 'self' data:"
                    .into()
            }
            _ if style.follows() => "script-src 'self'; connect-src 'self'; img-src data:".into(),
            _ if style.embeds() => "script-src 'self'; img-src data:".into(),
            // Its own script, known by its hash, which may send to this site alone.
            _ if !style.script().is_empty() => format!("script-src 'sha256-{own}'; connect-src 'self'; img-src data:"),
            Style::Snippets => "frame-src 'self'; img-src data:".to_owned(),
            Style::Worker => "connect-src 'self'".to_owned(),
            _ => "img-src data:".to_owned(),
        };
        let policy = format!(
            "default-src 'none'; {styled}{loaded}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
    };
    Style::ALL.map(policy).into()
});

/// Headers that stand on every response.
pub(crate) fn protect(headers: &mut HeaderMap, style: Style) {
    headers.insert(CONTENT_SECURITY_POLICY, POLICIES[style as usize].clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let permitted = if style.lists() {
        "geolocation=(self), camera=(), microphone=()"
    } else {
        "geolocation=(), camera=(), microphone=()"
    };
    headers.insert("permissions-policy", HeaderValue::from_static(permitted));
}

/// The best coding that the request accepts; a coding with `q=0` is refused.
fn accepted(request: &HeaderMap) -> Coding {
    let offered = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut best = Coding::Identity;
    for part in offered.flat_map(|value| value.split(',')) {
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

/// Whether the reader has this very content already (RFC 9110, section 13.1.2).
fn matches(request: &HeaderMap, tag: &str) -> bool {
    let known = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
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

/// Base64 of a digest (RFC 4648, section 4), for the content security policy.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[(bits & 63) as usize]);
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, &byte| group << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        let letters = (0..=chunk.len()).map(|i| letter(group >> (18 - 6 * i)));
        text.extend(letters);
        text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    text
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
            assert_eq!(accepted(&request(ACCEPT_ENCODING, accept)), coding, "{accept}");
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
        assert_eq!(answer.response(&request(IF_NONE_MATCH, &tag)).status(), 304);
        assert_eq!(answer.response(&request(IF_NONE_MATCH, &format!("\"x\", W/{tag}"))).status(), 304);
        assert_eq!(answer.response(&request(IF_NONE_MATCH, "\"x\"")).status(), 200);
    }

    #[test]
    fn a_script_in_a_page_is_known_by_its_hash_alone() {
        let hash = base64(&Sha256::digest(Style::Notes.script().as_bytes()));
        let policy = POLICIES[Style::Notes as usize].to_str().unwrap();
        assert!(policy.contains(&format!("script-src 'sha256-{hash}'; connect-src 'self'; ")), "{policy}");
        let others = Style::ALL.into_iter().filter(|style| *style != Style::Notes);
        assert!(
            others.into_iter().all(|style| !POLICIES[style as usize].to_str().unwrap().contains("script-src 'sha256"))
        );
    }

    #[test]
    fn base64_of_known_texts() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
