//! Whether an area covers a place: by its polygons and circles, or by a code that is known to be the place's.

use super::Area;
use crate::Position;

/// The mean radius of the earth in kilometres (IUGG).
const EARTH: f64 = 6371.0088;

/// Whether a place lies in one of the area's rings or circles, or one of its codes is among `codes`, in whatever scheme. The
/// parts of an area add up (CAP 1.2, section 3.2.4): too wide a warning does less harm than a missing one.
pub fn covers(area: &Area, position: Position, codes: &[String]) -> bool {
    area.codes.iter().any(|(_, code)| codes.contains(code))
        || area.rings.iter().any(|ring| encloses(ring, position))
        || area.circles.iter().any(|&(centre, radius)| distance(centre, position) <= radius)
}

/// Whether a closed ring encloses a place: it does where the meridian from the place to the north pole crosses it an odd
/// number of times. Sides are straight in degrees.
fn encloses(ring: &[Position], place: Position) -> bool {
    let crosses = |side: &&[Position]| {
        let (west, east) = (eastward(place, side[0]), eastward(place, side[1]));
        // A side that crosses the meridian on the far side of the earth goes from one end of the degrees to the other.
        let near = (west - east).abs() <= 180.0;
        near && (west > 0.0) != (east > 0.0) && {
            let part = west / (west - east);
            side[0].latitude + part * (side[1].latitude - side[0].latitude) > place.latitude
        }
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

/// Degrees east from one place to another, the shorter way round: -180 to 180.
fn eastward(from: Position, to: Position) -> f64 {
    (to.longitude - from.longitude + 540.0).rem_euclid(360.0) - 180.0
}

/// Kilometres along a great circle (the haversine formula).
fn distance(from: Position, to: Position) -> f64 {
    let (north, east) = ((to.latitude - from.latitude).to_radians(), eastward(from, to).to_radians());
    let cosines = from.latitude.to_radians().cos() * to.latitude.to_radians().cos();
    let half_chord = (north / 2.0).sin().powi(2) + cosines * (east / 2.0).sin().powi(2);
    2.0 * EARTH * half_chord.min(1.0).sqrt().asin()
}
