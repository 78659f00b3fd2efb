//! The Debian package of `ops/deb.sh`: what is in it, and that what is in it works.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ops::tool;
use crate::support::program::{folder, run, succeed};

/// The package of the program that is tested, or `None` where Debian's tools are not at hand.
fn package(folder: &Path) -> Option<PathBuf> {
    tool("dpkg-deb", "the Debian package")?;
    let mut build = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("ops/deb.sh"));
    build.arg(env!("CARGO_BIN_EXE_riverwatch")).arg(folder).env("COMPRESSION", "none");
    let path = PathBuf::from(succeed(&mut build).trim_end());
    assert!(path.is_file() && path.extension().is_some_and(|end| end == "deb"), "{}", path.display());
    Some(path)
}

fn dpkg_deb(arguments: &[&str], package: &Path) -> String {
    succeed(Command::new("dpkg-deb").args(arguments).arg(package))
}

#[test]
fn the_package_has_what_a_machine_needs() {
    let folder = folder();
    let Some(package) = package(folder.path()) else { return };
    let contents = dpkg_deb(&["--contents"], &package);
    for (mode, path) in [
        ("-rwxr-xr-x", "usr/bin/riverwatch"),
        ("-rw-r--r--", "usr/lib/systemd/system/riverwatch.service"),
        ("-rw-r--r--", "etc/riverwatch/riverwatch.toml"),
        ("-rw-r--r--", "etc/riverwatch/stations/saint-john-river.toml"),
        ("-rw-r--r--", "usr/share/man/man1/riverwatch.1.gz"),
        ("-rw-r--r--", "usr/share/man/man1/riverwatch-station-add.1.gz"),
        ("-rw-r--r--", "usr/share/bash-completion/completions/riverwatch"),
        ("-rw-r--r--", "usr/share/zsh/vendor-completions/_riverwatch"),
        ("-rw-r--r--", "usr/share/doc/riverwatch/copyright"),
        ("-rw-r--r--", "usr/share/doc/riverwatch/guide.md"),
    ] {
        let line = contents.lines().find(|line| line.ends_with(&format!(" ./{path}")));
        assert!(line.is_some_and(|line| line.starts_with(&format!("{mode} root/root "))), "{path}: {line:?}");
    }
    let control = dpkg_deb(&["--field"], &package);
    for field in ["Package: riverwatch\n", "Version: ", "Maintainer: ", "Depends: libc6 (>= 2.", ", ca-certificates\n"]
    {
        assert!(control.contains(field), "{field} in {control}");
    }
}

#[test]
fn what_is_installed_works() {
    let folder = folder();
    let Some(package) = package(folder.path()) else { return };
    let root = folder.path().join("root");
    let (tree, scripts) = (root.join("tree"), root.join("control"));
    std::fs::create_dir(&root).expect("a folder");
    for (what, into) in [("--extract", &tree), ("--control", &scripts)] {
        succeed(Command::new("dpkg-deb").arg(what).arg(&package).arg(into));
    }
    let mut program = Command::new(tree.join("usr/bin/riverwatch"));
    program.env_clear().arg("check").arg("--config").arg(tree.join("etc/riverwatch/riverwatch.toml"));
    assert!(succeed(&mut program).contains("25 stations, 3 feeds, no faults"));
    let unit = std::fs::read_to_string(tree.join("usr/lib/systemd/system/riverwatch.service")).expect("a unit");
    let config = std::fs::read_to_string(tree.join("etc/riverwatch/riverwatch.toml")).expect("a file");
    let database = "sqlite:/var/lib/riverwatch/riverwatch.db";
    assert!(unit.contains(database) && config.contains(database), "commands by hand find what the unit writes");
    assert!(
        unit.contains("ExecStart=/usr/bin/riverwatch up") && unit.contains("ExecReload=/usr/bin/riverwatch reload")
    );
    let conffiles = std::fs::read_to_string(scripts.join("conffiles")).expect("a list");
    assert!(conffiles.lines().all(|file| tree.join(file.trim_start_matches('/')).is_file()), "{conffiles}");
    for script in ["postinst", "prerm", "postrm"] {
        let read = run(Command::new("sh").arg("-n").arg(scripts.join(script)));
        assert_eq!(read.code, Some(0), "{script}: {read:?}");
    }
}

#[test]
fn the_unit_reloads_and_so_does_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let unit = std::fs::read_to_string(root.join("ops/riverwatch.service")).expect("the unit");
    assert!(unit.contains("\nExecReload=/usr/local/bin/riverwatch reload\n"), "{unit}");
    // Every command that the guides name is one.
    for guide in ["docs/guide.md", "docs/hand-over.md"] {
        let text = std::fs::read_to_string(root.join(guide)).expect("a guide");
        let mut named = 0;
        for part in text.split("riverwatch ").skip(1) {
            let command = part.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
            let begins = text.find(&format!("`riverwatch {command}")).or(text.find(&format!("\nriverwatch {command}")));
            if !command.is_empty() && begins.is_some() {
                let help = run(crate::support::program::riverwatch().args([command, "--help"]));
                assert_eq!(help.code, Some(0), "{guide}: riverwatch {command}");
                named += 1;
            }
        }
        assert!(named >= 5, "{guide}: {named}");
    }
}
