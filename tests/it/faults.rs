//! Everything that is known to go wrong with feeds, one row each: after a good fetch comes a bad one, through the real
//! binary, and then the pages are looked at. What is known stays, its age shows, and operators are told.

mod clocks;
mod crashes;
mod documents;
mod fault;
mod gaps;
mod look;
mod rig;
mod server;
mod serving;
mod storage;
mod table;
mod tls;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{Reader, Writer};

use crate::support::program::{Output, Running, folder, succeed};
use documents::{Scene, csv};
use fault::{Fault, Look, Reach, Seen};
use look::{Common, judge, look};
use rig::{Elsewhere, Rig};
use server::FaultServer;

/// Programs at once: most of them wait.
const AT_ONCE: usize = 6;

/// The beginning of the minute, on the wall clock that the program reads.
fn this_minute() -> Timestamp {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now - now % 60).expect("a time of today")
}

#[test]
fn every_fault_of_the_matrix() {
    let scratch = folder();
    let scene = Scene { now: this_minute() };
    let tls = tls::servers(&scratch.path().join("tls"), &csv(&scene.more()));
    let mut faults = table::rows();
    faults.retain(|fault| tls.is_some() || !matches!(fault.reach, Reach::Tls(_)));
    let server =
        FaultServer::start(faults.iter().map(|fault| (format!("/{}", fault.id()), fault.answers(&scene))).collect());
    let mut rig = Rig::new(scratch.path(), &faults, server.address);
    let (servers, trusted) = tls.unzip();
    rig.trusted = trusted;

    succeed(rig.riverwatch().args(["ingest", "--once"]));
    let site = serve(&rig, scene.ago(-5));
    let common = Common::of(&site);
    let before: Vec<Look> = faults.iter().map(|fault| look(&site, &common, fault)).collect();
    assert!(faults.iter().zip(&before).all(|(fault, look)| look.health["state"] == "ok" || fault.key == "F11a"));
    let runs = fetch_all(&rig, &faults, &Elsewhere::new(servers.unwrap_or_default()));
    let after = look_at(&site, &faults);
    drop(site);
    let late = look_at(&serve(&rig, scene.ago(-190)), &faults);
    let offline = look_at(&serve(&rig, scene.ago(-1800)), &faults);

    let database = Reader::open(&rig.database()).expect("the database");
    let remembered = Writer::open(&rig.database()).expect("the database");
    let looks = before.into_iter().zip(after).zip(late).zip(offline);
    let mut wrong = Vec::new();
    for ((fault, runs), (((before, after), late), offline)) in faults.iter().zip(runs).zip(looks) {
        let id = hydro::FeedId::new(&fault.id()).expect("an id");
        let log = database.fetches(&id, Timestamp::MAX, 1).expect("the log").remove(0);
        let state = remembered.feed_state(&id).expect("the state");
        let asked = server.heads(&format!("/{}", fault.id())).len();
        let seen = Seen { scene, runs, asked, log, state, before, after, late, offline };
        let line = tell(fault, &seen, &judge(fault, &seen), &mut wrong);
        eprintln!("{line}");
    }
    let refused = Sha256::digest(table::HTML).into();
    gaps::judge(
        "Q",
        "a refused document",
        &[("its bytes are kept", database.body(&refused).expect("an answer").is_some())],
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_number_of_the_matrix_has_a_row() {
    let elsewhere =
        ["F26", "F30", "P50", "P51a", "P51b", "P52", "P53", "P54a", "P54b", "P55", "P56", "P57a", "P57b", "Q"];
    let rows: Vec<&str> = table::rows().iter().map(|fault| fault.key).chain(elsewhere).collect();
    let numbers = (1..=49).map(|n| format!("F{n:02}")).chain((50..=57).map(|n| format!("P{n}")));
    let missing: Vec<String> = numbers.filter(|number| !rows.iter().any(|row| row.starts_with(number))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let strangers: Vec<&str> = gaps::rows().filter(|gap| !rows.contains(gap)).collect();
    assert!(strangers.is_empty(), "gaps of no row: {strangers:?}");
    let unique: HashSet<&str> = rows.iter().copied().collect();
    assert_eq!(unique.len(), rows.len(), "each key stands once");
}

/// A row's line.
fn tell(fault: &Fault, seen: &Seen, unmet: &[&str], wrong: &mut Vec<String>) -> String {
    let kept = if seen.after.station["observed"] == seen.before.station["observed"] { "kept" } else { "moved" };
    let (outcome, health) = (seen.log.fetch.outcome.name(), seen.after.health["state"].as_str().unwrap_or_default());
    let verdict = match gaps::weigh(fault.key, unmet) {
        Ok(None) => "ok".to_owned(),
        Ok(Some(reason)) => format!("known gap {unmet:?}: {reason}"),
        Err(error) => {
            wrong.push(format!(
                "{} {}: {error}; the log says {:?}, newest is of {:?} ago, {}",
                fault.key,
                fault.name,
                seen.log,
                seen.newest(),
                seen.after.station["status"]
            ));
            error
        }
    };
    format!("{} {} … {outcome}, {kept}, {health}: {verdict}", fault.key, fault.name)
}

fn serve(rig: &Rig, at: Timestamp) -> Running {
    Running::start(rig.riverwatch().args(["serve", "--at", &at.to_string()]))
}

fn look_at(site: &Running, faults: &[Fault]) -> Vec<Look> {
    let common = Common::of(site);
    faults.iter().map(|fault| look(site, &common, fault)).collect()
}

/// Fetches every feed at fault, in programs of their own; the outputs are in the order of the faults.
fn fetch_all(rig: &Rig, faults: &[Fault], elsewhere: &Elsewhere) -> Vec<Vec<Output>> {
    let (next, done) = (Mutex::new(0..faults.len()), Mutex::new(HashMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().expect("no panic").next();
                    let Some(i) = taken else { return };
                    let runs: Vec<Output> = (0..faults[i].times).map(|_| rig.fetch(&faults[i], elsewhere)).collect();
                    done.lock().expect("no panic").insert(i, runs);
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no panic");
    (0..faults.len()).map(|i| done.remove(&i).expect("a run")).collect()
}
