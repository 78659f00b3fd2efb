//! Where the stations are: a map without tiles, and each river as a strip from source to mouth. Both stand beside the list,
//! which has everything.

use hydro::Rank;
use maud::{Markup, PreEscaped, html};

use super::{Frame, Style, document};
use crate::Ground;
use crate::chart::glyph::glyph_at;
use crate::chart::wrap;
use crate::format::Reader;
use crate::lang::fill;
use crate::map::{Drawing, FINE, GLYPH, LABEL, Label, Map, Stream, TYPE, WIDTH, map};
use crate::snapshot::Snapshot;
use crate::strip::{River, rivers};
use crate::view::list::Row;

/// From one station of a strip to the next.
const PITCH: f64 = 64.0;
/// Where a strip's words begin.
const WORDS: i32 = 44;

/// The map of all stations. `rows` are theirs, in the order of the site.
pub(crate) fn page(reader: &Reader<'_>, snapshot: &Snapshot, rows: &[Row]) -> String {
    let texts = &reader.texts.map;
    let code = reader.texts.code.as_str();
    let rivers = rivers(&snapshot.site.stations);
    let stations: Vec<_> =
        snapshot.site.stations.iter().zip(rows).map(|(station, row)| (station.position, row.name.as_str())).collect();
    let ground = snapshot.site.ground.as_ref();
    let streams: Vec<Stream<'_>> = rivers.iter().map(|river| stream(reader, snapshot, river)).collect();
    let map = map(&stations, &streams, ground);
    let said = ground.map_or(&texts.sketch, |_| &texts.ground);
    let unnamed: Vec<&Row> =
        rows.iter().zip(&map.places).filter(|(_, place)| place.1.is_none()).map(|(row, _)| row).collect();
    let main = html! {
        a.b href={"/" (code) "/"} { "\u{2039} " (reader.texts.page.all_stations) }
        h1 { (texts.title) }
        p.m { (said) }
        @if rows.is_empty() { p { (reader.texts.list.none_configured) } } @else { (sheet(reader, &map, said, rows)) }
        @if !unnamed.is_empty() {
            ul { @for row in unnamed { li { a href={"/" (code) "/station/" (row.id)} { (row.name) ": " (row.tag.word) } } } }
        }
        h2 { (texts.rivers) }
        ul.r {
            @for river in &rivers {
                li { a href={"/" (code) "/river/" (river.slug)} { (name(reader, snapshot, river)) } }
            }
        }
        @if let Some(ground) = ground { p.m { (credit(reader, ground)) } }
    };
    framed(reader, snapshot, (&texts.title, "map"), rows, &main)
}

/// A river from source to mouth, or `None` where there is none of that name.
pub(crate) fn river(reader: &Reader<'_>, snapshot: &Snapshot, rows: &[Row], slug: &str) -> Option<String> {
    let texts = &reader.texts.map;
    let rivers = rivers(&snapshot.site.stations);
    let river = rivers.iter().find(|river| river.slug == slug)?;
    let title = name(reader, snapshot, river);
    let rows: Vec<&Row> = river.stations.iter().filter_map(|&index| rows.get(index)).collect();
    let main = html! {
        a.b href={"/" (reader.texts.code) "/map"} { "\u{2039} " (texts.title) }
        h1 { (title) }
        p.m { (texts.strip) }
        (strip(reader, title, &rows))
    };
    let path = format!("river/{slug}");
    let rows: Vec<Row> = rows.into_iter().cloned().collect();
    Some(framed(reader, snapshot, (title, &path), &rows, &main))
}

fn framed(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    (title, path): (&str, &str),
    rows: &[Row],
    main: &Markup,
) -> String {
    // Unknown is always there: a page that is kept becomes it.
    let mut ranks: Vec<Option<Rank>> = rows.iter().map(|row| row.tag.rank).chain([None]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    document(
        &Frame {
            reader,
            site: &snapshot.site,
            title,
            description: &reader.texts.site_description,
            path,
            style: Style::Map,
            glyphs: &ranks,
            picture: None,
        },
        main,
    )
}

fn name<'a>(reader: &Reader<'_>, snapshot: &'a Snapshot, river: &River) -> &'a str {
    let station = river.stations.first().and_then(|&index| snapshot.site.stations.get(index));
    station.map_or("", |station| station.river.in_language(&reader.texts.code))
}

fn stream<'a>(reader: &Reader<'_>, snapshot: &'a Snapshot, river: &River) -> Stream<'a> {
    let station = river.stations.first().and_then(|&index| snapshot.site.stations.get(index));
    let english = station.map_or("", |station| station.river.in_language("en"));
    Stream { english, name: name(reader, snapshot, river), stations: river.stations.clone() }
}

/// Whose the lines under the stations are.
pub(super) fn credit(reader: &Reader<'_>, ground: &Ground) -> String {
    fill(&reader.texts.map.credit, &[("source", &ground.credit)])
}

/// The map itself: the ground, degrees, dots, and a label that is a link for each.
fn sheet(reader: &Reader<'_>, map: &Map<'_>, said: &str, rows: &[Row]) -> Markup {
    let texts = &reader.texts.map;
    let joined =
        |river: &[(f64, f64)]| river.iter().map(|(x, y)| format!("{x:.0} {y:.0}")).collect::<Vec<_>>().join("L");
    html! {
        svg.mp viewBox={"0 0 " (WIDTH) " " (map.height)} role="group" aria-labelledby="p-t p-d" {
            title #p-t { (texts.title) }
            desc #p-d { (said) }
            @if let Some(drawing) = &map.ground { (ground(drawing, map.height)) }
            g.mg aria-hidden="true" {
                @for (degree, x) in &map.meridians {
                    path d=(format!("M{x:.0} 0V{:.0}", map.height)) {}
                    // At the right edge there is no room for it.
                    @if x + 36.0 < WIDTH {
                        text x=(format!("{:.0}", x + 3.0)) y=(map.height - 4.0) { (degrees(*degree, &texts.east, &texts.west)) }
                    }
                }
                @for (degree, y) in &map.parallels {
                    path d=(format!("M0 {y:.0}H{WIDTH}")) {}
                    text x="2" y=(format!("{:.0}", y - 3.0)) { (degrees(*degree, &texts.north, &texts.south)) }
                }
            }
            @for river in &map.joined { path.mr.mj[map.ground.is_some()] d={"M" (joined(river))} {} }
            @for (name, (x, y)) in &map.names { text.mn x=(format!("{:.0}", x + 3.0)) y=(format!("{:.0}", y + 18.5)) { (name) } }
            @for (spot, label) in &map.places {
                @if let Some(label) = label { (leader(*spot, label)) }
                circle.md cx=(format!("{:.0}", spot.0)) cy=(format!("{:.0}", spot.1)) r="4" {}
            }
            @for (row, (_, label)) in rows.iter().zip(&map.places) {
                @if let Some(label) = label { (labelled(reader, row, label)) }
            }
        }
    }
}

/// What lies under the stations. It tells nothing that a reader who does not see it would miss.
fn ground(drawing: &Drawing, height: f64) -> Markup {
    let [land, lakes, rivers, borders] =
        [("mt", &drawing.land), ("mk", &drawing.lakes), ("mr", &drawing.rivers), ("mo", &drawing.borders)]
            .map(|(class, path)| html! { @if !path.is_empty() { path class=(class) d=(path) {} } });
    html! {
        svg.mw width=(WIDTH) height=(height) viewBox={"0 0 " (WIDTH * FINE) " " (height * FINE)} aria-hidden="true" {
            @if let Some([left, top, right, bottom]) = drawing.sea {
                path.ms d={"M" (left) " " (top) "H" (right) "V" (bottom) "H" (left) "z"} {}
            }
            (land) (borders) (rivers) (lakes)
        }
    }
}

fn degrees(degree: i32, positive: &str, negative: &str) -> String {
    let template = if degree < 0 { negative } else { positive };
    fill(template, &[("degrees", &degree.abs().to_string())])
}

/// A line from a station to its label, where they do not stand side by side.
fn leader((x, y): (f64, f64), label: &Label) -> Markup {
    let (to_x, to_y) = label.nearest((x, y));
    html! { path.ml d=(format!("M{x:.0} {y:.0}L{to_x:.0} {to_y:.0}")) {} }
}

fn labelled(reader: &Reader<'_>, row: &Row, label: &Label) -> Markup {
    let (x, y) = label.at;
    html! {
        a href={"/" (reader.texts.code) "/station/" (row.id)} data-until=[row.until] {
            title { (row.name) ": " (row.tag.word) }
            rect x=(format!("{x:.0}")) y=(format!("{y:.0}")) width=(format!("{:.0}", label.width)) height=(LABEL) {}
            (PreEscaped(glyph_at(row.tag.rank, (x + 1.0, y + 6.0), 16)))
            text x=(format!("{:.0}", x + GLYPH)) y=(format!("{:.0}", y + 18.5)) { (row.name) }
        }
    }
}

/// The strip: a line with a glyph for each station, its name, and what matters about it.
fn strip(reader: &Reader<'_>, title: &str, rows: &[&Row]) -> Markup {
    let height = f64::from(u32::try_from(rows.len()).unwrap_or(0)) * PITCH;
    let half = PITCH / 2.0;
    html! {
        svg.mp viewBox={"0 0 " (WIDTH) " " (height)} role="group" aria-labelledby="p-t p-d" {
            title #p-t { (title) }
            desc #p-d { (reader.texts.map.strip) }
            path.mr d={"M16 " (half) "V" (height - half)} {}
            @for (i, row) in (0_u32..).zip(rows) {
                @let top = f64::from(i) * PITCH;
                a href={"/" (reader.texts.code) "/station/" (row.id)} data-until=[row.until] {
                    rect x="0" y=(top) width=(WIDTH) height=(PITCH) {}
                    (PreEscaped(glyph_at(row.tag.rank, (4.0, top + 12.0), 24)))
                    text.mb x=(WORDS) y=(top + 20.0) { (row.name) }
                    (right(row, top + 20.0))
                    @for (line, words) in words(reader, row).iter().enumerate() {
                        text.v x=(WORDS) y=(top + if line == 0 { 38.0 } else { 54.0 }) { (words) }
                    }
                }
            }
        }
    }
}

/// The level and its time at the right edge.
fn right(row: &Row, y: f64) -> Markup {
    html! {
        @if let Some((level, clock)) = &row.level {
            text.v.me x=(WIDTH) y=(y) { (level) " \u{b7} " (clock) }
        }
    }
}

/// The status and what matters, in two lines.
fn words(reader: &Reader<'_>, row: &Row) -> Vec<String> {
    let said = fill(&reader.texts.sentence.lead, &[("name", &row.tag.word), ("rest", &row.words)]);
    #[allow(clippy::cast_possible_truncation, reason = "a telephone is a few hundred pixels wide")]
    let room = (WIDTH as i32 - WORDS) * 10;
    wrap(&said, TYPE * 10, room, 2)
}
