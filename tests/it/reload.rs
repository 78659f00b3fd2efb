//! Another configuration while the program runs: at `riverwatch reload` and at SIGHUP, without a request lost; a faulty one
//! changes nothing and says so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use fixtures::Freshet;
use jiff::Timestamp;

use crate::support::feeds::FeedServer;
use crate::support::http::ask;
use crate::support::program::{Running, folder, riverwatch, riverwatch_in, run};
use crate::support::{edit, shipped, until};

/// A site in a folder: the shipped configuration, with its feeds at a server of this machine.
struct Site {
    folder: tempfile::TempDir,
    feeds: FeedServer,
}

const SCHEDULE: &str = "23 9 * * *";

impl Site {
    fn new() -> Self {
        let (folder, now) = (folder(), Timestamp::now());
        let feeds = FeedServer::start(Freshet::new(now, 7), now);
        let site = Self { folder, feeds };
        edit(&shipped(site.folder.path()), |main| {
            let lines = main.lines().map(|line| match line.split_once(" = ") {
                Some(("address", address)) if address.ends_with("xml\"") || address.ends_with("csv\"") => {
                    let path = address.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
                    format!("address = \"http://{}{}\nprivate = true", site.feeds.address, path.expect("a path"))
                }
                Some(("schedule", _)) => format!("schedule = \"{SCHEDULE}\""),
                _ => line.to_owned(),
            });
            lines.collect::<Vec<_>>().join("\n")
        });
        site
    }

    fn main(&self) -> PathBuf {
        self.folder.path().join("riverwatch.toml")
    }

    fn river(&self) -> PathBuf {
        self.folder.path().join("stations/saint-john-river.toml")
    }

    fn map(&self) -> PathBuf {
        self.folder.path().join("maps/saint-john-river.geojson")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = riverwatch_in(self.folder.path());
        command.arg(name).env("RIVERWATCH_CONFIG", self.main());
        command
    }

    /// Adds a station that reads what Fredericton reads.
    fn add_station(&self, id: &str) {
        let block = format!(
            "\n[[station]]\nid = \"{id}\"\nname = \"{id}\"\nlatitude = 45.9\nlongitude = -66.6\n\n[[station.source]]\n\
             feed = \"eccc-nb\"\nlocation = \"01AK003\"\n"
        );
        edit(&self.river(), |text| text + &block);
    }

    fn sockets(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "sock")).collect()
    }
}

/// Replaces a text of a file.
fn replace(file: &Path, old: &str, new: &str) {
    edit(file, |text| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
}

/// Whether a station has a measurement.
fn is_measured(site: &Running, id: &str) -> bool {
    let reply = site.get(&format!("/en/station/{id}.json"));
    reply.status == 200 && reply.text().contains("\"observed\":[[")
}

#[test]
fn stations_are_taken_up_under_load_and_no_request_is_lost() {
    const ROUNDS: usize = 4;
    let site = Site::new();
    let running = Running::start(&mut site.command("up"));
    until("the feeds are read", || is_measured(&running, "fredericton").then_some(()));
    let (over, good) = (AtomicBool::new(false), AtomicUsize::new(0));
    let bad = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for path in ["/en/", "/fr/station/gagetown", "/en/stations.json", "/en/status"] {
            let (over, good, bad, address) = (&over, &good, &bad, running.address);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let reply = ask(address, "GET", path, &[]);
                    // A whole answer ends as it should.
                    let whole = reply.text().ends_with("</html>") || reply.text().ends_with('}');
                    if reply.status == 200 && whole {
                        good.fetch_add(1, Ordering::Relaxed);
                    } else {
                        bad.lock().expect("no panic").push((path, reply.status));
                    }
                }
            });
        }
        for round in 1..=ROUNDS {
            site.add_station(&format!("added-{round}"));
            let told = run(&mut site.command("reload"));
            assert_eq!(told.code, Some(0), "{told:?}");
            assert!(told.out.contains(&format!("{} stations, 3 feeds, in use from now on", 25 + round)), "{told:?}");
            assert_eq!(running.stations().len(), 25 + round, "the next answer is of the new configuration");
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(good.load(Ordering::Relaxed) > 20, "there was a load");
    assert_eq!(*bad.lock().expect("no panic"), []);
    // The feed's schedule names tomorrow; the station has its data now.
    until("the added station is measured", || is_measured(&running, "added-4").then_some(()));
    let (status, said) = running.terminate(Duration::from_secs(5));
    assert!(status.success(), "{said}");
    assert_eq!(site.sockets(), [""; 0].map(PathBuf::from), "nothing is left behind");
}

#[test]
fn feeds_and_texts_are_taken_up() {
    let site = Site::new();
    let running = Running::start(&mut site.command("up"));
    until("the feeds are read", || is_measured(&running, "fredericton").then_some(()));
    let before = site.feeds.requests().len();
    replace(&site.main(), "River Watch\", fr", "Our River\", fr");
    replace(&site.main(), SCHEDULE, "* * * * * *");
    let told = run(&mut site.command("reload"));
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(running.page("/en/").contains("Our River"));
    until("the feed is asked by its new schedule", || (site.feeds.requests().len() >= before + 2).then_some(()));
    let asked = site.feeds.requests().split_off(before);
    assert!(asked.iter().all(|request| request.path == fixtures::FEWS_PATH && request.status == 304), "{asked:?}");
}

#[test]
fn the_lines_of_the_map_are_taken_up_and_left_out() {
    let site = Site::new();
    let running = Running::start(&mut site.command("serve"));
    let map = || running.page("/en/map");
    assert!(map().contains("class=\"mt\"") && map().contains("Natural Earth"), "land, and whose lines they are");
    replace(&site.map(), "\"credit\":\"Natural Earth\"", "\"credit\":\"The province\"");
    assert_eq!(run(&mut site.command("reload")).code, Some(0));
    assert!(map().contains("The province"));
    replace(&site.map(), "\"credit\"", "\"creditt\"");
    let told = run(&mut site.command("reload"));
    assert!(told.code == Some(1) && told.err.contains(".geojson:") && told.err.contains("`credit`"), "{told:?}");
    replace(&site.main(), "map = \"maps/", "# map = \"maps/");
    assert_eq!(run(&mut site.command("reload")).code, Some(0));
    assert!(!map().contains("class=\"mt\"") && map().contains("A sketch"), "straight lines, and it says so");
}

#[test]
fn a_faulty_configuration_changes_nothing_and_says_so() {
    let site = Site::new();
    let mut running = Running::start(&mut site.command("up"));
    site.add_station("added");
    replace(&site.river(), "id = \"connors\"", "id = \"Connors!\"");
    let told = run(&mut site.command("reload"));
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("the configuration in use stays") && told.err.contains("river.toml:"), "{told:?}");
    running.signal("HUP");
    until("SIGHUP is answered in the log", || running.said().contains("the configuration in use stays").then_some(()));
    assert_eq!(running.stations().len(), 25);
    replace(&site.river(), "id = \"Connors!\"", "id = \"connors\"");
    running.signal("HUP");
    until("what was mended is taken up", || (running.stations().len() == 26).then_some(()));
}

#[test]
fn a_program_that_cannot_follow_keeps_what_it_has() {
    let site = Site::new();
    let mut fetching = site.command("ingest");
    fetching.args(["--feed", "nb-levels"]).stderr(std::process::Stdio::null());
    let mut fetching = fetching.spawn().expect("the binary runs");
    until("it can be told", || site.sockets().pop());
    // No fault of the configuration's, but this program was started for this feed alone.
    let text = std::fs::read_to_string(site.main()).expect("a file");
    std::fs::write(site.main(), text.replace("[feeds.nb-levels]", "[feeds.nb-table]")).expect("a file");
    let told = run(&mut site.command("reload"));
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("stays: no feed `nb-levels` is configured"), "{told:?}");
    assert!(fetching.try_wait().expect("a child").is_none(), "it goes on");
    fetching.kill().and_then(|()| fetching.wait()).expect("it was still running");
}

#[test]
fn every_program_over_the_database_is_told() {
    let site = Site::new();
    let first = Running::start(&mut site.command("serve"));
    let second = Running::start(site.command("serve").args(["--at", "2026-04-20T12:00Z"]));
    site.add_station("added");
    let told = run(&mut site.command("reload"));
    assert_eq!((told.code, told.out.lines().count()), (Some(0), 2), "{told:?}");
    assert_eq!([first.stations().len(), second.stations().len()], [26, 26]);
}

#[test]
fn what_holds_from_the_next_start_is_named() {
    let site = Site::new();
    let running = Running::start(&mut site.command("serve"));
    replace(&site.main(), "connections = 512", "connections = 256");
    for _ in 0..2 {
        let told = run(&mut site.command("reload"));
        assert_eq!(told.code, Some(0), "{told:?}");
        assert!(told.out.contains("server.connections has changed, which holds from the next start"), "{told:?}");
        assert!(!told.out.contains("server.listen"), "{told:?}");
    }
    assert_eq!(running.get("/readyz").status, 200);
}

#[test]
fn a_power_cut_leaves_nothing_in_the_way() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    Running::start(&mut site.command("serve")).kill();
    assert_eq!(site.sockets().len(), 1, "a socket is left over");
    let told = run(&mut site.command("reload"));
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("no program runs over"), "{told:?}");
    let _running = Running::start(&mut site.command("serve"));
    assert_eq!(run(&mut site.command("reload")).code, Some(0));
    let sockets = site.sockets();
    assert_eq!(sockets.len(), 1, "its place is taken again");
    let mode = std::fs::metadata(&sockets[0]).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may tell it");
}

#[test]
fn the_installed_configuration_is_no_fault_where_none_is_named() {
    // The repository's own lies where the commands are run, and is the one that is read.
    let checked = crate::support::program::succeed(riverwatch().arg("check"));
    assert!(checked.starts_with("config/riverwatch.toml: 25 stations"), "{checked}");
    let elsewhere = folder();
    let output = run(riverwatch().arg("check").current_dir(elsewhere.path()));
    let expected = if Path::new("/etc/riverwatch/riverwatch.toml").exists() {
        "/etc"
    } else {
        "config/riverwatch.toml: cannot be read"
    };
    assert!(format!("{}{}", output.out, output.err).contains(expected), "{output:?}");
}
