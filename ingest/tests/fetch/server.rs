//! A server that says exactly the bytes it is told to, when it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A part of a reply; after the last one the connection is closed.
#[derive(Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Again and again, until the other side has had enough.
    Repeat(Vec<u8>, Duration),
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Replies to each request by its head, in lower case, and its number, counted from 0.
    pub(crate) async fn start(reply: impl Fn(usize, &str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (heads, reply) = (Arc::clone(&requests), Arc::new(reply));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&heads), Arc::clone(&reply)));
            }
        });
        Self { address, requests, task }
    }

    pub(crate) fn url(&self) -> Url {
        format!("http://{}/feed.csv", self.address).parse().unwrap()
    }

    /// The heads of all requests so far, in lower case.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    heads: Arc<Mutex<Vec<String>>>,
    reply: Arc<impl Fn(usize, &str) -> Vec<Step> + Send + Sync>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let number = {
        let mut heads = heads.lock().unwrap();
        heads.push(head.clone());
        heads.len() - 1
    };
    for step in reply(number, &head) {
        let written = match step {
            Step::Send(bytes) => stream.write_all(&bytes).await,
            Step::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Step::Repeat(bytes, pause) => loop {
                if let Err(error) = stream.write_all(&bytes).await {
                    break Err(error);
                }
                tokio::time::sleep(pause).await;
            },
        };
        if written.is_err() {
            return;
        }
    }
    // What is still unread would turn the end into a reset.
    let _ = stream.shutdown().await;
}

/// A whole reply with its length.
pub(crate) fn reply(status: &str, headers: &str, body: &[u8]) -> Vec<Step> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    vec![Step::Send([head.as_bytes(), body].concat())]
}

/// A good reply of no announced length: it ends where the connection does.
pub(crate) fn endless(headers: &str, then: Vec<Step>) -> Vec<Step> {
    let head = Step::Send(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes());
    std::iter::once(head).chain(then).collect()
}
