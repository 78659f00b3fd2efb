//! How one `riverwatch` speaks to another that runs over the same database: by a socket beside the database's file, which
//! only the file's owner can open. Whoever owns the data may say that the configuration is to be read anew.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

/// Programs over one database: one that fetches and some that serve.
const PLACES: std::ops::RangeInclusive<u8> = 1..=9;
/// All that can be asked.
const RELOAD: &str = "reload\n";
/// How long the other side may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer may take: a configuration is read, and every station's data.
const LONGEST: Duration = Duration::from_secs(60);

/// Where questions come in. Gone from the folder when dropped.
#[derive(Debug)]
pub(crate) struct Control {
    listener: UnixListener,
    path: PathBuf,
}

/// A question that waits for its answer.
#[derive(Debug)]
pub(crate) struct Question(tokio::net::UnixStream);

/// What a program answered: whether it did as asked, and what it says of it.
#[derive(Debug)]
pub(crate) struct Said {
    /// Done.
    pub(crate) done: bool,
    /// Some lines.
    pub(crate) text: String,
}

impl Control {
    /// Listens at the first free place beside the database.
    ///
    /// # Errors
    /// Where the folder takes no socket, or all places are taken.
    pub(crate) fn beside(database: &Path) -> anyhow::Result<Self> {
        for path in PLACES.map(|place| socket(database, place)) {
            let bound = match UnixListener::bind(&path) {
                Err(error) if error.kind() == ErrorKind::AddrInUse && is_left_over(&path) => {
                    std::fs::remove_file(&path).and_then(|()| UnixListener::bind(&path))
                }
                bound => bound,
            };
            match bound {
                Ok(listener) => {
                    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
                    return Ok(Self { listener, path });
                }
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                Err(error) => return Err(error).context(path.display().to_string()),
            }
        }
        anyhow::bail!("{} programs run over {}", PLACES.count(), database.display())
    }

    /// The next question; one that is not understood is not answered.
    pub(crate) async fn question(&self) -> Question {
        loop {
            let Ok((mut stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let mut asked = [0; RELOAD.len()];
            let read = tokio::time::timeout(PATIENCE, stream.read_exact(&mut asked)).await;
            if matches!(read, Ok(Ok(_))) && asked == RELOAD.as_bytes() {
                return Question(stream);
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Question {
    /// Answers it. Whoever has gone does not hear it.
    pub(crate) async fn answer(mut self, said: &Said) {
        let text = format!("{}{}", if said.done { '+' } else { '-' }, said.text);
        let _ = tokio::time::timeout(PATIENCE, self.0.write_all(text.as_bytes())).await;
    }
}

/// Tells every program over a database to read its configuration anew, and gives what each says.
///
/// # Errors
/// Where one is there and does not answer.
pub(crate) fn reload(database: &Path) -> anyhow::Result<Vec<Said>> {
    let mut said = Vec::new();
    for path in PLACES.map(|place| socket(database, place)) {
        match UnixStream::connect(&path) {
            Ok(stream) => said.push(ask(stream).with_context(|| path.display().to_string())?),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {}
            Err(error) => return Err(error).context(path.display().to_string()),
        }
    }
    Ok(said)
}

fn ask(mut stream: UnixStream) -> anyhow::Result<Said> {
    stream.set_read_timeout(Some(LONGEST))?;
    stream.write_all(RELOAD.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text).context("it did not finish its answer")?;
    let done = text.starts_with('+');
    let text = text.get(1..).context("it ended without an answer")?.to_owned();
    Ok(Said { done, text })
}

/// Whether nobody listens there any more: a power cut leaves the file.
fn is_left_over(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

fn socket(database: &Path, place: u8) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".{place}.sock"));
    name.into()
}
