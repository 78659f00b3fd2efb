//! How observations lie on the disk: six hours of one series are one row, a *piece*, its points written as bytes. Rows of
//! their own would cost 25 bytes an observation and, at a poll of ten thousand stations, ten times the pages; a piece costs
//! three and is read and written as a whole.
//!
//! Version 1 of the bytes: the byte 1; how many points; then four columns, one after the other, each as the differences
//! from one point to the next:
//!
//! 1. valid times, in seconds from the beginning of the piece: differences of differences, nearly always 0;
//! 2. what there is besides the times: twice the code of the quality (0: none), plus 1 where there is a value;
//! 3. values, in thousandths of the unit, of the points that have one;
//! 4. times of receipt, in seconds from the beginning of the piece: differences of differences.
//!
//! Numbers are written in groups of seven bits, the lowest first, each but the last with its high bit set (LEB128). An
//! even number is twice a difference, negative ones interleaved with positive ones; an odd number, 2n + 1, is n differences
//! of zero. Whatever the points are, exactly these come back.

/// How many seconds a piece covers, from a multiple of it since 1970-01-01T00:00:00Z on.
pub(crate) const LENGTH: i64 = 6 * 3600;

/// The form of bytes described above.
const VERSION: u8 = 1;

/// One observation as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Seconds since 1970.
    pub(crate) valid: i64,
    /// In thousandths of the unit; `None` where the feed took a value back.
    pub(crate) value: Option<i64>,
    /// [`hydro::Quality::code`]; never 0.
    pub(crate) quality: Option<u8>,
    /// When this very value first came, in seconds since 1970.
    pub(crate) received: i64,
}

/// The number of the piece that an instant lies in.
pub(crate) const fn piece_of(second: i64) -> i64 {
    second.div_euclid(LENGTH)
}

/// The second at which a piece begins.
pub(crate) const fn start_of(piece: i64) -> i64 {
    piece.saturating_mul(LENGTH)
}

/// The bytes of a piece's points, which rise in time.
pub(crate) fn encode(piece: i64, points: &[Stored]) -> Vec<u8> {
    let start = piece.wrapping_mul(LENGTH);
    let mut bytes = Vec::with_capacity(16 + points.len() * 3);
    bytes.push(VERSION);
    put(&mut bytes, points.len() as u128);
    put_column(&mut bytes, differences(differences(points.iter().map(|point| point.valid.wrapping_sub(start)))));
    put_column(&mut bytes, differences(points.iter().map(besides)));
    put_column(&mut bytes, differences(points.iter().filter_map(|point| point.value)));
    put_column(&mut bytes, differences(differences(points.iter().map(|point| point.received.wrapping_sub(start)))));
    bytes
}

/// The points of a piece's bytes, rising in time; `None` where the bytes are damaged or of an unknown version.
pub(crate) fn decode(piece: i64, bytes: &[u8]) -> Option<Vec<Stored>> {
    let start = piece.checked_mul(LENGTH)?;
    let (&VERSION, mut rest) = bytes.split_first()? else { return None };
    let count = usize::try_from(take(&mut rest)?).ok().filter(|&count| count as u64 <= LENGTH.unsigned_abs())?;
    let mut points = Vec::with_capacity(count);
    let mut column = Column::of(rest);
    let (mut at, mut step) = (0_i64, 0_i64);
    let mut before = None;
    for _ in 0..count {
        step = step.wrapping_add(column.next()?);
        at = at.wrapping_add(step);
        if !(0..LENGTH).contains(&at) || before.is_some_and(|before| before >= at) {
            return None;
        }
        before = Some(at);
        points.push(Stored { valid: start + at, value: None, quality: None, received: 0 });
    }
    column = Column::of(column.end()?);
    let mut besides = 0_i64;
    for point in &mut points {
        besides = besides.wrapping_add(column.next()?);
        point.quality = Some(u8::try_from(besides >> 1).ok()?).filter(|&code| code != 0);
        point.value = (besides & 1 == 1).then_some(0);
    }
    column = Column::of(column.end()?);
    let mut value = 0_i64;
    for stored in points.iter_mut().filter_map(|point| point.value.as_mut()) {
        value = value.wrapping_add(column.next()?);
        *stored = value;
    }
    column = Column::of(column.end()?);
    (at, step) = (0, 0);
    for point in &mut points {
        step = step.wrapping_add(column.next()?);
        at = at.wrapping_add(step);
        point.received = start.wrapping_add(at);
    }
    column.end()?.is_empty().then_some(points)
}

fn besides(point: &Stored) -> i64 {
    i64::from(point.quality.unwrap_or(0)) * 2 + i64::from(point.value.is_some())
}

/// Each number less the one before it; of the first, all of it.
fn differences(numbers: impl Iterator<Item = i64>) -> impl Iterator<Item = i64> {
    numbers.scan(0_i64, |before, number| Some(number.wrapping_sub(std::mem::replace(before, number))))
}

fn put_column(bytes: &mut Vec<u8>, differences: impl Iterator<Item = i64>) {
    let mut zeros: u128 = 0;
    for difference in differences {
        if difference == 0 {
            zeros += 1;
            continue;
        }
        put_zeros(bytes, std::mem::take(&mut zeros));
        let interleaved = difference.wrapping_shl(1) ^ (difference >> 63);
        put(bytes, u128::from(interleaved.cast_unsigned()) << 1);
    }
    put_zeros(bytes, zeros);
}

fn put_zeros(bytes: &mut Vec<u8>, zeros: u128) {
    if zeros > 0 {
        put(bytes, zeros << 1 | 1);
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u128) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return bytes.push(low & 0x7f);
        }
        bytes.push(low | 0x80);
    }
}

/// Takes a number off the front; `None` where there is none.
#[inline]
fn take(bytes: &mut &[u8]) -> Option<u128> {
    // Nearly all have one byte or two.
    match **bytes {
        [low @ ..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some(low.into())
        }
        [low, high @ ..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some((u16::from(low & 0x7f) | u16::from(high) << 7).into())
        }
        _ => take_long(bytes),
    }
}

fn take_long(bytes: &mut &[u8]) -> Option<u128> {
    let (mut number, mut shift) = (0_u128, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u128::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

/// A column that is being read.
struct Column<'b> {
    rest: &'b [u8],
    zeros: u128,
}

impl<'b> Column<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self { rest: bytes, zeros: 0 }
    }

    /// The next difference; `None` where the bytes end before it.
    fn next(&mut self) -> Option<i64> {
        if self.zeros > 0 {
            self.zeros -= 1;
            return Some(0);
        }
        let number = take(&mut self.rest)?;
        if number & 1 == 1 {
            self.zeros = (number >> 1).checked_sub(1)?;
            return Some(0);
        }
        let interleaved = u64::try_from(number >> 1).ok()?;
        Some((interleaved >> 1).cast_signed() ^ -(interleaved & 1).cast_signed())
    }

    /// What follows the column; `None` where it has more than it should.
    fn end(self) -> Option<&'b [u8]> {
        (self.zeros == 0).then_some(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stored(valid: i64, value: Option<i64>, received: i64) -> Stored {
        Stored { valid, value, quality: Some(2), received }
    }

    #[test]
    fn an_ordinary_piece_is_small() {
        // Readings every five minutes, sent on every hour: a river that rises by a few millimetres.
        let points: Vec<Stored> = (0..72)
            .map(|i| stored(i * 300, Some(5000 + i * 2 + i * i % 7), (i / 12 + 1) * 3600 + 437 + i / 12 * 3 % 5))
            .collect();
        let bytes = encode(0, &points);
        assert_eq!(decode(0, &bytes), Some(points));
        assert!(bytes.len() <= 72 * 3, "{} bytes for 72 points", bytes.len());
    }

    #[test]
    fn the_form_of_version_one_stays() {
        let points = [stored(6 * 3600, Some(5000), 6 * 3600 + 60), stored(6 * 3600 + 300, None, 6 * 3600 + 360)];
        let bytes = encode(1, &points);
        assert_eq!(bytes, [1, 2, 3, 176, 9, 20, 2, 160, 156, 1, 240, 1, 192, 7]);
        assert_eq!(decode(1, &bytes).as_deref(), Some(points.as_slice()));
    }

    #[test]
    fn damage_is_noticed_and_never_panics() {
        let points: Vec<Stored> = (0..20).map(|i| stored(i * 300, Some(5000 + i * i), 7000)).collect();
        let bytes = encode(0, &points);
        for length in 0..bytes.len() {
            assert_eq!(decode(0, &bytes[..length]), None, "cut to {length}");
        }
        for at in 0..bytes.len() {
            for byte in 0..=255 {
                let mut damaged = bytes.clone();
                damaged[at] = byte;
                let _ = decode(0, &damaged);
            }
        }
        assert_eq!(decode(0, &[&bytes[..], &[0]].concat()), None, "longer than it says");
        assert_eq!(decode(0, &[2, 0]), None, "another version");
    }

    proptest! {
        #[test]
        fn whatever_is_put_in_comes_back(
            piece in -200_000_i64..200_000,
            points in proptest::collection::btree_map(
                0..LENGTH,
                (proptest::option::of(any::<i64>()), proptest::option::of(1_u8..=255), any::<i64>()),
                0..60,
            ),
        ) {
            let points: Vec<Stored> = points
                .into_iter()
                .map(|(at, (value, quality, received))| Stored { valid: piece * LENGTH + at, value, quality, received })
                .collect();
            prop_assert!(points.iter().all(|point| piece_of(point.valid) == piece));
            prop_assert_eq!(decode(piece, &encode(piece, &points)), Some(points));
        }

        #[test]
        fn any_bytes_are_read_or_refused(piece in any::<i64>(), bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(piece, &bytes);
        }
    }
}
