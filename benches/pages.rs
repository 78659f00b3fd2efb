//! What a page costs that is not in memory, as the server itself measures it: bringing up to date what is known, drawing,
//! compressing; and what one from memory does, routes included. The province's 25 stations over thirty days of the synthetic
//! freshet; before each page new measurements come, or a minute passes, so that it is drawn anew. `-- PATH`: only that page.

#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

mod measure;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use fixtures::{Freshet, STATIONS};
use hydro::{
    EpisodeRule, FeedId, Limits, LocalText, Operation, Parameter, Position, Scheme, SignedDuration, Source, Station,
    StationId, Thresholds, Timestamp, Value, Zone,
};
use ingest::formats::Format;
use ingest::{Feed, Schedule, fetch};
use measure::{figure, heading, median, millis, time};
use server::{FeedNote, Site};
use store::{Reader, Writer};
use tower::ServiceExt as _;

const NOW: Timestamp = Timestamp::constant(1_776_686_400, 0);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("river.db");
    let mut writer = Writer::open(&database).unwrap();
    let (feed, site) = (feed(), site());
    let freshet = Freshet::new(NOW - SignedDuration::from_hours(30 * 24), 7);
    for hours in (0..=30 * 24).rev().step_by(24) {
        let at = NOW - SignedDuration::from_hours(hours);
        let body = fetch::Body::new(freshet.fews_xml(at).into_bytes());
        writer.apply(&ingest::import(&feed, &feed.format, &body, at)).unwrap();
    }
    heading(&format!("{} stations, thirty days: ms", site.stations.len()));
    let reader = Reader::open(&database).unwrap();
    let shared = Arc::new(site.clone());
    let snapshot = || server::Snapshot::read(&reader, Arc::clone(&shared), NOW).unwrap();
    figure("snapshot of all stations", format!("{:.2}", millis(median((0..50).map(|_| time(snapshot)).collect()))));

    let clock = Arc::new(AtomicI64::new(NOW.as_second()));
    let told = Arc::clone(&clock);
    let now: hydro::Now = Arc::new(move || Timestamp::from_second(told.load(Ordering::Relaxed)).unwrap());
    let app = Arc::new(server::App::new(&database, site, now).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // Whoever looks into what answers cost is told.
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(std::io::sink).init();
    let router = app.router();
    let mut page = |path: &str, hourly: bool| {
        let get = |path: &str| runtime.block_on(get(router.clone(), path));
        let (mut costs, mut kept) = ([const { Vec::new() }; 3], Vec::new());
        for _ in 0..60 {
            let later = if hourly { 3600 } else { 60 };
            let at = Timestamp::from_second(clock.fetch_add(later, Ordering::Relaxed) + later).unwrap();
            if hourly {
                let body = fetch::Body::new(freshet.fews_xml(at).into_bytes());
                writer.apply(&ingest::import(&feed, &feed.format, &body, at)).unwrap();
            }
            // What all pages share is renewed by whoever comes first.
            get("/livez");
            let told = get(path).expect("what it cost");
            kept.push(time(|| get(path)));
            costs.iter_mut().zip(told).for_each(|(costs, told)| costs.push(told));
        }
        let micros = |times| 1e3 * millis(median(times));
        let ([read, draw, compress], kept) = (costs.map(micros), micros(kept));
        let when = if hourly { "new measurements" } else { "a minute later" };
        figure(&format!("{path}, {when}: read and drawn, us"), format!("{:.0}", read + draw));
        figure("  read; drawn; compressed; from memory, us", format!("{read:.0}; {draw:.0}; {compress:.0}; {kept:.0}"));
    };
    let paths = ["/en/station/fredericton", "/en/", "/en/status", "/en/station/fredericton.json"];
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for path in paths.into_iter().filter(|&path| wanted.as_deref().is_none_or(|wanted| wanted == path)) {
        page(path, true);
        page(path, false);
    }
}

/// The province's export, with the levels of all its stations.
fn feed() -> Feed {
    let places = STATIONS.iter().map(|station| {
        let id = StationId::new(&id(station)).unwrap();
        ((station.id.to_owned(), Parameter::Level), [id].into())
    });
    Feed {
        id: FeedId::new("nb-fews").unwrap(),
        address: "https://example.org/".parse().unwrap(),
        format: Format::PiXml,
        place: None,
        schedule: Schedule::parse("0 * * * *").unwrap(),
        max_bytes: 1 << 30,
        private: false,
        places: places.collect(),
    }
}

/// An address of a station's own: its id in the province's feeds in lower case.
fn id(station: &fixtures::Station) -> String {
    station.id.to_ascii_lowercase().replace('_', "-")
}

fn site() -> Site {
    let zone = Zone::named("America/Moncton").unwrap();
    let text = LocalText::same;
    let station = |of: &fixtures::Station| {
        let heights =
            [("advisory", of.advisory()), ("watch", of.watch()), ("warning", of.warning()), ("flood", of.flood)];
        let heights = heights.map(|(name, milli)| (name, Value::from_milli(milli)));
        let [latitude, longitude] = of.position;
        Station {
            id: StationId::new(&id(of)).unwrap(),
            name: text(of.name),
            river: text("Saint John River"),
            region: None,
            position: Position { latitude, longitude },
            zone: zone.clone(),
            datum: None,
            thresholds: Some(Thresholds::new(Scheme::NewBrunswick, heights, text("the province"), None).unwrap()),
            publisher: None,
            record: None,
            floods: vec![],
            impacts: vec![],
            sources: vec![Source {
                feed: FeedId::new("nb-fews").unwrap(),
                location: of.id.to_owned(),
                parameter: Parameter::Level,
                datum_offset: Value::from_milli(0),
            }],
            measured: of.coverage.measured(),
            no_forecast: None,
            cadence: SignedDuration::from_hours(1),
            operation: Operation::Active,
            tidal: false,
            limits: Limits::default(),
            episodes: EpisodeRule::default(),
            gauge: None,
            alert_areas: vec![],
            agency_page: None,
        }
    };
    let note = FeedNote {
        id: FeedId::new("nb-fews").unwrap(),
        title: text("The province's export"),
        attribution: text("The province"),
        licence: None,
        forecaster: None,
    };
    Site {
        title: text("River Watch"),
        address: None,
        operator: None,
        help: vec![],
        zone: zone.clone(),
        live: true,
        demonstration: false,
        ground: None,
        stations: STATIONS.iter().map(station).collect(),
        frame_hosts: vec![],
        operators: vec![],
        offline: true,
        feeds: vec![note],
    }
}

/// Asks, and gives what the server says of the cost: to read, to draw and to compress. Nothing where it had the answer.
async fn get(router: Router, path: &str) -> Option<[Duration; 3]> {
    let request = Request::get(path).header("accept-encoding", "br").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let told = response.headers().get("server-timing")?.to_str().unwrap();
    let mut parts = told.split(";dur=").skip(1).map(|part| part.split(',').next().unwrap().parse::<f64>().unwrap());
    Some([(); 3].map(|()| Duration::from_secs_f64(parts.next().unwrap() / 1e3)))
}
