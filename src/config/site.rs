//! The parts `[site]`, `[server]` and `[database]`.

use std::net::SocketAddr;
use std::path::PathBuf;

use hydro::{SignedDuration, Zone};
use server::{HelpLink, Listening, Site};

use super::context::Spot;
use super::reader::Table;
use super::units::retention;
use super::values::{WEB, url};

/// What an address of help may begin with.
const HELP: [&str; 3] = ["https", "http", "tel"];

/// Reads `[site]`; stations and feeds come later.
pub(super) fn site(table: &mut Table) -> Option<Site> {
    // First of all, because the languages of the title are those of every other text.
    let title = table.need("title").and_then(|field| field.local_text());
    let address = table.find("address").and_then(|field| field.parsed(|text| url(text, &WEB)));
    let operator = table.find("operator").and_then(|field| field.local_text());
    let zone = table.need("timezone").and_then(|field| field.parsed(Zone::named));
    let offline = table.find("offline").map_or(Some(true), |field| field.boolean());
    let help = table.each("help", help);
    Some(Site {
        title: title?,
        address: address.map(|url| url.as_str().trim_end_matches('/').to_owned()),
        operator,
        frame_hosts: Vec::new(),
        help,
        zone: zone?,
        live: true,
        offline: offline?,
        demonstration: false,
        ground: None,
        operators: Vec::new(),
        stations: Vec::new(),
        feeds: Vec::new(),
    })
}

/// Reads which file `[site]` has for the ground of the map, and where it says so.
pub(super) fn map(table: &mut Table) -> Option<(String, Spot)> {
    let field = table.find("map")?;
    Some((field.text()?.to_owned(), field.spot))
}

fn help(table: &mut Table) -> Option<HelpLink> {
    let text = table.need("text").and_then(|field| field.local_text());
    let address = table.need("address").and_then(|field| field.pages(&HELP));
    Some(HelpLink { text: text?, address: address? })
}

/// Reads `[server]`: how it listens, and whose pages may frame its own.
pub(super) fn server(table: &mut Table) -> Option<(Listening, Vec<String>)> {
    let listen = match table.find("listen") {
        Some(field) => field.parsed(|text| socket(text, 8080)),
        None => Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
    };
    let connections = table.find("connections").map_or(Some(512), |field| field.count(100_000));
    let frame_hosts = match table.find("frame_hosts") {
        Some(field) => field.list().and_then(|items| items.iter().map(|item| item.parsed(host)).collect()),
        None => Some(vec!["*".to_owned()]),
    };
    let metrics = match table.find("metrics") {
        Some(field) => Some(field.parsed(|text| match socket(text, 9101)? {
            taken if Some(taken) == listen && taken.port() != 0 => {
                Err(format!("`{text}` is where the pages are: expected another port, for nobody but the operator"))
            }
            free => Ok(free),
        })?),
        None => None,
    };
    Some((Listening { listen: listen?, connections: connections?, metrics }, frame_hosts?))
}

/// A site as a content security policy names it (CSP Level 3, `host-source`), without a path: scheme, name and port, where a
/// `*` may stand for what is before the first dot; `*` alone is every site.
fn host(text: &str) -> Result<String, String> {
    let expected =
        || format!("`{text}` is not a site: expected `*` or an address without a path, such as https://gnb.ca");
    if text == "*" {
        return Ok(text.to_owned());
    }
    let plain = text.replacen("://*.", "://", 1);
    let sound = |c: char| c.is_ascii_alphanumeric() || "-.:/[]".contains(c);
    let url = url(&plain, &WEB).map_err(|_| expected())?;
    if !plain.chars().all(sound) || url.path() != "/" || url.host_str().is_none() {
        return Err(expected());
    }
    Ok(text.trim_end_matches('/').to_ascii_lowercase())
}

/// An address to listen on; the port is that of the example.
fn socket(text: &str, port: u16) -> Result<SocketAddr, String> {
    let expected = || format!("`{text}` is not an address to listen on: expected IP:PORT, such as 127.0.0.1:{port}");
    text.parse().map_err(|_| expected())
}

/// What `[database]` says.
pub(super) struct Database {
    /// Its file.
    pub(super) path: PathBuf,
    /// How old what it holds may grow; `None` for ever.
    pub(super) retention: Option<SignedDuration>,
}

/// Reads `[database]`.
pub(super) fn database(table: &mut Table) -> Option<Database> {
    let path = |text: &str| match text.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => {
            Err(format!("`{text}` is not a database: expected sqlite: and a path, such as `sqlite:data/riverwatch.db`"))
        }
    };
    let path = match table.find("url") {
        Some(field) => field.parsed(path),
        None => Some(PathBuf::from("data/riverwatch.db")),
    };
    let retention = match table.find("retention") {
        Some(field) => Some(field.parsed(retention)?),
        None => None,
    };
    Some(Database { path: path?, retention })
}
