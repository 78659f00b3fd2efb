//! The database's bad days: no space, somebody else's lock, damage, a newer schema. What runs goes on showing what it knows;
//! what cannot run says why and ends.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::crashes::importing;
use super::documents::{csv, metres};
use super::gaps;
use super::rig::{Background, Rig, listening};
use crate::support::http::{exchange, parse};
use crate::support::program::{Output, Running, folder, run, succeed};
use crate::support::until;

/// Imports into a database elsewhere than the rig's.
fn import(rig: &Rig, database: &Path, file: &Path) -> Output {
    run(with(rig, database).args(["import", "f00"]).arg(file))
}

fn with(rig: &Rig, database: &Path) -> Command {
    let mut command = rig.riverwatch();
    command.env("RIVERWATCH_DATABASE__URL", format!("sqlite:{}", database.display()));
    command
}

fn newest(site: &Running) -> serde_json::Value {
    site.json("/en/station/f00.json")["status"]["valid"].clone()
}

/// Whether a program ended with an error of one line that says this.
fn fails_with(output: &Output, words: &str) -> bool {
    output.code == Some(1) && output.err.contains(words) && !output.err.contains("panicked")
}

/// A small file system that goes with the process that holds it, and that only those see who share its name space.
fn small_disk(at: &Path) -> Option<Background> {
    std::fs::create_dir(at).expect("a folder");
    let script = "mount -t tmpfs -o size=1m tmpfs \"$0\" && echo ready && exec sleep 600";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).arg(at).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut holder = Background(command.spawn().ok()?);
    let mut line = String::new();
    BufReader::new(holder.0.stdout.take()?).read_line(&mut line).ok()?;
    (line == "ready\n").then_some(holder)
}

/// The command, in the name space of another process.
fn beside(holder: &Background, command: &Command) -> Command {
    let mut beside = Command::new("nsenter");
    beside.args(["-t", &holder.0.id().to_string(), "-m"]).arg(command.get_program()).args(command.get_args());
    beside.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
    beside
}

#[test]
fn p52_the_disk_is_full() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 2);
    let disk = folder.path().join("disk");
    let Some(holder) = small_disk(&disk) else {
        eprintln!("skipped: P52, for no file system may be mounted");
        return;
    };
    let database = disk.join("river.db");
    let import = |file: &Path| run(&mut beside(&holder, with(&rig, &database).args(["import", "f00"]).arg(file)));
    let serve = || beside(&holder, with(&rig, &database).args(["serve", "--at", &scene.ago(-5).to_string()]));
    assert_eq!(import(&files[0]).code, Some(0));
    let site = Running::start(&mut serve());
    let before = newest(&site);
    let filler = PathBuf::from(format!("/proc/{}/root{}", holder.0.id(), disk.join("filler").display()));
    fill(&filler);
    // More than the log has room for that an earlier writer has left behind.
    let rows: Vec<_> = (0..8000).map(|i| scene.row(8500 - i, &metres(4500 + i % 500))).collect();
    let large = folder.path().join("large.csv");
    std::fs::write(&large, csv(&rows)).expect("a file");
    let refused: Vec<Output> = (0..3).map(|_| import(&large)).collect();
    let readable = newest(&site) == before && site.get("/en/station/f00").status == 200;
    let health = site.json("/healthz");
    let restarted = listening(&mut serve()).is_some();
    std::fs::remove_file(filler).expect("the filler");
    let resumed = import(&files[1]).code == Some(0) && newest(&site) != before;
    let expectations = [
        ("the error says so", refused.iter().all(|output| fails_with(output, "database or disk is full"))),
        ("the server serves", readable),
        ("health tells", health["status"] == "degraded" && health["problems"][0]["kind"] == "disk"),
        ("a server can be started", restarted),
        ("goes on when there is space", resumed),
    ];
    gaps::judge("P52", "the disk is full", &expectations);
}

fn fill(file: &Path) {
    let mut filler = std::fs::File::create(file).expect("a file");
    for size in [4096, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

#[test]
fn p53_the_database_is_locked() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 3);
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[0]));
    let site = Running::start(rig.riverwatch().args(["serve", "--at", &scene.ago(-5).to_string()]));
    let before = newest(&site);
    let other = Connection::open(rig.database()).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let began = Instant::now();
    let refused = import(&rig, &rig.database(), &files[1]);
    let waited = began.elapsed();
    let readable = newest(&site) == before;
    let patient = std::thread::scope(|scope| {
        let second = scope.spawn(|| import(&rig, &rig.database(), &files[1]));
        std::thread::sleep(Duration::from_millis(1500));
        other.execute_batch("ROLLBACK").expect("the lock is given back");
        second.join().expect("no panic")
    });
    let expectations = [
        ("waits five seconds", (4..8).contains(&waited.as_secs())),
        ("the error says so", fails_with(&refused, "database is locked")),
        ("the server serves", readable),
        ("a short lock is waited for", patient.code == Some(0) && newest(&site) != before),
    ];
    gaps::judge("P53", "the database is locked", &expectations);
}

#[test]
fn p54_the_database_is_damaged() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 200);
    succeed(rig.riverwatch().args(["import", "f00"]).args(&files[..199]));
    let site = Running::start(rig.riverwatch().args(["serve", "--at", &scene.ago(-5).to_string()]));
    let before = newest(&site);
    let file = std::fs::OpenOptions::new().write(true).open(rig.database()).expect("the file");
    let bytes = file.metadata().expect("its size").len();
    // All but the first page, which names the tables.
    file.write_all_at(&vec![0xA5; usize::try_from(bytes - 4096).expect("a small file")], 4096).expect("written");
    let inside = run(rig.riverwatch().args(["import", "f00"]).arg(&files[199]));
    let without = Running::start(rig.riverwatch().arg("serve"));
    let answers = without_data(&without);
    let serving = site.get("/en/station/f00").status == 200 && newest(&site) == before;
    let check = run(rig.riverwatch().arg("check"));
    let text = folder.path().join("notes.db");
    std::fs::write(&text, "a text, long enough to be told from the header of a database".repeat(9)).expect("a file");
    let none = [["ingest", "--once"].as_slice(), &["serve"]].map(|arguments| run(with(&rig, &text).args(arguments)));
    let expectations = [
        ("the error says so", fails_with(&inside, "database disk image is malformed")),
        ("and names the file", fails_with(&inside, "river.db")),
        (
            "and for a file that is none",
            none.iter().all(|output| fails_with(output, "notes.db: file is not a database")),
        ),
        ("what ran goes on showing what it knows", serving),
        ("check tells", check.code == Some(1) && check.err.contains("river.db")),
        ("what starts says that nothing is known, and where else to look", answers),
    ];
    gaps::judge("P54a", "the database is damaged", &expectations);
}

/// Whether a site over a damaged database says so and sends its readers elsewhere: with a failure, so that a cache on the
/// way shows its last good copy.
fn without_data(site: &Running) -> bool {
    let pages = [("en", "Nothing is known here right now"), ("fr", "Rien n’est connu ici en ce moment")];
    let told = pages.into_iter().all(|(language, words)| {
        let page = site.get(&format!("/{language}/station/f00"));
        page.status == 503 && page.header("retry-after") == Some("60") && page.text().contains(words)
    });
    let health = site.get("/healthz");
    let failed = health.status == 503 && health.text().contains("\"kind\":\"database\"");
    told && failed && (site.get("/livez").status, site.get("/readyz").status) == (200, 503)
}

#[test]
fn a_copy_put_in_place_of_a_damaged_database_is_shown_without_another_start() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 1);
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[0]));
    let sound = std::fs::read(rig.database()).expect("the database");
    let mut damaged = sound.clone();
    damaged[4096..].fill(0xA5);
    std::fs::write(rig.database(), &damaged).expect("written");
    let mut serve = rig.riverwatch();
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    serve.env("RIVERWATCH_SERVER__LISTEN", port.to_string()).args(["serve", "--at", &scene.ago(-5).to_string()]);
    let site = Running::start(&mut serve);
    assert!(without_data(&site));
    std::fs::write(rig.database(), &sound).expect("written");
    // For a moment nobody listens while the site takes the place of the notice.
    until("the copy is shown", || {
        let reply = exchange(port, b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").ok()?;
        parse(&reply).filter(|reply| reply.status == 200)
    });
    assert!(!newest(&site).is_null());
}

#[test]
fn p54_the_database_is_of_a_newer_program() {
    let folder = folder();
    let (rig, _, files) = importing(folder.path(), 1);
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[0]));
    Connection::open(rig.database()).and_then(|it| it.pragma_update(None, "user_version", 99)).expect("the database");
    let refused = [["ingest", "--once"].as_slice(), &["serve"], &["explain", "f00"], &["up"]]
        .map(|arguments| run(rig.riverwatch().args(arguments)));
    let newer = refused.iter().all(|output| fails_with(output, "use the newer program"));
    let nowhere = run(with(&rig, Path::new("/dev/null/river.db")).arg("serve"));
    let expectations =
        [("is refused", newer), ("so is a place where no file can be", fails_with(&nowhere, "/dev/null/river.db"))];
    gaps::judge("P54b", "the database is of a newer program", &expectations);
}
