//! Pages for other sites' frames: no header, no footer, every link into a window of its own. Nothing in them can count
//! time, so the style itself takes away what has stood there too long.

pub(crate) mod snippets;

use hydro::{Rank, SignedDuration};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::station::{chart, figure};
use super::{Style, class, glyph_of, tag};
use crate::Site;
use crate::chart::glyph::sprite;
use crate::embed::{SCRIPT, Wish};
use crate::format::Reader;
use crate::lang::fill;
use crate::oembed;
use crate::view::embed::{RiverEmbed, StationEmbed};
use crate::view::list::Row;

/// What stands around a page's content.
struct Frame<'a> {
    reader: &'a Reader<'a>,
    site: &'a Site,
    wish: Wish,
    title: &'a str,
    /// The address of the same without the frame, after the language.
    path: &'a str,
    style: Style,
    glyphs: &'a [Option<Rank>],
}

/// A station.
pub(crate) fn station(reader: &Reader<'_>, site: &Site, view: &StationEmbed, wish: Wish) -> String {
    let (texts, code, now) = (reader.texts, reader.texts.code.as_str(), &view.station);
    let path = format!("station/{}", now.id);
    let told = if wish.compact { view.words.clone() } else { now.detail.join(" ") };
    let main = html! {
        h1 { a href={"/" (code) "/" (path)} target="_blank" rel="noopener" { (now.name) } }
        @if !wish.compact { p.m { (now.place) } }
        (kept(reader, view.holds, &html! {
            @for alert in &now.alerts {
                p.al { a href={"/" (code) "/" (path)} target="_blank" rel="noopener" { b { (alert.event) } " " (alert.from) } }
            }
            div class=[(!wish.compact).then_some("two")] {
                div class={"c " (class(now.tag.rank))} {
                    div.t { (tag(&now.tag)) span.m { (view.measured) } }
                    (figure(now))
                    p { (told) }
                }
                @if !wish.compact { div.x { (chart(reader, now)) } }
            }
        }))
    };
    let title = fill(&texts.embed.frame_title, &[("name", &now.name)]);
    let glyphs = &[now.tag.rank];
    document(&Frame { reader, site, wish, title: &title, path: &path, style: Style::Embed, glyphs }, &main)
}

/// The stations of a river.
pub(crate) fn river(reader: &Reader<'_>, site: &Site, view: &RiverEmbed, wish: Wish) -> String {
    let texts = &reader.texts.embed;
    let main = html! {
        h1 { (view.name) }
        ul.l { @for (row, holds) in &view.rows { (river_row(reader, row, *holds, wish)) } }
    };
    let title = fill(&texts.frame_title, &[("name", &view.name)]);
    let ranks = view.rows.iter().flat_map(|(row, _)| [Some(row.tag.rank), row.worse_ahead.map(Some)]).flatten();
    let ranks: std::collections::BTreeSet<Option<Rank>> = ranks.collect();
    let glyphs: Vec<_> = ranks.into_iter().collect();
    let frame = Frame { reader, site, wish, title: &title, path: "", style: Style::EmbedRiver, glyphs: &glyphs };
    document(&frame, &main)
}

fn river_row(reader: &Reader<'_>, row: &Row, holds: SignedDuration, wish: Wish) -> Markup {
    html! {
        li class=(waiting(holds)) {
            a href={"/" (reader.texts.code) "/station/" (row.id)} target="_blank" rel="noopener" {
                span.now { (glyph_of(row.tag.rank)) }
                span {
                    b { (row.name) }
                    span.kx {
                        span.now {
                            span.y { (row.tag.word) ": " }
                            @if !wish.compact || row.worse_ahead.is_some() { small { @if row.worse_ahead.is_some() { (glyph_of(row.worse_ahead)) } (row.words) } }
                            @if row.alert.is_some() { em { (reader.texts.alert.mark) } }
                        }
                        small.old { (reader.texts.embed.kept_row) }
                    }
                }
                i.now {
                    @match &row.level {
                        Some((level, clock)) => { b { (level) } (clock) },
                        None => b { (reader.texts.station.no_value) },
                    }
                }
            }
        }
    }
}

/// What may speak of the present for so long, and what stands there afterwards.
fn kept(reader: &Reader<'_>, holds: SignedDuration, now: &Markup) -> Markup {
    html! {
        div class={"kx " (waiting(holds))} {
            div.now { (now) }
            p.old { (reader.texts.embed.kept) }
        }
    }
}

/// The classes that say how long: hours and tens of minutes.
fn waiting(holds: SignedDuration) -> String {
    let tens = holds.as_mins() / 10;
    format!("a{} z{}", tens / 6, tens % 6)
}

/// The classes of the whole document: light or dark where it was asked for, and little room.
fn classes(wish: Wish) -> Option<String> {
    let classes = [wish.theme.map_or("", |theme| theme.name()), if wish.compact { "s" } else { "" }].join(" ");
    Some(classes.trim().to_owned()).filter(|classes| !classes.is_empty())
}

fn document(frame: &Frame<'_>, main: &Markup) -> String {
    let Frame { reader, site, wish, title, path, style, glyphs } = frame;
    let (texts, code) = (reader.texts, reader.texts.code.as_str());
    let updated = fill(&texts.page.updated, &[("when", &reader.dated(reader.now))]);
    html! {
        (DOCTYPE)
        html lang=(texts.locale) class=[classes(*wish)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " \u{b7} " (site.title.in_language(code)) }
                link rel="icon" href="data:,";
                @if let (Some(address), false) = (&site.address, path.is_empty()) {
                    (oembed::discovery(address, &format!("{address}/{code}/{path}"), title))
                }
                style { (PreEscaped(style.css())) }
                @if wish.fit { script src=(SCRIPT) defer {} }
            }
            body {
                @if site.demonstration { aside.demo { b { (texts.page.demonstration) } } }
                main { (main) }
                (PreEscaped(sprite(glyphs)))
                p.e {
                    (updated) ". " (texts.page.not_official) " "
                    a href={"/" (code) "/" (path)} target="_blank" rel="noopener" { (site.title.in_language(code)) }
                }
            }
        }
    }
    .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first rule with a selector, without the selector.
    fn rule<'a>(css: &'a str, selector: &str) -> &'a str {
        let (_, after) = css.split_once(&format!("{selector}{{")).unwrap_or_else(|| unreachable!("{selector}"));
        after.split('}').next().unwrap_or_default()
    }

    /// What was asked for has the same colours as what the reader's system would have asked for.
    #[test]
    fn a_theme_has_the_colours_of_every_page() {
        let (pages, frames) = (crate::chart::style::CSS, include_str!("../../../assets/embed.css"));
        let dark = pages.split_once("(prefers-color-scheme:dark){").unwrap_or_else(|| unreachable!("{pages}")).1;
        assert_eq!(rule(frames, ":root.light"), format!("color-scheme:light;{}", rule(pages, ":root")));
        assert_eq!(rule(frames, ":root.dark"), format!("color-scheme:dark;{}", rule(dark, ":root")));
    }

    #[test]
    fn every_time_that_a_page_may_hold_has_its_classes() {
        let css = Style::Embed.css();
        for tens in 1..=36 {
            let classes = waiting(SignedDuration::from_mins(10 * tens));
            assert!(classes.split(' ').all(|class| css.contains(&format!(".{class}{{"))), "{classes}");
        }
        assert_eq!(waiting(SignedDuration::from_mins(130)), "a2 z1");
    }
}
