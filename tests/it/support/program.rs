//! The real binary: run to its end, or left running until it is told to end or dropped. Either way it does not outlive
//! its test.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::PATIENCE;
use super::http::{Reply, ask};

/// What a run to the end gave.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The binary at the root of the repository, with the shipped configuration and nothing else in its environment.
pub(crate) fn riverwatch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riverwatch"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().stdin(Stdio::null());
    command
}

/// The same, with its database in a folder, on a free port.
pub(crate) fn riverwatch_in(folder: &Path) -> Command {
    let mut command = riverwatch();
    command.env("RIVERWATCH_DATABASE__URL", format!("sqlite:{}", folder.join("river.db").display()));
    command.env("RIVERWATCH_SERVER__LISTEN", "127.0.0.1:0");
    command
}

/// A folder that goes with its test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Runs to the end.
pub(crate) fn run(command: &mut Command) -> Output {
    let (mut out, mut err) = (scratch(), scratch());
    command.stdout(writer(&out)).stderr(writer(&err));
    let mut child = Process(command.spawn().expect("the binary runs"));
    let code = child.ended(PATIENCE).expect("the command ends in time").code();
    Output { code, out: text(&mut out), err: text(&mut err) }
}

/// Runs to the end, which must be a good one, and gives what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = run(command);
    assert_eq!(output.code, Some(0), "{output:?}");
    output.out
}

/// A program that serves.
pub(crate) struct Running {
    process: Process,
    pub(crate) address: SocketAddr,
    log: File,
}

impl Running {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut log = scratch();
        command.stdout(Stdio::piped()).stderr(writer(&log));
        let mut process = Process(command.spawn().expect("the binary runs"));
        let mut lines = BufReader::new(process.0.stdout.take().expect("a pipe"));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = lines.read_line(&mut line);
            let _ = sender.send(line);
            let _ = std::io::copy(&mut lines, &mut std::io::sink());
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let address = line.trim_end().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| unreachable!("it printed `{line}` and said {}", text(&mut log)));
        Self { process, address, log }
    }

    /// Asks for an address.
    pub(crate) fn get(&self, path: &str) -> Reply {
        ask(self.address, "GET", path, &[])
    }

    /// The page at an address, which must be there.
    pub(crate) fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// The data at an address, which must be there.
    pub(crate) fn json(&self, path: &str) -> Json {
        serde_json::from_str(&self.page(path)).expect("JSON")
    }

    /// The stations' ids, in the order of configuration.
    pub(crate) fn stations(&self) -> Vec<String> {
        let stations = self.json("/en/stations.json");
        let stations = stations["stations"].as_array().expect("an array");
        stations.iter().map(|station| station["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.process.0.kill().expect("it was still running");
        assert!(self.process.ended(PATIENCE).is_some());
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.process.0.id())]).status();
        assert!(told.expect("a shell").success());
    }

    /// What it has said so far on standard error.
    pub(crate) fn said(&mut self) -> String {
        text(&mut self.log)
    }

    /// Tells it to end, and gives how it did and what it had said.
    pub(crate) fn terminate(mut self, patience: Duration) -> (ExitStatus, String) {
        self.signal("TERM");
        let status = self.process.ended(patience);
        let said = text(&mut self.log);
        (status.unwrap_or_else(|| unreachable!("not ended after {patience:?}: {said}")), said)
    }
}

struct Process(Child);

impl Process {
    /// How it ended, or `None` where it has not yet.
    fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            let status = self.0.try_wait().expect("a child of ours");
            if status.is_some() || Instant::now() > deadline {
                return status;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn scratch() -> File {
    tempfile::tempfile().expect("a temporary file")
}

fn writer(file: &File) -> File {
    file.try_clone().expect("a second handle")
}

fn text(file: &mut File) -> String {
    let mut text = String::new();
    file.rewind().expect("a file has a beginning");
    file.read_to_string(&mut text).expect("UTF-8");
    text
}
