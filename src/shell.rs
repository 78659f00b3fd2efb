//! `riverwatch completions` and `riverwatch man`: what a shell and `man` need to know of the commands, from the commands
//! themselves.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap_complete::Shell;
use clap_mangen::Man;

const NAME: &str = "riverwatch";

/// Prints a shell's completions.
pub(crate) fn completions(mut command: clap::Command, shell: Shell) -> anyhow::Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, NAME, &mut text);
    printed(&text)
}

/// Prints the manual page, or writes those of all commands into a folder.
pub(crate) fn man(command: clap::Command, folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .with_context(|| format!("manual pages cannot be written into {}", folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    printed(&text)
}

fn printed(text: &[u8]) -> anyhow::Result<ExitCode> {
    match std::io::stdout().write_all(text) {
        // The reader of a pipe has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write to stdout")?,
    }
    Ok(ExitCode::SUCCESS)
}
