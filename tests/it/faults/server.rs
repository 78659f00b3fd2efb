//! A server on loopback that answers the first request for a path well and every later one as badly as it is told to. It
//! writes its bytes by hand: no HTTP library would let it lie.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::PATIENCE;
use crate::support::http::connect;

/// A part of a reply; after the last one the connection is closed.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Again and again, until the other side has had enough.
    Repeat(Vec<u8>, Duration),
    /// Ends the connection with a reset instead of an end.
    Reset,
}

/// What is sent, from the status line to the end.
pub(crate) type Reply = Vec<Step>;

/// The first reply to a path, and every later one.
pub(crate) type Answers = (Reply, Reply);

/// Serves until dropped.
pub(crate) struct FaultServer {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    answers: HashMap<String, Answers>,
    /// The heads of all requests, in lower case, by path.
    heads: Mutex<HashMap<String, Vec<String>>>,
    over: AtomicBool,
}

impl FaultServer {
    /// Serves these answers by path.
    pub(crate) fn start(answers: HashMap<String, Answers>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { answers, heads: Mutex::default(), over: AtomicBool::new(false) });
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ours.over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), ours) = (stream, Arc::clone(&ours)) else { continue };
                // The other side hangs up on most of these replies, which is what they are for.
                std::thread::spawn(move || drop(serve(stream, &ours)));
            }
        });
        Self { address, shared }
    }

    /// The heads of the requests for a path so far, in lower case.
    pub(crate) fn heads(&self, path: &str) -> Vec<String> {
        self.shared.heads.lock().expect("no panic while it was held").get(path).cloned().unwrap_or_default()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        drop(connect(self.address));
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = Vec::new();
    read_until(&mut stream, b"\r\n", &mut head)?;
    let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
    let asked = shared.heads.lock().expect("no panic while it was held").get(&path).map_or(0, Vec::len);
    let missing = (status("404 Not Found", "", b""), status("404 Not Found", "", b""));
    let (first, later) = shared.answers.get(&path).unwrap_or(&missing);
    let reply = if asked == 0 { first } else { later };
    // The system sends a reset for an end where something is still unread.
    if !reply.iter().any(|step| matches!(step, Step::Reset)) {
        read_until(&mut stream, b"\r\n\r\n", &mut head)?;
    }
    let said = String::from_utf8_lossy(&head).to_lowercase();
    shared.heads.lock().expect("no panic while it was held").entry(path).or_default().push(said);
    for step in reply {
        match step {
            Step::Send(bytes) => stream.write_all(bytes)?,
            Step::Wait(time) => std::thread::sleep(*time),
            Step::Repeat(bytes, pause) => loop {
                stream.write_all(bytes)?;
                std::thread::sleep(*pause);
            },
            Step::Reset => return Ok(()),
        }
    }
    stream.shutdown(Shutdown::Write)
}

fn read_until(stream: &mut TcpStream, end: &[u8], head: &mut Vec<u8>) -> std::io::Result<()> {
    let mut byte = [0];
    while !head.ends_with(end) {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(())
}

/// A whole reply with its length. `headers` end each with CRLF.
pub(crate) fn status(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    vec![Step::Send([head.as_bytes(), body].concat())]
}

/// A good reply with headers of its own.
pub(crate) fn with(headers: &str, body: impl AsRef<[u8]>) -> Reply {
    status("200 OK", headers, body.as_ref())
}

/// A good reply.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Reply {
    with("", body)
}

/// A good reply that ends where the connection does: nothing tells whether it is whole.
pub(crate) fn of_no_length(headers: &str, then: Reply) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}\r\n");
    std::iter::once(Step::Send(head.into_bytes())).chain(then).collect()
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Reply {
    status("302 Found", &format!("Location: {to}\r\n"), b"")
}

/// Compressed.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}
