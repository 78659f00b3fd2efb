//! oEmbed 1.0 (<https://oembed.com>): programs that are given the address of a station or of a river learn what to put into
//! their page for it. The answer is a frame, so that it never says how high the water is and may be kept for weeks.

use axum::extract::Query;
use axum::http::Uri;
use maud::{Markup, html};
use serde_json::{Value as Json, json};

use crate::answer::Rendered;
use crate::embed::{self, Subject};
use crate::lang::{Language, fill};
use crate::page::Style;
use crate::page::embed::snippets::{Form, frame};
use crate::page::error::PageError;
use crate::render::failure;
use crate::share::encoded;
use crate::snapshot::Snapshot;

/// Where programs ask.
pub(crate) const PATH: &str = "/oembed";
/// How wide a frame is where the program names no widest, in pixels.
const WIDTH: u32 = 480;
/// Nothing can be read in less.
const NARROWEST: u32 = 200;
/// How long an answer may be kept, in seconds: it names the site's address and the frame's size, which rarely change.
const KEPT: u32 = 86_400;

/// What is asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    url: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    xml: bool,
}

/// The answer: 400 where the question cannot be understood, 404 where nothing of this site is at the address or it cannot
/// be shown in so little room, 501 for a format other than `json` and `xml`.
pub(crate) fn answer(snapshot: &Snapshot, uri: &Uri) -> Rendered {
    let site = &*snapshot.site;
    let asked = match asked(uri) {
        Ok(asked) => asked,
        Err(error) => return failure(site, None, &error),
    };
    let Some(url) = &asked.url else { return failure(site, None, &PageError::BadRequest) };
    let Some(facts) = rich(snapshot, url, &asked) else { return failure(site, None, &PageError::NotFound) };
    let (content_type, body) =
        if asked.xml { ("text/xml; charset=utf-8", xml(&facts)) } else { ("application/json", facts.to_string()) };
    Rendered { status: 200, content_type, body: body.into_bytes(), style: Style::None }
}

/// The elements with which a page tells programs where to ask about it: `address` is the site's, `url` the page's.
pub(crate) fn discovery(address: &str, url: &str, title: &str) -> Markup {
    let href = |format: &str| format!("{address}{PATH}?url={}&format={format}", encoded(url));
    html! {
        link rel="alternate" type="application/json+oembed" href=(href("json")) title=(title);
        link rel="alternate" type="text/xml+oembed" href=(href("xml")) title=(title);
    }
}

fn asked(uri: &Uri) -> Result<Asked, PageError> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| PageError::BadRequest)?;
    let mut asked = Asked::default();
    let number = |value: &str| value.parse().map(Some).map_err(|_| PageError::BadRequest);
    for (key, value) in pairs {
        match (key.as_str(), value.as_str()) {
            ("url", _) => asked.url = Some(value),
            ("maxwidth", value) => asked.width = number(value)?,
            ("maxheight", value) => asked.height = number(value)?,
            ("format", "json") => asked.xml = false,
            ("format", "xml") => asked.xml = true,
            ("format", _) => return Err(PageError::Format),
            _ => {}
        }
    }
    Ok(asked)
}

/// What the specification calls *rich*: a piece of HTML of a known size.
fn rich(snapshot: &Snapshot, url: &str, asked: &Asked) -> Option<Json> {
    let site = &*snapshot.site;
    let (address, path) = match &site.address {
        Some(known) => (known.as_str(), url.strip_prefix(known.as_str())?),
        // Where the site does not know its own address, the one by which it is asked about stands for it.
        None => parted(url)?,
    };
    let (texts, subject, rest) = named(snapshot, path)?;
    let code = texts.code.as_str();
    let (name, rows) = match subject {
        Subject::Station(index) => (&site.stations[index].name, None),
        Subject::River(river) => (river, Some(site.stations.iter().filter(|station| station.river == *river).count())),
    };
    let width = asked.width.unwrap_or(WIDTH).min(WIDTH);
    if width < NARROWEST {
        return None;
    }
    let whole = rows.map_or(Form::Station, Form::River);
    let fits = |form: Form| asked.height.is_none_or(|most| form.height(width) <= most);
    let form = if fits(whole) { whole } else { whole.compact() };
    let height = form.height(width).min(asked.height.unwrap_or(u32::MAX));
    let title = fill(&texts.embed.frame_title, &[("name", name.in_language(code))]);
    Some(json!({
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.title.in_language(code),
        "provider_url": format!("{address}/{code}/"),
        "cache_age": KEPT,
        "html": frame(&format!("{address}{}{code}/{rest}", embed::PATH), form, &title, Some((width, height))).into_string(),
        "width": width,
        "height": height,
    }))
}

/// A station or a river by the path of its page, of the page with its snippets, or of the page for frames; with the
/// language, and the address after it.
fn named<'a, 'b>(snapshot: &'a Snapshot, path: &'b str) -> Option<(Language, Subject<'a>, &'b str)> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if let Some(framed) = path.strip_prefix(embed::PATH) {
        let (texts, rest) = embed::split(framed)?;
        return Some((texts, embed::subject(&snapshot.site, rest).ok()?, rest));
    }
    let (texts, rest) = embed::split(path.strip_prefix('/')?)?;
    let rest = ["/embed", "/share"].into_iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    // A river has no page but the one for frames.
    let station = embed::subject(&snapshot.site, rest).ok().filter(|subject| matches!(subject, Subject::Station(_)))?;
    Some((texts, station, rest))
}

/// A site's address and the path after it; `None` where it is no address of the web or has what no name has.
fn parted(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let length = rest.find('/')?;
    let sound = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (web && length > 0 && rest[..length].chars().all(sound)).then(|| url.split_at(scheme.len() + 3 + length))
}

/// The same facts as XML: an element each.
fn xml(facts: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let element = |(key, value): (&String, &Json)| format!("<{key}>{}</{key}>", html! { (text(value)) }.into_string());
    let elements: String = facts.as_object().into_iter().flatten().map(element).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>{elements}</oembed>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parted() {
        assert_eq!(
            parted("https://river.example.org/en/station/x"),
            Some(("https://river.example.org", "/en/station/x"))
        );
        assert_eq!(parted("http://127.0.0.1:8080/"), Some(("http://127.0.0.1:8080", "/")));
        for wrong in ["", "https://", "https://x", "javascript://x/", "https:///en/", "https://a\"b/", "//x/y"] {
            assert_eq!(parted(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_question_is_read_or_refused() {
        let of = |query: &str| asked(&format!("/oembed?{query}").parse().unwrap());
        let url = Some("https://x/y".to_owned());
        assert_eq!(
            of("url=https%3A%2F%2Fx%2Fy&maxwidth=300&format=xml"),
            Ok(Asked { url, width: Some(300), height: None, xml: true })
        );
        assert_eq!(of("maxwidth=wide"), Err(PageError::BadRequest));
        assert_eq!(of("maxheight=-1"), Err(PageError::BadRequest));
        assert_eq!(of("format=yaml"), Err(PageError::Format));
    }

    #[test]
    fn values_are_written_into_addresses() {
        assert_eq!(encoded("https://x/é?a&b"), "https%3A%2F%2Fx%2F%C3%A9%3Fa%26b");
    }
}
