//! A body as a stream, decompressed as it comes, given up as soon as it is larger than it may be: a small reply can
//! unfold to a thousand times its size, and an endless one never ends.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::error::{FetchError, innermost};

/// Reads the whole body, of at most `limit` bytes both as sent and after decompression.
pub(super) async fn read(response: &mut Response, limit: u64) -> Result<Vec<u8>, FetchError> {
    let too_large = FetchError::TooLarge { limit, when: "as sent" };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    let mut decoder = Decoder::new(is_gzip(response.headers())?, limit);
    let mut received = 0_u64;
    let address = response.url().clone();
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::request(&error, &address))? {
        received += chunk.len() as u64;
        if received > limit {
            return Err(too_large);
        }
        decoder.write(&chunk)?;
    }
    decoder.finish()
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, FetchError> {
    let codings: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().map(|value| value.as_bytes().trim_ascii()).collect();
    match codings.as_slice() {
        [] => Ok(false),
        [one] if one.is_empty() || one.eq_ignore_ascii_case(b"identity") => Ok(false),
        [one] if one.eq_ignore_ascii_case(b"gzip") || one.eq_ignore_ascii_case(b"x-gzip") => Ok(true),
        other => Err(FetchError::Encoding(String::from_utf8_lossy(&other.join(&b", "[..])).into_owned())),
    }
}

enum Decoder {
    Plain(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
}

impl Decoder {
    fn new(gzip: bool, limit: u64) -> Self {
        let capped = Capped { bytes: Vec::new(), limit, over: false };
        if gzip { Self::Gzip(Box::new(MultiGzDecoder::new(capped))) } else { Self::Plain(capped) }
    }

    fn write(&mut self, chunk: &[u8]) -> Result<(), FetchError> {
        let (written, capped) = match self {
            Self::Plain(capped) => (capped.write_all(chunk), &*capped),
            Self::Gzip(decoder) => (decoder.write_all(chunk), decoder.get_ref()),
        };
        written.map_err(|error| capped.fault(&error))
    }

    fn finish(self) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::Plain(capped) => Ok(capped.bytes),
            Self::Gzip(mut decoder) => {
                decoder.try_finish().map_err(|error| decoder.get_ref().fault(&error))?;
                Ok(std::mem::take(&mut decoder.get_mut().bytes))
            }
        }
    }
}

/// Bytes that refuse to become more than `limit`.
struct Capped {
    bytes: Vec<u8>,
    limit: u64,
    over: bool,
}

impl Capped {
    fn fault(&self, error: &io::Error) -> FetchError {
        if self.over {
            FetchError::TooLarge { limit: self.limit, when: "after decompression" }
        } else {
            FetchError::Gzip(innermost(error))
        }
    }
}

impl Write for Capped {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.over = (self.bytes.len() + chunk.len()) as u64 > self.limit;
        if self.over {
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(sent: &[u8], chunk: usize, limit: u64) -> Result<Vec<u8>, FetchError> {
        let mut decoder = Decoder::new(true, limit);
        sent.chunks(chunk).try_for_each(|chunk| decoder.write(chunk))?;
        decoder.finish()
    }

    #[test]
    fn a_bomb_is_given_up_at_the_limit() {
        let bomb = gzip(&vec![0; 16 << 20]);
        assert!(bomb.len() < (16 << 20) / 1000);
        let mut decoder = Decoder::new(true, 1 << 20);
        let fault = decoder.write(&bomb).unwrap_err();
        assert_eq!(fault.to_string(), "body larger than 1 MiB after decompression");
        let Decoder::Gzip(decoder) = decoder else { panic!("not gzip") };
        assert!(decoder.get_ref().bytes.capacity() <= 2 << 20);
    }

    #[test]
    fn two_members_are_one_body() {
        let sent = [gzip(b"a river "), gzip(b"and its name")].concat();
        for chunk in [1, 3, 1000] {
            assert_eq!(decoded(&sent, chunk, 100).unwrap(), b"a river and its name");
        }
    }

    #[test]
    fn cut_or_foreign_bytes_are_no_gzip() {
        let sent = gzip(b"a river and its name, and what it did in the year 1973");
        for length in 0..sent.len() {
            assert!(matches!(decoded(&sent[..length], 7, 1000), Err(FetchError::Gzip(_))), "{length}");
        }
        let mut wrong = sent.clone();
        let middle = wrong.len() / 2;
        wrong[middle] ^= 0x55;
        assert!(matches!(decoded(&wrong, 7, 1000), Err(FetchError::Gzip(_))));
        assert!(matches!(decoded(b"<html>", 7, 1000), Err(FetchError::Gzip(_))));
    }

    #[test]
    fn other_codings_are_refused() {
        let of = |codings: &[&str]| {
            let pairs = codings.iter().map(|coding| (CONTENT_ENCODING, coding.parse().unwrap()));
            is_gzip(&pairs.collect())
        };
        assert_eq!(of(&[]), Ok(false));
        assert_eq!(of(&["identity"]), Ok(false));
        assert_eq!(of(&["GZIP"]), Ok(true));
        assert_eq!(of(&["br"]).unwrap_err().to_string(), "Content-Encoding `br`; expected gzip or none");
        assert!(of(&["gzip, gzip"]).is_err());
        assert!(of(&["gzip", "gzip"]).is_err());
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out(bytes in prop::collection::vec(any::<u8>(), 0..2000), chunk in 1_usize..300) {
            prop_assert_eq!(decoded(&gzip(&bytes), chunk, 2000), Ok(bytes));
        }
    }
}
