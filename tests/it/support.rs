//! What the tests share: the program, a client and a feed server that speak plain HTTP, and a reader of the pages.

pub(crate) mod feeds;
pub(crate) mod html;
pub(crate) mod http;
pub(crate) mod program;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The languages of the pages.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "fr"];

/// How long anything may take that is no deadline of its own.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A real feed's document, or `None` where the samples are not at hand: they belong to their agencies and stand beside
/// the repository, not in it.
pub(crate) fn sample(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/feeds");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/feeds is absent");
        return None;
    }
    let file = folder.join(name);
    assert!(file.is_file(), "no sample {name}");
    Some(file)
}

/// Copies the shipped configuration into a folder. Returns its main file.
pub(crate) fn shipped(into: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for name in ["riverwatch.toml", "stations/saint-john-river.toml", "maps/saint-john-river.geojson"] {
        let to = into.join(name);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from.join(name), to).expect("a copy");
    }
    into.join("riverwatch.toml")
}

/// Changes a file's text.
pub(crate) fn edit(file: &Path, change: impl FnOnce(String) -> String) {
    std::fs::write(file, change(std::fs::read_to_string(file).expect("a file"))).expect("a file");
}

/// Asks again and again until there is an answer, at most for [`PATIENCE`].
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "still not after {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(25));
    }
}
