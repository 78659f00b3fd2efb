//! What can be wrong in a layout, word for word.

use super::mapped::main_with;
use super::{RIVER, checked};

const TABLE: &str = r#"[feeds.mapped.table]
delimiter = ";"
time = ["DATE", "HOUR"]
time_format = "%Y-%m-%d %H:%M"
zone = "America/Toronto"
location = "STATION"
qualities = { "*" = "estimated" }

[[feeds.mapped.table.values]]
column = "LEVEL"
parameter = "level"
unit = "cm"
kind = "observed"
"#;

const JSON: &str = r#"[feeds.mapped.json]
rows = "stations[].readings[]"
time = "[0]"
location = "^id"

[[feeds.mapped.json.values]]
field = "[1]"
parameter = "level"
unit = { field = "^unit" }
kind = "observed"
"#;

/// The faults of a sound layout once one text in it is replaced.
fn faults(layout: &str, from: &str, to: &str) -> String {
    assert_eq!(layout.matches(from).count(), 1, "`{from}` stands once");
    let form = if layout == TABLE { "format = \"table\"" } else { "format = \"json\"" };
    checked(&main_with(form, &layout.replace(from, to)), RIVER).expect_err("a fault").to_string()
}

#[test]
fn the_layouts_of_these_tests_are_sound() {
    for (form, layout) in [("format = \"table\"", TABLE), ("format = \"json\"", JSON)] {
        assert!(checked(&main_with(form, layout), RIVER).is_ok(), "{form}");
    }
}

#[test]
fn a_layout_that_is_missing_or_of_another_format() {
    let with = |form: &str, layout: &str| checked(&main_with(form, layout), RIVER).expect_err("a fault").to_string();
    insta::assert_snapshot!(with("format = \"table\"", ""), @"
    riverwatch.toml:22:1: missing key `table` in `feeds.mapped`
       22 | [feeds.mapped]
          | ^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(with("format = \"json\"", TABLE), @"
    riverwatch.toml:22:1: missing key `json` in `feeds.mapped`
       22 | [feeds.mapped]
          | ^^^^^^^^^^^^^^
    riverwatch.toml:29:15: unknown key `table`: expected title, address, format, place, schedule, max_size, private, attribution, licence, forecaster, json
       29 | [feeds.mapped.table]
          |               ^^^^^
    ");
    insta::assert_snapshot!(with("format = \"pi-xml\"", JSON), @"
    riverwatch.toml:29:15: unknown key `json`: expected title, address, format, place, schedule, max_size, private, attribution, licence, forecaster
       29 | [feeds.mapped.json]
          |               ^^^^
    ");
}

#[test]
fn keys_that_are_missing_or_unknown() {
    insta::assert_snapshot!(faults(TABLE, "time = [\"DATE\", \"HOUR\"]\n", "times = \"DATE\"\n"), @r#"
    riverwatch.toml:29:1: missing key `time` in `feeds.mapped.table`
       29 | [feeds.mapped.table]
          | ^^^^^^^^^^^^^^^^^^^^
    riverwatch.toml:31:1: unknown key `times`: expected delimiter, skip, header, comment, fill_down, time, time_format, zone, location, issued, decimal, missing, qualities, values
       31 | times = "DATE"
          | ^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "unit = \"cm\"\nkind = \"observed\"\n", "units = \"cm\"\n"), @r#"
    riverwatch.toml:37:1: missing key `unit` in `feeds.mapped.table.values`
       37 | [[feeds.mapped.table.values]]
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    riverwatch.toml:37:1: missing key `kind` in `feeds.mapped.table.values`
       37 | [[feeds.mapped.table.values]]
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    riverwatch.toml:40:1: unknown key `units`: expected column, parameter, unit, kind, stat, quality, where
       40 | units = "cm"
          | ^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "field = \"[1]\"", "column = 2"), @"
    riverwatch.toml:34:1: missing key `field` in `feeds.mapped.json.values`
       34 | [[feeds.mapped.json.values]]
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    riverwatch.toml:35:1: unknown key `column`: expected field, parameter, unit, kind, stat, quality, where
       35 | column = 2
          | ^^^^^^
    ");
}

#[test]
fn values_of_no_place() {
    insta::assert_snapshot!(faults(TABLE, "location = \"STATION\"\n", ""), @"
    riverwatch.toml:29:1: values of no place: expected `location` here, or the feed's `place`
       29 | [feeds.mapped.table]
          | ^^^^^^^^^^^^^^^^^^^^
    ");
    let placed =
        checked(&main_with("format = \"json\"\nplace = \"Bend\"", &JSON.replace("location = \"^id\"\n", "")), RIVER);
    assert!(placed.is_ok());
}

#[test]
fn how_a_table_is_cut() {
    insta::assert_snapshot!(faults(TABLE, "\";\"", "\"; \""), @r#"
    riverwatch.toml:30:13: `; ` is no delimiter: expected one sign, such as `;`, or `tab`, or `blanks`
       30 | delimiter = "; "
          |             ^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "\";\"", "\"x\""), @r#"
    riverwatch.toml:30:13: `x` is no delimiter: expected one sign, such as `;`, or `tab`, or `blanks`
       30 | delimiter = "x"
          |             ^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "delimiter", "header = false\ndelimiter"), @r#"
    riverwatch.toml:32:9: the table has no header: expected a column's number, counted from 1
       32 | time = ["DATE", "HOUR"]
          |         ^^^^^^
    riverwatch.toml:35:12: the table has no header: expected a column's number, counted from 1
       35 | location = "STATION"
          |            ^^^^^^^^^
    riverwatch.toml:39:10: the table has no header: expected a column's number, counted from 1
       39 | column = "LEVEL"
          |          ^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "[\"DATE\", \"HOUR\"]", "[1, 0]"), @"
    riverwatch.toml:31:12: expected a whole number from 1 to 10000, found `0`
       31 | time = [1, 0]
          |            ^
    ");
    insta::assert_snapshot!(faults(TABLE, "[\"DATE\", \"HOUR\"]", "[]"), @"
    riverwatch.toml:31:8: nothing: expected at least one
       31 | time = []
          |        ^^
    ");
    insta::assert_snapshot!(faults(TABLE, "delimiter", "decimal = \";\"\nskip = 0.5\ndelimiter"), @r#"
    riverwatch.toml:30:11: unknown decimal `;`: expected ., ,
       30 | decimal = ";"
          |           ^^^
    riverwatch.toml:31:8: expected a whole number from 1 to 1000, found `0.5`
       31 | skip = 0.5
          |        ^^^
    "#);
}

#[test]
fn how_times_are_written() {
    insta::assert_snapshot!(faults(TABLE, "zone = \"America/Toronto\"\n", ""), @r#"
    riverwatch.toml:32:15: such a time tells no offset: expected `zone` beside it, such as "America/Toronto"
       32 | time_format = "%Y-%m-%d %H:%M"
          |               ^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "America/Toronto", "Toronto"), @r#"
    riverwatch.toml:33:8: `Toronto` is neither a time zone of the IANA database, such as `America/Toronto`, nor an offset, such as `-05:00`
       33 | zone = "Toronto"
          |        ^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "%Y-%m-%d"), @r#"
    riverwatch.toml:32:15: `%Y-%m-%d` does not tell both the day and the hour: expected rfc3339, unix, unix_ms, or letters such as `%Y-%m-%d %H:%M`
       32 | time_format = "%Y-%m-%d"
          |               ^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "YYYY-MM-DD HH:mm"), @r#"
    riverwatch.toml:32:15: `YYYY-MM-DD HH:mm` does not tell both the day and the hour: expected rfc3339, unix, unix_ms, or letters such as `%Y-%m-%d %H:%M`
       32 | time_format = "YYYY-MM-DD HH:mm"
          |               ^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M"), @r#"
    riverwatch.toml:32:15: `%Y-%m-%d %I:%M` does not tell both the day and the hour: expected rfc3339, unix, unix_ms, or letters such as `%Y-%m-%d %H:%M`
       32 | time_format = "%Y-%m-%d %I:%M"
          |               ^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M %Z"), @r#"
    riverwatch.toml:32:15: `%Y-%m-%d %H:%M %Z` cannot be read back: expected rfc3339, unix, unix_ms, or letters such as `%Y-%m-%d %H:%M`
       32 | time_format = "%Y-%m-%d %H:%M %Z"
          |               ^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "unix"), @r#"
    riverwatch.toml:33:8: such times are instants already: expected no `zone` beside their `time_format`
       33 | zone = "America/Toronto"
          |        ^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M %z"), @r#"
    riverwatch.toml:33:8: such times are instants already: expected no `zone` beside their `time_format`
       33 | zone = "America/Toronto"
          |        ^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn what_a_value_is() {
    insta::assert_snapshot!(faults(TABLE, "\"cm\"", "\"m3/s\""), @r#"
    riverwatch.toml:40:8: unit `m3/s` of a level, expected m, cm, mm or ft
       40 | unit = "m3/s"
          |        ^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "\"observed\"", "\"measured\""), @r#"
    riverwatch.toml:41:8: unknown kind `measured`: expected observed, forecast
       41 | kind = "measured"
          |        ^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "parameter = \"level\"", "parameter = \"stage\""), @r#"
    riverwatch.toml:39:13: unknown parameter `stage`: expected level, discharge
       39 | parameter = "stage"
          |             ^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "zone", "issued = \"SAID\"\nzone"), @r#"
    riverwatch.toml:33:10: only a forecast is issued, and no value here is one
       33 | issued = "SAID"
          |          ^^^^^^
    "#);
    let second = "kind = \"observed\"\n\n[[feeds.mapped.table.values]]\ncolumn = 7\nparameter = \"level\"\nunit = \"m\"\nkind = \"observed\"";
    insta::assert_snapshot!(faults(TABLE, "kind = \"observed\"", second), @"
    riverwatch.toml:43:1: a second observed level of one name in a row: expected another `stat`, or a `where` in each
       43 | [[feeds.mapped.table.values]]
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    let conditional = "kind = \"observed\"\nwhere = { column = \"TYPE\", equal = \"N\" }";
    insta::assert_snapshot!(faults(TABLE, "kind = \"observed\"", conditional), @r#"
    riverwatch.toml:42:9: missing key `equals` in `feeds.mapped.table.values.where`
       42 | where = { column = "TYPE", equal = "N" }
          |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    riverwatch.toml:42:28: unknown key `equal`: expected column, equals
       42 | where = { column = "TYPE", equal = "N" }
          |                            ^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, &TABLE[TABLE.find("\n[[").expect("values")..], "values = []\n"), @"
    riverwatch.toml:36:10: no value: expected at least one
       36 | values = []
          |          ^^
    ");
}

#[test]
fn marks_behind_numbers() {
    insta::assert_snapshot!(faults(TABLE, "\"*\" = \"estimated\"", "\"*\" = \"guessed\""), @r#"
    riverwatch.toml:35:21: unknown * `guessed`: expected good, provisional, reviewed, checked, approved, corrected, estimated, ice, doubtful, unreliable
       35 | qualities = { "*" = "guessed" }
          |                     ^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "\"*\" = \"estimated\"", "1 = \"good\""), @r#"
    riverwatch.toml:35:13: `1` behind a number would be a part of it: expected `quality` in each value
       35 | qualities = { 1 = "good" }
          |             ^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(TABLE, "\"*\" = \"estimated\"", "\"\" = \"good\""), @r#"
    riverwatch.toml:35:13: an empty word: expected what the agency writes
       35 | qualities = { "" = "good" }
          |             ^^^^^^^^^^^^^^^
    "#);
    let without = TABLE.replace("qualities = { \"*\" = \"estimated\" }\n", "");
    let faulty = without.replace("kind = \"observed\"", "kind = \"observed\"\nquality = \"QC\"");
    insta::assert_snapshot!(checked(&main_with("format = \"table\"", &faulty), RIVER).expect_err("a fault"), @"
    riverwatch.toml:29:1: a `quality` without `qualities`: expected what its words stand for
       29 | [feeds.mapped.table]
          | ^^^^^^^^^^^^^^^^^^^^
    ");
    let own = TABLE.replace("\"*\"", "1").replace("kind = \"observed\"", "kind = \"observed\"\nquality = \"QC\"");
    assert!(checked(&main_with("format = \"table\"", &own), RIVER).is_ok());
}

#[test]
fn paths_that_lead_nowhere() {
    insta::assert_snapshot!(faults(JSON, "stations[].readings[]", "stations[]readings"), @r#"
    riverwatch.toml:30:8: `stations[]readings` is not a path to rows: `readings`: expected `.`, `[` or `{}` before it
       30 | rows = "stations[]readings"
          |        ^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "stations[].readings[]", "stations[*].readings[]"), @r#"
    riverwatch.toml:30:8: `stations[*].readings[]` is not a path to rows: `[*].readings[]`: expected `[]` or a number counted from 0, such as `[0]`
       30 | rows = "stations[*].readings[]"
          |        ^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "stations[].readings[]", "stations..readings"), @r#"
    riverwatch.toml:30:8: `stations..readings` is not a path to rows: `.readings`: expected a key, in single quotes if it has signs of a path in it
       30 | rows = "stations..readings"
          |        ^^^^^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "\"[0]\"", "\"times[]\""), @r#"
    riverwatch.toml:31:8: `times[]` is not a path to a field: a row has one of each field, and `[]` and `{}` are many
       31 | time = "times[]"
          |        ^^^^^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "\"[0]\"", "\"^^^at\""), @r#"
    riverwatch.toml:31:8: `^^^at` goes out beyond the document: expected `^^` at the most before a field
       31 | time = "^^^at"
          |        ^^^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "\"[0]\"", "\"'at\""), @r#"
    riverwatch.toml:31:8: `'at` is not a path to a field: `'at`: a quote that is not closed
       31 | time = "'at"
          |        ^^^^^
    "#);
    insta::assert_snapshot!(faults(JSON, "\"[0]\"", "0"), @"
    riverwatch.toml:31:8: expected a text in quotes, found integer
       31 | time = 0
          |        ^
    ");
}

proptest::proptest! {
    #[test]
    fn any_layout_is_accepted_or_refused(
        is_table: bool,
        cut in 0.0..1.0_f64,
        length in 0_usize..30,
        patch in "[\\[\\]{}=\"\n.^$%'*;,0-9a-zA-Z_-]{0,12}",
    ) {
        let (form, layout) = if is_table { ("table", TABLE) } else { ("json", JSON) };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let cut = (layout.len() as f64 * cut) as usize;
        let text = [&layout[..cut], &patch, layout.get(cut + length..).unwrap_or_default()].concat();
        if let Err(faults) = checked(&main_with(&format!("format = \"{form}\""), &text), RIVER) {
            proptest::prop_assert!(!faults.to_string().is_empty());
        }
    }
}
