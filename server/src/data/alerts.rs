//! Official alerts as data.

use hydro::Station;
use serde_json::{Value as Json, json};

use crate::format::Reader;
use crate::lang::fill;
use crate::snapshot::Snapshot;
use crate::view::alerts::{in_language, language, of_station};

/// The official alerts that cover a station, by CAP's own names; `whole` with all that they say.
pub(super) fn json(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station, whole: bool) -> Json {
    let mut all = Vec::new();
    for alert in snapshot.alerts.iter() {
        for notice in in_language(reader, alert.covering(station, snapshot.now).collect()) {
            let id = &alert.alert.id;
            let mut said = json!({
                "sender": id.sender, "identifier": id.identifier, "sent": id.sent, "senderName": notice.sender_name,
                "language": language(notice), "event": notice.event, "headline": notice.headline,
                "severity": notice.severity, "onset": notice.onset, "expires": notice.expires, "ends": notice.ends,
                "source": alert.feed.as_str(),
            });
            if whole {
                said["description"] = json!(notice.description);
                said["instruction"] = json!(notice.instruction);
                said["web"] = json!(notice.web);
                said["areas"] = notice.areas.iter().map(|area| json!(area.name)).collect();
            }
            all.push(said);
        }
    }
    Json::Array(all)
}

/// The same as lines of plain text, each alert with its whole text and an empty line after it.
pub(super) fn lines(reader: &Reader<'_>, snapshot: &Snapshot, station: &Station) -> Vec<String> {
    let Some((place, ..)) = snapshot.find(station.id.as_str()) else { return Vec::new() };
    let mut lines = Vec::new();
    for alert in of_station(reader, snapshot, place) {
        let words = if alert.headline.is_empty() { &alert.event } else { &alert.headline };
        let facts = alert.facts.join(" ");
        lines.push(fill(&reader.texts.alert.line, &[("from", &alert.from), ("words", words), ("facts", &facts)]));
        lines.extend(alert.body);
        lines.push(String::new());
    }
    lines
}
