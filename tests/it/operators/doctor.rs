//! `riverwatch doctor`: what arrives, for each station, without touching the database.

use std::process::Command;

use fixtures::Freshet;
use jiff::Timestamp;

use crate::support::feeds::FeedServer;
use crate::support::program::{folder, riverwatch_in, run};

fn doctor(folder: &std::path::Path, feeds: &FeedServer) -> Command {
    let mut command = riverwatch_in(folder);
    command.arg("doctor");
    for (feed, path) in
        [("NB_FEWS", fixtures::FEWS_PATH), ("NB_LEVELS", fixtures::ALERTLEVELS_PATH), ("ECCC_NB", fixtures::ECCC_PATH)]
    {
        command.env(format!("RIVERWATCH_FEEDS__{feed}__ADDRESS"), format!("http://{}{path}", feeds.address));
        command.env(format!("RIVERWATCH_FEEDS__{feed}__PRIVATE"), "true");
    }
    command
}

/// The lines of a station or feed, with the mark before it.
fn lines<'a>(out: &'a str, head: &str) -> Vec<&'a str> {
    let is_head = |line: &&str| line.get(2..).is_some_and(|rest| rest.starts_with(&format!("{head} ")));
    let mut lines = out.lines().skip_while(|line| !is_head(line));
    let first = lines.next();
    first.into_iter().chain(lines.take_while(|line| line.starts_with("    "))).collect()
}

#[test]
fn every_station_is_told_of() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let told = run(&mut doctor(folder.path(), &feeds));
    assert_eq!(feeds.requests().len(), 3, "each is asked once");
    assert!(!folder.path().join("river.db").exists(), "the site's database is left alone");
    let feed = lines(&told.out, "eccc-nb");
    assert!(feed[0].starts_with("  eccc-nb") && feed[1].contains("changed, HTTP 200, "), "{told:?}");
    let station = lines(&told.out, "fredericton");
    assert_eq!(station.len(), 5, "{station:?}");
    for (line, parts) in [
        (1, &["eccc-nb `01AK003` level: ", " readings, the newest ", " m at 20", " old, fresh"][..]),
        (2, &["nb-fews `Fredericton` level: ", " m at 20", " old, fresh"]),
        (3, &["nb-fews `Fredericton` level: forecast of ", " values until 20", " ago, current"]),
        (4, &["the page: Fredericton: ", "\u{a0}m"]),
    ] {
        assert!(parts.iter().all(|part| station[line].contains(part)), "{station:?}");
    }
    let stations = told.out.lines().filter(|line| line.starts_with("    the page: ")).count();
    assert_eq!(stations, 25);
}

#[test]
fn what_is_ill_is_marked() {
    let (folder, now) = (folder(), Timestamp::now());
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let mut doctor = doctor(folder.path(), &feeds);
    doctor.env("RIVERWATCH_FEEDS__NB_FEWS__ADDRESS", format!("http://{}/no/such.xml", feeds.address));
    let told = run(&mut doctor);
    assert_eq!(told.code, Some(1), "{told:?}");
    let feed = lines(&told.out, "nb-fews");
    assert!(feed[0].starts_with("! nb-fews") && feed[1].contains("failed, HTTP 404"), "{feed:?}");
    assert!(lines(&told.out, "fredericton")[0].starts_with("  fredericton"), "its other feed answers");
    let alone = lines(&told.out, "woodstock");
    assert!(alone[0].starts_with("! woodstock") && alone[1].ends_with("level: nothing arrives"), "{alone:?}");
    let last = told.out.lines().last().expect("a line");
    assert!(last.starts_with("not well: feed nb-fews, ") && last.contains("woodstock"), "{last}");
    let one = run(doctor.args(["--feed", "eccc-nb"]));
    assert_eq!((one.code, one.out.lines().last()), (Some(0), Some("all is well")), "{one:?}");
}
