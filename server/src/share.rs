//! What a shared link needs beside its page: addresses that lead out, and a code that a camera reads.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// The white edge that a reader of codes needs around one, in modules (ISO/IEC 18004, section 6.3.8).
const QUIET: i32 = 4;

/// A QR code of a text: how many modules wide with its quiet edge, and its dark modules as the path of an SVG. None where the
/// text is too long for any.
pub(crate) fn code(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count();
            let run = i32::try_from(run).unwrap_or(0);
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

/// A text inside an address: all but letters, digits and `-._~` as bytes in hexadecimal (RFC 3986, section 2).
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_edge() {
        let (size, path) = code("https://river.example.org/en/station/fredericton").unwrap();
        assert_eq!(size, 33 + 8, "version 4 holds 62 bytes at this level of correction");
        for corner in ["M4 4h7v1h-7z", "M30 4h7v1h-7z", "M4 30h7v1h-7z"] {
            assert!(path.contains(corner), "{corner}");
        }
        assert!(!path.contains("M3 ") && !path.contains(" 3h"));
        assert_eq!(code(&"x".repeat(5000)), None);
    }

    #[test]
    fn a_text_in_an_address_is_escaped() {
        assert_eq!(encoded("5,95\u{a0}m & é"), "5%2C95%C2%A0m%20%26%20%C3%A9");
        assert_eq!(encoded("a-b_c.d~9"), "a-b_c.d~9");
    }
}
