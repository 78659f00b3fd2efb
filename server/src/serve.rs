//! Listening: HTTP/1.1 over our own accept loop, with a limit on connections and on the time a request may take to arrive.
//!
//! `axum::serve` sets no timer on a request's head, so that slow or silent connections would stay open for ever.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hydro::Now;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, join};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::direct::{self, Direct};
use crate::routes::App;

/// A request's head must be there within this time; an idle connection is closed after it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection is closed after this time: nobody needs longer for a page. A response that lasts asks for more by [`Lasting`].
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(120);
/// Requests under way have this long to end when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves by routes until `stop` becomes true; then finishes what is under way.
pub async fn serve(listener: TcpListener, router: Router, connections: usize, stop: watch::Receiver<bool>) {
    listen(listener, None, router, connections, stop).await;
}

/// Serves a site until `stop` becomes true; then finishes what is under way. `wall` is the clock of the header `Date`, whatever
/// time the site speaks of.
pub async fn serve_site(
    listener: TcpListener,
    app: Arc<App>,
    wall: Now,
    connections: usize,
    stop: watch::Receiver<bool>,
) {
    let router = Arc::clone(&app).router();
    listen(listener, Some(Direct { app, wall, patience: HEAD_TIMEOUT }), router, connections, stop).await;
}

/// Serves what a site can answer directly, and the rest by routes.
async fn listen(
    listener: TcpListener,
    direct: Option<Direct>,
    router: Router,
    connections: usize,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(connections));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = stopped(&mut stop) => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, for one: wait for others to close instead of spinning.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        let (direct, stop) = (direct.clone(), stop.clone());
        open.spawn(async move {
            let _place = place;
            connection(stream, direct, service, stop).await;
        });
    }
    let drained = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        tracing::warn!("requests were still under way when the server stopped");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

/// Waits until the server is to stop; a sender that is gone means the same.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What a response that lasts knows of the connection that it goes over: every request brings it along.
#[derive(Debug, Clone)]
pub(crate) struct Lasting {
    stop: watch::Receiver<bool>,
    end: Arc<watch::Sender<Instant>>,
}

impl Lasting {
    /// Keeps the connection open until then. Whoever asks for that has to see to it that it is closed afterwards.
    pub(crate) fn until(&self, end: Instant) {
        self.end.send_if_modified(|known| {
            let later = end > *known;
            *known = end.max(*known);
            later
        });
    }

    /// Waits until the server is to stop.
    pub(crate) async fn stopped(&mut self) {
        stopped(&mut self.stop).await;
    }
}

/// Waits for the end of a connection, however often it is put off.
async fn out_of_time(mut end: watch::Receiver<Instant>) {
    loop {
        let at = *end.borrow_and_update();
        sleep_until(at).await;
        if *end.borrow() <= at {
            return;
        }
    }
}

async fn connection(
    mut stream: TcpStream,
    direct: Option<Direct>,
    service: TowerToHyperService<Router>,
    stop: watch::Receiver<bool>,
) {
    let (end, ends) = watch::channel(Instant::now() + CONNECTION_TIMEOUT);
    let lasting = Lasting { stop: stop.clone(), end: Arc::new(end) };
    let served = async {
        let read = match direct {
            Some(direct) => direct.serve(&mut stream, stopped(&mut stop.clone())).await,
            None => Some(Vec::new()),
        };
        if let Some(read) = read {
            generally(stream, read, service, lasting, stop).await;
        }
    };
    tokio::select! {
        () = served => {}
        () = out_of_time(ends) => {}
    }
}

/// Serves a connection by routes, of which some was read already.
async fn generally(
    stream: TcpStream,
    read: Vec<u8>,
    service: TowerToHyperService<Router>,
    lasting: Lasting,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(lasting.clone());
        service.call(request)
    });
    let (rest, answers) = stream.into_split();
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(direct::HEAD)
        .serve_connection(TokioIo::new(join(Cursor::new(read).chain(rest), answers)), service);
    tokio::pin!(connection);
    // A reader who goes away is no fault of ours and worth no line.
    let _ = tokio::select! {
        // First, so that what was read already is known to be a request under way.
        biased;
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_that_is_put_off_comes_later_and_never_earlier() {
        let began = Instant::now();
        let (end, ends) = watch::channel(began + Duration::from_millis(40));
        let lasting = Lasting { stop: watch::channel(false).1, end: Arc::new(end) };
        lasting.until(began + Duration::from_millis(120));
        lasting.until(began + Duration::from_millis(80));
        out_of_time(ends).await;
        assert!(began.elapsed() >= Duration::from_millis(120), "{:?}", began.elapsed());
    }
}
