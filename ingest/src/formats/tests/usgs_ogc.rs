//! USGS Water Data features: small documents and what is made of them, and real ones where they are at hand.

use super::samples::{read as read_sample, sample};
use super::{shown, shown_bytes};
use crate::formats::{Format, Item};

fn read(file: &str) -> String {
    shown(&Format::UsgsOgc, file)
}

#[test]
fn readings_are_gathered_by_site() {
    insta::assert_snapshot!(read("ordinary.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
      2026-11-01T05:15:00Z missing
    USGS-09900001 discharge observed value
      2026-11-01T05:00:00Z 6.626 ice
    ME001-0042 level observed value
      2026-11-01T05:00:00Z 0.305 approved
    ");
}

#[test]
fn sites_are_gauges_without_thresholds() {
    insta::assert_snapshot!(read("locations.json"), @"
    USGS-09900001: Mill Brook at Weir, Montréal, level 
      at 40.25 -92.5; agency_code=USGS, altitude=9.5, vertical_datum=NAVD88
    USGS-09900002: No position, level 
      nowhere
    line 9: feature 3: coordinates that are not degrees east and north
    line 11: feature 4: id ``, expected 1 to 100 characters
    ");
}

#[test]
fn no_features_is_sound() {
    insta::assert_snapshot!(read("empty.json"), @"nothing");
}

#[test]
fn a_reply_in_pages_says_so() {
    insta::assert_snapshot!(read("paged.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
    line 7: feature 2: `high` is not a decimal number
    line 14: the reply is cut into pages; ask for fewer stations or a shorter time
    ");
    insta::assert_snapshot!(read("paged_before.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
    line 2: the reply is cut into pages; ask for fewer stations or a shorter time
    line 4: feature 1: `high` is not a decimal number
    ");
}

#[test]
fn an_error_of_the_service_is_told() {
    insta::assert_snapshot!(read("error.json"), @"not usgs-ogc: line 1, column 1: an error of the service: unknown query parameter: sites");
    insta::assert_snapshot!(read("over_rate.json"), @"not usgs-ogc: line 1, column 1: an error of the service: You have exceeded your rate limit.");
}

#[test]
fn a_truncated_document_is_refused_where_it_ends() {
    insta::assert_snapshot!(read("truncated.json"), @"not usgs-ogc: line 9, column 152: the document ends inside a JSON value");
}

#[test]
fn other_documents_are_refused() {
    insta::assert_snapshot!(read("wrong_root.json"), @"not usgs-ogc: line 1, column 1: `[1]`, expected a JSON object");
    insta::assert_snapshot!(read("wrong_type.json"), @"not usgs-ogc: line 1, column 1: a JSON object of `Topology`, expected a FeatureCollection");
    insta::assert_snapshot!(read("foreign.json"), @r#"not usgs-ogc: line 4, column 5: `{"type": "Feature", "geometry": null, "p`, expected a feature with a monitoring_location_id"#);
    insta::assert_snapshot!(read("deep.json"), @"not usgs-ogc: line 2, column 1: `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`, expected a feature with a monitoring_location_id");
}

#[test]
fn other_collections_are_refused() {
    insta::assert_snapshot!(read("daily.json"), @"not usgs-ogc: line 4, column 5: statistic `00003` at `2026-11-01`: daily means and extremes are not readings of an instant");
    insta::assert_snapshot!(read("metadata.json"), @"not usgs-ogc: line 4, column 5: a table of time series; ask for `continuous` or `latest-continuous`");
}

#[test]
fn duplicates_and_disorder_are_kept_as_written() {
    insta::assert_snapshot!(read("duplicates.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.652 provisional
      2026-11-01T05:00:00Z 1.655 provisional
    ");
    insta::assert_snapshot!(read("out_of_order.json"), @"
    USGS-09900001 level observed value
      2026-11-01T06:00:00Z 1.655 provisional
      2026-11-01T05:00:00Z 1.652 provisional
    ");
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    insta::assert_snapshot!(read("bom_crlf.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
    ");
}

#[test]
fn sensors_are_never_mixed_whatever_their_order() {
    insta::assert_snapshot!(read("sensors.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 3.048 provisional
    USGS-09900001/aa level observed value
      2026-11-01T05:00:00Z 3.048 provisional
    USGS-09900001/bb level observed value
      2026-11-01T05:00:00Z 6.096 provisional
      2026-11-01T05:15:00Z 6.126 provisional
    ");
}

#[test]
fn sentinels_and_codes_are_missing_values() {
    insta::assert_snapshot!(read("sentinels.json"), @"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z missing
      2026-11-01T05:01:00Z missing
      2026-11-01T05:02:00Z missing
      2026-11-01T05:03:00Z missing
      2026-11-01T05:04:00Z 0.457 estimated
      2026-11-01T05:05:00Z 0 provisional
    ");
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_line() {
    insta::assert_snapshot!(read("bad_features.json"), @r#"
    USGS-09900001 level observed value
      2026-11-01T05:00:00Z 1.652 provisional
    line 4: feature 1: `yesterday` is not a time with its offset such as 2026-04-18T07:05:00-04:00
    line 7: feature 2: monitoring_location_id `""`, expected 1 to 100 characters
    line 10: feature 3: parameter `gage`, expected five digits such as 00065
    line 13: feature 4: unit `furlongs` of a level, expected m, cm, mm or ft
    line 16: feature 5: time_series_id `""`, expected 1 to 100 characters
    line 19: feature 6: `[1]` is not a decimal number
    line 22: feature 7: no monitoring_location_id
    line 23: feature 8: `[]`, expected an object
    line 24: feature 9: `[]`, expected an object
    line 25: feature 10: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    "#);
}

#[test]
fn real_readings() {
    let Some(bytes) = sample("usgs/ogcapi_continuous.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::UsgsOgc, &bytes), @"
    USGS-06904500 level observed value
      2025-01-01T00:00:00Z 0.536 approved
      2025-01-01T00:15:00Z 0.536 approved
    ");
    let Some(bytes) = sample("usgs/ogcapi_latest-continuous.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::UsgsOgc, &bytes), @"
    USGS-06904500 level observed value
      2026-08-07T18:45:00Z 0.485 provisional
    USGS-06904500 discharge observed value
      2026-08-07T18:45:00Z 15.15 provisional
    ");
}

#[test]
fn real_sites() {
    let Some(parsed) = read_sample(&Format::UsgsOgc, "usgs/ogcapi_monitoring-locations.json") else { return };
    let [Item::Gauge(first), Item::Gauge(second)] = &parsed.items[..] else { panic!("{parsed:?}") };
    assert_eq!((first.location.as_str(), first.name.as_str()), ("USGS-410252073314801", "CT-STM    2"));
    assert_eq!(first.position, Some((41.047_772_713_204_83, -73.529_551_699_699_04)));
    assert_eq!((second.name.as_str(), second.thresholds.len(), parsed.rejected.len()), ("CT-NW    35", 0, 0));
    let fact = |name: &str| first.facts.iter().find(|(fact, _)| fact == name).map(|(_, fact)| fact.as_str());
    assert_eq!((fact("vertical_datum"), fact("altitude"), fact("basin_code")), (Some("NAVD88"), Some("9.0"), None));
}

#[test]
fn other_real_collections_are_refused() {
    let Some(bytes) = sample("usgs/ogcapi_daily.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::UsgsOgc, &bytes), @"not usgs-ogc: line 3, column 3: statistic `00003` at `2025-12-26`: daily means and extremes are not readings of an instant");
    let Some(bytes) = sample("usgs/ogcapi_time-series-metadata.json") else { return };
    insta::assert_snapshot!(shown_bytes(&Format::UsgsOgc, &bytes), @"not usgs-ogc: line 3, column 3: a table of time series; ask for `continuous` or `latest-continuous`");
}
