//! The rivers of the site, and each as a strip from source to mouth.

use hydro::Station;

use crate::view::list::plain;

/// A river: its name in addresses, and its stations by their places in the site's order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct River {
    pub(crate) slug: String,
    pub(crate) stations: Vec<usize>,
}

/// The rivers in the order of their first stations. One whose name has no letter that an address can have is left out.
pub(crate) fn rivers(stations: &[Station]) -> Vec<River> {
    let mut rivers: Vec<River> = Vec::new();
    for (index, station) in stations.iter().enumerate() {
        let slug = slug(station);
        match rivers.iter_mut().find(|river| river.slug == slug) {
            Some(river) => river.stations.push(index),
            None if slug.is_empty() => {}
            None => rivers.push(River { slug, stations: vec![index] }),
        }
    }
    rivers
}

/// A river's name in addresses: its English name in lower-case ASCII with hyphens, as a station's id is.
fn slug(station: &Station) -> String {
    let name = plain(station.river.in_language("en"));
    let letters = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == ' ');
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join("-")
}
