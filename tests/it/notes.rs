//! Notes of operators: nobody without a token changes anything, and what is noted stands for ever with name and time.

use std::process::Command;

use fixtures::{ECCC_PATH, Freshet};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::support::http::{Reply, exchange, parse};
use crate::support::program::{Running, folder, riverwatch, riverwatch_in, succeed};
use crate::support::{LANGUAGES, edit, html, shipped};

const NAME: &str = "A. <b>Operator</b>";

/// A running site with one operator, whose token is known, and a flood at Fredericton.
struct Site {
    program: Running,
    token: String,
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = folder();
        let made = succeed(riverwatch().arg("token"));
        let token = made.lines().find(|line| line.len() == 64).expect("a token").to_owned();
        let (_, block) = made.split_once("[[operators]]").expect("the lines of configuration");
        let operators = format!("\n[[operators]]{}", block.replace('…', NAME));
        assert!(!operators.contains(&token), "the configuration has the hash alone");
        edit(&shipped(folder.path()), |main| main + &operators);
        let (file, now) = (folder.path().join("gauges.csv"), Timestamp::now());
        std::fs::write(&file, Freshet::new(now, 7).reply(ECCC_PATH, now).body).expect("a file");
        succeed(Self::command(&folder).args(["import", "eccc-nb"]).arg(file));
        let program = Running::start(Self::command(&folder).arg("serve"));
        Self { program, token, folder }
    }

    fn command(folder: &tempfile::TempDir) -> Command {
        let mut command = riverwatch_in(folder.path());
        command.env("RIVERWATCH_CONFIG", folder.path().join("riverwatch.toml"));
        command
    }

    fn began(&self) -> String {
        let told = self.program.json("/en/station/fredericton/episodes.json");
        told["episodes"][0]["began"].as_str().expect("an episode").to_owned()
    }

    fn note(&self) -> Json {
        json!({ "station": "fredericton", "began": self.began(), "text": "Pumps are on site <script>", "seen": true })
    }

    fn post(&self, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request =
            format!("POST /api/notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let bytes = exchange(self.program.address, format!("{request}\r\n{body}").as_bytes()).expect("an answer");
        parse(&bytes).expect("a reply")
    }

    fn json(&self, token: Option<&str>, body: &Json) -> Reply {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(token.map(|_| ("Authorization", bearer.as_str())));
        self.post(&headers, &body.to_string())
    }

    fn notes(&self) -> Vec<Json> {
        let told = self.program.json("/fr/station/fredericton/episodes.json");
        let episodes = told["episodes"].as_array().expect("episodes");
        episodes.iter().flat_map(|episode| episode["notes"].as_array().expect("notes").clone()).collect()
    }

    fn rows(&self) -> i64 {
        let database = Connection::open(self.folder.path().join("river.db")).expect("the database");
        database.query_row("SELECT count(*) FROM note", [], |row| row.get(0)).expect("a count")
    }
}

#[test]
fn an_operator_notes_an_episode_and_everyone_reads_it() {
    let site = Site::new();
    let reply = site.json(Some(&site.token), &site.note());
    assert_eq!(reply.status, 201, "{}", reply.text());
    let kept: Json = serde_json::from_str(&reply.text()).expect("JSON");
    assert_eq!((kept["by"].as_str(), kept["seen"].as_bool()), (Some(NAME), Some(true)));
    assert_eq!(site.notes(), [kept]);
    for language in LANGUAGES {
        for path in ["station/fredericton/log", "notes"] {
            let page = html::read(&site.program.page(&format!("/{language}/{path}")));
            assert!(page.only("main").text.contains("Pumps are on site <script>"), "{path}");
            assert!(page.only("main").text.contains(NAME) && page.only("main").named("script").is_empty(), "{path}");
        }
        for path in ["board", "report"] {
            let page = html::read(&site.program.page(&format!("/{language}/{path}")));
            assert!(page.only("main").text.contains("Pumps are on site <script>"), "{path}");
        }
    }
    assert_eq!(site.rows(), 1);
}

#[test]
fn without_the_token_nothing_changes() {
    let site = Site::new();
    let (note, before) = (site.note(), site.program.page("/en/station/fredericton/log"));
    let hash = std::fs::read_to_string(site.folder.path().join("riverwatch.toml")).expect("a file");
    let hash = hash
        .lines()
        .find_map(|line| line.strip_prefix("token_sha256 = "))
        .expect("a hash")
        .trim_matches('"')
        .to_owned();
    let almost = format!("{}{}", &site.token[..63], if site.token.ends_with('0') { '1' } else { '0' });
    let zeros = "0".repeat(64);
    for token in [None, Some(""), Some("x"), Some(hash.as_str()), Some(almost.as_str()), Some(zeros.as_str())] {
        let reply = site.json(token, &note);
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Bearer")), "{token:?}");
    }
    let form = format!("language=en&token={almost}&episode=fredericton+{}&text=x", site.began());
    let reply = site.post(&[("Content-Type", "application/x-www-form-urlencoded")], &form);
    assert_eq!((reply.status, reply.header("content-type")), (401, Some("text/html; charset=utf-8")));
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let reply = crate::support::http::ask(site.program.address, method, "/api/notes", &[("Content-Length", "0")]);
        assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{method}");
    }
    assert_eq!((site.rows(), site.notes().len()), (0, 0));
    let main = |page: &str| html::read(page).only("main").text.clone();
    assert_eq!(main(&site.program.page("/en/station/fredericton/log")), main(&before));
}

#[test]
fn who_guesses_is_told_to_wait_and_locks_nobody_out() {
    let site = Site::new();
    let note = site.note();
    let statuses: Vec<u16> = (0..14).map(|i| site.json(Some(&format!("guess-{i}")), &note).status).collect();
    assert_eq!((statuses[0], statuses[13]), (401, 429), "{statuses:?}");
    let reply = site.json(Some("guess"), &note);
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("60")));
    assert_eq!(site.json(Some(&site.token), &note).status, 201);
    assert_eq!(site.rows(), 1);
}

#[test]
fn what_makes_no_sense_is_refused_even_of_an_operator() {
    let site = Site::new();
    let began = site.began();
    let with = |station: &str, began: &str, text: &str, seen: bool| json!({ "station": station, "began": began, "text": text, "seen": seen });
    for (status, body) in [
        (404, with("nowhere", &began, "x", true)),
        (404, with("fredericton", "2020-01-01T00:00:00Z", "x", true)),
        (422, with("fredericton", &began, "", false)),
        (422, with("fredericton", &began, &"é".repeat(501), true)),
        (400, with("fredericton", "today", "x", true)),
        (400, json!({ "station": "fredericton", "began": began, "operator": "me" })),
        (400, json!([])),
        (413, with("fredericton", &began, &"x".repeat(5000), true)),
    ] {
        assert_eq!(site.json(Some(&site.token), &body).status, status, "{body}");
    }
    assert_eq!(site.post(&[("Content-Type", "text/plain")], "x").status, 415);
    assert_eq!(site.rows(), 0);
    assert_eq!(site.json(Some(&site.token), &with("fredericton", &began, &"é".repeat(500), false)).status, 201);
}

#[test]
fn the_form_does_the_same_without_a_script() {
    let site = Site::new();
    for (language, kept) in LANGUAGES.into_iter().zip(["The note is kept.", "La note est gardée."]) {
        let page = html::read(&site.program.page(&format!("/{language}/notes")));
        let form = page.only("form");
        assert_eq!((form.attribute("method"), form.attribute("action")), (Some("post"), Some("/api/notes")));
        let choice = form.named("option").into_iter().filter_map(|option| option.attribute("value"));
        let choice = choice.rev().find(|choice| choice.starts_with("fredericton ")).expect("an episode").to_owned();
        let choice = choice.replace(' ', "+").replace(':', "%3A");
        let body = format!("language={language}&token={}&episode={choice}&text=&seen=on", site.token);
        let reply = site.post(&[("Content-Type", "application/x-www-form-urlencoded")], &body);
        assert_eq!((reply.status, reply.header("cache-control")), (201, Some("no-store")), "{}", reply.text());
        let page = html::read(&reply.text());
        assert!(page.only("main").text.contains(kept), "{}", page.only("main").text);
        assert!(!reply.text().contains(&site.token));
    }
    assert_eq!((site.rows(), site.notes().len()), (2, 2));
}

#[test]
fn notes_are_never_changed_nor_removed() {
    let site = Site::new();
    assert_eq!(site.json(Some(&site.token), &site.note()).status, 201);
    let database = Connection::open(site.folder.path().join("river.db")).expect("the database");
    for statement in ["UPDATE note SET text = 'x'", "DELETE FROM note"] {
        assert!(database.execute(statement, []).is_err(), "{statement}");
    }
}

#[test]
fn where_no_operator_is_configured_nothing_of_this_is_there() {
    let folder = folder();
    let site = Running::start(riverwatch_in(folder.path()).arg("serve"));
    for (method, path) in [("POST", "/api/notes"), ("GET", "/api/notes"), ("GET", "/en/notes"), ("GET", "/fr/notes")] {
        let reply = crate::support::http::ask(site.address, method, path, &[("Content-Length", "0")]);
        assert_eq!(reply.status, 404, "{method} {path}");
    }
    assert!(site.json("/openapi.json")["paths"].get("/api/notes").is_none());
}

/// The page's own script is known by a hash, and may send to this site alone.
#[test]
fn the_script_of_the_form_is_the_only_one_that_may_run() {
    let site = Site::new();
    let reply = site.program.get("/en/notes");
    let policy = reply.header("content-security-policy").expect("a policy").to_owned();
    let page = reply.text();
    let (_, script) = page.split_once("<script>").expect("a script");
    let (script, _) = script.split_once("</script>").expect("its end");
    assert!(policy.contains("script-src 'sha256-") && policy.contains("; connect-src 'self'; "), "{policy}");
    assert!(!policy.contains("unsafe") && script.contains("addEventListener"), "{policy}");
    assert!(
        !site
            .program
            .get("/en/about")
            .header("content-security-policy")
            .is_some_and(|policy| policy.contains("connect"))
    );
}
