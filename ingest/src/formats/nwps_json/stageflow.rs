//! Stages and flows: rows of a primary and a secondary number, whose names and units stand once for all of them. No
//! place is named.

use std::borrow::Cow;

use hydro::{Kind, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Read;
use crate::formats::document::{Document, clip};
use crate::formats::hml::hydrograph::{Cell, Column, Hydrograph, Zone};
use crate::formats::{NotThisFormat, json};

/// Reads what is observed and what is forecast of one gauge. It is refused where neither can be read.
pub(super) fn both<'a>(
    document: &Document<'_>,
    observed: Option<&'a RawValue>,
    forecast: Option<&'a RawValue>,
) -> Result<Read, NotThisFormat> {
    let mut read = Read::default();
    let mut block = |part: Option<&'a RawValue>, name: &str| {
        let part = part.filter(|part| part.get() != "null")?;
        let fault = |reason| read.faults.push((document.offset_of(part.get()), format!("{name}: {reason}")));
        json::object::<Block<'_>>(part).map_err(fault).ok().map(|block| (part, block))
    };
    let (observed, forecast) = (block(observed, "observed"), block(forecast, "forecast"));
    if let (None, None, Some((offset, reason))) = (&observed, &forecast, read.faults.first()) {
        return Err(document.refuse(*offset, reason));
    }
    if let Some((part, observed)) = &observed {
        let columns = observed.columns(None);
        observed.read(document, part, Kind::Observed, columns, &mut read);
    }
    if let Some((part, forecast)) = &forecast {
        let columns = forecast.columns(observed.as_ref().map(|(_, observed)| observed));
        forecast.read(document, part, Kind::Forecast, columns, &mut read);
    }
    Ok(read)
}

/// Reads one of the two alone, which only its `pedts` tells apart.
pub(super) fn one(document: &Document<'_>) -> Result<Read, NotThisFormat> {
    let part: &RawValue = json::document(document, '{')?;
    let block: Block<'_> = json::document(document, '{')?;
    let mut read = Read::default();
    let pedts = block.pedts.as_deref().unwrap_or_default();
    match kind(pedts) {
        Some(kind) => block.read(document, part, kind, block.columns(None), &mut read),
        None if block.rows().is_ok_and(|rows| rows.is_empty()) => {}
        None => {
            let found =
                format!("pedts `{}`, expected one of observations or of a forecast, HGIRG or HGIFF", clip(pedts));
            return Err(document.refuse_start(found));
        }
    }
    Ok(read)
}

/// By the fourth letter of a SHEF code: read, processed or forecast. Source: SHEF code manual, table 4.
fn kind(pedts: &str) -> Option<Kind> {
    match pedts.as_bytes() {
        [_, _, _, b'R' | b'P', _] => Some(Kind::Observed),
        [_, _, _, b'F', _] => Some(Kind::Forecast),
        _ => None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "stages and flows")]
struct Block<'a> {
    #[serde(borrow)]
    pedts: Option<Cow<'a, str>>,
    #[serde(borrow)]
    issued_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    generated_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    primary_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    primary_units: Option<Cow<'a, str>>,
    #[serde(borrow)]
    secondary_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    secondary_units: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a row")]
struct Row<'a> {
    #[serde(borrow)]
    valid_time: Option<json::Text<'a>>,
    #[serde(borrow)]
    generated_time: Option<json::Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    primary: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    secondary: Option<&'a RawValue>,
}

impl Block<'_> {
    /// What its numbers are. A forecast that leaves out a name or a unit has that of the observations beside it, unless
    /// its code says that it forecasts something else than they measure.
    fn columns(&self, beside: Option<&Self>) -> [Column; 2] {
        let element = |block: &Self| block.pedts.as_deref().unwrap_or_default().get(..2).map(str::to_owned);
        let beside = beside.filter(|beside| {
            element(self).zip(element(beside)).is_none_or(|(forecast, observed)| forecast == observed)
        });
        let stated = |of: fn(&Self) -> &Option<Cow<'_, str>>| {
            let mut texts = [Some(self), beside].into_iter().flatten().filter_map(|block| of(block).as_deref());
            texts.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
        };
        [
            Column::of(&stated(|block| &block.primary_name), &stated(|block| &block.primary_units)),
            Column::of(&stated(|block| &block.secondary_name), &stated(|block| &block.secondary_units)),
        ]
    }

    fn rows(&self) -> Result<Vec<&RawValue>, String> {
        json::part::<Option<Vec<&RawValue>>>(self.data).map(Option::unwrap_or_default)
    }

    fn read(&self, document: &Document<'_>, part: &RawValue, kind: Kind, mut columns: [Column; 2], read: &mut Read) {
        let rows = self
            .rows()
            .map_err(|reason| (document.offset_of(self.data.get()), format!("{} data: {reason}", kind.name())));
        let issued = |rows: &[&RawValue]| {
            let issued = if kind == Kind::Forecast { self.issued(rows) } else { Ok(None) };
            issued.map_err(|reason| (document.offset_of(part.get()), format!("time of issue: {reason}")))
        };
        let (rows, issued) = match rows.and_then(|rows| issued(&rows).map(|issued| (rows, issued))) {
            Ok(found) => found,
            Err(fault) => return read.faults.push(fault),
        };
        let mut hydrograph = Hydrograph::new(kind, issued);
        for column in &columns {
            if let Column::Of(parameter, _) = column {
                hydrograph.declare(*parameter);
            }
        }
        for row in rows {
            let at = document.offset_of(row.get());
            for reason in add(row, &mut columns, &mut hydrograph) {
                read.faults.push((at, format!("{} {reason}", kind.name())));
            }
        }
        read.items.extend(hydrograph.into_items(""));
    }

    /// When the forecast was issued; else when it was generated, of its rows the earliest: it is never made younger.
    fn issued(&self, rows: &[&RawValue]) -> Result<Option<Timestamp>, String> {
        for time in [&self.issued_time, &self.generated_time] {
            if let Some(issued) = Zone::Unsaid.instant(time.as_deref().unwrap_or_default())? {
                return Ok(Some(issued));
            }
        }
        let generated = rows.iter().filter_map(|row| json::object::<Row<'_>>(row).ok()?.generated_time);
        Ok(generated.filter_map(|time| Zone::Unsaid.instant(&time).ok()?).min())
    }
}

/// Adds a row to a hydrograph. Returns what could not be read.
fn add(row: &RawValue, columns: &mut [Column; 2], hydrograph: &mut Hydrograph) -> Vec<String> {
    let row: Row<'_> = match json::object(row) {
        Ok(row) => row,
        Err(reason) => return vec![format!("row: {reason}")],
    };
    let [primary, secondary] = columns;
    let mut reasons = Vec::new();
    let mut cell = |column: &mut Column, name: &str, number: Option<&RawValue>| -> Cell {
        let read = column.read(json::number(number));
        read.unwrap_or_else(|reason| {
            reasons.push(format!("{name}: {reason}"));
            None
        })
    };
    let cells = [cell(primary, "primary", row.primary), cell(secondary, "secondary", row.secondary)];
    let valid = Zone::Unsaid.instant(row.valid_time.as_deref().unwrap_or_default());
    if let Err(reason) = valid.and_then(|valid| hydrograph.push(valid, cells)) {
        reasons.push(format!("row: {reason}"));
    }
    reasons
}
