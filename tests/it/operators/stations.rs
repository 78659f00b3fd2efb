//! `riverwatch station find` and `riverwatch station add`, with the agencies' own lists where they are at hand.

use std::path::{Path, PathBuf};

use fixtures::Freshet;
use jiff::Timestamp;

use crate::support::feeds::FeedServer;
use crate::support::program::{folder, riverwatch, run, succeed};
use crate::support::{sample, shipped};

/// A copy of the shipped configuration.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(folder());
        shipped(copy.0.path());
        copy
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    fn station(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = riverwatch();
        command.arg("station").args(arguments).env("RIVERWATCH_CONFIG", self.file("riverwatch.toml"));
        command
    }

    fn check(&self) -> String {
        succeed(riverwatch().arg("check").env("RIVERWATCH_CONFIG", self.file("riverwatch.toml")))
    }
}

const RIVER: &str = "stations/saint-john-river.toml";

/// A list in the form of the Water Survey's, with the rows that it is known for.
fn list(folder: &Path) -> PathBuf {
    let file = folder.join("list.csv");
    let rows = "\u{feff} ID,Name / Nom,Latitude,Longitude,Prov/Terr,Timezone / Fuseau horaire\r\n\
                01ZZ001,\"MILL BROOK AT MILL\",47.500000,-68.250000,NB,UTC-04:00\r\n\
                01ZZ002,\"WEIR BROOK NEAR \\\"X\\\"\",\"SECOND, NAME\",47.5,-68.25,NB,\r\n\
                02ZZ001,\"LOCK RIVER AT LOCK\",48.5,-58.25,NL,UTC-03:30\r\n";
    std::fs::write(&file, rows).expect("a file");
    file
}

#[test]
fn a_station_of_the_agencys_list_is_added_in_one_command() {
    for name in ["eccc/gorge_hydrometric_StationList.csv", "eccc/hydrometric_StationList_2015.csv"] {
        let Some(list) = sample(name) else { return };
        let (copy, list) = (Copy::new(), list.to_str().expect("a path").to_owned());
        let found = succeed(&mut copy.station(&["find", "--list", &list, "glasier", "francis"]));
        assert!(found.starts_with("01AD003  ST. FRANCIS RIVER AT OUTLET OF GLASIER LAKE; NB; 47.20"), "{found}");
        let before = copy.text(RIVER);
        let added = run(&mut copy.station(&["add", "01AD003", "--list", &list]));
        assert_eq!(added.code, Some(0), "{added:?}");
        assert!(added.out.contains("`outlet-of-glasier-lake` added; 26 stations, no faults"), "{added:?}");
        for still in ["id: ", "name: ", "river: ", "region: ", "thresholds: "] {
            assert!(added.err.contains(&format!("  {still}")), "{still}: {added:?}");
        }
        assert!(copy.check().contains("26 stations, 3 feeds, no faults"));
        let after = copy.text(RIVER);
        let block = after.strip_prefix(&before).expect("what was there stands byte by byte");
        assert!(block.contains("river = \"St. Francis River\"\n") && block.contains("feed = \"eccc-nb\"\n"), "{block}");
        assert!(!block.contains("timezone"), "the file's own holds: {block}");
        let again = run(&mut copy.station(&["add", "01AD003", "--list", &list]));
        assert!(again.code == Some(1) && again.err.contains("is 01AD003 already"), "{again:?}");
        assert_eq!(copy.text(RIVER), after);
    }
}

#[test]
fn another_province_needs_its_feed_and_has_its_own_clock() {
    let copy = Copy::new();
    let list = list(copy.0.path());
    let add = |more: &[&str]| {
        run(copy.station(&["add", "02ZZ001", "--file", "newfoundland.toml", "--list"]).arg(&list).args(more))
    };
    let refused = add(&[]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let (_, block) = refused.err.split_once("such as\n\n").expect("an example");
    let (block, _) = block.split_once("\n\nor name").expect("its end");
    let main = copy.text("riverwatch.toml");
    std::fs::write(copy.file("riverwatch.toml"), format!("{main}\n{block}\n")).expect("a file");
    assert!(copy.check().contains("4 feeds"), "the example is sound");
    let shown = add(&["--print"]);
    assert!(shown.code == Some(0) && shown.out.contains("timezone = \"America/St_Johns\""), "{shown:?}");
    assert!(!copy.file("stations/newfoundland.toml").exists());
    let added = add(&["--id", "lock", "--name", "The Lock"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    assert_eq!(copy.text("stations/newfoundland.toml"), shown.out.replace("\"Lock\"", "\"The Lock\""));
    assert!(copy.check().contains("26 stations, 4 feeds"));
    // With two files there is a choice.
    let refused = run(copy.station(&["add", "01ZZ001", "--list"]).arg(&list));
    assert!(refused.code == Some(1) && refused.err.contains("which station file?"), "{refused:?}");
}

#[test]
fn a_row_of_more_columns_and_a_name_with_quotes_do_no_harm() {
    let copy = Copy::new();
    let list = list(copy.0.path());
    let added = run(copy.station(&["add", "01ZZ002", "--list"]).arg(&list));
    assert_eq!(added.code, Some(0), "{added:?}");
    assert!(added.err.contains("timezone: America/Moncton holds") && added.err.contains("no offset"), "{added:?}");
    assert!(copy.check().contains("26 stations"));
}

#[test]
fn what_would_be_faulty_is_not_written() {
    let copy = Copy::new();
    let (list, before) = (list(copy.0.path()), copy.text(RIVER));
    for (arguments, expected) in [
        (&["01ZZ001", "--id", "fredericton"][..], "two stations have the id `fredericton`"),
        (&["01ZZ001", "--id", "Mill!"], "stations/saint-john-river.toml:"),
        (&["01ZZ001", "--feed", "nowhere"], "no feed `nowhere`"),
        (&["01ZZ009"], "the list has no `01ZZ009`"),
        (&["01ZZ001", "--file", "mill.txt"], "is no station file by the setting `stations`"),
        (&["01ZZ001", "--file", "/tmp/mill.toml"], "does not lie in"),
    ] {
        let refused = run(copy.station(&["add"]).args(arguments).arg("--list").arg(&list));
        assert!(refused.code == Some(1) && refused.err.contains(expected), "{arguments:?}: {refused:?}");
        assert_eq!(copy.text(RIVER), before, "{arguments:?}");
        let entries = std::fs::read_dir(copy.file("stations")).expect("a folder").count();
        assert_eq!(entries, 1, "{arguments:?}");
    }
    let refused = run(&mut copy.station(&["find", "x", "--list", "fixtures/feeds/any/page.html"]));
    assert!(refused.code == Some(1) && refused.err.contains("is not the head of"), "{refused:?}");
    let refused = run(copy.station(&["find", "nowhere", "--list"]).arg(&list));
    assert!(refused.code == Some(1) && refused.err.contains("none of 3 stations"), "{refused:?}");
}

/// A table of thresholds is a list of stations too; that they are above the feed's zero is for a person to say.
#[test]
fn a_list_is_fetched_and_its_thresholds_wait_for_a_person() {
    let (copy, now) = (Copy::new(), Timestamp::now());
    std::fs::write(copy.file(RIVER), station("only", "other")).expect("a file");
    let feeds = FeedServer::start(Freshet::new(now, 7), now);
    let list = format!("http://{}{}", feeds.address, fixtures::ALERTLEVELS_PATH);
    let form = ["--format", "nb-alertlevels", "--list", &list];
    let found = succeed(copy.station(&["find", "fredericton"]).args(form));
    let location = found.split_whitespace().next().expect("an id").to_owned();
    assert!(feeds.requests()[0].user_agent.as_deref().is_some_and(|agent| agent.starts_with("riverwatch/")));
    let refused = run(copy.station(&["add", &location]).args(form));
    assert!(refused.code == Some(1) && refused.err.contains("which feed brings its data?"), "{refused:?}");
    let added = run(copy.station(&["add", &location, "--feed", "nb-fews"]).args(form));
    assert_eq!(added.code, Some(0), "{added:?}");
    let text = copy.text(RIVER);
    assert!(text.contains("\n# thresholds = { advisory = ") && !text.contains("\nthresholds"), "{text}");
    assert!(added.err.contains("thresholds: take the # away once you know"), "{added:?}");
    assert!(copy.check().contains("2 stations"));
    // An id means something in its own feed alone.
    let another = ["--feed", "eccc-nb", "--id", "another"];
    let refused = run(copy.station(&["add", &location, "--feed", "nb-fews", "--id", "another"]).args(form));
    assert!(refused.code == Some(1) && refused.err.contains("station `fredericton` is"), "{refused:?}");
    succeed(copy.station(&["add", &location]).args(another).args(form));
}

fn station(id: &str, location: &str) -> String {
    format!(
        "# Kept.\r\n[[station]]\r\nid = \"{id}\"\r\nname = \"{id}\"\r\nriver = \"R\"\r\nlatitude = 45\r\n\
         longitude = -66\r\n\r\n[[station.source]]\r\nfeed = \"nb-fews\"\r\nlocation = \"{location}\""
    )
}
