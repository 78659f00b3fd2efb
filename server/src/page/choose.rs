//! The first page: both languages offered, nothing remembered, nothing redirected.

use maud::{DOCTYPE, PreEscaped, html};

use super::Style;
use crate::Site;
use crate::lang::languages;

/// The page at `/`.
pub(crate) fn page(site: &Site) -> String {
    let titles: Vec<&str> = languages().map(|texts| site.title.in_language(&texts.code)).collect();
    html! {
        (DOCTYPE)
        html lang="en-CA" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (titles.join(" \u{b7} ")) }
                link rel="icon" href="data:,";
                @for texts in languages() { link rel="alternate" hreflang=(texts.locale) href={"/" (texts.code) "/"}; }
                style { (PreEscaped(Style::Plain.css())) }
            }
            body {
                @if site.demonstration {
                    aside.demo { @for texts in languages() { div lang=(texts.locale) { (texts.page.demonstration) } } }
                }
                main {
                    h1 {
                        @for (i, texts) in languages().enumerate() {
                            @if i > 0 { " \u{b7} " }
                            span lang=(texts.locale) { (site.title.in_language(&texts.code)) }
                        }
                    }
                    @for texts in languages() {
                        section lang=(texts.locale) {
                            p { (texts.site_description) "." }
                            p.z { a href={"/" (texts.code) "/"} hreflang=(texts.locale) { (texts.name) } }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}
