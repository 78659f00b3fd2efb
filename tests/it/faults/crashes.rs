//! The program dies at any instant, or the disk loses its word: what was said to be stored is stored, and nothing is half
//! there.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::documents::Scene;
use super::fault::{Fault, TAKEN};
use super::gaps;
use super::rig::{Background, ROWS_EACH, Rig, small_documents};
use super::this_minute;
use crate::support::program::{Running, folder, run, succeed};

const FEED: Fault = Fault { key: "F00", ..TAKEN };
const KILLS: usize = 200;
/// More documents than are imported before the kill.
const EACH: usize = 80;

/// A rig that fetches nothing, its scene and so many documents to import.
pub(super) fn importing(folder: &Path, count: usize) -> (Rig, Scene, Vec<PathBuf>) {
    let scene = Scene { now: this_minute() };
    let documents = folder.join("documents");
    std::fs::create_dir(&documents).expect("a folder");
    let files = small_documents(&documents, &scene, count);
    (Rig::new(folder, &[FEED], std::net::SocketAddr::from(([127, 0, 0, 1], 9))), scene, files)
}

/// How many documents were told to be stored.
fn told(out: &str) -> usize {
    out.lines().filter(|line| line.contains(": changed; ")).count()
}

/// How many documents are there, each of which must be whole, in a database that must be sound.
fn whole_documents(database: &Path) -> usize {
    let connection = Connection::open(database).expect("the database");
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("an answer");
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok");
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    if count("SELECT count(*) FROM sqlite_schema WHERE name = 'piece'") == 0 {
        return 0;
    }
    let rows = usize::try_from(count("SELECT coalesce(sum(count), 0) FROM piece")).expect("a count");
    assert_eq!(rows % ROWS_EACH, 0, "a document is half there");
    let bodies = count("SELECT count(*) FROM body");
    assert_eq!(usize::try_from(bodies).ok(), Some(rows / ROWS_EACH), "a document without its bytes");
    rows / ROWS_EACH
}

/// Imports documents until killed; how many of them it told to be stored. Every other time it is killed by the clock, from
/// before it has opened the database on, and else after its first word, amid its writing; in steps that do not repeat.
fn killed(kill: usize, import: &mut Command) -> usize {
    let mut program = Background(import.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs"));
    let (mut out, mut told_by) = (String::new(), BufReader::new(program.0.stdout.take().expect("a pipe")));
    let mut longest = 60_000;
    if kill % 2 == 1 {
        told_by.read_line(&mut out).expect("UTF-8");
        longest = 20_000;
    }
    std::thread::sleep(Duration::from_micros(u64::try_from(kill * 7919 % longest).expect("a small number")));
    program.0.kill().expect("a child of ours");
    told_by.read_to_string(&mut out).expect("UTF-8");
    program.0.wait().expect("it has ended");
    told(&out)
}

#[test]
fn p50_killed_at_any_instant() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 1500);
    let (mut stored, mut in_the_midst) = (0, 0);
    for kill in 0..KILLS {
        if stored + EACH > files.len() {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", rig.database().display()));
            }
            stored = 0;
        }
        let mut import = rig.riverwatch();
        let told = killed(kill, import.args(["import", "f00"]).args(&files[stored..stored + EACH]));
        let there = whole_documents(&rig.database());
        let acknowledged = stored + told;
        assert!((acknowledged..=acknowledged + 1).contains(&there), "kill {kill}: {there} of {acknowledged}");
        in_the_midst += usize::from(0 < told && told < EACH);
        stored = there;
    }
    assert!(in_the_midst > KILLS / 4, "only {in_the_midst} were killed while they wrote");
    let began = Instant::now();
    let site = Running::start(rig.riverwatch().args(["serve", "--at", &scene.ago(-5).to_string()]));
    let quick = began.elapsed() < Duration::from_secs(1);
    let observed = site.json("/en/station/f00.json")["observed"].as_array().map_or(0, Vec::len);
    let name = format!("{KILLS} kills, {in_the_midst} of them while it wrote");
    gaps::judge("P50", &name, &[("is back within a second", quick), ("and serves", observed > 0)]);
}

#[test]
fn p51_the_power_fails() {
    let folder = folder();
    let (rig, _, files) = importing(folder.path(), 400);
    let said = folder.path().join("said");
    let mut import = rig.riverwatch();
    import.args(["import", "f00"]).args(&files).stdout(File::create(&said).expect("a file")).stderr(Stdio::null());
    let mut program = Background(import.spawn().expect("the binary runs"));
    let mut copies = 0;
    while program.0.try_wait().expect("a child of ours").is_none() && copies < 20 {
        std::thread::sleep(Duration::from_millis(15));
        if !rig.database().is_file() {
            continue;
        }
        // Both files at one instant, without the shared memory: what a machine finds that starts again.
        program.signal("STOP");
        let copy = folder.path().join(format!("copy-{copies}.db"));
        std::fs::copy(rig.database(), &copy).expect("a copy");
        let wal = |of: &Path| PathBuf::from(format!("{}-wal", of.display()));
        let _ = std::fs::copy(wal(&rig.database()), wal(&copy));
        let acknowledged = told(&std::fs::read_to_string(&said).expect("a file"));
        program.signal("CONT");
        let there = whole_documents(&copy);
        assert!((acknowledged..=acknowledged + 1).contains(&there), "copy {copies}: {there} of {acknowledged}");
        copies += 1;
    }
    assert!(copies >= 5, "only {copies} copies");
    gaps::judge("P51a", &format!("{copies} copies taken in the midst of writing"), &[]);
}

#[test]
fn p51_the_disk_does_not_confirm() {
    let traced = Command::new("strace").args(["-qq", "-e", "trace=none", "true"]).output();
    if !traced.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: P51 with failing fsync, for there is no strace or it may not trace");
        return;
    }
    let folder = folder();
    let (rig, _, files) = importing(folder.path(), 12);
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[0]));
    let mut sound = true;
    for nth in 1..=6 {
        let mut traced = Command::new("strace");
        let inject = format!("inject=fsync,fdatasync:error=EIO:when={nth}+");
        traced.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", &inject]);
        traced.arg(env!("CARGO_BIN_EXE_riverwatch")).args(["import", "f00"]).args(&files[1..]);
        traced.env_clear().env("RIVERWATCH_CONFIG", folder.path().join("riverwatch.toml")).current_dir(folder.path());
        let output = run(&mut traced);
        let there = whole_documents(&rig.database());
        sound &= output.code == Some(1) && output.err.contains("disk I/O error") && there > told(&output.out);
    }
    succeed(rig.riverwatch().args(["import", "f00"]).args(&files));
    let recovered = whole_documents(&rig.database()) == files.len();
    gaps::judge("P51b", "fsync fails", &[("nothing is told that is not so", sound), ("recovers", recovered)]);
}
