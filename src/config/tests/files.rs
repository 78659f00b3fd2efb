//! Finding and reading the files.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::load;
use super::{MAIN, RIVER};

/// A folder of its own for one test, with a main file.
fn folder(test: &str, main: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("riverwatch-config-{}-{test}", std::process::id()));
    fs::create_dir_all(folder.join("stations")).expect("a folder");
    fs::write(folder.join("riverwatch.toml"), main).expect("a file");
    folder
}

fn loaded(folder: &Path) -> Result<Vec<String>, String> {
    let result = load(&folder.join("riverwatch.toml"), &[]);
    let ids = |config: super::Config| config.site.stations.iter().map(|station| station.id.to_string()).collect();
    let result = result.map(ids).map_err(|faults| faults.to_string().replace(&folder.display().to_string(), "FOLDER"));
    fs::remove_dir_all(folder).expect("removed");
    result
}

#[test]
fn station_files_are_read_in_the_order_of_their_names() {
    let folder = folder("order", MAIN);
    for (file, id) in [("b.toml", "second"), ("a.toml", "first"), ("a.toml~", "backup"), ("c.toml", "third")] {
        fs::write(folder.join("stations").join(file), RIVER.replace("bend", id)).expect("a file");
    }
    assert_eq!(loaded(&folder), Ok(["first", "second", "third"].map(str::to_owned).to_vec()));
}

#[test]
fn a_main_file_that_cannot_be_read() {
    let faults = load(Path::new("no/such/riverwatch.toml"), &[]).expect_err("a fault");
    insta::assert_snapshot!(faults, @r"
    no/such/riverwatch.toml: cannot be read: No such file or directory (os error 2)
    ");
}

#[test]
fn a_station_file_that_is_not_text() {
    let folder = folder("latin", MAIN);
    fs::write(folder.join("stations/a.toml"), b"# rivi\xe8re").expect("a file");
    fs::write(folder.join("stations/b.toml"), RIVER.replace("46.0", "460")).expect("a file");
    insta::assert_snapshot!(loaded(&folder).expect_err("a fault"), @r"
    FOLDER/stations/a.toml: cannot be read: stream did not contain valid UTF-8
    FOLDER/stations/b.toml:11:12: `460` is not in degrees: expected -90 to 90
       11 | latitude = 460
          |            ^^^
    ");
}

#[test]
fn a_folder_of_stations_that_is_not_there() {
    let folder = folder("absent", &format!("stations = \"rivers/*.toml\"\n{MAIN}"));
    insta::assert_snapshot!(loaded(&folder).expect_err("a fault"), @r#"
    FOLDER/riverwatch.toml:1:12: FOLDER/rivers cannot be read: No such file or directory (os error 2)
        1 | stations = "rivers/*.toml"
          |            ^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_pattern_that_is_none() {
    let folder = folder("pattern", &format!("stations = \"*/*.toml\"\n{MAIN}"));
    insta::assert_snapshot!(loaded(&folder).expect_err("a fault"), @r#"
    FOLDER/riverwatch.toml:1:12: `*/*.toml`: expected a folder and a name with one `*`, such as `stations/*.toml`
        1 | stations = "*/*.toml"
          |            ^^^^^^^^^^
    "#);
}
