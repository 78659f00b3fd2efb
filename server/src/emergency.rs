//! What is answered while the database cannot be read: that nothing is known here, and where else to look. Every answer is
//! a failure, so that a cache on the way shows the last good copy that it has instead.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Response, Uri, header};
use axum::routing::any;
use serde_json::json;

use crate::Site;
use crate::answer::{Answer, Rendered};
use crate::page::Style;
use crate::page::error::PageError;
use crate::render::{address, failure};

/// The routes of a site without data. `/livez` is well, for a restart would mend nothing.
pub fn emergency(site: Site) -> Router {
    Router::new().fallback(any(answer)).with_state(Arc::new(site))
}

async fn answer(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let plain = |status, content_type, body: String| Rendered {
        status,
        content_type,
        body: body.into_bytes(),
        style: Style::None,
    };
    let rendered = match uri.path() {
        "/livez" => plain(200, "text/plain; charset=utf-8", "ok\n".to_owned()),
        "/readyz" => plain(503, "text/plain; charset=utf-8", "the database cannot be read\n".to_owned()),
        "/healthz" => {
            let health = json!({"status": "failed", "problems": [{"kind": "database"}], "feeds": []});
            plain(503, "application/json", health.to_string())
        }
        path => failure(&site, address(path).0, &PageError::NoData),
    };
    let mut response = Answer::new(rendered).response(&headers);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}
