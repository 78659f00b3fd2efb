//! HTTP by hand over a socket: nothing is normalised, followed, retried or hidden, so that what the server sends is what
//! a test sees.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::PATIENCE;

/// A whole response.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case, in the order sent.
    pub(crate) headers: Vec<(String, String)>,
    /// As sent, compressed or not.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The first header of a name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The content, without its coding.
    pub(crate) fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        let read = match self.header("content-encoding") {
            None => return self.body.clone(),
            Some("gzip") => flate2::read::GzDecoder::new(self.body.as_slice()).read_to_end(&mut content),
            Some("br") => brotli::Decompressor::new(self.body.as_slice(), 4096).read_to_end(&mut content),
            Some(other) => unreachable!("a content coding that nobody asked for: {other}"),
        };
        read.expect("a sound coding");
        content
    }

    /// The content as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.content()).expect("UTF-8")
    }
}

/// Sends a request and reads the whole response.
pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let bytes = exchange(address, request.as_bytes()).expect("an answer");
    parse(&bytes).unwrap_or_else(|| unreachable!("{method} {path}: no answer but {bytes:?}"))
}

/// Sends bytes and reads until the other side ends the connection. What came before a reset counts.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = connect(address)?;
    // A server that has heard enough may answer and hang up before everything is sent.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if bytes.is_empty() => Err(error),
        _ => Ok(bytes),
    }
}

/// A connection on which nothing waits for ever.
pub(crate) fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Reads a response; `None` where it is none or not whole.
pub(crate) fn parse(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers = lines.map(header).collect::<Option<Vec<_>>>()?;
    Some(Reply { status, headers, body: bytes[end + 4..].to_vec() })
}
