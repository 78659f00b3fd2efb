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
