//! The shapes of an area as CAP writes them: `latitude,longitude` in degrees, WGS 84, which is the reverse of GeoJSON.

use hydro::Position;

use crate::formats::document::clip;

/// Half the way round the earth, in kilometres: no circle is larger.
const LARGEST: f64 = 20_040.0;

/// Reads a polygon: four corners or more with blanks between, the last the first again.
pub(super) fn ring(content: &str) -> Result<Vec<Position>, String> {
    let ring = content.split_whitespace().map(position).collect::<Result<Vec<_>, _>>()?;
    closed(ring)
        .ok_or_else(|| format!("the <polygon> `{}`, expected four corners or more, the last the first", clip(content)))
}

/// Reads a circle: a position, a blank, and a radius in kilometres.
pub(super) fn circle(content: &str) -> Result<(Position, f64), String> {
    let unread = || format!("the <circle> `{}`, expected latitude,longitude and a radius in kilometres", clip(content));
    let (centre, radius) = content.split_once(char::is_whitespace).ok_or_else(unread)?;
    let radius = radius.trim().parse().ok().filter(|radius| (0.0..=LARGEST).contains(radius)).ok_or_else(unread)?;
    Ok((position(centre)?, radius))
}

/// A ring that is one: closed, of at least four corners.
pub(in crate::formats) fn closed(ring: Vec<Position>) -> Option<Vec<Position>> {
    (ring.len() >= 4 && ring.first() == ring.last()).then_some(ring)
}

/// A position that is on the earth.
pub(in crate::formats) fn on_earth(latitude: f64, longitude: f64) -> Option<Position> {
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some(Position { latitude, longitude })
}

fn position(text: &str) -> Result<Position, String> {
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    let pair = text.split_once(',').and_then(|(north, east)| degrees(north).zip(degrees(east)));
    pair.and_then(|(latitude, longitude)| on_earth(latitude, longitude))
        .ok_or_else(|| format!("`{}` is not latitude,longitude in degrees", clip(text)))
}
