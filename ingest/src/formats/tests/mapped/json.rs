//! JSON of every awkward kind.

use super::shown;

#[test]
fn readings_within_stations() {
    insta::assert_snapshot!(shown("nested", "ordinary.json"), @"
    12 level observed value
      2026-04-18T00:00:00Z 1.652
      2026-04-18T00:15:00Z missing
      2026-04-18T00:30:00Z 1.676
    deep level observed value
      2026-04-18T00:00:00Z missing
      2026-04-18T00:15:00Z 7.15
    ");
    insta::assert_snapshot!(shown("nested", "bad_rows.json"), @r#"
    a level observed value
      2026-04-18T00:00:00Z 1.5
      2026-04-18T00:30:00Z 1.6
    g level observed value
      2026-04-18T00:15:00Z missing
    h level observed value
      2026-04-18T00:15:00Z 2.5
      2026-04-18T00:00:00Z 2.4
      2026-04-18T00:15:00Z 2.5
    line 2: `7`, expected an array with element [0]
    line 2: `x` is not milliseconds since 1970
    line 2: no [1]
    line 2: no time in [0]
    line 3: [1]: `[1]`, expected a text or a number
    line 3: [1]: `true` is not a decimal number
    line 3: [1]: `{"v": 1}`, expected a text or a number
    line 4: 0001-01-01T00:00:00Z is not between the years 1900 and 2100
    line 5: no `readings` in `{"id": "b", "unit": "m"}`
    line 6: `3`, expected an array
    line 7: [1]: unit `miles` of a level, expected m, cm, mm or ft
    line 8: no ^id
    line 9: ^id: `` names no place
    line 10: `{"no": 1}`, expected a text or a number
    line 11: two keys `id`
    line 12: [1]: no unit in ^unit
    line 13: `"station"`, expected an object with `readings`
    "#);
}

#[test]
fn json_without_rows_is_sound_and_json_of_another_form_is_not() {
    assert_eq!((shown("nested", "empty.json").as_str(), shown("nested", "null.json").as_str()), ("nothing", "nothing"));
    insta::assert_snapshot!(shown("nested", "error.json"), @r#"not json: line 1, column 1: no `data` in `{"error": {"code": 503, "message": "maintenance until noon"}}`"#);
    insta::assert_snapshot!(shown("nested", "other_key.json"), @r#"not json: line 1, column 10: no `stations` in `{"gauges": [{"id": 1}]}`"#);
    insta::assert_snapshot!(shown("nested", "other_shape.json"), @r#"not json: line 1, column 23: `{"id": 1}`, expected an array"#);
    insta::assert_snapshot!(shown("nested", "twice.json"), @"not json: line 1, column 1: two keys `data`");
    insta::assert_snapshot!(shown("nested", "array.json"), @r#"not json: line 1, column 1: `[{"stations": []}]`, expected a JSON object"#);
    insta::assert_snapshot!(shown("nested", "truncated.json"), @"not json: line 3, column 46: the document ends inside a JSON value");
}

#[test]
fn times_and_stations_that_are_keys() {
    insta::assert_snapshot!(shown("keyed", "ordinary.json"), @"
    3-15 discharge observed value
      2026-04-18T00:00:00Z 6.48
      2026-04-18T01:00:00Z 6.93
    3-18 discharge observed value
      2026-04-18T01:00:00Z missing
    line 6: `later` is not a time of the form `%Y/%m/%d %H:%M:%SZ`
    line 7: no ^'name.long'
    ");
}

#[test]
fn rows_within_elements() {
    insta::assert_snapshot!(shown("features", "ordinary.json"), @r#"
    f1 level observed value
      2026-04-18T07:00:00Z 1.048
      2026-04-18T08:00:00Z 1.05
    f1 discharge observed value
      2026-04-18T07:00:00Z 12.5 estimated
      2026-04-18T09:00:00Z 12.6
      2026-04-18T11:00:00Z 12.7 estimated
    f2 level observed value
      2026-04-18T07:00:00Z missing
    f2 discharge observed value
      2026-04-18T07:00:00Z missing
    line 5: no level, flow
    line 6: level: `{"m": 1}`, expected a text or a number
    line 7: no time in at
    line 9: no `properties` in `{"id": "f3"}`
    "#);
}
