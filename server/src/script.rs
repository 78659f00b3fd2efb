//! The optional scripts, which let kept pages grow old, keep what a reader chose on the phone, and keep boards current: their
//! words from the texts, their addresses from their content.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::lang::{Texts, languages};

/// The script and where it is: a changed script has another address, so that the old one may be kept for a year.
pub(crate) struct Script {
    pub(crate) path: String,
    pub(crate) body: String,
}

/// What lets pages grow old, and serves lists and the page of a mark.
pub(crate) static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let words = |texts: &Texts| {
        let own = json!({
            "near": texts.own.near,
            "lost": texts.own.near_failed,
            "far": texts.own.far,
            "list": texts.own.list,
            "name": texts.mark.name,
            "forget": texts.mark.forget,
        });
        merged(kept(texts), own)
    };
    script(words, RIVER, include_str!("../../assets/list.js"))
});

/// The same for a station: its chart, value by value.
pub(crate) static STATION: LazyLock<Script> = LazyLock::new(|| {
    let words = |texts: &Texts| merged(kept(texts), json!({ "mark": texts.mark.rung }));
    script(words, RIVER, include_str!("../../assets/station.js"))
});

const RIVER: &str = include_str!("../../assets/river.js");

/// What keeps a board current.
pub(crate) static BOARD: LazyLock<Script> = LazyLock::new(|| {
    let words = |texts: &Texts| {
        let board = &texts.board;
        let said = [&board.live, &board.lost, &board.worse, &board.left, &board.soon];
        let [live, lost, worse, left, soon] = said;
        merged(ages(texts), json!({ "live": live, "lost": lost, "worse": worse, "left": left, "soon": soon }))
    };
    script(words, "", include_str!("../../assets/board.js"))
});

/// The words of pages that are kept.
fn kept(texts: &Texts) -> Json {
    merged(ages(texts), json!({ "old": texts.page.old, "expired": texts.alert.expired, "add": texts.own.add }))
}

/// The words for ages, and for what is too old.
fn ages(texts: &Texts) -> Json {
    let calendar = &texts.calendar;
    json!({
        "now": calendar.just_now,
        "minutes": calendar.minutes_ago,
        "hours": calendar.hours_ago,
        "days": calendar.days_ago,
        "unknown": texts.status_word("unknown"),
    })
}

fn merged(mut words: Json, more: Json) -> Json {
    if let (Json::Object(words), Json::Object(more)) = (&mut words, more) {
        words.extend(more);
    }
    words
}

/// The words, and in a block the part that several scripts have and the script's own.
fn script(words: impl Fn(&Texts) -> Json, shared: &str, own: &str) -> Script {
    let texts: Map<String, Json> = languages().map(|texts| (texts.locale.clone(), words(texts))).collect();
    let body = format!("const TEXTS={};\n{{{}\n{}}}", Json::Object(texts), bare(shared), bare(own));
    let hash: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Script { path: format!("/assets/{hash}.js"), body }
}

/// A script without what only its authors read: indentation, and the lines that are comments.
pub(crate) fn bare(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let lines = lines.filter(|line| !(line.starts_with("/**") && line.ends_with("*/")));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_are_small_and_speak_every_language() {
        for script in [&SCRIPT, &STATION] {
            assert!(script.body.len() < 10_000);
            assert!(languages().all(|texts| script.body.contains(&format!("\"{}\":", texts.locale))));
        }
    }

    #[test]
    fn authors_remarks_are_left_out() {
        assert_eq!(bare("// a\n  const b = 1; // kept\n\n/** c */\n  d();\n"), "const b = 1; // kept\nd();");
    }
}
