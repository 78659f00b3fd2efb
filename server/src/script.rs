//! The one optional script, which lets kept pages grow old and keeps what a reader chose on the phone: its words from the texts, its address from its content.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::lang::languages;

/// The script and where it is: a changed script has another address, so that the old one may be kept for a year.
pub(crate) struct Script {
    pub(crate) path: String,
    pub(crate) body: String,
}

pub(crate) static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let words: Map<String, Json> = languages()
        .map(|texts| {
            let (calendar, page) = (&texts.calendar, &texts.page);
            let words = json!({
                "now": calendar.just_now,
                "minutes": calendar.minutes_ago,
                "hours": calendar.hours_ago,
                "days": calendar.days_ago,
                "unknown": texts.status_word("unknown"),
                "old": page.old,
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
            (texts.locale.clone(), words)
        })
        .collect();
    let body = format!("const TEXTS={};\n{}", Json::Object(words), bare(include_str!("../../assets/river.js")));
    let hash: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Script { path: format!("/assets/{hash}.js"), body }
});

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
