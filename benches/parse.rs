//! What reading costs: each format's parser beside the bare reader of its syntax (csv, `quick-xml`, `serde_json`), which looks
//! at every field and keeps nothing; then the whole way of a national file, from bytes to rows that survive a power cut.
//!
//! Documents are synthetic, and of each format the largest of the fixtures and of the real samples of `../shared/feeds`, where
//! that folder is; small ones are read repeatedly.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

mod measure;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use fixtures::Freshet;
use hydro::{FeedId, Parameter, StationId, Timestamp};
use ingest::fetch::Body;
use ingest::formats::{Format, parse};
use ingest::{Feed, Schedule};
use measure::{both, figure, heading, median, millions, millis, time};
use store::Writer;

const NOW: Timestamp = Timestamp::constant(1_776_686_400, 0);

fn main() {
    heading("parse, MB/s of a core: ours, bare reader, ratio");
    for (format, name, bytes) in documents() {
        one(&format, &name, &bytes);
    }
    heading("2 000 stations, two days at 5 minutes, as the Datamart writes them");
    national();
}

/// A document of each format that there is one for: synthetic ones, then real ones.
fn documents() -> Vec<(Format, String, Vec<u8>)> {
    let freshet = Freshet::new(NOW - hydro::SignedDuration::from_hours(96), 7);
    let from = NOW - hydro::SignedDuration::from_hours(30 * 24);
    let made = |format, text: String| (format, "synthetic".to_owned(), text.into_bytes());
    let mut all = vec![
        made(Format::PiXml, freshet.fews_xml(NOW)),
        made(Format::NbAlertlevels, freshet.alertlevels_xml()),
        made(Format::EcccCsv, datamart(200, 576)),
        made(Format::Waterml1, usgs(200, 192)),
        made(Format::GeometJson, freshet.geomet_json("01AK003", NOW)),
        made(Format::WaterofficeCsv, freshet.wateroffice_csv("01AK003", from, NOW)),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting = vec![root.join("fixtures/feeds"), root.join("../shared/feeds")];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        match std::fs::read_dir(&path) {
            Ok(entries) => waiting.extend(entries.map(|entry| entry.unwrap().path())),
            Err(_) if path.is_file() => files.push(path),
            Err(_) => eprintln!("skipped: the real samples, for ../shared/feeds is absent"),
        }
    }
    files.sort();
    // Of each format the largest document that it takes in full.
    for format in Format::NAMED {
        let sound = |bytes: &Vec<u8>| {
            std::panic::catch_unwind(|| parse(&format, bytes))
                .is_ok_and(|parsed| parsed.is_ok_and(|parsed| !parsed.items.is_empty() && parsed.rejected.is_empty()))
        };
        let read = files.iter().filter_map(|path| Some((path, std::fs::read(path).ok()?)));
        let largest = read.filter(|(_, bytes)| sound(bytes)).max_by_key(|(_, bytes)| bytes.len());
        if let Some((path, bytes)) = largest {
            let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
            all.push((format.clone(), name, bytes));
        }
    }
    all
}

/// The Datamart's file of so many stations with so many rows each.
fn datamart(stations: usize, rows: usize) -> String {
    let mut text = " ID,Date,Water Level / Niveau d'eau (m),Grade,Symbol / Symbole,QA/QC,\
                    Discharge / Débit (cms),Grade,Symbol / Symbole,QA/QC\n"
        .to_owned();
    for station in 0..stations {
        for row in 0..rows {
            let back = i64::try_from((rows - row) * 300).unwrap();
            let valid = Timestamp::from_second(NOW.as_second() - back - 4 * 3600).unwrap();
            let (level, flow) = (5000 + (station * 31 + row * 7) % 400, 90 + (station * 17 + row * 3) % 70);
            let clock = valid.strftime("%Y-%m-%dT%H:%M:%S-04:00");
            writeln!(
                text,
                "{:02}AK{station:04},{clock},{}.{:03},,,1,{flow}.4,,,1",
                station % 12,
                level / 1000,
                level % 1000
            )
            .unwrap();
        }
    }
    text
}

/// A reply of the USGS of so many sites with so many discharges each.
fn usgs(sites: usize, values: usize) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
                    <ns1:timeSeriesResponse xmlns:ns1=\"http://www.cuahsi.org/waterML/1.1/\">"
        .to_owned();
    for site in 0..sites {
        write!(
            text,
            "<ns1:timeSeries name=\"USGS:{site:08}:00060:00000\"><ns1:sourceInfo>\
             <ns1:siteName>EXAMPLE RIVER AT PLACE {site}</ns1:siteName>\
             <ns1:siteCode network=\"NWIS\" agencyCode=\"USGS\">{site:08}</ns1:siteCode></ns1:sourceInfo>\
             <ns1:variable ns1:oid=\"45807197\"><ns1:variableCode network=\"NWIS\">00060</ns1:variableCode>\
             <ns1:variableName>Streamflow, ft&amp;#179;/s</ns1:variableName>\
             <ns1:unit><ns1:unitCode>ft3/s</ns1:unitCode></ns1:unit>\
             <ns1:options><ns1:option name=\"Statistic\" optionCode=\"00000\"/></ns1:options>\
             <ns1:noDataValue>-999999.0</ns1:noDataValue></ns1:variable><ns1:values>"
        )
        .unwrap();
        for value in 0..values {
            let back = i64::try_from((values - value) * 900).unwrap();
            let clock = Timestamp::from_second(NOW.as_second() - back - 4 * 3600).unwrap();
            let (clock, flow) = (clock.strftime("%Y-%m-%dT%H:%M:%S.000-04:00"), 90 + (site * 17 + value * 3) % 700);
            write!(text, "<ns1:value qualifiers=\"P\" dateTime=\"{clock}\">{flow}.{}</ns1:value>", value % 10).unwrap();
        }
        text.push_str("<ns1:method methodID=\"1\"></ns1:method></ns1:values></ns1:timeSeries>");
    }
    text + "</ns1:timeSeriesResponse>"
}

fn one(format: &Format, name: &str, bytes: &[u8]) {
    // A few megabytes in each round.
    let times = (4_000_000 / bytes.len().max(1)).max(1);
    let again = |read: &dyn Fn()| (0..times).for_each(|_| read());
    let ours = || again(&|| drop(black_box(parse(format, black_box(bytes)))));
    let bare = || again(&|| bare(bytes));
    let [ours, bare] = both(9, ours, bare);
    let speed = |took: Duration| (bytes.len() * times) as f64 / took.as_secs_f64() / 1e6;
    let ratio = speed(ours) / speed(bare);
    figure(&format!("{} ({name})", format.name()), format!("{:.0}, {:.0}, {ratio:.2}", speed(ours), speed(bare)));
}

/// Reads a document with the reader of its syntax, and keeps nothing.
fn bare(bytes: &[u8]) {
    match bytes.trim_ascii_start().first() {
        Some(b'<') => {
            let Ok(text) = str::from_utf8(bytes) else { return };
            let mut reader = quick_xml::Reader::from_str(text);
            while reader.read_event().is_ok_and(|event| !matches!(black_box(event), quick_xml::events::Event::Eof)) {}
        }
        Some(b'{' | b'[') => drop(black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes))),
        _ => {
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
            let mut record = csv::ByteRecord::new();
            while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
                black_box(&record);
            }
        }
    }
}

fn national() {
    let text = datamart(2_000, 576).into_bytes();
    let size = text.len() as f64 / 1e6;
    let places = (0..2_000).flat_map(|station| {
        let id = StationId::new(&format!("s{station}")).unwrap();
        let place = format!("{:02}AK{station:04}", station % 12);
        [Parameter::Level, Parameter::Discharge].map(|parameter| ((place.clone(), parameter), [id.clone()].into()))
    });
    let feed = Feed {
        id: FeedId::new("national").unwrap(),
        address: "https://example.org/".parse().unwrap(),
        format: Format::EcccCsv,
        place: None,
        schedule: Schedule::parse("*/5 * * * *").unwrap(),
        max_bytes: 1 << 30,
        private: false,
        places: places.collect(),
    };
    let parsing = median((0..3).map(|_| time(|| parse(&Format::EcccCsv, &text))).collect());
    let folder = tempfile::tempdir().unwrap();
    let body = Body::new(text);
    let mut points = 0;
    let (mut taking, mut applying, mut compressed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..3 {
        let mut writer = Writer::open(&folder.path().join(format!("{round}.db"))).unwrap();
        let mut batch = None;
        taking.push(time(|| batch = Some(ingest::import(&feed, &Format::EcccCsv, &body, NOW))));
        let mut batch = batch.unwrap();
        points = batch.series.iter().map(|series| series.points.len()).sum();
        let bytes = batch.body.take();
        applying.push(time(|| writer.apply(&batch).unwrap()));
        // The same again with its bytes, which are compressed: nothing else is new.
        batch.body = bytes;
        compressed.push(time(|| writer.apply(&batch).unwrap()));
    }
    let (taking, applying, compressed) = (median(taking), median(applying), median(compressed));
    figure("size, MB; points, millions", format!("{size:.0}, {:.2}", points as f64 / 1e6));
    figure("parse, ms", format!("{:.0}", millis(parsing)));
    figure("parse, and take what is wanted, ms", format!("{:.0}", millis(taking)));
    figure("commit the rows, ms", format!("{:.0}", millis(applying)));
    figure("compare them again, and keep the bytes, ms", format!("{:.0}", millis(compressed)));
    figure("bytes to committed rows, millions of rows a second", format!("{:.2}", millions(points, taking + applying)));
    figure(
        "  of which parsing takes",
        format!("{:.0} %", parsing.as_secs_f64() / (taking + applying).as_secs_f64() * 1e2),
    );
}
