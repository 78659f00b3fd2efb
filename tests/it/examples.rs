//! The configurations in `config/examples`: each is sound, starts a site, and reads its agencies' documents into its pages.
//! Documents are real ones where they are at hand, else this project's own under the station's name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::program::{Running, folder, riverwatch_in, succeed};
use crate::support::{LANGUAGES, html, sample};

/// A document, the feed that it comes through, and what a station's page then says.
struct Reading {
    feed: &'static str,
    document: Document,
    /// When it was fetched, and the page's now.
    at: &'static str,
    station: &'static str,
    /// On the page in English, and in French.
    shown: [&'static str; 2],
}

enum Document {
    /// A real one of the agency's, of the place that the configuration names; and its format where it is not the feed's own.
    Real(&'static str, Option<&'static str>),
    /// One of `fixtures/feeds`, with its invented place, if it names one, replaced by the configured one.
    Own(&'static str, Option<[&'static str; 2]>),
}

use Document::{Own, Real};

const READINGS: [(&str, &[Reading]); 6] = [
    (
        "british-columbia",
        &[
            Reading {
                feed: "eccc-hope",
                document: Real("eccc/wateroffice_rt_105bb9.csv", Some("wateroffice-csv")),
                at: "2025-10-23T00:00Z",
                station: "hope",
                shown: ["Hope: 3.56\u{a0}m, steady, today 16:55", "Hope\u{a0}: 3,56\u{a0}m"],
            },
            Reading {
                feed: "eccc-marguerite",
                document: Own("eccc-csv/ordinary.csv", Some(["01ZZ001", "08MC018"])),
                at: "2026-04-18T12:45Z",
                station: "marguerite",
                shown: ["Marguerite: 5.96\u{a0}m today 05:30", "Marguerite\u{a0}: 5,96\u{a0}m"],
            },
            Reading {
                feed: "clever-hope",
                document: Own("bc-clever/ordinary.csv", Some(["08ZZ999", "08MF005"])),
                at: "2026-05-18T18:00Z",
                station: "hope/discharge",
                shown: ["102 to 144\u{a0}m³/s", "102 à 144\u{a0}m³/s"],
            },
        ],
    ),
    (
        "england",
        &[
            Reading {
                feed: "ea-readings",
                document: Own("ea-csv/ordinary.csv", Some(["9001ZZ", "1029TH"])),
                at: "2026-04-18T07:30Z",
                station: "bourton-dickler",
                shown: ["Bourton Dickler: 0.93\u{a0}m today 08:15", "Bourton Dickler\u{a0}: 0,93\u{a0}m"],
            },
            Reading {
                feed: "ea-warnings",
                document: Own("ea-json/floods.json", Some(["900WAF001", "064WAF41Wandle"])),
                at: "2026-01-10T18:00Z",
                station: "ravensbury-mill",
                shown: ["Rivers are rising.", "Rivers are rising."],
            },
        ],
    ),
    (
        "france",
        &[
            Reading {
                feed: "vigicrues-chooz",
                document: Real("vigicrues/id70360852168_observations_simple.json", None),
                at: "2026-09-23T20:00Z",
                station: "chooz",
                shown: ["Chooz: 0.49\u{a0}m today 21:30", "Chooz\u{a0}: 0,49\u{a0}m"],
            },
            Reading {
                feed: "vigicrues-tours-forecast",
                document: Real("vigicrues/id70360852168_prevision_v1.1_excerpt.json", None),
                at: "2026-09-23T20:00Z",
                station: "tours",
                shown: ["0.43\u{a0}m", "0,43\u{a0}m"],
            },
        ],
    ),
    (
        "germany",
        &[
            Reading {
                feed: "wsv-cologne",
                document: Own("pegelonline-json/measurements.json", None),
                at: "2026-10-25T01:30Z",
                station: "cologne",
                shown: ["Cologne: 2.35\u{a0}m today 02:15", "Cologne\u{a0}: 2,35\u{a0}m"],
            },
            Reading {
                feed: "wsv-cologne-forecast",
                document: Own("pegelonline-json/forecast.json", None),
                at: "2026-04-18T06:30Z",
                station: "cologne",
                shown: ["Forecast to stay near 2.40\u{a0}m", "Stabilité prévue, près de 2,40\u{a0}m"],
            },
        ],
    ),
    (
        "maine",
        &[
            Reading {
                feed: "usgs",
                document: Own("usgs-ogc/ordinary.json", Some(["USGS-09900001", "USGS-01014000"])),
                at: "2026-11-01T06:30Z",
                station: "fort-kent",
                shown: ["Fort Kent: 1.65\u{a0}m today 01:00", "Fort Kent\u{a0}: 1,65\u{a0}m"],
            },
            Reading {
                feed: "nwps-fort-kent",
                document: Own("nwps-json/stageflow.json", None),
                at: "2026-04-18T13:00Z",
                station: "fort-kent",
                shown: ["Forecast peak 3.35\u{a0}m today", "Sommet prévu\u{a0}: 3,35\u{a0}m"],
            },
            Reading {
                feed: "nwps-fish-river-categories",
                document: Real("nwps/issue250_gauge_FIHM1_excerpt.json", None),
                at: "2024-03-28T12:00Z",
                station: "fish-river",
                shown: ["3.66\u{a0}m Moderate flood stage", "3,66\u{a0}m"],
            },
            Reading {
                feed: "nws-alerts",
                document: Own("nws-alerts/ordinary.json", None),
                at: "2026-04-20T12:00Z",
                station: "fort-kent",
                shown: ["Flooding is occurring.", "Flooding is occurring."],
            },
        ],
    ),
    (
        "quebec",
        &[
            Reading {
                feed: "cehq-chaudiere",
                document: Real("canada_prov/qc_cehq_023402.tsv", None),
                at: "2020-01-24T11:45Z",
                station: "saint-lambert-de-lauzon",
                shown: [
                    "Saint-Lambert-de-Lauzon: 112.86\u{a0}m today 06:30",
                    "Saint-Lambert-de-Lauzon\u{a0}: 112,86\u{a0}m",
                ],
            },
            Reading {
                feed: "cehq-chaudiere-forecast",
                document: Own("cehq-json/ordinary.json", Some(["059999", "023402"])),
                at: "2026-04-18T10:00Z",
                station: "saint-lambert-de-lauzon/discharge",
                shown: [
                    "32.3 to 38.1\u{a0}m³/s (25\u{a0}% to 75\u{a0}%)",
                    "32,3 à 38,1\u{a0}m³/s (de 25\u{a0}% à 75\u{a0}%)",
                ],
            },
            Reading {
                feed: "cehq-bras-du-nord",
                document: Own("cehq-tsv/no_level.tsv", None),
                at: "2026-12-16T13:45Z",
                station: "bras-du-nord",
                shown: ["The river carries 9.72\u{a0}m³/s", "9,72\u{a0}m³/s"],
            },
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn config(region: &str) -> PathBuf {
    root().join("config/examples").join(region).join("riverwatch.toml")
}

#[test]
fn each_is_sound_and_starts_a_site() {
    let entries = std::fs::read_dir(root().join("config/examples")).expect("the folder of examples");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let names: BTreeSet<String> =
        folders.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(names, READINGS.map(|(region, _)| region.to_owned()).into(), "each has documents that are read into it");
    for name in &names {
        let folder = folder();
        let checked = succeed(riverwatch_in(folder.path()).arg("--config").arg(config(name)).arg("check"));
        assert!(checked.contains("no faults"), "{checked}");
        let site = Running::start(riverwatch_in(folder.path()).arg("--config").arg(config(name)).arg("serve"));
        for language in LANGUAGES {
            let list = html::read(&site.page(&format!("/{language}/")));
            let map = crate::map::page(&site, &format!("/{language}/map"));
            assert!(map.named("svg").iter().any(|svg| svg.is_of("mw")), "{name}: the ground of the map");
            assert_eq!(html::rows(&list).len(), site.stations().len(), "{name}");
            for station in site.stations() {
                html::read(&site.page(&format!("/{language}/station/{station}")));
            }
        }
    }
}

#[test]
fn their_agencies_documents_reach_their_pages() {
    for (region, readings) in READINGS {
        for reading in readings {
            let folder = folder();
            let Some((file, format)) = document(&reading.document, folder.path()) else { continue };
            let mut import = riverwatch_in(folder.path());
            import.arg("--config").arg(config(region)).args(["import", reading.feed, "--at", reading.at]);
            let said = succeed(import.args(format.map(|format| format!("--format={format}"))).arg(file));
            assert!(said.contains(": changed; "), "{region}, {}: {said}", reading.feed);
            let mut serve = riverwatch_in(folder.path());
            let site = Running::start(serve.arg("--config").arg(config(region)).args(["serve", "--at", reading.at]));
            for (language, shown) in LANGUAGES.into_iter().zip(reading.shown) {
                let page = html::read(&site.page(&format!("/{language}/station/{}", reading.station)));
                let text = &page.only("main").text;
                assert!(text.contains(shown), "{region}, {}, {language}: no {shown} in {text}", reading.feed);
            }
        }
    }
}

/// The document's file, and its format where the feed's is another; `None` for a real one that is not at hand.
fn document(document: &Document, folder: &Path) -> Option<(PathBuf, Option<&'static str>)> {
    match *document {
        Real(name, format) => Some((sample(name)?, format)),
        Own(name, None) => Some((root().join("fixtures/feeds").join(name), None)),
        Own(name, Some([invented, configured])) => {
            let text = std::fs::read_to_string(root().join("fixtures/feeds").join(name)).expect(name);
            assert!(text.contains(invented), "{name} has no {invented}");
            let file = folder.join("document");
            std::fs::write(&file, text.replace(invented, configured)).expect("a file");
            Some((file, None))
        }
    }
}
