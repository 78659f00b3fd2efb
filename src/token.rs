//! `riverwatch token`: a new token for an operator, and what to put into the configuration for it.

use std::fs::File;
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context as _;
use server::Operator;

/// Prints a token that nobody can guess, and the hash by which it is known. The token itself is kept nowhere.
#[allow(clippy::print_stdout)]
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut random = [0; 32];
    let mut source = File::open("/dev/urandom").context("/dev/urandom")?;
    source.read_exact(&mut random).context("/dev/urandom")?;
    let token = hex(&random);
    println!("The token, to be given to its operator alone. It is kept nowhere:\n\n{token}\n");
    println!("What to put at the end of riverwatch.toml, with the operator's name:\n");
    println!("[[operators]]\nname = \"…\"\ntoken_sha256 = \"{}\"", hex(&Operator::hash(&token)));
    Ok(ExitCode::SUCCESS)
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
