//! The optional scripts, which let kept pages grow old and keep boards current: their words from the texts, their addresses from
//! their content.

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
        let page = &texts.page;
        merged(ages(texts), json!({ "old": page.old, "expired": texts.alert.expired }))
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
    let body = format!("const TEXTS={};\n{source}", Json::Object(texts));
    let hash: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Script { path: format!("/assets/{hash}.js"), body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_speaks_every_language() {
        assert!(SCRIPT.body.len() < 4096);
        assert!(languages().all(|texts| SCRIPT.body.contains(&format!("\"{}\":", texts.locale))));
    }
}
