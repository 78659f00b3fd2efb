//! USGS instantaneous values in JSON: small documents and what is made of them, and real ones where they are at hand.

use hydro::{Kind, Parameter, Quality};

use super::samples::{missing, one, point, read as read_sample, sample, summary};
use super::{shown, shown_bytes};
use crate::formats::{Format, Parsed};

fn read(file: &str) -> String {
    shown(&Format::NwisJson, file)
}

#[test]
fn levels_and_discharges_through_the_night_of_two_hours() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    09900001 level observed value
      2026-11-01T04:45:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.658 provisional
      2026-11-01T05:45:00Z 1.664 estimated
      2026-11-01T06:00:00Z 1.67 provisional
      2026-11-01T06:45:00Z 1.673 approved
      2026-11-01T07:00:00Z missing
    09900001 discharge observed value
      2026-11-01T04:45:00Z 6.626 ice
      2026-11-01T05:00:00Z missing
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    ");
}

#[test]
fn no_time_series_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.json"), @"not nwis-json: line 18, column 26: the document ends inside a JSON value");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.json"), @r#"not nwis-json: line 1, column 1: `[{   "name": "ns1:timeSeriesResponseType`, expected a JSON object"#);
    insta::assert_snapshot!(read("wrong_name.json"), @"not nwis-json: line 1, column 1: a JSON object named `ns1:siteInfoResponse`, expected a timeSeriesResponseType with a value");
    insta::assert_snapshot!(read("no_series.json"), @"not nwis-json: line 2, column 11: missing field `timeSeries`");
}

#[test]
fn daily_values_are_refused() {
    insta::assert_snapshot!(read("daily.json"), @"not nwis-json: line 22, column 5: statistic `00003` of `USGS:09900001:00060:00003`: daily means and extremes are not readings of an instant");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.json"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T08:00:00Z 0.335 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.json"), @"
    09900001 level observed value
      2026-11-01T10:00:00Z 0.366 provisional
      2026-11-01T08:00:00Z 0.305 provisional
      2026-11-01T09:00:00Z 0.335 provisional
    ");
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    ");
}

#[test]
fn sensors_are_never_mixed() {
    insta::assert_snapshot!(read("sensors.json"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
    09900001/8002 level observed value
      2026-11-01T08:00:00Z 3.048 provisional
    09900001/8003 level observed value
      2026-11-01T08:00:00Z 6.096 provisional
    09900001/4 level observed value
      2026-11-01T08:00:00Z 9.144 provisional
    ");
}

#[test]
fn sentinels_and_codes_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    09900001 level observed value
      2026-11-01T08:00:00Z missing
      2026-11-01T08:15:00Z missing
      2026-11-01T08:30:00Z missing
      2026-11-01T08:45:00Z missing
      2026-11-01T09:00:00Z missing
      2026-11-01T09:15:00Z missing
      2026-11-01T09:30:00Z missing
      2026-11-01T09:45:00Z missing
      2026-11-01T10:00:00Z 0 provisional
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_rows.json"), @r#"
    09900001 level observed value
      2026-11-01T09:00:00Z 0.375 provisional
    09900001/1 level observed value
      2026-11-01T09:00:00Z 0.375 provisional
    line 15: `high` is not a decimal number
    line 16: `2026-11-01T03:15:00.000` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 17: `2026-11-31T03:15:00.000-05:00` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 18: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 19: `1e99` is beyond any river
    line 20: `["1.00", [], "2026-11-01T03:45:00.000-05`, expected an object
    line 21: missing field `dateTime`
    line 22: duplicate field `value`
    line 24: `[1]` is not a decimal number
    line 28: values: `"no block"`, expected an object
    "#);
    insta::assert_snapshot!(read("bad_series.json"), @"
    099000010001 level observed value
      2026-11-01T04:45:00Z 0.305 provisional
    line 7: time series 1: unit `furlongs` of a level, expected m, cm, mm or ft
    line 22: time series 2: parameter `0006`, expected five digits such as 00065
    line 37: time series 3: siteCode ``, expected 1 to 100 characters
    line 52: time series 4: noDataValue `none` is not a decimal number
    line 67: time series 5: missing field `sourceInfo`
    line 68: time series 6: `[]`, expected an object
    line 69: time series 7: unit `` of a level, expected m, cm, mm or ft
    ");
}

#[test]
fn deep_nesting_is_harmless() {
    insta::assert_snapshot!(read("deep.json"), @"line 2: time series 1: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected an object");
}

#[test]
fn two_days_of_a_real_site() {
    let Some(parsed) = read_sample(&Format::NwisJson, "usgs/hf_JSON15min2day.json") else { return };
    let series = one(&parsed, "03213700", Parameter::Discharge, Kind::Observed);
    let expected = "192: 2016-09-01T04:00:00Z 10.364; 2016-09-03T03:45:00Z 7.815; 2016-09-01T04:00:00Z 10.364";
    assert_eq!((summary(series).as_str(), parsed.items.len(), parsed.rejected.len()), (expected, 1, 0));
    assert!(series.points.iter().all(|point| point.quality == Some(Quality::Approved)));
}

#[test]
fn the_hour_that_comes_twice_is_two_hours() {
    let Some(parsed) = read_sample(&Format::NwisJson, "usgs/hf_endDST.json") else { return };
    let series = one(&parsed, "01541000", Parameter::Discharge, Kind::Observed);
    let expected = "292: 2018-11-03T04:00:00Z 28.317; 2018-11-06T04:45:00Z 31.432; 2018-11-06T03:45:00Z 31.715";
    assert_eq!((summary(series).as_str(), parsed.rejected.len()), (expected, 0));
    assert!(series.points.windows(2).all(|pair| pair[0].valid < pair[1].valid));
    // 865 ft³/s at 01:00 -04:00 and 858 ft³/s at 01:00 -05:00.
    let at = |instant: &str| point(series.points.iter().find(|point| point.valid.to_string() == instant));
    assert_eq!(at("2018-11-04T05:00:00Z"), "2018-11-04T05:00:00Z 24.494");
    assert_eq!(at("2018-11-04T06:00:00Z"), "2018-11-04T06:00:00Z 24.296");
}

#[test]
fn ice_takes_the_value_and_an_estimate_is_told() {
    let Some(parsed) = read_sample(&Format::NwisJson, "usgs/hf_mult_flags.json") else { return };
    let series = one(&parsed, "01542500", Parameter::Discharge, Kind::Observed);
    let expected = "438: 2019-01-24T05:00:00Z 63.147; 2019-01-29T04:45:00Z missing; 2019-01-25T14:00:00Z 234.463";
    assert_eq!((summary(series).as_str(), missing(&parsed), parsed.rejected.len()), (expected, 39, 0));
    let of = |quality| series.points.iter().filter(|point| point.quality == quality).count();
    assert_eq!((of(Some(Quality::Provisional)), of(Some(Quality::Estimated)), of(None)), (392, 7, 39));
}

#[test]
fn real_replies_without_readings() {
    // Nothing found; turbidity by two methods.
    for file in ["usgs/hf_nothing_avail.json", "usgs/hf_multi_meth.json"] {
        let Some(parsed) = read_sample(&Format::NwisJson, file) else { return };
        assert_eq!(parsed, Parsed::default(), "{file}");
    }
    let Some(bytes) = sample("usgs/hf_daily_dupe.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::NwisJson, &bytes), @"not nwis-json: line 49, column 4: statistic `00003` of `USGS:03107698:00060:00003`: daily means and extremes are not readings of an instant");
}
