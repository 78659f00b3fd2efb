//! Clocks: those that are set back and forward in the course of a year, and our own when it is wrong.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::crashes::importing;
use super::documents::{PLACE, Row, csv};
use super::gaps;
use crate::support::program::{Running, folder, run, succeed};

#[test]
fn f30_the_clock_is_set_back_and_forward() {
    for (day, first, shown, offsets) in [
        ("2026-11-01", "03:30", ["2026-11-01 01:30 ADT", "2026-11-01 01:30 AST"], "-03:00"),
        ("2026-03-08", "04:30", ["2026-03-08 01:30 AST", "2026-03-08 03:00 ADT"], "-04:00"),
    ] {
        let folder = folder();
        let (rig, ..) = importing(folder.path(), 0);
        let start: Timestamp = format!("{day}T{first}Z").parse().expect("an instant");
        let zone = Offset::from_hours(offsets[..3].parse().expect("hours")).expect("an offset");
        let row = |i: i64| {
            let valid = start + SignedDuration::from_mins(30 * i);
            let written = format!("{}{offsets}", zone.to_datetime(valid).strftime("%Y-%m-%dT%H:%M:%S"));
            Row { place: PLACE.to_owned(), valid: written, value: format!("5.{i:03}"), symbol: "" }
        };
        let mut rows: Vec<Row> = (0..8).map(row).collect();
        // An instant that no clock of a zone can settle, for it names none.
        rows.push(Row { valid: format!("{day}T02:30:00"), ..row(8) });
        let file = folder.path().join("change.csv");
        std::fs::write(&file, csv(&rows)).expect("a file");
        let now = start + SignedDuration::from_mins(220);
        let said = succeed(rig.riverwatch().args(["import", "f00", "--at", &now.to_string()]).arg(&file));
        let site = Running::start(rig.riverwatch().args(["serve", "--at", &now.to_string()]));
        let (station, csv) = (site.json("/en/station/f00.json"), site.page("/en/station/f00.csv"));
        let expectations = [
            ("every half hour is there", station["observed"].as_array().map_or(0, Vec::len) == 8),
            ("and shown by its own name", shown.iter().all(|time| csv.matches(time).count() == 1)),
            ("a time without an offset is refused", said.contains("1 rejected")),
        ];
        gaps::judge("F30", &format!("clocks change on {day}"), &expectations);
    }
}

#[test]
fn f26_our_own_clock_is_a_day_behind() {
    let folder = folder();
    let (rig, scene, files) = importing(folder.path(), 2);
    let yesterday = scene.ago(1440).to_string();
    let refused = run(rig.riverwatch().args(["import", "f00", "--at", &yesterday]).arg(&files[0]));
    succeed(rig.riverwatch().args(["import", "f00"]).arg(&files[1]));
    let site = Running::start(rig.riverwatch().args(["serve", "--at", &yesterday]));
    let (status, page) = (site.json("/en/station/f00.json")["status"].clone(), site.page("/en/station/f00"));
    let expectations = [
        ("what is newer than now is refused", refused.code == Some(1) && refused.out.contains("is its clock right?")),
        ("and shown by nobody", status["value"].is_null() && status["level"] == "unknown"),
        ("pages are there", page.contains("No measurement has been received.")),
    ];
    gaps::judge("F26", "our own clock is a day behind", &expectations);
}
