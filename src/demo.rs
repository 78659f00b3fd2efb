//! `riverwatch demo`: a synthetic freshet, served on loopback in the real wire forms, through the whole path.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use ::ingest::Clock;
use anyhow::Context as _;
use axum::Router;
use axum::http::{HeaderMap, Response, Uri, header};
use fixtures::Freshet;
use hydro::Now;
use jiff::Timestamp;
use store::Writer;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{self, Config, Source};
use crate::{clock, up};

/// The shipped configuration: a demonstration needs no files.
const MAIN: &str = include_str!("../config/riverwatch.toml");
const STATIONS: &str = include_str!("../config/stations/saint-john-river.toml");
const MAP: &str = include_str!("../config/maps/saint-john-river.geojson");
/// Under this key the database remembers when its freshet began, so that a second start goes on with it.
const BEGAN: &str = "demonstration";
const SEED: u64 = 20_260_420;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The port of the pages; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many seconds of the freshet pass in a second.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Its database, apart from the real one; a second start goes on where the first ended.
    #[arg(long, default_value = "data/demo.db", value_name = "FILE")]
    database: PathBuf,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (0.1..=100_000.0).contains(speed));
    speed.ok_or_else(|| format!("`{text}` is not a speed: expected a number from 0.1 to 100000"))
}

/// Runs until told to end.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let (began, from) = beginning(&options.database)?;
    let now = clock::hurried(from, options.speed);
    let stop = clock::stop();
    let feeds = serve_feeds(Freshet::new(began, SEED), Arc::clone(&now), stop.clone()).await?;
    let mut config = shipped()?;
    config.database = options.database;
    config.listening.listen = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), options.port);
    config.site.demonstration = true;
    // A freshet has its own time, which a reader's clock does not tell.
    config.site.live = false;
    for feed in &mut config.feeds {
        feed.address.set_scheme("http").ok().context("a feed's address")?;
        feed.address.set_ip_host(feeds.ip()).ok().context("a feed's address")?;
        feed.address.set_port(Some(feeds.port())).ok().context("a feed's address")?;
        feed.private = true;
    }
    up::both(config, Clock { now, speed: options.speed }, stop, None).await
}

/// When the freshet began, and where its time stands: a hurried clock may be ahead of the wall's.
fn beginning(database: &std::path::Path) -> anyhow::Result<(Timestamp, Timestamp)> {
    let writer = Writer::open(database)?;
    let from = writer.last_attempt()?.map_or_else(clock::wall, |last| last.max(clock::wall()));
    if let Some(began) = writer.note(BEGAN)? {
        return Ok((began.parse().context("the database's note of when the demonstration began")?, from));
    }
    writer.set_note(BEGAN, &from.to_string())?;
    Ok((from, from))
}

fn shipped() -> anyhow::Result<Config> {
    let source = |file: &str, text: &str| Source { file: file.to_owned(), text: text.to_owned() };
    let main = source("config/riverwatch.toml", MAIN);
    let stations = source("config/stations/saint-john-river.toml", STATIONS);
    let map = source("config/maps/saint-john-river.geojson", MAP);
    config::check(&main, &[], |_| Ok(map), |_| Ok(vec![Ok(stations)]))
        .map_err(|faults| anyhow::anyhow!("the shipped configuration\n{faults}"))
}

/// Serves the freshet's feeds on a free port of this machine, under the real feeds' paths.
async fn serve_feeds(freshet: Freshet, now: Now, stop: watch::Receiver<bool>) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no free port for the feeds")?;
    let address = listener.local_addr()?;
    let router = Router::new().fallback(async move |uri: Uri, headers: HeaderMap| {
        let reply = freshet.reply(uri.path(), now());
        let modified = reply.last_modified.map(http_date);
        let known = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
        let mut response = Response::builder().header(header::CONTENT_TYPE, reply.content_type);
        if let Some(modified) = &modified {
            response = response.header(header::LAST_MODIFIED, modified);
        }
        let unchanged = known.is_some() && known == modified.as_deref();
        let (status, body) = if unchanged { (304, Vec::new()) } else { (reply.status, reply.body) };
        response.status(status).body(axum::body::Body::from(body)).unwrap_or_default()
    });
    tokio::spawn(server::serve(listener, router, 16, stop));
    Ok(address)
}

/// An instant as HTTP writes it (RFC 9110, section 5.6.7).
fn http_date(instant: Timestamp) -> String {
    instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
