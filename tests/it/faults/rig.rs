//! The program with a feed and a station for each row of the matrix, and the places that it is sent to on bad days.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::documents::{Form, Row, Scene, csv, metres};
use super::fault::{Fault, Reach};
use super::tls::Tls;
use crate::support::program::{Output, run};

/// A folder with configuration and database.
pub(crate) struct Rig {
    pub(crate) folder: PathBuf,
    /// Certificates of ours to be trusted, if there are any.
    pub(crate) trusted: Option<PathBuf>,
}

impl Rig {
    /// Writes the configuration of these feeds.
    pub(crate) fn new(folder: &Path, faults: &[Fault], server: SocketAddr) -> Self {
        let stations = folder.join("stations");
        std::fs::create_dir(&stations).expect("a folder");
        std::fs::write(folder.join("riverwatch.toml"), configuration(faults, server)).expect("a file");
        std::fs::write(stations.join("all.toml"), self::stations(faults)).expect("a file");
        Self { folder: folder.to_owned(), trusted: None }
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("river.db")
    }

    /// The program, bounded in memory: whatever unfolds without end ends it.
    pub(crate) fn riverwatch(&self) -> Command {
        self.bounded("ulimit -v 700000")
    }

    /// The program under a limit of the shell's.
    pub(crate) fn bounded(&self, limit: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_riverwatch")]);
        command.env_clear().stdin(std::process::Stdio::null()).current_dir(&self.folder);
        command.env("RIVERWATCH_CONFIG", self.folder.join("riverwatch.toml"));
        // Each thread's own heap would reserve more than the bound.
        command.env("MALLOC_ARENA_MAX", "2");
        command.envs(self.trusted.as_ref().map(|file| ("SSL_CERT_FILE", file)));
        command
    }

    /// Fetches a feed once, at fault.
    pub(crate) fn fetch(&self, fault: &Fault, elsewhere: &Elsewhere) -> Output {
        let mut command = self.riverwatch();
        command.args(["ingest", "--once", "--feed", &fault.id()]);
        command.env("RIVERWATCH_FETCH__TOTAL_TIMEOUT", fault.patience);
        let section = format!("RIVERWATCH_FEEDS__{}", fault.key.to_uppercase());
        if fault.reach == Reach::SameAsPublic {
            command.env(format!("{section}__PRIVATE"), "false");
        }
        if let Some(address) = elsewhere.address(fault.reach) {
            command.env(format!("{section}__ADDRESS"), address);
        }
        run(&mut command)
    }
}

/// Documents of five readings each, a minute apart, none of them twice; the newest is at most minutes old.
pub(crate) fn small_documents(folder: &Path, scene: &Scene, count: usize) -> Vec<PathBuf> {
    let total = i64::try_from(count * ROWS_EACH).expect("a small number");
    let document = |i: usize| {
        let first = i64::try_from(i * ROWS_EACH).expect("a small number");
        let rows: Vec<Row> =
            (first..).take(ROWS_EACH).map(|row| scene.row(total - row, &metres(4500 + row % 500))).collect();
        let file = folder.join(format!("{i}.csv"));
        std::fs::write(&file, csv(&rows)).expect("a file");
        file
    };
    (0..count).map(document).collect()
}

/// Readings in each of [`small_documents`].
pub(crate) const ROWS_EACH: usize = 5;

/// A program that ends when dropped, if it has not before.
pub(crate) struct Background(pub(crate) Child);

impl Background {
    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.0.id())]).status();
        assert!(told.expect("a shell").success());
    }
}

/// Starts a server and gives where it listens; `None` where it does not come up.
pub(crate) fn listening(command: &mut Command) -> Option<(Background, SocketAddr)> {
    let mut program =
        Background(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs"));
    let mut line = String::new();
    BufReader::new(program.0.stdout.take()?).read_line(&mut line).ok()?;
    Some((program, line.trim_end().strip_prefix("listening on http://")?.parse().ok()?))
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where the faults are that are no replies.
pub(crate) struct Elsewhere {
    closed: SocketAddr,
    pub(crate) blackhole: Blackhole,
    tls: BTreeMap<&'static str, Tls>,
}

impl Elsewhere {
    pub(crate) fn new(tls: BTreeMap<&'static str, Tls>) -> Self {
        let closed = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
        Self { closed, blackhole: Blackhole::open(), tls }
    }

    /// Where a fault is, if it is not where the good document was.
    fn address(&self, reach: Reach) -> Option<String> {
        match reach {
            Reach::Same | Reach::SameAsPublic => None,
            Reach::At(address) => Some(address.to_owned()),
            Reach::ClosedPort => Some(format!("http://{}/", self.closed)),
            Reach::Blackhole => Some(format!("http://{}/", self.blackhole.address)),
            Reach::Tls(name) => Some(self.tls[name].address.clone()),
        }
    }
}

/// A port whose queue of connections is full: nobody gets in, nobody is turned away.
pub(crate) struct Blackhole {
    pub(crate) address: SocketAddr,
    _waiting: Vec<std::net::TcpStream>,
    _listener: tokio::net::TcpListener,
    _runtime: tokio::runtime::Runtime,
}

impl Blackhole {
    pub(crate) fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let guard = runtime.enter();
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let listener = socket.listen(1).expect("a listener");
        drop(guard);
        let address = listener.local_addr().expect("an address");
        let brief = std::time::Duration::from_millis(200);
        let queue = std::iter::from_fn(|| std::net::TcpStream::connect_timeout(&address, brief).ok());
        let waiting: Vec<_> = queue.take(1000).collect();
        assert!(waiting.len() < 1000, "the queue is never full");
        Self { address, _waiting: waiting, _listener: listener, _runtime: runtime }
    }
}

fn configuration(faults: &[Fault], server: SocketAddr) -> String {
    let head = r#"
[site]
title = { en = "Faults", fr = "Pannes" }
timezone = "America/Moncton"

[database]
url = "sqlite:river.db"

[server]
listen = "127.0.0.1:0"

[fetch]
contact = "faults@example.org"
connect_timeout = "1s"
total_timeout = "3s"
at_once = 16
"#;
    let feed = |fault: &Fault| {
        let (id, format) = (fault.id(), fault.form.name());
        format!(
            "\n[feeds.{id}]\ntitle = \"Feed {id}\"\naddress = \"http://{server}/{id}\"\nformat = \"{format}\"\n\
             schedule = \"* * * * *\"\nmax_size = \"2MB\"\nprivate = true\nattribution = \"Credit {id}\"\n"
        )
    };
    head.to_owned() + &faults.iter().map(feed).collect::<String>()
}

fn stations(faults: &[Fault]) -> String {
    let head = "[river]\nname = { en = \"River\", fr = \"Rivière\" }\n\n[thresholds]\nscheme = \"new-brunswick\"\n\
                source = { en = \"The province\", fr = \"La province\" }\n";
    let measuring = faults.iter().filter(|fault| fault.form != Form::Table);
    head.to_owned() + &measuring.flat_map(stations_of).collect::<String>()
}

fn stations_of(fault: &Fault) -> Vec<String> {
    let station = |(id, place): (String, &&str)| {
        let thresholds = if fault.thresholds {
            "thresholds = { advisory = 4.0, watch = 5.5, warning = 6.0, flood = 6.5 }\n"
        } else {
            ""
        };
        let source =
            |feed: &str| format!("[[station.source]]\nfeed = \"{feed}\"\nlocation = \"{place}\"\ndatum_offset = 0.0\n");
        let sources =
            source(&fault.id()) + &fault.second_source.map(|key| source(&key.to_lowercase())).unwrap_or_default();
        format!(
            "\n[[station]]\nid = \"{id}\"\nname = \"Place {id}\"\nlatitude = 46.0\nlongitude = -66.0\n{thresholds}{sources}"
        )
    };
    fault.stations().into_iter().zip(fault.places).map(station).collect()
}
