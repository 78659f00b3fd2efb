//! `riverwatch health`: whether the running server answers.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/readyz` at the configured address; an error names what came instead.
pub(crate) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let address = reachable(config.listening.listen);
    let mut stream =
        TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("nothing answers at {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut reply = String::new();
    stream
        .take(64 * 1024)
        .read_to_string(&mut reply)
        .with_context(|| format!("{address} did not finish its answer"))?;
    let status = reply.lines().next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200 ") {
        bail!("{address} answers `{status}`");
    }
    Ok(ExitCode::SUCCESS)
}

/// A server on every address of the machine is reached on the loopback one.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
