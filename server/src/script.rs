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

pub(crate) static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let words = |texts: &Texts| {
        let own = json!({
            "old": texts.page.old,
            "expired": texts.alert.expired,
            "near": texts.own.near,
            "lost": texts.own.near_failed,
            "far": texts.own.far,
            "add": texts.own.add,
            "list": texts.own.list,
            "mark": texts.mark.rung,
            "name": texts.mark.name,
            "forget": texts.mark.forget,
        });
        merged(ages(texts), own)
    };
    script(words, include_str!("../../assets/river.js"))
});

/// What keeps a board current.
pub(crate) static BOARD: LazyLock<Script> = LazyLock::new(|| {
    let words = |texts: &Texts| {
        let board = &texts.board;
        let said = [&board.live, &board.lost, &board.worse, &board.left, &board.soon];
        let [live, lost, worse, left, soon] = said;
        merged(ages(texts), json!({ "live": live, "lost": lost, "worse": worse, "left": left, "soon": soon }))
    };
    script(words, include_str!("../../assets/board.js"))
});

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

fn script(words: impl Fn(&Texts) -> Json, source: &str) -> Script {
    let texts: Map<String, Json> = languages().map(|texts| (texts.locale.clone(), words(texts))).collect();
    let body = format!("const TEXTS={};\n{}", Json::Object(texts), bare(source));
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
    fn the_script_is_small_and_speaks_every_language() {
        assert!(SCRIPT.body.len() < 10_000);
        assert!(languages().all(|texts| SCRIPT.body.contains(&format!("\"{}\":", texts.locale))));
    }

    #[test]
    fn authors_remarks_are_left_out() {
        assert_eq!(bare("// a\n  const b = 1; // kept\n\n/** c */\n  d();\n"), "const b = 1; // kept\nd();");
    }
}
