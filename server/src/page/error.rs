//! Errors as pages, in the language of the address; in every language where the address has none.

use hydro::Station;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Style;
use crate::Site;
use crate::lang::{Language, Texts, fill, languages};

/// What could not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PageError {
    /// Nothing is at the address.
    NotFound,
    /// No station has the id.
    NoStation(String),
    /// The address can only be read.
    Method,
    /// The address could not be understood.
    BadRequest,
    /// The format that was asked for is none that is spoken here.
    Format,
    /// The instant in the address is none, or is still ahead.
    NotYet,
    /// Ours; the log says what.
    Internal,
    /// More is asked than can be drawn just now.
    Busy,
    /// The database cannot be read.
    NoData,
}

impl PageError {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::NoStation(_) => 404,
            Self::Method => 405,
            Self::BadRequest | Self::NotYet => 400,
            Self::Internal => 500,
            Self::Format => 501,
            Self::Busy | Self::NoData => 503,
        }
    }

    fn words(&self, texts: &Texts) -> (String, String) {
        let texts = &texts.error;
        match self {
            Self::NotFound => (texts.not_found.clone(), texts.not_found_text.clone()),
            Self::NoStation(id) => (texts.not_found.clone(), fill(&texts.no_station, &[("id", id)])),
            Self::Method => (texts.method.clone(), texts.method_text.clone()),
            Self::BadRequest => (texts.bad_request.clone(), texts.not_found_text.clone()),
            Self::Format => (texts.format.clone(), texts.format_text.clone()),
            Self::NotYet => (texts.bad_request.clone(), texts.not_yet_text.clone()),
            Self::Internal => (texts.internal.clone(), texts.internal_text.clone()),
            Self::Busy => (texts.busy.clone(), texts.busy_text.clone()),
            Self::NoData => (texts.no_data.clone(), texts.no_data_text.clone()),
        }
    }
}

/// Where else to look: the help of the site, and each station's page at its agency.
fn elsewhere(site: &Site, texts: &Texts) -> Markup {
    let code = texts.code.as_str();
    let agency = |station: &Station| {
        let page = station.agency_page.as_ref()?;
        Some((station.name.in_language(code).to_owned(), page.in_language(code).to_owned()))
    };
    html! {
        ul {
            @for link in &site.help { li { a href=(link.address.in_language(code)) { (link.text.in_language(code)) } } }
            @for (name, page) in site.stations.iter().filter_map(agency) { li { a href=(page) { (name) } } }
        }
    }
}

/// The error's page.
pub(crate) fn page(site: &Site, language: Option<Language>, error: &PageError) -> String {
    let shown: Vec<Language> = language.map_or_else(|| languages().collect(), |language| vec![language]);
    html! {
        (DOCTYPE)
        html lang=(shown.first().map_or("en", |texts| texts.locale.as_str())) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (shown.iter().map(|texts| error.words(texts).0).collect::<Vec<_>>().join(" \u{b7} ")) }
                link rel="icon" href="data:,";
                style { (PreEscaped(Style::Plain.css())) }
            }
            body {
                main {
                    h1 {
                        @for (i, texts) in shown.iter().enumerate() {
                            @if i > 0 { " \u{b7} " }
                            span lang=(texts.locale) { (error.words(texts).0) }
                        }
                    }
                    @for texts in &shown {
                        section lang=(texts.locale) {
                            p { (error.words(texts).1) }
                            @if *error == PageError::NoData { (elsewhere(site, texts)) }
                            p { a href={"/" (texts.code) "/"} { (site.title.in_language(&texts.code)) (texts.page.colon) (texts.page.all_stations) } }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}
