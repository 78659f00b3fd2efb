//! Plain requests for what is in memory, answered as they come in. What is sent costs a few system calls; a request that is
//! taken apart in full and led along the routes costs nearly as much again.
//!
//! A request is plain if it is a `GET` or `HEAD` of HTTP/1.1 for a path alone, without content and without wishes for the
//! connection but to keep or to close it. All else goes the general way, with every byte as it came.

use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Buf;
use httparse::{Header, Request, Status};
use hydro::{Now, Timestamp};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::answer::Reply;
use crate::routes::App;

/// A request's head is at most so long, in bytes.
pub(crate) const HEAD: usize = 16 * 1024;
/// Most heads are shorter than this.
const ROOM: usize = 1024;
/// Headers that a plain request may have.
const FIELDS: usize = 32;

/// A plain request.
pub(crate) struct Plain<'b> {
    /// Whether the content is to be left out.
    head: bool,
    /// Whether the connection is to end with the answer.
    last: bool,
    pub(crate) path: &'b str,
    fields: &'b [Header<'b>],
}

impl<'b> Plain<'b> {
    /// The values of the headers of a name.
    pub(crate) fn values(&self, name: &'static str) -> impl Iterator<Item = &'b str> {
        let named = self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        named.filter_map(|field| str::from_utf8(field.value).ok())
    }
}

/// What the beginning of what was read is.
enum Read<'b> {
    /// Not yet a whole head.
    Part,
    /// A plain request, and how long it is.
    Plain(Plain<'b>, usize),
    Other,
}

/// How plain requests are answered.
#[derive(Clone)]
pub(crate) struct Direct {
    pub(crate) app: Arc<App>,
    /// The clock of the header `Date`.
    pub(crate) wall: Now,
    /// An idle or slow client is waited for so long.
    pub(crate) patience: Duration,
}

impl Direct {
    /// Answers plain requests until another comes, the client has no more, or `stopped` ends. Returns what was read and not
    /// answered, for the general way; none where the connection is at its end.
    pub(crate) async fn serve(&self, stream: &mut TcpStream, stopped: impl Future<Output = ()>) -> Option<Vec<u8>> {
        let (mut read, mut head, mut date) = (Vec::with_capacity(ROOM), Vec::with_capacity(ROOM), Date::default());
        let mut patience = Patience::of(self.patience);
        let mut stopped = pin!(stopped);
        loop {
            let mut room = [const { MaybeUninit::uninit() }; FIELDS];
            match understood(&read, &mut room) {
                Read::Plain(plain, length) => {
                    let Some((reply, varying)) = self.app.direct(&plain).await else { return Some(read) };
                    let last = plain.last;
                    head.clear();
                    write_head(&mut head, &reply, varying, last, date.at((self.wall)()));
                    if plain.head || reply.body.is_empty() {
                        stream.write_all(&head).await.ok()?;
                    } else {
                        stream.write_all_buf(&mut Buf::chain(head.as_slice(), reply.body)).await.ok()?;
                    }
                    if last {
                        return stream.shutdown().await.map(|()| None).ok()?;
                    }
                    read.drain(..length);
                    patience.since = Instant::now();
                }
                Read::Part if read.len() < HEAD => {
                    read.reserve(ROOM);
                    tokio::select! {
                        biased;
                        more = stream.read_buf(&mut read) => if !matches!(more, Ok(1..)) { return None },
                        () = &mut patience => return None,
                        () = stopped.as_mut() => return Some(read),
                    }
                }
                Read::Part | Read::Other => return Some(read),
            }
        }
    }
}

/// What the beginning of some bytes is.
fn understood<'b>(bytes: &'b [u8], room: &'b mut [MaybeUninit<Header<'b>>]) -> Read<'b> {
    let mut request = Request::new(&mut []);
    let length = match request.parse_with_uninit_headers(bytes, room) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Read::Part,
        Err(_) => return Read::Other,
    };
    let (Some(method @ ("GET" | "HEAD")), Some(1), Some(path)) = (request.method, request.version, request.path) else {
        return Read::Other;
    };
    let mut last = false;
    for field in &*request.headers {
        let named = |name: &&str| field.name.eq_ignore_ascii_case(name);
        if ["content-length", "transfer-encoding", "expect", "upgrade"].iter().any(named) {
            return Read::Other;
        }
        if named(&"connection") {
            let wished = |word: &str| field.value.trim_ascii().eq_ignore_ascii_case(word.as_bytes());
            last |= wished("close");
            if !last && !wished("keep-alive") {
                return Read::Other;
            }
        }
    }
    if path.contains('?') {
        return Read::Other;
    }
    Read::Plain(Plain { head: method == "HEAD", last, path, fields: request.headers }, length)
}

/// Writes the head of a reply (RFC 9112, sections 4 and 5).
fn write_head(head: &mut Vec<u8>, reply: &Reply, varying: &str, last: bool, date: &str) {
    let Reply { status, fields, .. } = reply;
    for part in ["HTTP/1.1 ", status.as_str(), " ", status.canonical_reason().unwrap_or_default(), "\r\n"] {
        head.extend_from_slice(part.as_bytes());
    }
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let close: &[u8] = b"close";
    let own = [("vary", varying.as_bytes()), ("date", date.as_bytes())];
    for (name, value) in fields.chain(own).chain(last.then_some(("connection", close))) {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
}

/// The time as the header `Date` says it, written once a second.
#[derive(Default)]
struct Date {
    second: i64,
    text: String,
}

impl Date {
    fn at(&mut self, now: Timestamp) -> &str {
        if now.as_second() != self.second {
            self.second = now.as_second();
            self.text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap_or_default();
        }
        &self.text
    }
}

/// Ends so long after it began, however often it began anew. That costs no more than to read a clock.
struct Patience {
    length: Duration,
    since: Instant,
    sleep: Pin<Box<Sleep>>,
}

impl Patience {
    fn of(length: Duration) -> Self {
        Self { length, since: Instant::now(), sleep: Box::pin(sleep(length)) }
    }
}

impl Future for Patience {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.sleep.as_mut().poll(context));
            let end = self.since + self.length;
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(end);
        }
    }
}
