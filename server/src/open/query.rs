//! What an address of data asks for. What is not understood is refused: a misspelt `from` must not give other days.

use axum::extract::Query as Pairs;
use axum::http::Uri;
use hydro::{Parameter, Timestamp};
use store::IssueAt;

use super::Refused;
use crate::lang::{Texts, fill};

/// The parts of a query, each at most once.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Query {
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    /// Some instants, as many as the cursor's kind has.
    pub(crate) cursor: Vec<Timestamp>,
    pub(crate) parameter: Option<Parameter>,
    /// The feed.
    pub(crate) source: Option<String>,
}

impl Query {
    /// Reads the query of an address in which some keys may stand.
    pub(crate) fn read(texts: &Texts, uri: &Uri, keys: &[&str]) -> Result<Self, Refused> {
        let words = &texts.open;
        let Ok(Pairs(pairs)) = Pairs::<Vec<(String, String)>>::try_from_uri(uri) else {
            return Err(Refused::Query(texts.error.not_found_text.clone()));
        };
        let (mut query, mut seen) = (Self::default(), Vec::new());
        for (key, value) in pairs {
            let short: String = value.chars().take(60).collect();
            let refused = |template: &str| Refused::Query(fill(template, &[("key", &key), ("value", &short)]));
            let Some(known) = keys.iter().find(|known| **known == key) else {
                let (key, expected): (String, _) = (key.chars().take(60).collect(), keys.join(", "));
                let template = if keys.is_empty() { &words.no_query } else { &words.unknown };
                return Err(Refused::Query(fill(template, &[("key", &key), ("expected", &expected)])));
            };
            if seen.contains(known) {
                return Err(refused(&words.twice));
            }
            seen.push(*known);
            match *known {
                "from" => query.from = Some(instant(&value).ok_or_else(|| refused(&words.no_instant))?),
                "to" => query.until = Some(instant(&value).ok_or_else(|| refused(&words.no_instant))?),
                "cursor" => query.cursor = cursor(&value).ok_or_else(|| refused(&words.no_cursor))?,
                "parameter" => query.parameter = Some(parameter(&value).ok_or_else(|| refused(&words.no_parameter))?),
                _ => query.source = Some(value),
            }
        }
        Ok(query)
    }

    /// After which measurement a page begins.
    pub(crate) fn after(&self) -> Option<Timestamp> {
        self.cursor.first().copied()
    }

    /// After which issue a page begins.
    pub(crate) fn after_issue(&self) -> Option<IssueAt> {
        let issued = *self.cursor.first()?;
        Some((issued, self.cursor.get(1).copied().unwrap_or(Timestamp::MAX)))
    }
}

/// An instant of RFC 3339. A `+` that was not encoded arrives as a space. Beyond the calendar is its end.
fn instant(text: &str) -> Option<Timestamp> {
    let text: String = text.chars().enumerate().map(|(i, c)| if c == ' ' && i > 10 { '+' } else { c }).collect();
    let bytes = text.as_bytes();
    let is_whole = bytes.len() >= 17 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-';
    let ends = text.ends_with(['Z', 'z']) || bytes.iter().rev().nth(2) == Some(&b':');
    if !is_whole || !ends {
        return None;
    }
    text.parse().ok().or_else(|| (text.starts_with("9999-12-3")).then_some(Timestamp::MAX))
}

fn parameter(word: &str) -> Option<Parameter> {
    [Parameter::Level, Parameter::Discharge].into_iter().find(|parameter| parameter.name() == word)
}

/// So that no instant is negative.
const BEFORE_ALL: i64 = 1 << 39;
/// Digits of an instant in a cursor.
const DIGITS: usize = 10;

/// Where a page ends, for the address of the next one: instants as hexadecimal numbers. It holds all that is needed, so that
/// nothing is remembered for anybody.
pub(crate) fn cursor_of(instants: &[Timestamp]) -> String {
    instants.iter().map(|at| format!("{:0DIGITS$x}", at.as_second() + BEFORE_ALL)).collect()
}

fn cursor(text: &str) -> Option<Vec<Timestamp>> {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !digits || ![DIGITS, 2 * DIGITS].contains(&text.len()) {
        return None;
    }
    let instant = |at: usize| {
        let second = i64::from_str_radix(&text[at..at + DIGITS], 16).ok()? - BEFORE_ALL;
        let clamped = second.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(clamped).ok()
    };
    (0..text.len()).step_by(DIGITS).map(instant).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lang::languages;

    const KEYS: [&str; 5] = ["from", "to", "cursor", "parameter", "source"];

    fn read(query: &str) -> Result<Query, Refused> {
        let texts = languages().next().unwrap();
        Query::read(texts, &format!("/en/station/a/observations.json?{query}").parse().unwrap(), &KEYS)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_query_is_read_as_it_is_written() {
        let query =
            read("from=2022-04-18T21:10:00Z&to=2022-04-19T00:00:00+02:00&parameter=discharge&source=x").unwrap();
        assert_eq!((query.from, query.until), (Some(at("2022-04-18T21:10:00Z")), Some(at("2022-04-18T22:00:00Z"))));
        assert_eq!((query.parameter, query.source.as_deref()), (Some(Parameter::Discharge), Some("x")));
        assert_eq!(read("").unwrap(), Query::default());
        assert_eq!(read("from=2022-04-18T21:10Z").unwrap().from, Some(at("2022-04-18T21:10:00Z")));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in [
            "form=2022-04-18T21:10:00Z",
            "from=2022-04-18",
            "from=yesterday",
            "from=2022-04-18T21:10:00",
            "from=",
            "from=2022-13-18T21:10:00Z",
            "from=2022-04-18T21:10:00Z&from=2022-04-18T21:10:00Z",
            "cursor=7",
            "cursor=xxxxxxxxxx",
            "cursor=-000000000",
            "parameter=height",
            "x",
        ] {
            assert!(matches!(read(wrong), Err(Refused::Query(_))), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back(first in -9_000_000_000_i64..200_000_000_000, second in 0_i64..9_000_000_000) {
            let instants = [first, second].map(|second| Timestamp::from_second(second).unwrap());
            prop_assert_eq!(cursor(&cursor_of(&instants)), Some(instants.to_vec()));
            prop_assert_eq!(cursor(&cursor_of(&instants[..1])), Some(instants[..1].to_vec()));
        }

        #[test]
        fn every_cursor_of_the_form_is_one(text in "[0-9a-f]{10}|[0-9a-f]{20}") {
            prop_assert!(cursor(&text).is_some());
        }

        #[test]
        fn no_query_breaks_anything(query in "[a-z0-9=&%+:.-]{0,60}") {
            let _ = read(&query);
        }
    }
}
