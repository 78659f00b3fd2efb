//! What may be built in: every crate's licence is one that `deny.toml` allows, and every crate comes from crates.io.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::tool;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of an array in `deny.toml`.
fn listed(section: &str, key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let file: toml::Table = text.parse().expect("TOML");
    let list = file[section][key].as_array().expect("an array");
    list.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

/// Every crate that is built for one of the targets, in the program or its tests.
fn packages() -> Vec<Json> {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--format-version", "1", "--locked", "--offline"]).current_dir(root());
    for target in listed("graph", "targets") {
        metadata.args(["--filter-platform", &target]);
    }
    let output = metadata.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("an array").clone()
}

/// Whether an SPDX expression can be met with allowed licences alone; `None` where it is no expression. A licence with an
/// exception is one of its own, and `/` is an old way to write `OR`.
fn allowed(expression: &str, list: &[String]) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, list)?;
    rest.is_empty().then_some(met)
}

type Rest<'a> = &'a [&'a str];

fn either<'a>(words: Rest<'a>, list: &[String]) -> Option<(bool, Rest<'a>)> {
    let (mut met, mut rest) = both(words, list)?;
    while let Some((&"OR", after)) = rest.split_first() {
        let (more, after) = both(after, list)?;
        (met, rest) = (met || more, after);
    }
    Some((met, rest))
}

fn both<'a>(words: Rest<'a>, list: &[String]) -> Option<(bool, Rest<'a>)> {
    let (mut met, mut rest) = one(words, list)?;
    while let Some((&"AND", after)) = rest.split_first() {
        let (more, after) = one(after, list)?;
        (met, rest) = (met && more, after);
    }
    Some((met, rest))
}

fn one<'a>(words: Rest<'a>, list: &[String]) -> Option<(bool, Rest<'a>)> {
    match words {
        ["(", rest @ ..] => {
            let (met, rest) = either(rest, list)?;
            rest.split_first().filter(|(word, _)| **word == ")").map(|(_, rest)| (met, rest))
        }
        [licence, "WITH", exception, rest @ ..] => Some((list.contains(&format!("{licence} WITH {exception}")), rest)),
        ["OR" | "AND" | "WITH" | ")", ..] | [] => None,
        [licence, rest @ ..] => Some((list.iter().any(|known| known == licence), rest)),
    }
}

#[test]
fn expressions_are_met_or_not() {
    let list = ["MIT", "ISC", "Apache-2.0"].map(str::to_owned);
    for (expression, expected) in [
        ("MIT", Some(true)),
        ("GPL-3.0-only", Some(false)),
        ("GPL-3.0-only OR MIT", Some(true)),
        ("Unlicense/MIT", Some(true)),
        ("ISC AND GPL-3.0-only", Some(false)),
        ("GPL-3.0-only AND ISC OR MIT", Some(true)),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", Some(false)),
        ("(MIT OR GPL-3.0-only) AND ISC", Some(true)),
        ("Apache-2.0 WITH LLVM-exception", Some(false)),
        ("Apache-2.0 WITH LLVM-exception OR MIT", Some(true)),
        ("(MIT", None),
        ("MIT ISC", None),
        ("MIT OR", None),
        ("", None),
    ] {
        assert_eq!(allowed(expression, &list), expected, "{expression}");
    }
}

#[test]
fn every_crate_may_be_built_in() {
    let (packages, list) = (packages(), listed("licenses", "allow"));
    assert!(packages.len() > 100, "{}", packages.len());
    for package in &packages {
        let (name, licence) = (package["name"].as_str().expect("a name"), package["license"].as_str());
        let licence = licence.unwrap_or_else(|| unreachable!("{name} names no licence"));
        assert_eq!(allowed(licence, &list), Some(true), "{name}: {licence}");
        let source = package["source"].as_str();
        let ours = package["manifest_path"].as_str().is_some_and(|path| Path::new(path).starts_with(root()));
        assert!(
            source == Some("registry+https://github.com/rust-lang/crates.io-index") || (source.is_none() && ours),
            "{name} comes from {source:?}"
        );
    }
}

#[test]
fn cargo_deny_agrees() {
    let Some(_) = tool("cargo-deny", "licences, bans and sources beyond our own check of licences and sources") else {
        return;
    };
    let deny = |checks: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["deny", "--offline", "--locked", "check"]).args(checks).current_dir(root());
        let output = command.output().expect("cargo runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (sound, said) = deny(&["licenses", "bans", "sources"]);
    assert!(sound, "{said}");
    // The advisories are those that were last fetched; without any, nothing is known of them.
    match deny(&["advisories"]) {
        (true, _) => {}
        (false, said) if !said.contains("error[") => {
            eprintln!(
                "skipped: there is no database of advisories, so known holes in crates were not looked for\n{said}"
            );
        }
        (false, said) => unreachable!("{said}"),
    }
}
