//! Notes of operators: the one thing that can be written here. An operator is known by a token whose hash is configured, and
//! may mark an episode as seen and add words to it. Where no operator is configured, nothing of this is there.
//!
//! Nothing is held open for it: the database is opened for writing for one note and closed again, and no reader waits.

mod request;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, Response};
use axum::routing::any;
use hydro::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{Note, Writer};

use crate::Site;
use crate::answer::{Answer, Rendered};
use crate::format::Reader;
use crate::lang::{Texts, fill, languages};
use crate::open::problem_document;
use crate::page::Style;
use crate::page::notes::{Form, page};
use crate::routes::App;
use crate::snapshot::Snapshot;
pub(crate) use request::Draft;
use request::Sent;

/// Characters of a note at most.
pub(crate) const LONGEST: usize = 500;
/// Bytes of a request's body at most.
const BODY: usize = 4096;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// Wrong tokens within [`SPELL`] after which each further one is told to wait. A right one always passes, so that nobody
/// can lock an operator out.
const FAILURES: u32 = 10;
const SPELL: SignedDuration = SignedDuration::from_mins(1);

/// Who may write notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The name that stands with each note.
    pub name: String,
    /// The SHA-256 of the token.
    pub token_sha256: [u8; 32],
}

impl Operator {
    /// The hash of a token, as it is configured.
    pub fn hash(token: &str) -> [u8; 32] {
        Sha256::digest(token.as_bytes()).into()
    }
}

/// Whether notes can be written: there are operators, and the site tells the present time.
pub(crate) fn can_be_written(site: &Site) -> bool {
    site.live && !site.operators.is_empty()
}

/// The route of notes.
pub(crate) fn router() -> Router<Arc<App>> {
    let failures = Arc::new(Failures::default());
    let counted = async move |State(app): State<Arc<App>>, request: Request| {
        let response = answer(&app, &failures, request).await;
        app.answers.count(response.status());
        response
    };
    Router::new().route("/api/notes", any(counted))
}

/// Why a note was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// Nobody may write here.
    Nobody,
    /// Notes are written by POST.
    Method,
    /// Neither JSON nor a form.
    Kind,
    /// The body is too long, or did not come.
    Body,
    /// The body cannot be understood.
    Form,
    /// No operator has the token.
    Token,
    /// The same, too often.
    TooOften,
    /// Neither seen nor a text, or too long a text.
    Text,
    /// There is no such episode.
    Episode,
    /// The database does not take it.
    Store,
}

impl Refused {
    const fn status(self) -> u16 {
        match self {
            Self::Nobody | Self::Episode => 404,
            Self::Method => 405,
            Self::Kind => 415,
            Self::Body => 413,
            Self::Form => 400,
            Self::Token => 401,
            Self::TooOften => 429,
            Self::Text => 422,
            Self::Store => 500,
        }
    }

    fn words(self, texts: &Texts) -> String {
        let (notes, error) = (&texts.notes, &texts.error);
        let longest = LONGEST.to_string();
        match self {
            Self::Nobody => error.not_found_text.clone(),
            Self::Method => notes.method.clone(),
            Self::Kind | Self::Form => notes.form.clone(),
            Self::Body => notes.body.clone(),
            Self::Token => notes.no_token.clone(),
            Self::TooOften => notes.too_often.clone(),
            Self::Text => fill(&notes.no_text, &[("longest", &longest)]),
            Self::Episode => notes.no_episode.clone(),
            Self::Store => error.internal_text.clone(),
        }
    }
}

/// Wrong tokens of late.
#[derive(Debug, Default)]
struct Failures(Mutex<(Timestamp, u32)>);

impl Failures {
    /// Counts one more; whether there are too many.
    fn one_more(&self, now: Timestamp) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(held.0).abs() > SPELL {
            *held = (now, 0);
        }
        held.1 = held.1.saturating_add(1);
        held.1 > FAILURES
    }
}

async fn answer(app: &Arc<App>, failures: &Failures, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let snapshot = newest(app).await;
    let json = is_of(&parts.headers, "application/json");
    let refused = match (can_be_written(&snapshot.site), &parts.method) {
        (false, _) => Some(Refused::Nobody),
        (true, method) if method != Method::POST => Some(Refused::Method),
        _ if !json && !is_of(&parts.headers, "application/x-www-form-urlencoded") => Some(Refused::Kind),
        _ => None,
    };
    if let Some(refused) = refused {
        return told(&snapshot, &Sent::default(), true, &Err(refused));
    }
    let whole = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, BODY)).await;
    let Ok(Ok(bytes)) = whole else { return told(&snapshot, &Sent::default(), json, &Err(Refused::Body)) };
    let mut sent = if json { Sent::json(&bytes) } else { Sent::form(&bytes) };
    if let Some(token) = bearer(&parts.headers) {
        sent.token = token;
    }
    let now = app.time();
    let Some(operator) = operator(&snapshot.site, &sent.token) else {
        tracing::warn!("a note without a right token was refused");
        let refused = if failures.one_more(now) { Refused::TooOften } else { Refused::Token };
        return told(&snapshot, &sent, json, &Err(refused));
    };
    let (working, shown, name, draft) =
        (Arc::clone(app), Arc::clone(&snapshot), operator.to_owned(), sent.draft.clone());
    let kept = tokio::task::spawn_blocking(move || keep(&working, &shown, name, draft, now)).await;
    let kept = kept.unwrap_or_else(|error| {
        tracing::error!(%error, "a note could not be kept");
        Err(Refused::Store)
    });
    // What was just written is to be seen on the page that answers.
    let snapshot = if kept.is_ok() { newest(app).await } else { snapshot };
    told(&snapshot, &sent, json, &kept)
}

/// What is known now, read where it may take its time.
async fn newest(app: &Arc<App>) -> Arc<Snapshot> {
    let working = Arc::clone(app);
    let read = tokio::task::spawn_blocking(move || working.newest().0).await;
    read.unwrap_or_else(|_| app.newest().0)
}

fn is_of(headers: &HeaderMap, kind: &str) -> bool {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind))
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Whose token it is. Every operator's hash is compared whole, so that the time it takes tells nothing.
fn operator<'a>(site: &'a Site, token: &str) -> Option<&'a str> {
    let hash = Operator::hash(token);
    let mut found = None;
    for operator in &site.operators {
        let differ =
            hash.iter().zip(&operator.token_sha256).fold(0, |differ, (a, b)| std::hint::black_box(differ | (a ^ b)));
        if differ == 0 {
            found = Some(operator.name.as_str());
        }
    }
    found.filter(|_| !token.is_empty())
}

/// Keeps what an operator wrote, where there is such an episode.
fn keep(
    app: &App,
    snapshot: &Snapshot,
    operator: String,
    draft: Option<Draft>,
    at: Timestamp,
) -> Result<Note, Refused> {
    let Draft { station, began, text, seen } = draft.ok_or(Refused::Form)?;
    let (_, station, state) = snapshot.find(&station).ok_or(Refused::Episode)?;
    if text.chars().count() > LONGEST || (text.is_empty() && !seen) {
        return Err(Refused::Text);
    }
    let failed = |error| {
        tracing::error!(%error, "a note could not be kept");
        Refused::Store
    };
    let ever = app.pool.read(|database| state.ever(database, station, snapshot.now));
    if !ever.map_err(failed)?.episodes.iter().any(|episode| episode.began.valid == began) {
        return Err(Refused::Episode);
    }
    let note = Note { at, operator, station: station.id.clone(), began, seen, text };
    Writer::open(app.pool.path()).and_then(|writer| writer.keep_note(&note)).map_err(failed)?;
    tracing::info!(station = %note.station, began = %note.began, operator = note.operator, "a note was kept");
    Ok(note)
}

/// Says what came of it: to a program in JSON, to a person with the page of notes.
fn told(snapshot: &Snapshot, sent: &Sent, json: bool, kept: &Result<Note, Refused>) -> Response<Body> {
    let asked = sent.language.as_deref().and_then(crate::lang::language);
    let Some(texts) = asked.or_else(|| languages().next()) else { return Response::new(Body::empty()) };
    let status = kept.as_ref().map_or_else(|refused| refused.status(), |_| 201);
    let mut response = match (kept, json) {
        (Ok(note), true) => {
            let body = crate::open::note_json(note).to_string().into_bytes();
            let rendered = Rendered { status, content_type: "application/json", body, style: Style::None };
            Answer::new(rendered).response(&HeaderMap::new())
        }
        (Err(refused), true) => {
            problem_document(status, &texts.notes.refused, &refused.words(texts), &HeaderMap::new())
        }
        (kept, false) => {
            let reader = Reader { texts, zone: &snapshot.site.zone, now: snapshot.now };
            let said = kept.as_ref().map_or_else(|refused| refused.words(texts), |_| texts.notes.kept.clone());
            let draft = sent.draft.as_ref().filter(|_| kept.is_err());
            let form = Form { said: Some(&said), kept: kept.as_ref().ok(), draft };
            let body = page(&reader, snapshot, &form).into_bytes();
            let rendered = Rendered { status, content_type: "text/html; charset=utf-8", body, style: Style::Notes };
            Answer::new(rendered).response(&HeaderMap::new())
        }
    };
    let also = match kept {
        Err(Refused::Token) => Some((WWW_AUTHENTICATE, "Bearer")),
        Err(Refused::TooOften) => Some((RETRY_AFTER, "60")),
        Err(Refused::Method) => Some((ALLOW, "POST")),
        _ => None,
    };
    if let Some((name, value)) = also {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn wrong_tokens_are_told_to_wait_after_ten_in_a_minute() {
        let failures = Failures::default();
        assert!((0..10).all(|second| !failures.one_more(at(second))));
        assert!(failures.one_more(at(11)) && failures.one_more(at(59)));
        assert!(!failures.one_more(at(61)));
    }

    #[test]
    fn a_bearer_is_read_whatever_the_case_of_its_scheme() {
        let with = |value: &'static str| HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]);
        assert_eq!(bearer(&with("bearer abc")).as_deref(), Some("abc"));
        assert_eq!(bearer(&with("Basic abc")), None);
        assert_eq!(bearer(&with("Bearer")), None);
    }
}
