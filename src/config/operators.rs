//! The operators: who may write notes, each known by the hash of a token.

use server::Operator;

use super::reader::Table;

/// Reads an operator; `known` are the names of those before.
pub(super) fn operator(table: &mut Table, known: &mut Vec<String>) -> Option<Operator> {
    let name = table.need("name").and_then(|field| {
        let name = field.text()?.trim().to_owned();
        if known.contains(&name) {
            return field.refuse(format!("there is another operator `{name}`: notes must tell who wrote them"));
        }
        known.push(name.clone());
        Some(name)
    });
    let hash = table.need("token_sha256").and_then(|field| field.parsed(hash));
    Some(Operator { name: name?, token_sha256: hash? })
}

/// Reads a hash of 64 hexadecimal digits.
fn hash(text: &str) -> Result<[u8; 32], String> {
    let digits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut hash = [0; 32];
    for (i, byte) in hash.iter_mut().enumerate().filter(|_| digits) {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|error| error.to_string())?;
    }
    if digits {
        Ok(hash)
    } else {
        Err("no hash of a token: expected 64 hexadecimal digits, as `riverwatch token` prints them".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_and_nothing_else_is() {
        assert_eq!(hash(&"0a".repeat(32)), Ok([10; 32]));
        for wrong in ["", "0a", &"0g".repeat(32), &"é".repeat(32)] {
            assert!(hash(wrong).is_err(), "{wrong}");
        }
    }
}
