//! The names of rivers beside their courses: where there is room, after the labels of the stations.

use super::place::{Label, Line, Sheet, around, distance, from_line};
use super::{FeatureKind, Ground, LABEL, Spot, Stream, View, drawing, width};

/// So many places along a course are tried for its name.
const PLACES: f64 = 60.0;
/// From one line of words to the next.
const HEIGHT: f64 = 20.0;

/// A course on the sheet: its name, if it has one, and its stretches.
pub(super) type Course<'a> = (Option<&'a str>, Vec<Line>);

/// The courses of the ground, and their names, in the reader's language where stations are on them.
pub(super) fn courses<'a>(streams: &[Stream<'a>], ground: Option<&'a Ground>, view: &View) -> Vec<Course<'a>> {
    let Some(ground) = ground else { return Vec::new() };
    let frame = drawing::frame(ground, view);
    let name = |english: &'a str| {
        streams.iter().find(|stream| stream.english == english).map_or(english, |stream| stream.name)
    };
    let rivers = ground.features.iter().filter(|feature| feature.kind == FeatureKind::River);
    rivers.map(|river| (river.name.as_deref().map(name), drawing::coarse(&river.parts, view, &frame))).collect()
}

/// For each course that has room for it, its name and where it begins.
pub(super) fn names<'a>(courses: &[Course<'a>], labels: &[Option<Label>], sheet: &Sheet<'_>) -> Vec<(&'a str, Spot)> {
    let mut taken: Vec<Label> = labels.iter().flatten().copied().collect();
    let leaders: Vec<Line> =
        labels.iter().zip(sheet.dots).filter_map(|(label, dot)| label.map(|label| label.leader(*dot))).collect();
    let mut names = Vec::new();
    for (i, (name, course)) in courses.iter().enumerate() {
        let Some(name) = name else { continue };
        let others: Vec<Line> =
            courses.iter().enumerate().filter(|(j, _)| i != *j).flat_map(|(_, (_, course))| course).copied().collect();
        if let Some(label) = beside(course, width(name), &taken, &[&leaders[..], &others].concat(), sheet) {
            taken.push(label);
            names.push((*name, label.at));
        }
    }
    names
}

/// The place beside a course that is farthest from all else that is to be read, and from what it may be mistaken for.
fn beside(course: &[Line], width: f64, taken: &[Label], lines: &[Line], sheet: &Sheet<'_>) -> Option<Label> {
    let middle = |label: &Label| (label.at.0 + label.width / 2.0, label.at.1 + LABEL / 2.0);
    let upon = |label: &Label, other: &Label| {
        let ((x, y), (to_x, to_y)) = (middle(label), middle(other));
        (x - to_x).abs() < f64::midpoint(label.width, other.width) && (y - to_y).abs() < HEIGHT
    };
    let free = |label: &Label| {
        sheet.holds(label)
            && taken.iter().all(|other| !upon(label, other))
            && sheet.dots.iter().all(|dot| !label.holds(*dot, 0.0))
            && course.iter().chain(lines).all(|line| !label.is_crossed(*line))
    };
    let clear = |label: &Label| {
        let spot = middle(label);
        let labels = taken.iter().map(|other| distance(spot, middle(other)));
        let lines = lines.iter().map(|line| from_line(spot, *line));
        let dots = sheet.dots.iter().map(|dot| distance(spot, *dot));
        labels.chain(lines).chain(dots).fold(f64::INFINITY, f64::min)
    };
    let labels = places(course).into_iter().flat_map(|spot| around(spot, width, 1)).filter(free);
    labels
        .map(|label| (label, clear(&label)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(label, _)| label)
}

/// Places along a course, equally far apart.
fn places(course: &[Line]) -> Vec<Spot> {
    let whole: f64 = course.iter().map(|(from, to)| distance(*from, *to)).sum();
    let step = whole / PLACES;
    let (mut places, mut next) = (Vec::new(), step / 2.0);
    for (from, to) in course {
        let long = distance(*from, *to);
        while next < long {
            let share = next / long;
            places.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            next += step;
        }
        next -= long;
    }
    places
}
