//! The open data explained to people, with examples that run as they stand.

use hydro::SignedDuration;
use maud::{Markup, html};

use super::{Frame, Style, document};
use crate::Site;
use crate::format::Reader;
use crate::lang::fill;
use crate::open::PAGE;

/// Where a site listens that does not say where it is reached.
const HERE: &str = "http://127.0.0.1:8080";

/// The page.
pub(crate) fn page(reader: &Reader<'_>, site: &Site) -> String {
    let (texts, code) = (&reader.texts.data, reader.texts.code.as_str());
    let id = site.stations.iter().find(|station| station.measured).map_or("id", |station| station.id.as_str());
    let station = format!("/{code}/station/{id}");
    let all = format!("/{code}/stations");
    let files =
        |root: &str, endings: &[&str]| endings.iter().map(|ending| format!("{root}.{ending}")).collect::<Vec<_>>();
    let main = html! {
        h1 { (texts.title) }
        p { (texts.intro) }
        ul.a {
            (row(&files(&all, &["json", "csv", "geojson"]), &texts.all))
            (row(&files(&station, &["json", "csv", "geojson", "txt", "svg"]), &texts.one))
            (row(&[format!("{station}/observations.json"), format!("{station}/observations.csv")], &texts.observations))
            (row(&[format!("{station}/forecasts.json")], &texts.forecasts))
            (row(&[format!("{station}/episodes.json")], &texts.episodes))
            (row(&[format!("{station}/thresholds.json")], &texts.thresholds))
            (row(&[format!("{station}.atom"), format!("{all}.atom")], &texts.news))
            (row(&["/openapi.json".to_owned()], &texts.description))
        }
        h2 { (texts.time_title) }
        p { (fill(&texts.time, &[("page", &format!("{}{}000", PAGE / 1000, reader.texts.group_mark))])) }
        h2 { (texts.meaning_title) }
        p { (texts.meaning) }
        h2 { (texts.examples_title) }
        (examples(reader, site, &station))
        h2 { (texts.terms_title) }
        p { (texts.terms) " " a href={"/" (code) "/about"} { (reader.texts.about.sources_title) } }
    };
    document(
        &Frame {
            reader,
            site,
            title: &texts.title,
            description: &texts.intro,
            path: "data",
            style: Style::Plain,
            glyphs: &[],
            picture: None,
        },
        &main,
    )
}

/// Addresses and what they give.
fn row(addresses: &[String], words: &str) -> Markup {
    html! {
        li {
            b { @for address in addresses { a href=(address) { (address) } " " } }
            span { (words) }
        }
    }
}

fn examples(reader: &Reader<'_>, site: &Site, station: &str) -> Markup {
    let root = site.address.as_deref().unwrap_or(HERE);
    let day = reader.now.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(reader.now);
    let from = format!("{}T00:00:00Z", day.strftime("%Y-%m-%d"));
    let code = &reader.texts.code;
    let curl = format!(
        "curl '{root}/{code}/stations.csv'\n\
         curl '{root}{station}/observations.csv?from={from}'\n"
    );
    let python = format!(
        "import json, urllib.request\n\n\
         root, address = '{root}', '{station}/observations.json?from={from}'\n\
         while address:\n    \
             with urllib.request.urlopen(root + address) as reply:\n        \
                 page = json.load(reply)\n    \
             for row in page['observed']:\n        \
                 if row['value'] is not None and not row['doubt']:\n            \
                     print(row['valid'], row['value'], page['unit'])\n    \
             address = page['next']\n"
    );
    let r = format!(
        "observed <- read.csv('{root}{station}/observations.csv?from={from}')\n\
         trusted <- subset(observed, is.na(doubt) | doubt == '')\n\
         print(summary(trusted$value))\n"
    );
    html! {
        @for (id, name, example) in [("curl", "curl", curl), ("python", "Python", python), ("r", "R", r)] {
            h3 #{(id) "-name"} { (name) }
            pre #(id) tabindex="0" role="region" aria-labelledby={(id) "-name"} { code { (example) } }
        }
    }
}
