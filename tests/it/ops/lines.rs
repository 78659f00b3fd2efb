//! `ops/map-lines`: from shapefiles and station files to lines that the configuration takes.

use std::path::Path;

use super::tool;
use crate::support::program::{folder, riverwatch, run, succeed};

/// A shapefile of records of one part each: 3 is a line, 5 an area (ESRI Shapefile Technical Description, 1998).
fn shapes(kind: i32, records: &[&[(f64, f64)]]) -> Vec<u8> {
    let mut file = vec![0; 100];
    for points in records {
        let mut record = [kind.to_le_bytes().to_vec(), vec![0; 32]].concat();
        let count = i32::try_from(points.len()).expect("few points");
        record.extend([1, count, 0].into_iter().flat_map(i32::to_le_bytes));
        record.extend(points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()]).flatten());
        let length = i32::try_from(record.len() / 2).expect("a short record");
        file.extend([1_i32.to_be_bytes(), length.to_be_bytes()].concat());
        file.extend(record);
    }
    file
}

#[test]
fn a_region_gets_its_lines() {
    let Some(mut python) = tool("python3", "ops/map-lines") else { return };
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    // Land west of a coast at 66.1 degrees west, an island that nobody can see, and a river in two records.
    let land = [(-90.0, 30.0), (-90.0, 60.0), (-66.1, 60.0), (-66.1, 30.0), (-90.0, 30.0)];
    let rock = [(-66.08, 46.2), (-66.08, 46.2001), (-66.0799, 46.2), (-66.08, 46.2)];
    let river = [(-66.9, 46.2), (-66.8, 46.2), (-66.6, 46.2001), (-66.5, 46.2)];
    std::fs::write(at("ne_10m_land.shp"), shapes(5, &[&land, &rock])).expect("a file");
    std::fs::write(at("ne_10m_rivers_lake_centerlines.shp"), shapes(3, &[&river, &[(-66.5, 46.2), (-66.0, 46.3)]]))
        .expect("a file");
    let main = "[site]\ntitle = \"Rivers\"\ntimezone = \"America/Moncton\"\nmap = \"lines.geojson\"\n[fetch]\ncontact = \"x@example.org\"\n\
                [feeds.f]\ntitle = \"F\"\naddress = \"https://example.org\"\nformat = \"eccc-csv\"\nschedule = \"9 * * * *\"\nattribution = \"F\"\n";
    let station = |id: &str, east: f64| {
        format!(
            "[[station]]\nid = \"{id}\"\nname = \"{id}\"\nlatitude = 46.2\nlongitude = {east}\n[[station.source]]\nfeed = \"f\"\nlocation = \"{id}\"\n"
        )
    };
    std::fs::write(at("riverwatch.toml"), main).expect("a file");
    std::fs::create_dir(at("stations")).expect("a folder");
    let stations = at("stations/river.toml");
    let river = "[river]\nname = \"Long River\"\n".to_owned();
    std::fs::write(&stations, river + &station("upper", -66.8) + &station("lower", -66.2)).expect("a file");

    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("ops/map-lines");
    let made = run(python.arg(tool).arg(folder.path()).arg("--stations").arg(&stations));
    assert_eq!(made.code, Some(0), "{}", made.err);
    let lines: serde_json::Value = serde_json::from_str(&made.out).expect("GeoJSON");
    let features = lines["features"].as_array().expect("features");
    let of = |kind: &str| features.iter().find(|feature| feature["properties"]["kind"] == kind).expect("a feature");
    assert_eq!(features.len(), 2, "{}", made.out);
    let [west, south, east, north] = [0, 1, 2, 3].map(|i| lines["bbox"][i].as_f64().expect("degrees"));
    assert!(west < -66.9 && east > -66.1 && south < 46.1 && north > 46.3, "{west} {south} {east} {north}");
    let coast = serde_json::json!([[-66.1, north], [-66.1, south], [west, south], [west, north]]);
    let ring = of("land")["geometry"]["coordinates"][0][0].as_array().expect("a ring");
    assert!(ring.iter().all(|corner| coast.as_array().expect("corners").contains(corner)), "{ring:?}");
    assert_eq!(of("river")["properties"]["name"], "Long River");
    let course = serde_json::json!([[[-66.9, 46.2], [-66.5, 46.2], [-66, 46.3]]]);
    assert_eq!(of("river")["geometry"]["coordinates"], course, "joined, and without what cannot be seen");

    std::fs::write(at("lines.geojson"), &made.out).expect("a file");
    let checked = succeed(riverwatch().arg("check").arg("--config").arg(at("riverwatch.toml")));
    assert!(checked.contains("2 stations, 1 feeds, no faults"), "{checked}");
}
