//! One polite, bounded request: conditional, compressed, with a deadline, a cap on the body before and after
//! decompression, and no way into a private network. Judges the reply, never the data in it.

mod address;
mod body;
mod error;

use std::time::Duration;

use hydro::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use sha2::{Digest, Sha256};
use store::{BodyHash, FeedState, Validators};

use crate::backoff::{http_date, retry_after};
use crate::feed::{Feed, Fetching};
pub(crate) use address::server;
pub use error::FetchError;

/// The longest silence between two bytes of a reply.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The HTTP clients, made once: one for the open internet, one for feeds of a private network.
#[derive(Debug, Clone)]
pub struct Client {
    public: reqwest::Client,
    private: reqwest::Client,
    total_timeout: Duration,
}

/// What a request brought.
#[derive(Debug)]
pub struct Fetched {
    /// The status of the last reply, if there was one.
    pub http_status: Option<u16>,
    /// The server's own time, where the reply says it.
    pub date: Option<Timestamp>,
    /// To be remembered if the body is taken. `Some` of nothing: what is remembered shall be forgotten now.
    pub validators: Option<Validators>,
    /// Not before this instant shall the server be asked again.
    pub retry_at: Option<Timestamp>,
    /// The body; `None` where the server says that it has not changed.
    pub body: Result<Option<Body>, FetchError>,
}

impl Fetched {
    /// The reply had begun well and broke off: what a second try often mends.
    pub fn broke_off(&self) -> bool {
        let silent = |reason: &str| reason.starts_with("silence");
        let broken = |error: &FetchError| matches!(error, FetchError::Transport { doing: "read from", reason, .. } if !silent(reason));
        self.http_status == Some(200) && self.body.as_ref().is_err_and(broken)
    }
}

/// A whole body, content-decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// At most the feed's `max_bytes`.
    pub bytes: Vec<u8>,
    /// Of these bytes.
    pub hash: BodyHash,
}

impl Body {
    /// Bytes and their hash.
    pub fn new(bytes: Vec<u8>) -> Self {
        let hash = Sha256::digest(&bytes).into();
        Self { bytes, hash }
    }
}

impl Client {
    /// Makes the clients. Certificates are held against those that the machine trusts.
    ///
    /// # Errors
    /// [`FetchError::Client`], such as for a contact that cannot stand in a header.
    pub fn new(fetching: &Fetching) -> Result<Self, FetchError> {
        // Fails only where a provider has been installed before, which is then the one to use.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = |private| {
            builder(fetching, private).build().or_else(|error| {
                // A machine that trusts nobody can still fetch by plain HTTP; what needs a certificate fails by itself.
                let client =
                    builder(fetching, private).tls_certs_only([]).build().map_err(|e| FetchError::client(&e))?;
                tracing::warn!(reason = %FetchError::client(&error), "no https feed can be fetched");
                Ok(client)
            })
        };
        Ok(Self { public: client(false)?, private: client(true)?, total_timeout: fetching.total_timeout })
    }
}

fn builder(fetching: &Fetching, private: bool) -> reqwest::ClientBuilder {
    let agent = format!("riverwatch/{} (+{})", env!("CARGO_PKG_VERSION"), fetching.contact);
    let builder = reqwest::Client::builder()
        .user_agent(agent)
        .connect_timeout(fetching.connect_timeout)
        .read_timeout(READ_TIMEOUT)
        .redirect(address::redirects(private))
        .referer(false)
        .no_proxy()
        // Minutes pass between two requests: a connection kept that long is one that the server has closed.
        .pool_max_idle_per_host(0);
    if private { builder } else { builder.dns_resolver(std::sync::Arc::new(address::PublicResolver)) }
}

/// Asks for a feed's document, conditionally where `state` allows.
pub async fn fetch(client: &Client, feed: &Feed, state: &FeedState, now: Timestamp) -> Fetched {
    let mut fetched = Fetched { http_status: None, date: None, validators: None, retry_at: None, body: Ok(None) };
    let server = address::server(&feed.address);
    let asked = tokio::time::timeout(client.total_timeout, ask(client, feed, state, now, &mut fetched)).await;
    fetched.body = asked.unwrap_or(Err(FetchError::TooSlow { server, limit: client.total_timeout }));
    fetched
}

/// What is known of the reply is noted in `fetched` at once, so that it survives a deadline.
async fn ask(
    client: &Client,
    feed: &Feed,
    state: &FeedState,
    now: Timestamp,
    fetched: &mut Fetched,
) -> Result<Option<Body>, FetchError> {
    if !feed.private && address::literal(&feed.address).is_some_and(|ip| !address::is_public(ip)) {
        return Err(FetchError::Private(address::server(&feed.address)));
    }
    let condition = condition(state, now);
    let client = if feed.private { &client.private } else { &client.public };
    let mut request = client.get(feed.address.clone()).header(header::ACCEPT_ENCODING, "gzip");
    if let Some((name, value)) = &condition {
        request = request.header(name, *value);
    }
    let mut response = request.send().await.map_err(|error| FetchError::request(&error, &feed.address))?;

    fetched.http_status = Some(response.status().as_u16());
    fetched.date = date(response.headers());
    match response.status() {
        StatusCode::OK => {
            let bytes = body::read(&mut response, feed.max_bytes).await?;
            fetched.validators = Some(validators(response.headers()));
            Ok(Some(Body::new(bytes)))
        }
        StatusCode::NOT_MODIFIED if condition.is_some() => Ok(None),
        StatusCode::NOT_MODIFIED => {
            fetched.validators = Some(Validators::default());
            Err(FetchError::NotAsked)
        }
        status => {
            fetched.retry_at = retry_at(&response, now);
            Err(FetchError::Status(status))
        }
    }
}

/// The header of a conditional request: only where the document meant is one that was taken, and never a date of the
/// future, which some servers send and then hold against every later document.
fn condition(state: &FeedState, now: Timestamp) -> Option<(HeaderName, &str)> {
    state.hash?;
    let Validators { etag, last_modified } = &state.validators;
    let past = |text: &&str| http_date(text).is_some_and(|modified| modified <= now);
    etag.as_deref()
        .map(|etag| (header::IF_NONE_MATCH, etag))
        .or_else(|| last_modified.as_deref().filter(past).map(|date| (header::IF_MODIFIED_SINCE, date)))
}

/// The header `Date`, unless a cache on the way says that the reply is older (RFC 9111, `Age`).
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    http_date(text(header::DATE)?).filter(|_| text(header::AGE).is_none_or(|age| age.trim() == "0"))
}

fn validators(headers: &HeaderMap) -> Validators {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Validators { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED) }
}

fn retry_at(response: &Response, now: Timestamp) -> Option<Timestamp> {
    let asks = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let header = response.headers().get(header::RETRY_AFTER).filter(|_| asks)?;
    retry_after(header.to_str().ok()?, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_sent_only_for_what_is_known() {
        let now: Timestamp = "2026-04-20T12:00:00Z".parse().unwrap();
        let state = |etag: Option<&str>, last_modified: Option<&str>, hash| FeedState {
            validators: Validators { etag: etag.map(str::to_owned), last_modified: last_modified.map(str::to_owned) },
            hash,
            ..FeedState::default()
        };
        let (past, future) = ("Mon, 20 Apr 2026 11:00:00 GMT", "Tue, 21 Apr 2026 06:00:00 GMT");
        let known = Some([1; 32]);
        let sent = |state: &FeedState| condition(state, now).map(|(name, value)| format!("{name}: {value}"));

        assert_eq!(sent(&state(Some("\"a\""), Some(past), known)), Some("if-none-match: \"a\"".to_owned()));
        assert_eq!(sent(&state(None, Some(past), known)), Some(format!("if-modified-since: {past}")));
        assert_eq!(sent(&state(None, Some(future), known)), None);
        assert_eq!(sent(&state(None, Some("yesterday"), known)), None);
        assert_eq!(sent(&state(Some("\"a\""), Some(past), None)), None, "nothing is stored");
    }
}
