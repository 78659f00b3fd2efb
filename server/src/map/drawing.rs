//! The ground on the sheet: cut at the sheet's edge, without what cannot be seen, and written as paths.
//!
//! Paths count in half pixels, whole numbers from point to point: small, and smooth where the sheet is drawn larger.

use std::fmt::Write as _;

use hydro::Position;

use super::cut::{Frame, line, ring};
use super::ground::{Feature, FeatureKind, Ground};
use super::place::Line;
use super::{Spot, View};
use crate::chart::{FINE as SEEN, decimate};

/// The ground as paths, empty where there is none of a kind.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Drawing {
    /// Where land and water are known, where there is water: left, top, right and bottom in half pixels.
    pub(crate) sea: Option<[i32; 4]>,
    pub(crate) land: String,
    pub(crate) lakes: String,
    pub(crate) rivers: String,
    pub(crate) borders: String,
}

/// Half pixels for a pixel.
pub(crate) const FINE: f64 = 2.0;
/// Over the edge of the sheet, so that the outline along the cut is not seen.
const OVER: f64 = 2.0;

/// Tenths of a pixel by which the lines that labels keep clear of may be off.
const COARSE: i32 = 40;

/// Draws the ground on the sheet of a view.
pub(super) fn draw(ground: &Ground, view: &View) -> Drawing {
    let frame = frame(ground, view);
    let of = |kind| ground.features.iter().filter(move |feature| feature.kind == kind);
    let path = |kind| of(kind).map(|feature| path(feature, view, &frame)).collect::<String>();
    let sea = (of(FeatureKind::Land).next().is_some() && !frame.is_empty()).then(|| {
        let Frame { left, top, right, bottom } = frame;
        [left, top, right, bottom].map(|edge| tenths(edge) / 5)
    });
    Drawing {
        sea,
        land: path(FeatureKind::Land),
        lakes: path(FeatureKind::Lake),
        rivers: path(FeatureKind::River),
        borders: path(FeatureKind::Border),
    }
}

/// Lines on the sheet, cut at its edge, as so few stretches that they are off by a few pixels: what labels keep clear of.
pub(super) fn coarse(parts: &[Vec<Position>], view: &View, frame: &Frame) -> Vec<Line> {
    let pixels = |(x, y): (i32, i32)| (f64::from(x) / 10.0, f64::from(y) / 10.0);
    let pieces = parts.iter().flat_map(|part| line(&spots(part, view), frame));
    let thinned = pieces.map(|piece| decimate(&piece.iter().copied().map(whole).collect::<Vec<_>>(), COARSE));
    let stretches = |piece: Vec<(i32, i32)>| -> Vec<Line> {
        piece.windows(2).map(|pair| (pixels(pair[0]), pixels(pair[1]))).collect()
    };
    thinned.flat_map(stretches).collect()
}

/// The part of the sheet of which the ground is known.
pub(super) fn frame(ground: &Ground, view: &View) -> Frame {
    let ((left, bottom), (right, top)) = (view.spot(ground.south_west), view.spot(ground.north_east));
    let sheet = Frame::sheet(view.height, OVER);
    Frame {
        left: left.max(sheet.left),
        top: top.max(sheet.top),
        right: right.min(sheet.right),
        bottom: bottom.min(sheet.bottom),
    }
}

fn spots(part: &[Position], view: &View) -> Vec<Spot> {
    part.iter().map(|position| view.spot(*position)).collect()
}

fn path(feature: &Feature, view: &View, frame: &Frame) -> String {
    let area = feature.kind.is_area();
    let mut path = String::new();
    for part in &feature.parts {
        let spots = spots(part, view);
        let pieces = if area { vec![ring(&spots, frame)] } else { line(&spots, frame) };
        for piece in pieces {
            write_piece(&mut path, &seen(&piece), area);
        }
    }
    path
}

/// The points of a line that can be seen, in half pixels, none twice in a row.
fn seen(line: &[Spot]) -> Vec<(i32, i32)> {
    let line: Vec<(i32, i32)> = line.iter().copied().map(whole).collect();
    let half = |tenths: i32| (2 * tenths + 5).div_euclid(10);
    let mut seen: Vec<(i32, i32)> = decimate(&line, SEEN).into_iter().map(|(x, y)| (half(x), half(y))).collect();
    seen.dedup();
    seen
}

/// A spot in whole tenths of a pixel.
fn whole(spot: Spot) -> (i32, i32) {
    (tenths(spot.0), tenths(spot.1))
}

#[allow(clippy::cast_possible_truncation, reason = "what is cut at the sheet's edge is small")]
fn tenths(pixels: f64) -> i32 {
    (pixels * 10.0).round() as i32
}

/// Writes a line from its first point on by steps; one that closes ends where it began.
fn write_piece(path: &mut String, points: &[(i32, i32)], closes: bool) {
    let steps = if closes { points.split_last().map_or(points, |(_, rest)| rest) } else { points };
    let [first, rest @ ..] = steps else { return };
    if rest.len() < if closes { 2 } else { 1 } {
        return;
    }
    let _ = write!(path, "M{} {}l", first.0, first.1);
    let mut before = *first;
    for (i, point) in rest.iter().enumerate() {
        let (x, y) = (point.0 - before.0, point.1 - before.1);
        let (apart, between) = (if i == 0 || x < 0 { "" } else { " " }, if y < 0 { "" } else { " " });
        let _ = write!(path, "{apart}{x}{between}{y}");
        before = *point;
    }
    if closes {
        path.push('z');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A square of two degrees about the equator, where a degree is as long in either direction.
    fn view() -> View {
        View::of(&[at(-1.0, -1.0), at(1.0, 1.0)])
    }

    fn at(longitude: f64, latitude: f64) -> Position {
        Position { latitude, longitude }
    }

    fn ground(features: Vec<(FeatureKind, Vec<Position>)>) -> Ground {
        let features = features.into_iter().map(|(kind, part)| Feature { kind, name: None, parts: vec![part] });
        let (south_west, north_east) = (at(-3.0, -3.0), at(3.0, 3.0));
        Ground { credit: "Test".to_owned(), south_west, north_east, features: features.collect() }
    }

    #[test]
    fn a_small_region() {
        let coast = [at(-3.0, 3.0), at(-3.0, -0.5), at(-0.5, -0.75), at(0.0, 0.25), at(1.0, 3.0), at(-3.0, 3.0)];
        let lake = [at(-0.75, 0.5), at(-0.5, 0.5), at(-0.5, 0.75), at(-0.75, 0.5)];
        // The bend in the middle is a quarter of a pixel: nobody sees it.
        let river = [at(-3.0, 1.0), at(-1.0, 1.0), at(-0.5, 0.998), at(0.0, 1.0), at(0.0, 0.25)];
        let drawing = draw(
            &ground(vec![
                (FeatureKind::Land, coast.to_vec()),
                (FeatureKind::Lake, lake.to_vec()),
                (FeatureKind::River, river.to_vec()),
                (FeatureKind::Border, vec![at(0.0, 1.0), at(0.5, 3.0)]),
            ]),
            &view(),
        );
        insta::assert_debug_snapshot!(drawing, @r#"
        Drawing {
            sea: Some(
                [
                    -4,
                    -4,
                    660,
                    688,
                ],
            ),
            land: "M-4 -4l0 518 204 20 128-256 103-282z",
            lakes: "M136 214l64 0 0-64z",
            rivers: "M-4 86l332 0 0 192",
            borders: "M328 86l23-90",
        }
        "#);
    }

    #[test]
    fn without_land_all_is_land() {
        assert_eq!(draw(&ground(vec![(FeatureKind::River, vec![at(0.0, 0.0), at(1.0, 0.0)])]), &view()).sea, None);
        assert_eq!(draw(&ground(Vec::new()), &view()), Drawing::default());
    }

    #[test]
    fn beyond_what_is_known_nothing_is_water() {
        let island = vec![at(0.0, 0.0), at(0.5, 0.0), at(0.5, 0.5), at(0.0, 0.0)];
        let known = Ground { south_west: at(-0.5, -0.5), ..ground(vec![(FeatureKind::Land, island)]) };
        let [left, _, right, bottom] = draw(&known, &view()).sea.expect("water about the island");
        let (across, down) = view().spot(at(-0.5, -0.5));
        assert_eq!((left, bottom), (tenths(across * FINE) / 10, tenths(down * FINE) / 10));
        assert_eq!(right, tenths((super::super::WIDTH + OVER) * FINE) / 10);
    }

    /// The points of a path.
    fn points(path: &str) -> Vec<(i32, i32)> {
        let mut points = Vec::new();
        for piece in path.split('M').skip(1) {
            let signed = piece.trim_end_matches('z').replace('l', " ").replace('-', " -");
            let numbers: Vec<i32> = signed.split_whitespace().map(|number| number.parse().expect("a number")).collect();
            let steps = numbers.chunks(2).scan((0, 0), |at, step| {
                *at = (at.0 + step[0], at.1 + step[1]);
                Some(*at)
            });
            points.extend(steps);
        }
        points
    }

    proptest! {
        #[test]
        fn all_that_is_drawn_is_on_the_sheet(
            places in prop::collection::vec((-8.0..8.0_f64, -8.0..8.0_f64), 3..60),
            area in any::<bool>(),
        ) {
            let mut part: Vec<Position> = places.iter().map(|(across, up)| at(*across, *up)).collect();
            part.extend(part.first().copied());
            let kind = if area { FeatureKind::Land } else { FeatureKind::River };
            let view = view();
            let drawing = draw(&ground(vec![(kind, part)]), &view);
            let path = if area { drawing.land } else { drawing.rivers };
            let most = [super::super::WIDTH, view.height].map(|length| tenths((length + OVER) * FINE) / 10 + 1);
            for (x, y) in points(&path) {
                prop_assert!((-5..=most[0]).contains(&x) && (-5..=most[1]).contains(&y), "{x} {y}: {path}");
            }
        }
    }
}
