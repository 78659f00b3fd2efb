//! The one optional script, which lets kept pages grow old: its words from the texts, its address from its content.

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
            });
            (texts.locale.clone(), words)
        })
        .collect();
    let source = include_str!("../../assets/river.js");
    let body = format!("const TEXTS={};\n{source}", Json::Object(words));
    let hash: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Script { path: format!("/assets/{hash}.js"), body }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_speaks_every_language() {
        assert!(SCRIPT.body.len() < 4096);
        assert!(languages().all(|texts| SCRIPT.body.contains(&format!("\"{}\":", texts.locale))));
    }
}
