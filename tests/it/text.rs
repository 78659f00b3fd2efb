//! A station in plain text: for a terminal, a text message, and whoever has no page.

use crate::answers::still;
use crate::demo::demonstration;
use crate::support::LANGUAGES;
use crate::support::http::{Reply, ask};
use crate::support::program::Running;

fn asked(site: &Running, path: &str, agent: &str, accept: &str) -> Reply {
    ask(site.address, "GET", path, &[("User-Agent", agent), ("Accept", accept)])
}

#[test]
fn the_chart_keeps_its_measure_and_speaks_of_what_the_data_have() {
    let (demo, _folder) = demonstration();
    for language in LANGUAGES {
        for id in demo.stations() {
            let at = format!("/{language}/station/{id}");
            let (text, data) = (demo.page(&format!("{at}.txt")), demo.json(&format!("{at}.json")));
            assert!(text.lines().next().is_some_and(|first| first.chars().count() <= 160), "{text}");
            let lines = text.lines().filter(|line| !line.starts_with("█ ") && !line.starts_with("░ "));
            let chart: Vec<&str> = lines.filter(|line| line.contains(['█', '▁', '▒', '░', '─'])).collect();
            let has = |letters: &[char]| chart.iter().any(|line| line.contains(letters));
            assert!(chart.len() <= 8 && chart.iter().all(|line| line.chars().count() <= 60), "{at}: {text}");
            let drawn = |key: &str| data[key].as_array().is_some_and(|series| !series.is_empty());
            assert_eq!(has(&['▒', '░']), drawn("forecast"), "{at}: {text}");
            assert!(drawn("observed") || !has(&['█', '▁', '▂', '▃', '▄', '▅', '▆', '▇']), "{at}: {text}");
            let now = if language == "en" { "now" } else { "maintenant" };
            let marked = text.contains(&format!("↑ {now}")) || text.contains(&format!("{now} ↑"));
            assert!(marked || !drawn("forecast"), "{at}: {text}");
            let crossings = data["outlook"]["crossings"].as_array().map_or(0, Vec::len);
            let word = if language == "en" { "Reaches " } else { "Atteint " };
            assert_eq!(text.lines().filter(|line| line.starts_with(word)).count(), crossings, "{at}: {text}");
        }
    }
}

#[test]
fn a_terminal_gets_text_and_a_browser_never_does() {
    let (site, _folder) = still();
    for language in LANGUAGES {
        let path = format!("/{language}/station/jemseg");
        let text = site.page(&format!("{path}.txt"));
        for agent in ["curl/8.5.0", "Wget/1.21.4", "HTTPie/3.2.2"] {
            let reply = asked(&site, &path, agent, "*/*");
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{agent}");
            assert_eq!((reply.status, reply.text()), (200, text.clone()), "{agent}");
            let page = asked(&site, &path, agent, "text/html,*/*;q=0.8");
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{agent} that asks for a page");
        }
        for agent in ["Mozilla/5.0 (X11; Linux x86_64) curl/8", "Mozilla/5.0", "", "libcurl-agent/1.0"] {
            for accept in ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8"] {
                let reply = asked(&site, &path, agent, accept);
                assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"), "{agent} {accept}");
            }
        }
    }
}

/// A cache on the way must not give one reader's form to the other.
#[test]
fn caches_are_told_what_the_form_depends_on() {
    let (site, _folder) = still();
    let (varies, to_browsers) = (Some("accept-encoding, accept, user-agent"), Some("accept-encoding, user-agent"));
    let [text, page] = ["curl/8.5.0", "Mozilla/5.0"].map(|agent| asked(&site, "/fr/station/jemseg", agent, "*/*"));
    assert_eq!((text.header("vary"), page.header("vary")), (varies, to_browsers));
    assert!(text.header("etag").is_some() && text.header("etag") != page.header("etag"));
    let tag = text.header("etag").expect("a tag");
    let again = |agent| {
        let headers = [("User-Agent", agent), ("Accept", "*/*"), ("If-None-Match", tag)];
        ask(site.address, "GET", "/fr/station/jemseg", &headers)
    };
    assert_eq!((again("curl/8.5.0").status, again("Mozilla/5.0").status), (304, 200));
    assert_eq!(again("curl/8.5.0").header("vary"), varies);
    for path in ["/fr/", "/fr/station/jemseg.txt", "/fr/station/jemseg/share", "/fr/about"] {
        assert_eq!(asked(&site, path, "curl/8.5.0", "*/*").header("vary"), Some("accept-encoding"), "{path}");
    }
}
