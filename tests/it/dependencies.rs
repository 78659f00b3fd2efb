//! The house's own rules, read from its files: who may know whom, and what may stand where.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const CRATES: [&str; 5] = ["hydro", "store", "ingest", "server", "fixtures"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names under a key such as `dependencies` of a crate's manifest.
fn named(folder: &str, key: &str) -> BTreeSet<String> {
    let file = root().join(folder).join("Cargo.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| unreachable!("{}: {error}", file.display()));
    let manifest: toml::Table = text.parse().expect("a manifest");
    let table = manifest.get(key).and_then(toml::Value::as_table);
    table.into_iter().flat_map(|table| table.keys().cloned()).collect()
}

/// Every `.rs` file under some folders, with its path from the root and its text.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(&path).expect("a folder of ours").map(|entry| entry.expect("an entry").path());
            waiting.extend(entries.filter(|path| !path.ends_with("node_modules")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).expect("a path of ours").display().to_string();
            found.push((name, std::fs::read_to_string(&path).expect("a source in UTF-8")));
        }
    }
    assert!(found.len() > folders.len(), "{folders:?}: {}", found.len());
    found
}

/// The files under the crates' folders and `src` that have one of some words, but for those whose path begins so.
fn elsewhere(words: &[&str], home: &str) -> Vec<String> {
    let all = sources(&[&CRATES[..], &["src"]].concat());
    let has = |text: &str| words.iter().any(|word| text.contains(word));
    assert!(all.iter().any(|(name, text)| name.starts_with(home) && has(text)), "{words:?} stand nowhere in {home}");
    all.into_iter().filter(|(name, text)| !name.starts_with(home) && has(text)).map(|(name, _)| name).collect()
}

#[test]
fn dependencies_point_one_way() {
    let ours = |folder: &str, key: &str| -> Vec<String> {
        named(folder, key).into_iter().filter(|name| CRATES.contains(&name.as_str())).collect()
    };
    for (folder, allowed) in [
        ("hydro", &[][..]),
        ("store", &["hydro"]),
        ("ingest", &["hydro", "store"]),
        ("server", &["hydro", "store"]),
        ("fixtures", &[]),
    ] {
        assert_eq!(ours(folder, "dependencies"), allowed, "{folder}");
        let for_tests = ours(folder, "dev-dependencies");
        assert!(for_tests.iter().all(|name| allowed.contains(&name.as_str())), "{folder} for its tests: {for_tests:?}");
    }
}

#[test]
fn every_crate_of_the_workspace_is_held_to_the_rules() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = text.parse().expect("a manifest");
    let members = manifest["workspace"]["members"].as_array().expect("members");
    let members: Vec<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(members, CRATES);
    for folder in CRATES {
        assert_eq!(named(folder, "lints"), BTreeSet::from(["workspace".to_owned()]), "{folder}");
    }
}

#[test]
fn a_technology_has_one_home() {
    for (library, home) in [("rusqlite", "store"), ("reqwest", "ingest"), ("maud", "server"), ("quick-xml", "ingest")] {
        for folder in CRATES.into_iter().chain(["."]).filter(|folder| *folder != home) {
            assert!(!named(folder, "dependencies").contains(library), "{library} in {folder}");
        }
        assert!(named(home, "dependencies").contains(library), "{library} in {home}");
    }
    assert_eq!(elsewhere(&["SELECT ", "INSERT ", "UPDATE ", "DELETE "], "store/"), [""; 0], "SQL");
    assert_eq!(elsewhere(&["reqwest"], "ingest/"), [""; 0], "the HTTP client");
    assert_eq!(elsewhere(&["maud", "html!"], "server/"), [""; 0], "HTML");
}

#[test]
fn the_clock_on_the_wall_is_read_in_one_place() {
    let clocks = ["Timestamp::now", "SystemTime::now", "Utc::now", "Zoned::now", "Local::now", "OffsetDateTime::now"];
    assert_eq!(elsewhere(&clocks, "src/clock.rs"), [""; 0]);
}

#[test]
fn every_file_says_what_it_is_for_and_leaves_nothing_undone() {
    let all = sources(&[&CRATES[..], &["src", "tests"]].concat());
    let silent: Vec<&str> = all
        .iter()
        .filter(|(_, text)| !text.starts_with("//!") && !text.starts_with("#!"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(silent, [""; 0], "without a first paragraph");
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!"), concat!("XX", "X")];
    let undone: Vec<&str> = all
        .iter()
        .filter(|(_, text)| marks.iter().any(|mark| text.contains(mark)))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(undone, [""; 0], "left undone");
}
