//! The height that matters to one reader: read from the address, and held to what can be at the station. Nothing is kept
//! of it here.

use axum::extract::Query;
use axum::http::Uri;
use hydro::{Parameter, Station, Thresholds, Value};

use crate::snapshot::StationNow;

/// A mark of a level lies at most so far from every height that is known of the station.
const NEAR: Value = Value::from_milli(5000);
/// What a mark can be where nothing is known.
const ANY: (Value, Value) = (Value::from_milli(-1_000_000), Value::from_milli(10_000_000));

/// What an address gives as the reader's mark, as it is written; `None` where it gives none.
pub(crate) fn written(uri: &Uri) -> Option<String> {
    let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let (_, text) = asked.into_iter().find(|(name, _)| name == "mark")?;
    let text: String = text.trim().chars().take(20).collect();
    (!text.is_empty()).then_some(text)
}

/// A height as people write it, to the hundredth: `7.3`, `7,30`, `7.3 m`.
pub(crate) fn height(text: &str) -> Option<Value> {
    let number = text.trim_end_matches(['m', ' ', '\u{a0}']).replace(',', ".");
    number.parse().ok().map(|value: Value| value.rounded(10))
}

/// What tells a station's page with a mark from others: marks written in different ways are one. `None` where the
/// address is no station's page or has no mark.
pub(crate) fn key(uri: &Uri, rest: &str) -> Option<String> {
    let id = rest.strip_prefix("station/")?;
    if id.contains(['/', '.']) {
        return None;
    }
    let text = written(uri)?;
    Some(format!("{}?mark={}", uri.path(), height(&text).map_or_else(String::new, |value| value.to_string())))
}

/// The lowest and the highest mark that can be at a station: near to what is known of its water.
pub(crate) fn range(station: &Station, state: &StationNow) -> (Value, Value) {
    let thresholds = station.thresholds.iter().flat_map(Thresholds::iter).map(|threshold| threshold.value);
    let named = station.record.iter().chain(&station.floods).map(|mark| mark.value);
    let measured = state.assessment.newest.map(|reading| reading.value);
    let forecast = state.assessment.outlook.as_ref().map(|outlook| outlook.peak.value);
    let known = || thresholds.clone().chain(named.clone()).chain(measured).chain(forecast);
    let (Some(low), Some(high)) = (known().min(), known().max()) else { return ANY };
    match station.parameter() {
        Parameter::Level => (low - NEAR, high + NEAR),
        Parameter::Discharge => (Value::from_milli(0), Value::from_milli(high.milli().saturating_mul(3))),
    }
}

/// The mark that a text gives, where it can be one there.
///
/// # Errors
/// The lowest and the highest that can be.
pub(crate) fn sound(text: &str, station: &Station, state: &StationNow) -> Result<Value, (Value, Value)> {
    let (low, high) = range(station, state);
    height(text).filter(|value| (low..=high).contains(value)).ok_or((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milli(text: &str) -> Option<i64> {
        height(text).map(Value::milli)
    }

    #[test]
    fn heights_as_people_write_them() {
        assert_eq!(
            [milli("7.3"), milli("7,30"), milli("7.304 m"), milli("-0,5\u{a0}m")],
            [Some(7300), Some(7300), Some(7300), Some(-500)]
        );
        assert_eq!([milli("seven"), milli("7.3.1"), milli("m"), milli("1e99")], [None; 4]);
    }

    #[test]
    fn one_mark_has_one_key() {
        let key = |path: &str| {
            let uri: Uri = path.parse().unwrap();
            key(&uri, uri.path().strip_prefix("/en/").unwrap())
        };
        let same = Some("/en/station/x?mark=7.3".to_owned());
        assert_eq!(key("/en/station/x?mark=7.30&a=b"), same);
        assert_eq!(key("/en/station/x?mark=7%2C3%20m"), same);
        assert_eq!(key("/en/station/x?mark=high"), Some("/en/station/x?mark=".to_owned()));
        assert_eq!(
            [key("/en/station/x?mark="), key("/en/station/x.json?mark=1"), key("/en/about?mark=1")],
            [None, None, None]
        );
    }
}
