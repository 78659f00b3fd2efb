//! Flood warnings. Times carry no zone; they are the clock of England. Nothing that says so has been found, and a reader of
//! summer times as UTC would be an hour wrong, so that is asserted here and told: where the clock shows a time twice, the
//! earlier is meant.

use std::borrow::Cow;

use hydro::{Action, Alert, AlertId, Area, Notice, Timestamp, Zone};
use jiff::SignedDuration;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::formats::{field, json};

/// Reads a warning. An unknown severity is no reason to keep it back: what matters are its texts.
pub(super) fn read(item: &RawValue) -> Result<Alert, String> {
    let flood: Flood<'_> = json::object(item)?;
    let Some(area) = flood.area.as_deref().filter(|area| field::is_name(area)) else {
        return Err("a warning without a floodAreaID".into());
    };
    let times = [&flood.time_message_changed, &flood.time_severity_changed, &flood.time_raised];
    let sent = times.into_iter().find_map(Option::as_deref).ok_or("a warning without a time")?;
    let id =
        AlertId { sender: "environment.data.gov.uk".into(), identifier: area.to_owned(), sent: english_clock(sent)? };
    let notice = Notice {
        language: "en-GB".into(),
        event: owned(flood.severity.as_ref()),
        sender_name: "Environment Agency".into(),
        headline: owned(flood.description.as_ref()),
        description: owned(flood.message.as_ref()),
        instruction: String::new(),
        severity: owned(flood.severity.as_ref()),
        onset: None,
        expires: None,
        ends: None,
        web: String::new(),
        ended: json::number(flood.severity_level) == "4",
        areas: vec![flood.area(area)],
    };
    Ok(Alert { id, action: Action::Alert, references: Vec::new(), notices: vec![notice] })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a warning")]
struct Flood<'a> {
    #[serde(borrow, rename = "floodAreaID")]
    area: Option<Cow<'a, str>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    severity: Option<Cow<'a, str>>,
    /// 1 severe flood warning, 2 flood warning, 3 flood alert, 4 no longer in force.
    #[serde(borrow)]
    severity_level: Option<&'a RawValue>,
    #[serde(borrow)]
    time_message_changed: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time_severity_changed: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time_raised: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "floodArea")]
    described: Option<&'a RawValue>,
}

/// The area as described in place; otherwise it is an address.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct FloodArea<'a> {
    #[serde(borrow)]
    notation: Option<&'a RawValue>,
    #[serde(borrow)]
    fwd_code: Option<&'a RawValue>,
}

impl Flood<'_> {
    fn area(&self, id: &str) -> Area {
        let described: FloodArea<'_> = self.described.and_then(|area| json::object(area).ok()).unwrap_or_default();
        let mut codes = vec![("EA".to_owned(), id.to_owned())];
        for code in [described.notation, described.fwd_code].into_iter().filter_map(json::plain) {
            if codes.iter().all(|(_, known)| *known != code) && field::is_name(&code) {
                codes.push(("EA".to_owned(), code.into_owned()));
            }
        }
        Area { name: owned(self.description.as_ref()), codes, ..Area::default() }
    }
}

fn owned(text: Option<&Cow<'_, str>>) -> String {
    text.map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn english_clock(text: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = field::instant(text, None) {
        return Ok(instant);
    }
    let in_winter = field::instant(text, Some(Offset::UTC))?;
    let in_summer = in_winter - SignedDuration::from_hours(1);
    let england = Zone::named("Europe/London").map_err(|error| error.to_string())?;
    let shown = england.local(in_summer).civil;
    Ok(if shown == Offset::UTC.to_datetime(in_winter) { in_summer } else { in_winter })
}
