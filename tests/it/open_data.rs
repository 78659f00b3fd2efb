//! Open data by time: whole, in pages that follow one another, with their history, and as the description says.

use std::path::Path;
use std::process::{Command, Stdio};

use fixtures::{FEWS_PATH, Freshet};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::demo::demonstration;
use crate::support::http::ask;
use crate::support::program::{Running, folder, riverwatch_in, succeed};
use crate::support::{LANGUAGES, html};

const HEAD: &str = "\u{feff} ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                    Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\r\n";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A site whose Fredericton has so many readings, five minutes apart, up to an instant; one of them a leap.
fn measured(readings: i64) -> (Running, tempfile::TempDir) {
    let (folder, now) = (folder(), at("2026-04-20T12:00:00Z"));
    let rows = (0..readings).rev().map(|before| {
        let valid = now - SignedDuration::from_mins(5 * before);
        let level = if before == 5 { 99.0 } else { 3.0 };
        format!("01AK003,{},{level:.3},,,1,,,,\r\n", valid.strftime("%Y-%m-%dT%H:%M:%S-00:00"))
    });
    let file = folder.path().join("measured.csv");
    std::fs::write(&file, HEAD.to_owned() + &rows.collect::<String>()).expect("a file");
    let with_time = |command: &mut Command| succeed(command.args(["--at", "2026-04-20T12:00:00Z"]));
    let said = with_time(riverwatch_in(folder.path()).args(["import", "eccc-nb"]).arg(file));
    assert!(said.contains(&format!("{readings} new")), "{said}");
    (Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2026-04-20T12:00:00Z"])), folder)
}

#[test]
fn pages_of_measurements_follow_one_another_and_lose_none() {
    const READINGS: i64 = 12_000;
    let (site, _folder) = measured(READINGS);
    let first = "/en/station/fredericton/observations.json?from=2026-01-01T00:00:00Z";
    let (mut address, mut all, mut sizes) = (first.to_owned(), Vec::new(), Vec::new());
    loop {
        let page = site.json(&address);
        let rows = page["observed"].as_array().expect("rows").clone();
        sizes.push(rows.len());
        all.extend(rows);
        assert_eq!((page["unit"].as_str(), page["source"].as_str()), (Some("m"), Some("eccc-nb")));
        match page["next"].as_str() {
            Some(next) => address = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(sizes, [10_000, 2_000]);
    let instants: Vec<&str> = all.iter().filter_map(|row| row["valid"].as_str()).collect();
    assert!(instants.windows(2).all(|pair| pair[0] < pair[1]), "each once, rising");
    assert_eq!(instants.last(), Some(&"2026-04-20T12:00:00Z"));
    let doubted: Vec<(&str, &str)> =
        all.iter().filter_map(|row| Some((row["valid"].as_str()?, row["doubt"].as_str()?))).collect();
    assert_eq!(doubted.len(), 1, "{doubted:?}");
    assert_eq!(doubted[0].0, "2026-04-20T11:35:00Z");

    let table = site.get(&first.replace(".json", ".csv"));
    let link = table.header("link").expect("a link to the next page").to_owned();
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a link");
    let rest = site.get(next);
    assert_eq!((table.text().lines().count(), rest.text().lines().count()), (10_001, 2_001));
    assert_eq!(rest.header("link"), None);
    assert!(rest.text().contains(",2026-04-20T11:35:00Z,99,m,"), "{}", rest.text().get(..300).unwrap_or_default());
}

#[test]
fn a_span_has_its_beginning_and_not_its_end() {
    let (site, _folder) = measured(100);
    let ask = |query: &str| {
        let page = site.json(&format!("/fr/station/fredericton/observations.json?{query}"));
        let rows = page["observed"].as_array().expect("rows").clone();
        rows.iter().map(|row| row["valid"].as_str().unwrap_or_default()[11..16].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ask("from=2026-04-20T11:00:00Z&to=2026-04-20T11:15:00Z"), ["11:00", "11:05", "11:10"]);
    assert_eq!(ask("from=2026-04-20T08:00:00-03:00&to=2026-04-20T13:10:00%2B02:00"), ["11:00", "11:05"]);
    assert_eq!(ask("from=2026-04-20T13:00:00+02:00&to=2026-04-20T13:10:00+02:00"), ["11:00", "11:05"]);
    assert_eq!(ask("from=2026-04-20T11:00:00Z&to=2026-04-20T10:00:00Z"), [""; 0]);
    assert_eq!(ask("").len(), 100);
}

#[test]
fn what_cannot_be_answered_is_a_problem_document_in_the_language_of_the_address() {
    let (site, _folder) = measured(3);
    for (rest, status) in [
        ("fredericton/observations.json?form=2026-04-20T11:00:00Z", 400),
        ("fredericton/observations.csv?from=yesterday", 400),
        ("fredericton/forecasts.json?cursor=0", 400),
        ("fredericton/episodes.json?from=2026-04-20T11:00:00Z", 400),
        ("fredericton/observations.json?parameter=discharge", 404),
        ("fredericton/observations.json?source=nowhere", 404),
        ("nowhere/thresholds.json", 404),
    ] {
        let [english, french] = LANGUAGES.map(|language| {
            let reply = site.get(&format!("/{language}/station/{rest}"));
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (status, Some("application/problem+json")),
                "{rest}"
            );
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{rest}");
            let problem: Json = serde_json::from_str(&reply.text()).expect("JSON");
            assert_eq!(problem["status"], status, "{rest}");
            problem["detail"].as_str().expect("a sentence").to_owned()
        });
        assert_ne!(english, french, "{rest}");
    }
    let posted = ask(site.address, "POST", "/en/station/fredericton/episodes.json", &[("Content-Length", "0")]);
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[test]
fn scripts_of_other_sites_may_ask_for_data_and_for_data_alone() {
    let (site, _folder) = measured(3);
    let asked = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "GET")];
    for path in ["/en/stations.json", "/fr/station/fredericton/observations.csv", "/openapi.json"] {
        let reply = ask(site.address, "OPTIONS", path, &asked);
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
        assert!(
            reply.header("access-control-allow-headers").is_some_and(|all| all.contains("If-None-Match")),
            "{path}"
        );
    }
    assert_eq!(ask(site.address, "OPTIONS", "/en/", &asked).status, 405);
    let path = "/en/station/fredericton/observations.json?from=2026-04-01T00:00:00Z";
    let whole = site.get(path);
    let tag = whole.header("etag").expect("a tag").to_owned();
    let again = ask(site.address, "GET", path, &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = ask(site.address, "HEAD", path, &[]);
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, Some(tag.as_str())));
}

#[test]
fn every_issue_of_a_forecast_is_kept() {
    let (folder, start) = (folder(), at("2026-04-20T12:00:00Z"));
    let freshet = Freshet::new(start, 7);
    for day in 0..3 {
        let now = start + SignedDuration::from_hours(24 * day);
        let file = folder.path().join(format!("{day}.xml"));
        std::fs::write(&file, freshet.reply(FEWS_PATH, now).body).expect("a file");
        let instant = now.to_string();
        succeed(riverwatch_in(folder.path()).args(["import", "nb-fews", "--at", &instant]).arg(file));
    }
    let site = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2026-04-22T13:00:00Z"]));
    let page = site.json("/en/station/fredericton/forecasts.json");
    let issues = page["issues"].as_array().expect("issues");
    assert_eq!(issues.len(), 3);
    let instant = |value: &Json| at(value.as_str().expect("an instant"));
    for (issue, day) in issues.iter().zip(0..) {
        // The export says when it was made, some minutes after the hour of the forecast.
        let (said, from) = (instant(&issue["issued"]), freshet.issue(start + SignedDuration::from_hours(24 * day)));
        assert!((from..from + SignedDuration::from_mins(30)).contains(&said), "{said} {from}");
        assert_eq!(instant(&issue["received"]), start + SignedDuration::from_hours(24 * day));
        let points = issue["forecast"].as_array().expect("points");
        assert!(points.len() > 20, "{}", points.len());
        assert!(points.windows(2).all(|pair| instant(&pair[0][0]) < instant(&pair[1][0])));
    }
    assert_ne!(issues[0]["forecast"], issues[1]["forecast"]);
    let one = site.json("/en/station/fredericton/forecasts.json?from=2026-04-21T00:00:00Z&to=2026-04-22T00:00:00Z");
    assert_eq!(one["issues"], json!([issues[1]]));
    // As it was known on the first day.
    let before = Running::start(riverwatch_in(folder.path()).args(["serve", "--at", "2026-04-20T13:00:00Z"]));
    assert_eq!(before.json("/en/station/fredericton/forecasts.json")["issues"].as_array().map(Vec::len), Some(1));
}

#[test]
fn thresholds_say_who_named_them_and_how_they_changed() {
    let (demo, _folder) = demonstration();
    let told = demo.json("/fr/station/fredericton/thresholds.json");
    assert_eq!((told["scheme"].as_str(), told["date"].as_str()), (Some("new-brunswick"), Some("2023-02-27")));
    assert!(told["source"].as_str().is_some_and(|source| !source.is_empty()));
    let published = told["published"].as_array().expect("changes");
    let watch = published.iter().find(|change| change["level"] == "watch").expect("the feed names it");
    assert_eq!((watch["value"].as_f64(), watch["feed"].as_str()), (Some(5.5), Some("nb-levels")));
    assert!(watch["before"].is_null() && watch["received"].as_str().is_some());
}

#[test]
fn every_address_of_the_description_gives_what_it_says() {
    let (demo, _folder) = demonstration();
    let description = demo.json("/openapi.json");
    let paths = description["paths"].as_object().expect("paths");
    assert!(paths.len() >= 16, "{}", paths.len());
    for (template, item) in paths {
        let answers = item["get"]["responses"]["200"]["content"].as_object().expect("a content");
        let (kind, content) = answers.iter().next().expect("a media type");
        for (language, id) in [("en", "fredericton"), ("fr", "jemseg"), ("en", "connors")] {
            let path = template.replace("{language}", language).replace("{id}", id);
            let reply = demo.get(&path);
            // A place without any point has no chart.
            if reply.status == 404 && kind == "image/svg+xml" {
                continue;
            }
            let given = reply.header("content-type").unwrap_or_default();
            assert_eq!((reply.status, given.split(';').next()), (200, Some(kind.as_str())), "{path}");
            if kind.ends_with("json") {
                let document: Json = serde_json::from_str(&reply.text()).expect("JSON");
                conforms(&document, &content["schema"], &description, &path);
            }
        }
    }
}

/// Holds a value against the parts of JSON Schema that the description uses.
fn conforms(value: &Json, schema: &Json, root: &Json, path: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let form = root.pointer(name.trim_start_matches('#'));
        return conforms(value, form.unwrap_or_else(|| unreachable!("{name} is not there")), root, path);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        conforms(value, part, root, path);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let null = any.iter().any(|form| form["type"] == "null");
        if !(null && value.is_null()) {
            conforms(value, &any[0], root, path);
        }
        return;
    }
    let is_of_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some(other) => unreachable!("{path}: {other}"),
        None => true,
    };
    assert!(is_of_type, "{path}: {value} is not of {schema}");
    assert!(schema["enum"].as_array().is_none_or(|words| words.contains(value)), "{path}: {value} not in {schema}");
    assert!(schema["const"].is_null() || schema["const"] == *value, "{path}: {value}");
    if schema["format"] == "date-time" {
        assert!(value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok()), "{path}: {value}");
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        assert!(value.get(name).is_some(), "{path}: no {name} in {value}");
    }
    for (name, form) in schema["properties"].as_object().into_iter().flatten() {
        conforms(&value[name], form, root, &format!("{path} {name}"));
    }
    let others = &schema["additionalProperties"];
    for (name, other) in value.as_object().into_iter().flatten().filter(|_| others.is_object()) {
        conforms(other, others, root, &format!("{path} {name}"));
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        let form = schema["prefixItems"].get(i).unwrap_or(&schema["items"]);
        conforms(item, form, root, &format!("{path} {i}"));
    }
}

/// A station may be called whatever its operator likes: in a spreadsheet its name is a text.
#[test]
fn no_cell_is_taken_for_a_formula() {
    let folder = folder();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir(folder.path().join("stations")).expect("a folder");
    let main = std::fs::read_to_string(root.join("config/riverwatch.toml")).expect("the shipped file");
    std::fs::write(folder.path().join("riverwatch.toml"), main.replace("\nmap =", "\n# map =")).expect("a file");
    let names = ["=1+1", "@SUM(A1)", "-2", "+3", "a, \\\"b\\\"", "\\t=4"];
    let block = |(i, name): (usize, &&str)| {
        format!(
            "[[station]]\nid = \"s{i}\"\nname = \"{name}\"\nlatitude = 45\nlongitude = -66\n[[station.source]]\nfeed = \"eccc-nb\"\nlocation = \"01AK{i:03}\"\n"
        )
    };
    let blocks: String = names.iter().enumerate().map(block).collect();
    let stations = format!("[river]\nname = \"=cmd|' /C calc'!A0\"\n{blocks}");
    std::fs::write(folder.path().join("stations/a.toml"), stations).expect("a file");
    let config = folder.path().join("riverwatch.toml");
    let site = Running::start(riverwatch_in(folder.path()).arg("serve").env("RIVERWATCH_CONFIG", config));
    let table = site.page("/en/stations.csv");
    for (row, cell) in table.lines().skip(1).zip(["'=1+1", "'@SUM(A1)", "'-2", "'+3", "\"a, \"\"b\"\"\"", "'\t=4"]) {
        assert!(row.split_once(',').is_some_and(|(_, rest)| rest.starts_with(&format!("{cell},'=cmd|"))), "{row}");
    }
}

/// The examples of the page for people run as they stand, where there is what runs them.
#[test]
fn the_examples_on_the_page_run() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        let page = html::read(&demo.page(&format!("/{language}/data")));
        let blocks = page.named("pre");
        assert_eq!(blocks.len(), 3);
        for (block, program) in blocks.into_iter().zip(["sh", "python3", "Rscript"]) {
            let address = format!("http://{}", demo.address);
            let example = block.text.replace("http://127.0.0.1:8080", &address);
            assert!(example.contains(&address), "{example}");
            match run_example(program, &example) {
                Some(said) => assert!(said.lines().any(|line| line.contains("20") || line.contains("Mean")), "{said}"),
                None => eprintln!("skipped: {program} is absent"),
            }
        }
    }
}

/// What an example prints; `None` where there is nothing to run it.
fn run_example(program: &str, example: &str) -> Option<String> {
    let (option, needed) =
        if program == "sh" { ("-c", "curl") } else { (if program == "python3" { "-c" } else { "-e" }, program) };
    Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    let output = Command::new(program).args([option, example]).output().expect("it runs");
    assert!(output.status.success(), "{program}: {example}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
