//! Where the stations are, as places on a small sheet that needs no tiles: on the ground that the operator's file draws, or on
//! none, as a sketch. Labels go where they touch nothing.
//!
//! Lengths are pixels of a narrow telephone. Degrees of longitude are as long as in the middle of the sheet: right enough for a
//! river, and north is up.

mod cut;
mod drawing;
mod ground;
mod name;
mod place;

use hydro::Position;

use crate::chart::text_width;
pub(crate) use drawing::{Drawing, FINE};
pub use ground::{Feature, FeatureKind, Ground};
pub(crate) use place::Label;
use place::{Line, Sheet};

/// The width of the sheet: a page on a telephone of 360 pixels.
pub(crate) const WIDTH: f64 = 328.0;
/// Height of a label, and so of a place to touch: 24 pixels even where the sheet is drawn on 288 (WCAG 2.2, 2.5.8).
pub(crate) const LABEL: f64 = 28.0;
/// Type size of the labels.
pub(crate) const TYPE: i32 = 13;
/// From a label's edge over its glyph to its words.
pub(crate) const GLYPH: f64 = 20.0;
/// From the sheet's left and right edge to the nearest station.
const MARGIN: f64 = 36.0;
/// Of the room above and below the stations, what each of them adds for labels.
const ROOM: f64 = 3.5;
/// The tallest sheet.
const TALLEST: f64 = 640.0;
/// The least extent in degrees: a single station has some land around it.
const LEAST: f64 = 0.2;

/// A place on the sheet: across and down.
pub(crate) type Spot = (f64, f64);

/// A river with stations.
#[derive(Debug, Clone)]
pub(crate) struct Stream<'a> {
    /// Its name in English, by which the ground knows its course.
    pub(crate) english: &'a str,
    /// Its name for the reader.
    pub(crate) name: &'a str,
    /// Its stations by their places among all, in river order.
    pub(crate) stations: Vec<usize>,
}

/// The sheet.
#[derive(Debug)]
pub(crate) struct Map<'a> {
    pub(crate) height: f64,
    /// What lies under the stations, where the operator's file says it.
    pub(crate) ground: Option<Drawing>,
    /// The stations of each river whose course is not known, in river order.
    pub(crate) joined: Vec<Vec<Spot>>,
    /// The names of courses, and where they begin.
    pub(crate) names: Vec<(&'a str, Spot)>,
    /// For each station where it is, and where its label is, if there was room for one.
    pub(crate) places: Vec<(Spot, Option<Label>)>,
    /// Whole degrees west to east, and where; whole degrees south to north, and where.
    pub(crate) meridians: Vec<(i32, f64)>,
    pub(crate) parallels: Vec<(i32, f64)>,
}

/// Puts stations and their rivers on a sheet.
pub(crate) fn map<'a>(stations: &[(Position, &str)], streams: &[Stream<'a>], ground: Option<&'a Ground>) -> Map<'a> {
    let positions: Vec<Position> = stations.iter().map(|(position, _)| *position).collect();
    let view = View::of(&positions);
    let dots: Vec<Spot> = positions.iter().map(|position| view.spot(*position)).collect();
    let courses = name::courses(streams, ground, &view);
    let unknown = |stream: &&Stream| ground.is_none_or(|ground| ground.course(stream.english).is_none());
    let joined: Vec<Vec<Spot>> = streams
        .iter()
        .filter(unknown)
        .filter(|stream| stream.stations.len() > 1)
        .map(|stream| stream.stations.iter().map(|&index| dots[index]).collect())
        .collect();
    let widths: Vec<f64> = stations.iter().map(|(_, name)| width(name) + GLYPH + 6.0).collect();
    let straight = joined.iter().flat_map(|river| river.windows(2).map(|pair| (pair[0], pair[1])));
    let rivers: Vec<Line> = courses.iter().flat_map(|(_, course)| course).copied().chain(straight).collect();
    let (meridians, parallels) = (view.meridians(), view.parallels());
    let reserved: Vec<Spot> = parallels.iter().flat_map(|(_, y)| [(10.0, y - 7.0), (26.0, y - 7.0)]).collect();
    // Below, the meridians are named.
    let sheet =
        Sheet { dots: &dots, widths: &widths, rivers: &rivers, reserved: &reserved, height: view.height - 14.0 };
    let labels = sheet.labels();
    let names = name::names(&courses, &labels, &sheet);
    let ground = ground.map(|ground| drawing::draw(ground, &view));
    Map {
        height: view.height,
        ground,
        joined,
        names,
        places: dots.into_iter().zip(labels).collect(),
        meridians,
        parallels,
    }
}

/// How wide words are in the type of the labels.
fn width(words: &str) -> f64 {
    f64::from(text_width(words, TYPE * 10)) / 10.0
}

/// From degrees to the sheet.
struct View {
    west: f64,
    north: f64,
    /// Pixels for a degree of latitude, and of longitude.
    down: f64,
    across: f64,
    /// The first station's place from the left edge, and from the upper one.
    left: f64,
    top: f64,
    height: f64,
}

impl View {
    fn of(positions: &[Position]) -> Self {
        let extent = |degrees: fn(&Position) -> f64| {
            let all = || positions.iter().map(degrees);
            let (low, high) = (all().reduce(f64::min).unwrap_or(0.0), all().reduce(f64::max).unwrap_or(0.0));
            let more = (LEAST - (high - low)).max(0.0) / 2.0;
            (low - more, high + more)
        };
        let (south, north) = extent(|position| position.latitude);
        let (west, east) = extent(|position| position.longitude);
        // Nearer to the pole than this nobody measures a river.
        let shorter = f64::midpoint(south, north).to_radians().cos().max(0.1);
        let count = u32::try_from(positions.len()).unwrap_or(u32::MAX);
        let top = MARGIN + (f64::from(count) * ROOM).min(3.0 * MARGIN);
        let down = ((WIDTH - 2.0 * MARGIN) / ((east - west) * shorter)).min((TALLEST - 2.0 * top) / (north - south));
        let across = down * shorter;
        let left = (WIDTH - (east - west) * across) / 2.0;
        Self { west, north, down, across, left, top, height: ((north - south) * down + 2.0 * top).round() }
    }

    fn spot(&self, position: Position) -> Spot {
        (
            self.left + (position.longitude - self.west) * self.across,
            self.top + (self.north - position.latitude) * self.down,
        )
    }

    fn meridians(&self) -> Vec<(i32, f64)> {
        let west = self.west - self.left / self.across;
        let at = |degree| self.left + (f64::from(degree) - self.west) * self.across;
        degrees(west, west + WIDTH / self.across).into_iter().map(|degree| (degree, at(degree))).collect()
    }

    fn parallels(&self) -> Vec<(i32, f64)> {
        let north = self.north + self.top / self.down;
        let at = |degree| self.top + (self.north - f64::from(degree)) * self.down;
        degrees(north - self.height / self.down, north).into_iter().map(|degree| (degree, at(degree))).collect()
    }
}

/// Whole degrees between two, every one or every second, fifth, tenth, thirtieth, so that there are few.
#[allow(clippy::cast_possible_truncation, reason = "degrees are at most 360")]
fn degrees(from: f64, until: f64) -> Vec<i32> {
    let step = [1, 2, 5, 10, 30].into_iter().find(|step| (until - from) / f64::from(*step) < 5.0).unwrap_or(90);
    let first = (from.ceil() as i32).div_euclid(step) * step;
    (first..=until.floor() as i32)
        .step_by(step.unsigned_abs() as usize)
        .filter(|&degree| f64::from(degree) >= from)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn nothing_overlaps_and_all_is_on_the_sheet(
            places in prop::collection::vec((-60.0..70.0_f64, -170.0..170.0_f64), 0..30),
            near in any::<bool>(),
        ) {
            let shrink = |degrees: f64| if near { degrees / 100.0 } else { degrees };
            let position = |&(latitude, longitude): &(f64, f64)| Position { latitude: shrink(latitude), longitude: shrink(longitude) };
            let stations: Vec<(Position, &str)> = places.iter().map(|place| (position(place), "Saint-François")).collect();
            let stream = Stream { english: "River", name: "River", stations: (0..stations.len()).collect() };
            let map = map(&stations, &[stream], None);
            prop_assert!(map.height <= TALLEST + 1.0 && map.height > 2.0 * MARGIN - 1.0, "{}", map.height);
            let labels: Vec<Label> = map.places.iter().filter_map(|(_, label)| *label).collect();
            for (i, label) in labels.iter().enumerate() {
                prop_assert!(label.at.0 >= 0.0 && label.at.0 + label.width <= WIDTH);
                prop_assert!(labels[..i].iter().all(|other| !label.touches(other)), "{label:?}");
                prop_assert!(map.places.iter().all(|(dot, _)| !label.holds(*dot, 0.0)));
            }
            for ((x, y), _) in &map.places {
                prop_assert!((0.0..=WIDTH).contains(x) && (0.0..=map.height).contains(y));
            }
            prop_assert!(map.meridians.len() <= 7 && map.parallels.len() <= 7, "{map:?}");
            prop_assert!(map.meridians.iter().all(|(_, x)| (-0.01..=WIDTH + 0.01).contains(x)));
        }
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        let at = |latitude, longitude| (Position { latitude, longitude }, "x");
        let map = map(&[at(47.0, -68.0), at(45.0, -66.0)], &[], None);
        let ((north_west, _), (south_east, _)) = (map.places[0], map.places[1]);
        assert!(north_west.0 < south_east.0 && north_west.1 < south_east.1);
        assert_eq!(map.meridians.iter().map(|(degree, _)| *degree).collect::<Vec<_>>(), [-68, -67, -66]);
        assert_eq!(map.parallels.iter().map(|(degree, _)| *degree).collect::<Vec<_>>(), [45, 46, 47]);
        // A degree of longitude at 46 degrees is 0.69 of one of latitude.
        let (across, down) = (south_east.0 - north_west.0, south_east.1 - north_west.1);
        assert!((across / down - 0.695).abs() < 0.001, "{}", across / down);
    }

    #[test]
    fn a_crowd_has_no_labels_and_takes_none_from_others() {
        let near = |n: u32| Position {
            latitude: 45.0 + f64::from(n % 10) / 100.0,
            longitude: -66.0 + f64::from(n / 10) / 100.0,
        };
        let far = Position { latitude: 47.0, longitude: -68.0 };
        let stations: Vec<(Position, &str)> = (0..100).map(near).chain([far]).map(|place| (place, "x")).collect();
        let map = map(&stations, &[], None);
        let labelled: Vec<usize> = (0..101).filter(|&index| map.places[index].1.is_some()).collect();
        assert_eq!(labelled, [100]);
    }

    #[test]
    fn a_course_has_its_name_and_other_rivers_are_joined() {
        let at = |latitude, longitude| Position { latitude, longitude };
        let course = vec![at(47.0, -68.0), at(46.5, -67.0), at(45.0, -66.0)];
        let river = Feature { kind: FeatureKind::River, name: Some("Long River".to_owned()), parts: vec![course] };
        let (south_west, north_east) = (at(44.0, -69.0), at(48.0, -65.0));
        let ground = Ground { credit: String::new(), south_west, north_east, features: vec![river] };
        let streams = [("Long River", "Longue Rivière", [0, 1]), ("Brook", "Ruisseau", [2, 3])]
            .map(|(english, name, stations)| Stream { english, name, stations: stations.to_vec() });
        let stations = [at(47.0, -68.0), at(45.0, -66.0), at(47.0, -66.5), at(46.5, -66.0)].map(|place| (place, "x"));
        let map = map(&stations, &streams, Some(&ground));
        let dots: Vec<Spot> = map.places.iter().map(|(dot, _)| *dot).collect();
        assert_eq!(map.joined, [vec![dots[2], dots[3]]], "of the brook nothing else is known");
        let [(name, at)] = map.names[..] else { unreachable!("{:?}", map.names) };
        let label = Label { at, width: width(name) };
        assert_eq!(name, "Longue Rivière");
        assert!(dots.iter().all(|dot| !label.holds(*dot, 0.0)), "{label:?}");
        assert!(map.places.iter().all(|(_, other)| !other.expect("a label").touches(&label)), "there is room");
        assert!(map.ground.is_some_and(|drawing| drawing.rivers.starts_with('M') && drawing.sea.is_none()));
    }
}
