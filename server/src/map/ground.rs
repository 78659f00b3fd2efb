//! What lies under the stations of the map: land, lakes, rivers and borders, as the operator's file has them.

use hydro::Position;

/// The lines of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Whose they are.
    pub credit: String,
    /// The corners of what is known: beyond them nothing is drawn.
    pub south_west: Position,
    /// The other corner.
    pub north_east: Position,
    /// All that is drawn. Where there is no land among it, everything is land.
    pub features: Vec<Feature>,
}

/// One thing on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// What it is.
    pub kind: FeatureKind,
    /// A river's name, as the stations on it have it in English.
    pub name: Option<String>,
    /// Rings of land and lakes, their holes among them; lines of the others.
    pub parts: Vec<Vec<Position>>,
}

/// What a thing on the map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeatureKind {
    /// What is not sea.
    Land,
    /// Water within the land.
    Lake,
    /// The course of a river.
    River,
    /// Between countries.
    Border,
}

impl FeatureKind {
    /// Whether it has an inside.
    #[must_use]
    pub const fn is_area(self) -> bool {
        matches!(self, Self::Land | Self::Lake)
    }
}

impl Ground {
    /// The course of a river by its English name, where it is known.
    #[must_use]
    pub fn course(&self, river: &str) -> Option<&[Vec<Position>]> {
        let mut rivers = self.features.iter().filter(|feature| feature.kind == FeatureKind::River);
        rivers.find(|feature| feature.name.as_deref() == Some(river)).map(|river| &*river.parts)
    }
}
