//! Faults around the server: an ingester that is gone, no descriptors left, a bad new configuration, an end under load.
//!
//! That a parser which panics fails its own feed alone cannot be provoked from outside, for none is known to; the tests of
//! `ingest::run` hold the machinery to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::crashes::importing;
use super::documents::csv;
use super::fault::{Fault, Reach, TAKEN};
use super::gaps;
use super::rig::{Background, Elsewhere, Rig, listening};
use super::server::{FaultServer, Step, of_no_length, ok};
use crate::support::http::{connect, parse};
use crate::support::program::{Running, folder, succeed};
use crate::support::until;

const REQUEST: &str = "GET /en/station/f00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A site with some measurements.
fn site(folder: &std::path::Path, minutes_later: i64) -> (Running, Rig) {
    let (rig, scene, files) = importing(folder, 20);
    succeed(rig.riverwatch().args(["import", "f00"]).args(&files));
    let site = Running::start(rig.riverwatch().args(["serve", "--at", &scene.ago(-minutes_later).to_string()]));
    (site, rig)
}

#[test]
fn f03_a_feed_that_hangs_holds_up_no_other() {
    let folder = folder();
    let scene = super::documents::Scene { now: super::this_minute() };
    let drip: fn(&super::documents::Scene) -> super::server::Reply =
        |_| of_no_length("", vec![Step::Repeat(b"0".to_vec(), Duration::from_secs(1))]);
    let faults = [
        Fault { key: "F03", reach: Reach::Blackhole, ..TAKEN },
        Fault { key: "F04", then: drip, ..TAKEN },
        Fault { key: "F00", then: |scene| ok(csv(&scene.more())), ..TAKEN },
    ];
    let answers = faults.iter().map(|fault| (format!("/{}", fault.id()), fault.answers(&scene))).collect();
    let server = FaultServer::start(answers);
    let rig = Rig::new(folder.path(), &faults, server.address);
    succeed(rig.riverwatch().args(["ingest", "--once"]));
    let elsewhere = Elsewhere::new(std::collections::BTreeMap::new());
    let mut ingest = rig.riverwatch();
    ingest.args(["ingest", "--once"]).stderr(std::process::Stdio::null());
    ingest.env("RIVERWATCH_FEEDS__F03__ADDRESS", format!("http://{}/", elsewhere.blackhole.address));
    let mut program = Background(ingest.spawn().expect("the binary runs"));
    let reader = store::Reader::open(&rig.database()).expect("the database");
    let fetched = |key: &str| reader.fetches(&hydro::FeedId::new(key).expect("an id"), jiff::Timestamp::MAX, 9);
    until("the sound feed is fetched", || fetched("f00").is_ok_and(|log| log.len() == 2).then_some(()));
    let waiting =
        fetched("f04").is_ok_and(|log| log.len() == 1) && program.0.try_wait().is_ok_and(|ended| ended.is_none());
    assert!(waiting, "the others still hang");
    assert_eq!(program.0.wait().expect("it ends").code(), Some(1));
}

#[test]
fn p55_the_ingester_is_gone() {
    let folder = folder();
    let (site, _rig) = site(folder.path(), 30 * 60);
    let health = site.json("/healthz");
    let expectations = [
        ("pages are there", site.get("/en/").status == 200 && site.get("/readyz").status == 200),
        ("health tells that nothing was fetched for long", health["status"] != "ok"),
    ];
    gaps::judge("P55", "the ingester is gone", &expectations);
}

#[test]
fn p56_no_descriptors_are_left() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 1);
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[0]));
    let site = Running::start(rig.bounded("ulimit -n 64").args(["serve", "--at", &scene.ago(-5).to_string()]));
    let silent: Vec<TcpStream> = (0..100).filter_map(|_| connect(site.address).ok()).collect();
    let began = Instant::now();
    let status = site.get("/en/station/f00").status;
    let waited = began.elapsed();
    drop(silent);
    let later = (0..20).all(|_| site.get("/en/station/f00").status == 200);
    let expectations = [
        ("answers once silent connections are closed", status == 200 && waited < Duration::from_secs(15)),
        ("and from then on", later),
        ("and was short of them", waited > Duration::from_secs(1)),
    ];
    gaps::judge("P56", &format!("no descriptors are left, {} s", waited.as_secs()), &expectations);
}

#[test]
fn p57_a_new_configuration_is_faulty() {
    let folder = folder();
    let (rig, ..) = importing(folder.path(), 0);
    let (site, address) = listening(rig.riverwatch().arg("serve")).expect("a server");
    std::fs::write(rig.folder.join("stations/all.toml"), "[[station]]\nid = 3\n").expect("a file");
    site.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    let answers = asked(address) == Some(true);
    gaps::judge("P57a", "a new configuration is faulty", &[("the old one stays", answers)]);
}

#[test]
fn p57_told_to_end_under_load() {
    let folder = folder();
    let (site, _rig) = site(folder.path(), 5);
    let address = site.address;
    let (over, whole, broken) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    // Accepted and half asked: whatever these want, they are to get.
    let (begun, rest) = REQUEST.split_at(30);
    let mut held: Vec<TcpStream> = (0..8).map(|_| connect(address).expect("a connection")).collect();
    for stream in &mut held {
        stream.write_all(begun.as_bytes()).expect("sent");
    }
    let (status, served) = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    match asked(address) {
                        Some(true) => whole.fetch_add(1, Ordering::Relaxed),
                        Some(false) => broken.fetch_add(1, Ordering::Relaxed),
                        None => 0,
                    };
                }
            });
        }
        std::thread::sleep(Duration::from_millis(500));
        let ended = scope.spawn(move || site.terminate(Duration::from_secs(15)).0);
        std::thread::sleep(Duration::from_millis(200));
        let served = held.iter_mut().filter_map(|stream| finish(stream, rest)).filter(|status| *status == 200).count();
        let status = ended.join().expect("no panic");
        over.store(true, Ordering::Relaxed);
        (status, served)
    });
    let (whole, broken) = (whole.into_inner(), broken.into_inner());
    let expectations = [
        ("requests begun before are answered", served == 8),
        ("no answer is cut", broken == 0),
        ("ends well", status.code() == Some(0)),
        ("under load", whole > 50),
    ];
    gaps::judge(
        "P57b",
        &format!("told to end under load: {served} of 8 held, {whole} whole, {broken} cut"),
        &expectations,
    );
}

/// Whether a request got a whole answer or a part of one; `None` where it got none, for the server was gone.
fn asked(address: SocketAddr) -> Option<bool> {
    let mut stream = connect(address).ok()?;
    stream.write_all(REQUEST.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    if bytes.is_empty() { None } else { Some(is_whole(&bytes)) }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(reply) = parse(bytes) else { return false };
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    reply.status == 200 && length == Some(reply.body.len())
}

fn finish(stream: &mut TcpStream, rest: &str) -> Option<u16> {
    stream.write_all(rest.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    parse(&bytes).filter(|_| is_whole(&bytes)).map(|reply| reply.status)
}
