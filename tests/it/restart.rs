//! Power cuts: the program is killed in the middle of its work and started again on the same database.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::demo::demonstration_in;
use crate::support::program::{Running, folder};
use crate::support::until;

/// Ten minutes pass in a second: a feed is due about every second.
const SPEED: &str = "600";
const WATCHED: [&str; 4] = ["fredericton", "woodstock", "clair", "grand-lake"];

/// Every measurement of some stations.
fn measured(demo: &Running) -> BTreeMap<(&'static str, String), Json> {
    let series = |id: &'static str| {
        let station = demo.json(&format!("/en/station/{id}.json"));
        let series = station["observed"].as_array().expect("a series").clone();
        series.into_iter().map(move |point| ((id, point[0].as_str().expect("an instant").to_owned()), point[1].clone()))
    };
    WATCHED.into_iter().flat_map(series).collect()
}

/// What SQLite itself finds wrong with a database.
fn integrity(database: &Path) -> String {
    let connection = rusqlite::Connection::open(database).expect("a database");
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer")
}

#[test]
fn nothing_is_lost_when_it_is_killed() {
    let folder = folder();
    let mut known: BTreeMap<_, Json> = BTreeMap::new();
    for round in 0..3 {
        let demo = demonstration_in(folder.path(), SPEED);
        let here = measured(&demo);
        let lost: Vec<_> = known.keys().filter(|key| !here.contains_key(*key)).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} are gone, such as {:?}", lost.len(), known.len(), lost[0]);
        let more =
            until("there are further measurements", || Some(measured(&demo)).filter(|now| now.len() > here.len()));
        known.extend(more);
        demo.kill();
        assert_eq!(integrity(&folder.path().join("demo.db")), "ok", "round {round}");
    }
    assert!(WATCHED.iter().all(|id| known.keys().any(|(known, _)| known == id)), "every station was measured");
}

/// Between the kill and the first fetch of the new start there is no moment at which less is known.
#[test]
fn the_first_answer_after_a_kill_knows_what_was_known() {
    let folder = folder();
    let demo = demonstration_in(folder.path(), "1");
    let before = measured(&demo);
    assert!(!before.is_empty());
    demo.kill();
    let mut again = crate::support::program::riverwatch();
    again.args(["demo", "--port", "0", "--speed", "1", "--database"]).arg(folder.path().join("demo.db"));
    let demo = Running::start(&mut again);
    let after = measured(&demo);
    assert!(before.keys().all(|key| after.contains_key(key)), "{} before, {} after", before.len(), after.len());
}
