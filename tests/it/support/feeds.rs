//! A government's feed server on loopback: a synthetic freshet as it is at one instant, with a tag that is honoured. It
//! remembers who asked what.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use fixtures::Freshet;
use jiff::Timestamp;

use super::PATIENCE;
use super::http::connect;

const TAG: &str = "\"of-today\"";

/// Serves until dropped.
pub(crate) struct FeedServer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    ended: Arc<AtomicBool>,
}

/// What was asked, and how it was answered.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) if_none_match: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) status: u16,
}

impl FeedServer {
    /// Serves a freshet as it is at an instant.
    pub(crate) fn start(freshet: Freshet, at: Timestamp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let ended = Arc::new(AtomicBool::new(false));
        let (heard, end) = (Arc::clone(&requests), Arc::clone(&ended));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let heard = Arc::clone(&heard);
                std::thread::spawn(move || answer(stream, &freshet, at, &heard));
            }
        });
        Self { address, requests, ended }
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic while it was held").clone()
    }
}

impl Drop for FeedServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        drop(connect(self.address));
    }
}

/// Answers one request.
fn answer(mut stream: TcpStream, freshet: &Freshet, at: Timestamp, requests: &Mutex<Vec<Request>>) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")))?;
        line.split_once(": ").map(|(_, value)| value.to_owned())
    };
    let if_none_match = header("if-none-match");
    let reply = freshet.reply(&path, at);
    let (status, body) =
        if if_none_match.as_deref() == Some(TAG) { (304, Vec::new()) } else { (reply.status, reply.body) };
    let request = Request { path, if_none_match, user_agent: header("user-agent"), status };
    requests.lock().expect("no panic while it was held").push(request);
    let length = if status == 304 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = format!("HTTP/1.1 {status} As It Is\r\nETag: {TAG}\r\nConnection: close\r\n{length}\r\n");
    let _ = stream.write_all(&[head.into_bytes(), body].concat());
}
