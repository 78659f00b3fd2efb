//! What browsers are told not to do: the headers that stand on every response.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::page::Style;

/// The headers of what is of a style.
pub(crate) fn of(style: Style) -> [(HeaderName, HeaderValue); 4] {
    let permitted = if style.lists() {
        "geolocation=(self), camera=(), microphone=()"
    } else {
        "geolocation=(), camera=(), microphone=()"
    };
    [
        (CONTENT_SECURITY_POLICY, POLICIES[style as usize].clone()),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (const { HeaderName::from_static("permissions-policy") }, HeaderValue::from_static(permitted)),
    ]
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
