//! Servers with good and bad certificates: the `openssl` command makes the certificates and serves one file with each.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Each server: its name, what it serves, whether `openssl` is to put a head before that, and its certificate.
const SERVERS: [(&str, &str, &str); 6] = [
    ("sound", "-WWW", "sound"),
    ("redirect", "-HTTP", "sound"),
    ("expired", "-WWW", "expired"),
    ("another-host", "-WWW", "another-host"),
    ("self-signed", "-WWW", "self-signed"),
    ("unknown-authority", "-WWW", "unknown-authority"),
];

/// Makes an authority that is to be trusted, another one, and a certificate of each kind.
const CERTIFICATES: &str = r#"
set -e
key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
authority() { openssl req -x509 $key -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 30; }
leaf() { # name, authority, days, alternative name
    openssl req $key -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
    printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\n' "$4" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -out "$1.pem" -days "$3" -extfile "$1.ext"
}
authority trusted
authority stranger
leaf sound trusted 30 IP:127.0.0.1
leaf expired trusted -1 IP:127.0.0.1
leaf another-host trusted 30 DNS:elsewhere.example.org
leaf unknown-authority stranger 30 IP:127.0.0.1
openssl req -x509 $key -keyout self-signed.key -out self-signed.pem -subj /CN=self -days 30 \
    -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE
"#;

/// A server; it ends when dropped.
pub(crate) struct Tls {
    pub(crate) address: String,
    process: Child,
}

impl Drop for Tls {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// All servers by name, and the certificate of the authority to be trusted; `None` where there is no `openssl`.
pub(crate) fn servers(folder: &Path, document: &str) -> Option<(BTreeMap<&'static str, Tls>, PathBuf)> {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: F16c and F17, for there is no openssl command");
        return None;
    }
    std::fs::create_dir(folder).expect("a folder");
    let made = Command::new("sh").args(["-c", CERTIFICATES]).current_dir(folder).output().expect("a shell");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::write(folder.join("feed.csv"), document).expect("a file");
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/feed.csv\r\nContent-Length: 0\r\n\r\n";
    std::fs::write(folder.join("redirect"), redirect).expect("a file");
    let servers = SERVERS.map(|(name, mode, certificate)| (name, serve(folder, name, mode, certificate)));
    Some((servers.into(), folder.join("trusted.pem")))
}

fn serve(folder: &Path, name: &str, mode: &str, certificate: &str) -> Tls {
    let (cert, key) = (format!("{certificate}.pem"), format!("{certificate}.key"));
    let mut command = Command::new("openssl");
    command.args(["s_server", "-accept", "127.0.0.1:0", "-cert", &cert, "-key", &key, mode]).current_dir(folder);
    let mut process =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("openssl");
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let accepts = lines.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
    // It goes on telling, and would end if nobody listened.
    std::thread::spawn(move || lines.for_each(drop));
    let file = if name == "redirect" { "redirect" } else { "feed.csv" };
    Tls { address: format!("https://{}/{file}", accepts.expect("where it listens")), process }
}
