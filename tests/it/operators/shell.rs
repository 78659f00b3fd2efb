//! Completions and manual pages name what there is, and the programs that read them understand them.

use std::process::Command;

use crate::ops::tool;
use crate::support::program::{folder, riverwatch, succeed};

/// Every subcommand, by its help.
fn commands() -> Vec<String> {
    let help = succeed(riverwatch().arg("--help"));
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    lines
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_is_completed_and_the_shell_understands() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish"] {
        let text = succeed(riverwatch().args(["completions", shell]));
        assert!(commands().iter().all(|command| text.contains(command.as_str())), "{shell}");
        assert!(text.contains("older"), "options are completed: {shell}");
        let file = folder.path().join(shell);
        std::fs::write(&file, text).expect("a file");
        if let Some(mut reader) = tool(shell, "its completions") {
            let output = reader.arg("-n").arg(&file).output().expect("it runs");
            assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn every_command_has_a_page() {
    let folder = folder();
    succeed(riverwatch().arg("man").arg(folder.path()));
    let page = succeed(riverwatch().arg("man"));
    for command in commands().iter().filter(|command| *command != "help") {
        let name = format!("riverwatch-{command}.1");
        assert!(page.contains(&format!("riverwatch\\-{command}(1)")), "{command} in {page}");
        assert!(folder.path().join(&name).is_file(), "{name}");
    }
    let Some(_) = tool("man", "the manual pages") else { return };
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let file = entry.expect("an entry").path();
        let mut man = Command::new("man");
        let output = man.args(["--warnings=w", "-l"]).arg(&file).env("MANPAGER", "cat").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.trim().is_empty(), "{}: {said}", file.display());
    }
}
