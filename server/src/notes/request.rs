//! What an operator sends, as JSON or as a form.

use axum::extract::Query as Pairs;
use axum::http::Uri;
use hydro::Timestamp;
use serde::Deserialize;

/// What came with a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) token: String,
    /// The language of the form.
    pub(super) language: Option<String>,
    /// `None` where the body cannot be understood.
    pub(super) draft: Option<Draft>,
}

/// A note that is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) station: String,
    /// When the episode began.
    pub(crate) began: Timestamp,
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) seen: bool,
}

impl Sent {
    /// Reads JSON.
    pub(super) fn json(bytes: &[u8]) -> Self {
        Self { draft: serde_json::from_slice(bytes).ok().map(Draft::tidy), ..Self::default() }
    }

    /// Reads the form of the page of notes. Station and beginning stand in one field, for that is one choice.
    pub(super) fn form(bytes: &[u8]) -> Self {
        let uri = std::str::from_utf8(bytes).ok().and_then(|text| format!("/?{text}").parse::<Uri>().ok());
        let pairs = uri.and_then(|uri| Pairs::<Vec<(String, String)>>::try_from_uri(&uri).ok());
        let Some(Pairs(pairs)) = pairs else { return Self::default() };
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let episode = value("episode").unwrap_or_default();
        let chosen =
            episode.split_once(' ').and_then(|(station, began)| Some((station.to_owned(), began.parse().ok()?)));
        let (text, seen) = (value("text").unwrap_or_default(), value("seen").is_some());
        let draft = chosen.map(|(station, began)| Draft { station, began, text, seen }.tidy());
        Self { token: value("token").unwrap_or_default().trim().to_owned(), language: value("language"), draft }
    }
}

impl Draft {
    /// Without characters that are no text and spaces around it.
    fn tidy(self) -> Self {
        let spaced = self.text.split(|c: char| c.is_control()).filter(|part| !part.is_empty());
        let text = spaced.collect::<Vec<_>>().join(" ").trim().to_owned();
        Self { text, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_form_say_the_same() {
        let json = br#"{"station":"jemseg","began":"2026-04-18T02:00:00Z","text":" On\r\nroute \u0007","seen":true}"#;
        let form = b"language=fr&token=abc&episode=jemseg+2026-04-18T02%3A00%3A00Z&text=+On%0D%0Aroute+&seen=on";
        let (json, form) = (Sent::json(json), Sent::form(form));
        assert_eq!(json.draft.as_ref().map(|draft| draft.text.as_str()), Some("On route"));
        assert_eq!(json.draft, form.draft);
        assert_eq!((form.token.as_str(), form.language.as_deref()), ("abc", Some("fr")));
    }

    #[test]
    fn what_is_not_understood_is_no_draft() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"station":"a","began":"today"}"#,
            r#"{"station":"a","began":"2026-04-18T02:00:00Z","x":1}"#,
        ] {
            assert_eq!(Sent::json(wrong.as_bytes()).draft, None, "{wrong}");
        }
        for wrong in [&b""[..], b"episode=jemseg", b"episode=jemseg+today", b"\xff=\xfe"] {
            assert_eq!(Sent::form(wrong).draft, None, "{wrong:?}");
        }
    }
}
