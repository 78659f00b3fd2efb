//! Which addresses a request may go to. A feed's address is configuration, but where it redirects to and what its name
//! resolves to are the word of strangers: neither may lead into the network that this program runs in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

const MOST_REDIRECTS: usize = 5;

/// Host and port, for messages and turns: nothing of an address that may be secret.
pub(crate) fn server(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The IP address that stands in an address instead of a name. Other spellings (`0x7f.1`) are read as what they mean.
pub(super) fn literal(address: &Url) -> Option<IpAddr> {
    address.host_str()?.trim_matches(['[', ']']).parse().ok()
}

/// Whether an address is of the open internet, by the registries of special-purpose addresses (RFC 6890 and later).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127 | 224..=255, ..)
        | (169, 254, _)
        | (192, 168, _)
        | (192, 0, 0 | 2)
        | (192, 88, 99)
        | (198, 51, 100)
        | (203, 0, 113) => true,
        (100, b, _) => (64..128).contains(&b),
        (172, b, _) => (16..32).contains(&b),
        (198, b, _) => (18..20).contains(&b),
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        // IPv4 in IPv6 clothes: mapped (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded(high, low)
        }
        // Protocol assignments with Teredo, and documentation.
        [0x2001, 0..0x200 | 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The system's resolver, without the addresses that are not public: what is left is what gets connected to, so a name
/// cannot mean one thing when checked and another when used.
#[derive(Debug)]
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                let reason = "only addresses of a private network or of this machine; set `private = true` for a feed \
                              inside an agency";
                return Err(reason.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Follows redirects as far as [`fault`] lets them.
pub(super) fn redirects(private: bool) -> Policy {
    Policy::custom(move |attempt| match fault(attempt.previous(), attempt.url(), private) {
        Some(fault) => attempt.error(fault),
        None => attempt.follow(),
    })
}

/// Why a redirect is not followed, if it is not.
fn fault(previous: &[Url], next: &Url, private: bool) -> Option<String> {
    let was_https = previous.last().is_some_and(|url| url.scheme() == "https");
    match next.scheme() {
        "https" => {}
        "http" if !was_https => {}
        "http" => return Some(format!("to http at {}; expected https, as before", server(next))),
        other => return Some(format!("to {other}; expected http or https")),
    }
    if previous.len() > MOST_REDIRECTS {
        return Some(format!("more than {MOST_REDIRECTS} redirects"));
    }
    let inside = !private && literal(next).is_some_and(|ip| !is_public(ip));
    inside.then(|| format!("to {}, an address of a private network or of this machine", server(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn special_addresses_are_not_public() {
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "205.189.10.47",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_are_known_in_every_spelling() {
        for text in ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://[::1]/"]
        {
            assert!(literal(&url(text)).is_some_and(|ip| !is_public(ip)), "{text}");
        }
        assert_eq!(literal(&url("http://geonb.snb.ca/")), None);
        assert_eq!(server(&url("https://user:secret@geonb.snb.ca/a?key=secret")), "geonb.snb.ca:443");
    }

    #[test]
    fn redirects_stay_outside_and_secure() {
        let from = |text: &str| vec![url(text)];
        let (http, https) = (from("http://a.example/"), from("https://a.example/"));
        assert_eq!(fault(&http, &url("https://b.example/"), false), None);
        assert_eq!(fault(&http, &url("http://b.example/"), false), None);
        assert_eq!(
            fault(&https, &url("http://b.example/"), true).unwrap(),
            "to http at b.example:80; expected https, as before"
        );
        assert_eq!(fault(&http, &url("file:///etc/passwd"), true).unwrap(), "to file; expected http or https");
        for inside in ["http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://2130706433/"] {
            assert!(fault(&http, &url(inside), false).unwrap().contains("private network"), "{inside}");
            assert_eq!(fault(&http, &url(inside), true), None, "{inside}");
        }
        let loops = vec![url("http://a.example/"); 6];
        assert_eq!(fault(&loops[..5], &url("http://a.example/"), false), None);
        assert_eq!(fault(&loops, &url("http://a.example/"), false).unwrap(), "more than 5 redirects");
    }
}
