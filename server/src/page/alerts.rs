//! Official alerts in a box of their own, in no status's colour, so that nobody takes one for the other.

use maud::{Markup, html};

use crate::format::Reader;
use crate::lang::fill;
use crate::view::alerts::AlertView;

/// More stations than this are folded away, so that an alert for a whole province leaves the list in sight.
const FEW: usize = 4;

/// The alerts that cover a station, whole.
pub(super) fn boxes(reader: &Reader<'_>, alerts: &[AlertView]) -> Markup {
    let texts = &reader.texts.alert;
    html! {
        @for alert in alerts {
            section.al data-expires=[alert.until] {
                (head(alert))
                @if !alert.body.is_empty() || alert.web.is_some() {
                    details {
                        summary { (texts.text) }
                        @for part in &alert.body { p.aw lang=[&alert.lang] { (part) } }
                        @if let Some(web) = &alert.web { p { a href=(web) rel="noopener" { (texts.more) } } }
                    }
                }
            }
        }
    }
}

/// All alerts in few words, each with its stations.
pub(super) fn summary(reader: &Reader<'_>, alerts: &[AlertView]) -> Markup {
    let code = reader.texts.code.as_str();
    html! {
        @if !alerts.is_empty() {
            h2 { (reader.texts.alert.title) }
            @for alert in alerts {
                section.al data-expires=[alert.until] {
                    (head(alert))
                    @if alert.stations.len() > FEW {
                        details {
                            summary { (fill(&reader.texts.alert.stations, &[("n", &alert.stations.len().to_string())])) }
                            (links(alert, code))
                        }
                    } @else { (links(alert, code)) }
                }
            }
        }
    }
}

fn links(alert: &AlertView, code: &str) -> Markup {
    html! { p.o { @for (id, name) in &alert.stations { a href={"/" (code) "/station/" (id)} { (name) } " " } } }
}

fn head(alert: &AlertView) -> Markup {
    html! {
        p.m { (alert.from) }
        @if !alert.event.is_empty() { p lang=[&alert.lang] { b { (alert.event) } } }
        @if !alert.headline.is_empty() { p lang=[&alert.lang] { (alert.headline) } }
        p.m { (alert.facts.join(" ")) }
    }
}
