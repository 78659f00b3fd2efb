//! The parts `[site]`, `[server]` and `[database]`.

use std::net::SocketAddr;
use std::path::PathBuf;

use hydro::Zone;
use server::{HelpLink, Listening, Site};

use super::reader::Table;
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
    let help = table.each("help", help);
    Some(Site {
        title: title?,
        address: address.map(|url| url.as_str().trim_end_matches('/').to_owned()),
        operator,
        help,
        zone: zone?,
        live: true,
        demonstration: false,
        operators: Vec::new(),
        stations: Vec::new(),
        feeds: Vec::new(),
    })
}

fn help(table: &mut Table) -> Option<HelpLink> {
    let text = table.need("text").and_then(|field| field.local_text());
    let address = table.need("address").and_then(|field| field.pages(&HELP));
    Some(HelpLink { text: text?, address: address? })
}

/// Reads `[server]`.
pub(super) fn server(table: &mut Table) -> Option<Listening> {
    let listen = match table.find("listen") {
        Some(field) => field.parsed(|text| socket(text, 8080)),
        None => Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
    };
    let connections = table.find("connections").map_or(Some(512), |field| field.count(100_000));
    let metrics = match table.find("metrics") {
        Some(field) => Some(field.parsed(|text| match socket(text, 9101)? {
            taken if Some(taken) == listen && taken.port() != 0 => {
                Err(format!("`{text}` is where the pages are: expected another port, for nobody but the operator"))
            }
            free => Ok(free),
        })?),
        None => None,
    };
    Some(Listening { listen: listen?, connections: connections?, metrics })
}

/// An address to listen on; the port is that of the example.
fn socket(text: &str, port: u16) -> Result<SocketAddr, String> {
    let expected = || format!("`{text}` is not an address to listen on: expected IP:PORT, such as 127.0.0.1:{port}");
    text.parse().map_err(|_| expected())
}

/// Reads `[database]`.
pub(super) fn database(table: &mut Table) -> Option<PathBuf> {
    let path = |text: &str| match text.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => {
            Err(format!("`{text}` is not a database: expected sqlite: and a path, such as `sqlite:data/riverwatch.db`"))
        }
    };
    match table.find("url") {
        Some(field) => field.parsed(path),
        None => Some(PathBuf::from("data/riverwatch.db")),
    }
}
