//! One `<info>` of a message: what is said, in one language, of some areas.

use hydro::{Area, Notice};

use super::{once, place};
use crate::formats::field;

/// An `<info>` while its fields come in.
#[derive(Default)]
pub(super) struct Text {
    notice: Notice,
    onset: String,
    expires: String,
    /// Name and value of the parameter or code that is being read.
    pair: (String, String),
    /// It says until when it holds, and that cannot be read: shown without an end, it would say something else.
    spoilt: bool,
}

impl Text {
    /// An element within it opens.
    pub(super) fn opened(&mut self, depth: usize, name: &str) {
        match (depth, name) {
            (3, "area") => self.notice.areas.push(Area::default()),
            (3, _) | (4, "geocode") => self.pair = Default::default(),
            _ => {}
        }
    }

    /// An element within it closes.
    pub(super) fn closed(&mut self, depth: usize, name: &str, content: &str) -> Result<(), String> {
        match (depth, name) {
            (3, "parameter") => self.parameter(),
            (3, _) => self.field(name, content).inspect_err(|_| self.spoilt |= name == "expires"),
            // The same names serve parameters one level up and codes of areas.
            (4 | 5, "valueName") => once(name, &mut self.pair.0, content),
            (4 | 5, "value") => once(name, &mut self.pair.1, content),
            (4, _) => self.place(name, content),
            _ => Ok(()),
        }
    }

    /// What it says; nothing where it had to be rejected.
    pub(super) fn notice(self) -> Option<Notice> {
        (!self.spoilt).then_some(self.notice)
    }

    fn field(&mut self, name: &str, content: &str) -> Result<(), String> {
        let notice = &mut self.notice;
        match name {
            "language" => once(name, &mut notice.language, content),
            "event" => once(name, &mut notice.event, content),
            "senderName" => once(name, &mut notice.sender_name, content),
            "headline" => once(name, &mut notice.headline, content),
            "description" => once(name, &mut notice.description, content),
            "instruction" => once(name, &mut notice.instruction, content),
            "severity" => once(name, &mut notice.severity, content),
            "onset" => time(name, &mut self.onset, content).map(|onset| notice.onset = onset),
            "expires" => time(name, &mut self.expires, content).map(|expires| notice.expires = expires),
            "web" => {
                notice.web = web(content);
                Ok(())
            }
            // The sender's own words for a danger that has passed.
            "urgency" | "responseType" => {
                notice.ended |= matches!(content, "Past" | "AllClear");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn parameter(&mut self) -> Result<(), String> {
        let (name, value) = std::mem::take(&mut self.pair);
        // ECCC's layers 1.0 and 1.1 both have it: active, or ended for the areas of this text.
        if name.ends_with(":Alert_Location_Status") {
            self.notice.ended |= value == "ended";
        }
        // The US National Weather Service's end of the danger, beside the message's own expiry.
        if name == "eventEndingTime" {
            self.notice.ends =
                Some(field::instant(&value, None).map_err(|reason| format!("eventEndingTime {reason}"))?);
        }
        Ok(())
    }

    fn place(&mut self, name: &str, content: &str) -> Result<(), String> {
        let Some(area) = self.notice.areas.last_mut() else { return Ok(()) };
        match name {
            "areaDesc" => return once(name, &mut area.name, content),
            "polygon" => area.rings.push(place::ring(content)?),
            "circle" => area.circles.push(place::circle(content)?),
            "geocode" => {
                let (scheme, code) = std::mem::take(&mut self.pair);
                if scheme.is_empty() || code.is_empty() {
                    return Err("a <geocode> without valueName or value".into());
                }
                area.codes.push((scheme, code));
            }
            _ => {}
        }
        Ok(())
    }
}

fn time(name: &str, known: &mut String, content: &str) -> Result<Option<hydro::Timestamp>, String> {
    once(name, known, content)?;
    if content.is_empty() {
        return Ok(None);
    }
    field::instant(content, None).map(Some).map_err(|reason| format!("<{name}> {reason}"))
}

/// An address that a page may link to; any other is none.
pub(in crate::formats) fn web(address: &str) -> String {
    let fit = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme))
        && !address.chars().any(|character| character.is_whitespace() || character.is_control());
    if fit && address.len() > "https://".len() { address.to_owned() } else { String::new() }
}
