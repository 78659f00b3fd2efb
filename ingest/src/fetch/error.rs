//! Why a request brought no body, each in one line for operators: what, where, what was expected.

use std::error::Error;
use std::time::Duration;

use reqwest::{StatusCode, Url};
use thiserror::Error;

use super::address::server;

/// Why a request brought no body.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FetchError {
    /// The client cannot be made.
    #[error("HTTP client: {0}")]
    Client(String),
    /// The feed is public and its address is not.
    #[error(
        "{0} is an address of a private network or of this machine; set `private = true` for a feed inside an agency"
    )]
    Private(String),
    /// No whole reply came: what was being done with which server, and what went wrong.
    #[error("{doing} {server}: {reason}")]
    Transport {
        /// `resolve`, `connect to`, `redirect from` or `read from`.
        doing: &'static str,
        /// Host and port.
        server: String,
        /// The innermost cause.
        reason: String,
    },
    /// Bytes came, and not all of them in time.
    #[error("no whole reply from {server} within {} s", limit.as_secs_f64())]
    TooSlow {
        /// Host and port.
        server: String,
        /// The total timeout.
        limit: Duration,
    },
    /// Any status but 200 and a 304 that was asked for.
    #[error("HTTP {status}{hint}", status = .0, hint = moved(*.0))]
    Status(StatusCode),
    /// A 304 where nothing is stored.
    #[error("HTTP 304 Not Modified to a request without a condition; expected the document")]
    NotAsked,
    /// More bytes than the feed may have.
    #[error("body larger than {} {when}", size(*limit))]
    TooLarge {
        /// In bytes.
        limit: u64,
        /// `as sent` or `after decompression`.
        when: &'static str,
    },
    /// A content coding that was not asked for.
    #[error("Content-Encoding `{0}`; expected gzip or none")]
    Encoding(String),
    /// What is called gzip is not, or is cut short.
    #[error("gzip body: {0}")]
    Gzip(String),
}

/// What a missing document suggests to an operator.
fn moved(status: StatusCode) -> &'static str {
    if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) { "; has the feed moved?" } else { "" }
}

impl FetchError {
    pub(super) fn client(error: &reqwest::Error) -> Self {
        Self::Client(innermost(error))
    }

    pub(super) fn request(error: &reqwest::Error, address: &Url) -> Self {
        // After a redirect the server at fault is another one than the feed names; a bad redirect is the feed's own.
        let server = server(error.url().filter(|_| !error.is_redirect()).unwrap_or(address));
        let timed_out = error.is_timeout();
        let doing = match () {
            () if error.is_redirect() => "redirect from",
            () if error.is_dns() => "resolve",
            () if error.is_connect() => "connect to",
            () => "read from",
        };
        let reason = match doing {
            "connect to" if timed_out => "no answer in time".to_owned(),
            "read from" if timed_out => format!("silence for {} s", super::READ_TIMEOUT.as_secs()),
            _ => innermost(error),
        };
        Self::Transport { doing, server, reason }
    }
}

/// The last of a chain of causes, which is the one that says something, without the number of the system's error.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    // `Connection refused` reads on after a colon; `HTTP …` stays.
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes >= MIB && bytes.is_multiple_of(MIB) { format!("{} MiB", bytes / MIB) } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_one_line_that_says_what_was_expected() {
        let too_large = FetchError::TooLarge { limit: 32 << 20, when: "after decompression" };
        assert_eq!(too_large.to_string(), "body larger than 32 MiB after decompression");
        let too_large = FetchError::TooLarge { limit: 1000, when: "as sent" };
        assert_eq!(too_large.to_string(), "body larger than 1000 bytes as sent");
        assert_eq!(FetchError::Status(StatusCode::SERVICE_UNAVAILABLE).to_string(), "HTTP 503 Service Unavailable");
        let slow = FetchError::TooSlow { server: "geonb.snb.ca:443".to_owned(), limit: Duration::from_millis(1500) };
        assert_eq!(slow.to_string(), "no whole reply from geonb.snb.ca:443 within 1.5 s");
    }

    #[test]
    fn the_innermost_cause_is_told() {
        let error = std::io::Error::from_raw_os_error(111);
        assert_eq!(innermost(&error), "connection refused");
        assert_eq!(innermost(&std::io::Error::other("HTTP version")), "HTTP version");
    }
}
