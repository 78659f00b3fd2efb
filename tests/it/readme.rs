//! The README names what there is: every command, format and setting, and its examples are sound.

use std::path::Path;

use super::support::program::{folder, riverwatch, run, succeed};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| unreachable!("{name}: {error}"))
}

/// Which of some names the README does not have as code, alone or at the beginning.
fn unnamed(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let readme = text("README.md");
    let has = |name: &str| readme.contains(&format!("`{name}`")) || readme.contains(&format!("`{name} "));
    names.into_iter().filter(|name| !has(name)).collect()
}

#[test]
fn every_command_is_named() {
    let help = succeed(riverwatch().arg("--help"));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"demo") && names.contains(&"help"), "{help}");
    let own = names.into_iter().filter(|name| *name != "help").map(|name| format!("riverwatch {name}"));
    assert_eq!(unnamed(own), [""; 0]);
}

/// The formats that need nothing but a name, as the program lists them.
fn formats() -> Vec<String> {
    let refused = run(riverwatch().args(["parse", "x", "-"]));
    assert_eq!(refused.code, Some(1));
    let (_, formats) = refused.err.trim_end().split_once("expected ").expect("the formats");
    assert!(formats.contains("pi-xml, "), "{formats}");
    formats.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_format_has_a_row_in_the_table() {
    let readme = text("README.md");
    let rows = formats().into_iter().chain(["table", "json"].map(str::to_owned));
    let without = rows.filter(|format| !readme.contains(&format!("\n| `{format}` |")));
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_format_can_be_fuzzed() {
    let targets = text("fuzz/Cargo.toml");
    let without = formats().into_iter().filter(|format| !targets.contains(&format!("\nname = \"{format}\"\n")));
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_setting_is_named() {
    let settings = settings(&text("config/riverwatch.toml"));
    for known in ["stations", "site.operator", "site.help.text", "database.url", "feeds.NAME.licence"] {
        assert!(settings.iter().any(|setting| setting == known), "{known} is not read from {settings:?}");
    }
    assert_eq!(unnamed(settings), [""; 0]);
}

/// The settings of the shipped file, also those that are commented out, with NAME for the name of a feed. A language is no
/// setting: a section of texts counts as one key.
fn settings(file: &str) -> Vec<String> {
    let mut section = String::new();
    let mut settings = Vec::new();
    for line in file.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = line.strip_prefix('[') {
            let name = name.trim_start_matches('[').trim_end_matches(']');
            section = if name.starts_with("feeds.") { "feeds.NAME.".to_owned() } else { format!("{name}.") };
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| is_key(key)) {
            let language = ["en", "fr"].contains(&key);
            settings.push(if language { section.trim_end_matches('.').to_owned() } else { format!("{section}{key}") });
        }
    }
    settings.sort();
    settings.dedup();
    settings
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '-')
}

#[test]
fn the_examples_are_sound() {
    let folder = folder();
    let config = folder.path().join("riverwatch.toml");
    let stations = folder.path().join("stations");
    std::fs::create_dir(&stations).expect("a folder");
    std::fs::copy(root().join("config/stations/saint-john-river.toml"), stations.join("a.toml")).expect("a copy");
    let readme = text("README.md");
    let (feed, station) = (blocks(&readme, "feed"), blocks(&readme, "station"));
    assert!(!feed.is_empty() && !station.is_empty());
    std::fs::write(&config, text("config/riverwatch.toml").replace("\nmap =", "\n# map =") + &feed.concat())
        .expect("a file");
    for (i, example) in station.iter().enumerate() {
        std::fs::write(stations.join(format!("example-{i}.toml")), example).expect("a file");
    }
    let checked = succeed(riverwatch().arg("check").arg("--config").arg(&config));
    // A feed may have tables within its own.
    let heads = |line: &&str, word: &str| line.strip_prefix(word).is_some_and(|rest| !rest.contains('.'));
    let count = |word: &str, files: &[String]| files.concat().lines().filter(|line| heads(line, word)).count();
    let shipped = [text("config/stations/saint-john-river.toml"), text("config/riverwatch.toml")];
    let sums =
        [("[[station]]", &station), ("[feeds.", &feed)].map(|(word, files)| count(word, &shipped) + count(word, files));
    assert!(checked.contains(&format!("{} stations, {} feeds, no faults", sums[0], sums[1])), "{checked}");
}

/// The contents of the README's TOML blocks that are marked with a word.
fn blocks(readme: &str, mark: &str) -> Vec<String> {
    let opening = format!("```toml {mark}\n");
    readme
        .split(&opening)
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .collect()
}

#[test]
fn its_links_lead_somewhere() {
    let readme = text("README.md");
    let targets: Vec<&str> =
        readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to).collect();
    assert!(targets.contains(&"docs/station.png"), "{targets:?}");
    let lost = targets.into_iter().filter(|to| match to.strip_prefix('#') {
        Some(anchor) => !readme.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor),
        None => !to.starts_with("http") && !root().join(to).exists(),
    });
    assert_eq!(lost.collect::<Vec<_>>(), [""; 0]);
}

/// A heading's anchor, as forges make it.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
