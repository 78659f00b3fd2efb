//! What an observation tells of its values before they come: the place, the property, the process, and the metadata of
//! all points; and the same metadata of one point.

use hydro::{Kind, Parameter, Point, Quality, Timestamp};

use crate::formats::document::clip;
use crate::formats::unit::{self, Unit};
use crate::formats::xml::Tag;
use crate::formats::{field, usgs};

/// What is wrong.
pub(super) enum Fault {
    /// With a point or an observation; the rest is kept.
    Row(String),
    /// With the document.
    Document(String),
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::Row(reason)
    }
}

/// What the points of an observation are to be read as.
#[derive(Default)]
pub(super) enum Subject {
    /// The points have not begun.
    #[default]
    Unknown,
    /// Not of interest, or not understood: its points are passed over.
    Other,
    /// Of interest, in the unit of all points that have none of their own.
    Series { parameter: Parameter, kind: Kind, unit: Unit },
}

/// The fields of an observation as written.
#[derive(Default)]
pub(super) struct Header {
    id: String,
    part: Part,
    /// What it is called, and where it is defined.
    property: Link,
    /// The USGS's code of a statistic; empty where there is none.
    statistic: String,
    is_simulated: bool,
    result_time: String,
    feature: Link,
    feature_id: String,
    identifier: String,
    /// The site that a link to the feature's description asks for.
    site: String,
    /// Of all points that have none of their own.
    pub(super) defaults: Metadata,
}

/// Which part of an observation is open, of those whose elements are called as in others.
#[derive(Default, Clone, Copy, PartialEq)]
enum Part {
    #[default]
    Other,
    Feature,
    ResultTime,
}

impl Header {
    /// Of an `OM_Observation`.
    pub(super) fn of(tag: &Tag<'_>) -> Result<Self, String> {
        Ok(Self { id: tag.attribute("gml:id")?.into_owned(), ..Self::default() })
    }

    /// Takes in an element that has its content in attributes.
    pub(super) fn opened(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        match (tag.depth, tag.name) {
            (4, "observedProperty") => (self.part, self.property) = (Part::Other, Link::of(tag)?),
            (4, "featureOfInterest") => (self.part, self.feature) = (Part::Feature, Link::of(tag)?),
            (4, "resultTime") => self.part = Part::ResultTime,
            (4, _) => self.part = Part::Other,
            (5, _) if self.part == Part::Feature => self.feature_id = tag.attribute("gml:id")?.into_owned(),
            (6, "descriptionReference") => queried(&Link::of(tag)?.href, "sites").clone_into(&mut self.site),
            (6, "processType") => self.is_simulated = Link::of(tag)?.code() == "Simulation",
            (6, "parameter") => {
                let link = Link::of(tag)?;
                let statistic = queried(&link.href, "statCd");
                if !statistic.is_empty() {
                    statistic.clone_into(&mut self.statistic);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in an element that has its content in text.
    pub(super) fn closed(&mut self, depth: usize, name: &str, content: &str) {
        match (depth, name, self.part) {
            (6, "identifier", Part::Feature) => content.clone_into(&mut self.identifier),
            (6, "timePosition", Part::ResultTime) => content.clone_into(&mut self.result_time),
            _ => {}
        }
    }

    /// The feed's own id of the observation.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The place: the feature's identifier; failing that the site that its description is of, where it is defined, what it
    /// is called, its `gml:id`. Empty where the document names none.
    pub(super) fn location(&self) -> &str {
        let Self { identifier, site, feature, feature_id, .. } = self;
        let names = [identifier, site, &feature.href, &feature.title, feature_id];
        names.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
    }

    /// When a forecast was issued, where it says so.
    pub(super) fn issued(&self) -> Result<Option<Timestamp>, String> {
        let time = self.result_time.as_str();
        if time.is_empty() {
            return Ok(None);
        }
        field::instant(time, None).map(Some).map_err(|error| format!("resultTime: {error}"))
    }

    /// What the observation says, once its points begin. An error for one that cannot be understood.
    pub(super) fn subject(&self) -> Result<Subject, Fault> {
        let Some((parameter, unit)) = self.measured()? else { return Ok(Subject::Other) };
        if !usgs::is_instant(&self.statistic) {
            let (statistic, id) = (clip(&self.statistic), clip(&self.id));
            return Err(Fault::Document(format!("statistic `{statistic}` of `{id}`: {}", usgs::DAILY)));
        }
        if let Some(interval) = &self.defaults.interval {
            return Err(Fault::Row(of_an_interval(interval)));
        }
        let location = self.location();
        if !location.is_empty() && !field::is_name(location) {
            return Err(Fault::Row(format!("feature `{}`, expected 1 to 100 characters", clip(location))));
        }
        let kind = if self.is_simulated { Kind::Forecast } else { Kind::Observed };
        Ok(Subject::Series { parameter, kind, unit })
    }

    /// By the USGS's code of the property; failing that by its words; failing those by the unit.
    fn measured(&self) -> Result<Option<(Parameter, Unit)>, String> {
        let units = self.defaults.unit.as_str();
        let in_units = |parameter| Unit::of(parameter, units).map(|unit| Some((parameter, unit)));
        match queried(&self.property.href, "parmCd") {
            "" => {}
            code => return usgs::parameter(code)?.map_or(Ok(None), in_units),
        }
        let words = format!("{} {}", self.property.title, self.property.code()).to_ascii_lowercase();
        let speaks_of = |words_known: &[&str]| words_known.iter().any(|word| words.contains(word));
        if speaks_of(&["rain", "precip", "snow", "ground", "temperature", "wind", "wave", "conduct"]) {
            Ok(None)
        } else if speaks_of(&["level", "stage", "gage height", "gauge height", "water height"]) {
            in_units(Parameter::Level)
        } else if speaks_of(&["discharge", "flow"]) {
            in_units(Parameter::Discharge)
        } else {
            // Other things come in small units too: precipitation, evaporation, the yield of a spring.
            let large = !matches!(units.to_ascii_lowercase().as_str(), "cm" | "mm" | "l/s");
            let level = unit::level(units).map(|unit| (Parameter::Level, unit));
            let discharge = || unit::discharge(units).map(|unit| (Parameter::Discharge, unit));
            Ok(level.or_else(discharge).filter(|_| large))
        }
    }
}

/// What is told of one point or of all.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    unit: String,
    quality: Option<Quality>,
    /// The value is said to be missing.
    missing: bool,
    /// The interpolation type of values that are of a time and not of an instant.
    interval: Option<String>,
}

impl Metadata {
    /// Takes in an element of it.
    pub(super) fn opened(&mut self, tag: &Tag<'_>) -> Result<(), String> {
        match tag.name {
            "uom" => {
                let (code, link) = (tag.attribute("code")?.into_owned(), Link::of(tag)?);
                self.unit = if code.is_empty() { link.code().to_owned() } else { code };
            }
            "quality" => {
                let link = Link::of(tag)?;
                self.missing |= link.code() == "missing";
                self.quality = self.quality.max(quality(link.code()));
            }
            "nilReason" => self.missing = true,
            "interpolationType" => {
                let link = Link::of(tag)?;
                let of_interval = ["Average", "Max", "Min", "Total", "InstantTotal", "Statistical"];
                let found = of_interval.iter().any(|beginning| link.code().starts_with(beginning));
                self.interval = found.then(|| link.code().to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in a qualifier's code.
    pub(super) fn remark(&mut self, code: &str) {
        self.quality = self.quality.max(usgs::quality([code]));
    }
}

/// A point while its parts come in. Its memory is used again by the next one.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// As written.
    pub(super) time: String,
    /// As written; empty where it is nil.
    pub(super) value: String,
    /// Told of this point.
    pub(super) metadata: Metadata,
    /// What is wrong with its form.
    pub(super) fault: Option<String>,
}

impl Draft {
    /// Forgets all that came in.
    pub(super) fn clear(&mut self) {
        self.time.clear();
        self.value.clear();
        (self.metadata, self.fault) = (Metadata::default(), None);
    }

    /// The point, in this unit unless it has its own. `None` of one that is there for the form only.
    pub(super) fn point(&self, parameter: Parameter, unit: Unit, all: &Metadata) -> Result<Option<Point>, String> {
        let Self { time, value, metadata, fault } = self;
        if let Some(fault) = fault {
            return Err(fault.clone());
        }
        if time.is_empty() && value.is_empty() {
            return Ok(None);
        }
        if let Some(interval) = &metadata.interval {
            return Err(of_an_interval(interval));
        }
        let unit = if metadata.unit.is_empty() { unit } else { Unit::of(parameter, &metadata.unit)? };
        let value = if metadata.missing || all.missing { None } else { unit.value(value)? };
        let quality = metadata.quality.or(all.quality);
        Ok(Some(Point { valid: field::instant(time, None)?, value, quality: value.and(quality) }))
    }
}

/// The link of an element to what it means.
#[derive(Default)]
struct Link {
    href: String,
    title: String,
}

impl Link {
    fn of(tag: &Tag<'_>) -> Result<Self, String> {
        Ok(Self { href: tag.attribute("xlink:href")?.into_owned(), title: tag.attribute("xlink:title")?.into_owned() })
    }

    /// The last part of the address; the title where there is no address.
    fn code(&self) -> &str {
        if self.href.is_empty() { &self.title } else { self.href.rsplit(['/', '#', ':']).next().unwrap_or_default() }
    }
}

/// The value of a key in the query of an address; empty where there is none.
fn queried<'a>(address: &'a str, key: &str) -> &'a str {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find_map(|(name, value)| (name == key).then_some(value)).unwrap_or_default()
}

/// The remark of a code of WaterML's vocabulary of quality.
fn quality(code: &str) -> Option<Quality> {
    match code {
        "good" => Some(Quality::Good),
        "unchecked" => Some(Quality::Provisional),
        "estimate" => Some(Quality::Estimated),
        "suspect" => Some(Quality::Doubtful),
        "poor" => Some(Quality::Unreliable),
        _ => None,
    }
}

fn of_an_interval(interpolation: &str) -> String {
    format!("interpolationType `{}`: not readings of an instant", clip(interpolation))
}
