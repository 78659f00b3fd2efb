//! What leaves a station's page: its picture for shared links, small, in both languages, and never surer than the page.

use std::io::Cursor;

use crate::answers::still;
use crate::demo::demonstration;
use crate::support::LANGUAGES;
use crate::support::http::ask;
use crate::support::program::Running;

/// Ground colours of the statuses, as `look.md` has them.
const COLOURS: [(&str, [u8; 3]); 6] = [
    ("unknown", [0xe6, 0xea, 0xed]),
    ("normal", [0xd7, 0xeb, 0xe4]),
    ("advisory", [0xff, 0xd8, 0x4d]),
    ("watch", [0xf2, 0x8e, 0x2b]),
    ("warning", [0xb3, 0x26, 0x1e]),
    ("flood", [0x4a, 0x0d, 0x3a]),
];

/// The pixels of a picture, red, green and blue, once it is seen to be a small PNG of the right kind.
fn pixels(site: &Running, path: &str) -> Vec<[u8; 3]> {
    let reply = site.get(path);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")), "{path}");
    assert!(reply.body.len() < 40_000, "{path}: {} bytes", reply.body.len());
    let mut decoder = png::Decoder::new(Cursor::new(reply.body));
    let header = decoder.read_header_info().expect("a header");
    assert_eq!((header.width, header.height, header.color_type), (1200, 630, png::ColorType::Indexed), "{path}");
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a palette");
    let mut read = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut read).expect("every pixel");
    read.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// The colour of the strip at the left edge, which repeats the status.
fn status(pixels: &[[u8; 3]]) -> &'static str {
    let strip = pixels[300 * 1200 + 5];
    COLOURS.iter().find(|(_, colour)| *colour == strip).map_or_else(|| unreachable!("{strip:?}"), |(name, _)| name)
}

#[test]
fn a_picture_says_the_status_of_its_station() {
    let (demo, _folder) = demonstration();
    for id in ["fredericton", "jemseg", "connors", "woodstock"] {
        let [english, french] = LANGUAGES.map(|language| pixels(&demo, &format!("/{language}/station/{id}.png")));
        let level = demo.json(&format!("/en/station/{id}.json"))["status"]["level"].clone();
        assert_eq!((level.as_str(), status(&english)), (Some(status(&french)), status(&french)), "{id}");
        assert!(english != french, "{id}: the same picture in two languages");
    }
}

#[test]
fn without_data_a_picture_says_that_nothing_is_known() {
    let (site, _folder) = still();
    for language in LANGUAGES {
        let path = format!("/{language}/station/fredericton.png");
        assert_eq!(status(&pixels(&site, &path)), "unknown");
        let whole = ask(site.address, "GET", &path, &[("Accept-Encoding", "gzip, br")]);
        assert_eq!(whole.header("content-encoding"), None, "what is compressed is not compressed again");
        let tag = whole.header("etag").expect("a tag");
        let again = ask(site.address, "GET", &path, &[("If-None-Match", tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    assert_eq!(site.get("/en/station/nowhere.png").status, 404);
}
