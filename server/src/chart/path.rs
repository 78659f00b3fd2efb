//! The shortest way to write a line in an SVG path: relative coordinates, no letter said twice, no space that a sign or
//! a letter makes needless (SVG 2, section 9.3.9, the grammar for path data).

use super::decimate::{Spot, decimate};

/// Path data being written, made of any number of separate lines.
#[derive(Debug, Default)]
pub(super) struct Pen {
    data: String,
    at: Spot,
    /// The command in force: numbers that follow without a letter belong to it.
    command: char,
}

impl Pen {
    /// Draws one line, decimated to a tolerance; closed back to its start for areas and rings. A single point becomes a stroke of no
    /// length, which round caps show as a dot.
    pub(super) fn line(&mut self, spots: &[Spot], closed: bool, tolerance: i32) {
        let spots = decimate(spots, tolerance);
        let Some((&start, rest)) = spots.split_first() else { return };
        // Most steps are two numbers of at most three digits.
        self.data.reserve(8 * spots.len());
        self.number('m', &[start.0 - self.at.0, start.1 - self.at.1]);
        self.at = start;
        self.command = 'l';
        for &spot in rest {
            match (spot.0 - self.at.0, spot.1 - self.at.1) {
                (0, 0) => {}
                (dx, 0) => self.number('h', &[dx]),
                (0, dy) => self.number('v', &[dy]),
                (dx, dy) => self.number('l', &[dx, dy]),
            }
            self.at = spot;
        }
        if rest.iter().all(|spot| *spot == start) {
            self.number('h', &[0]);
        }
        if closed {
            self.data.push('z');
            self.command = 'z';
            self.at = start;
        }
    }

    /// The path data, for the attribute `d`.
    pub(super) fn finish(self) -> String {
        self.data
    }

    fn number(&mut self, command: char, numbers: &[i32]) {
        if command != self.command {
            self.data.push(command);
            self.command = command;
        }
        for number in numbers {
            if *number >= 0 && self.data.as_bytes().last().is_some_and(u8::is_ascii_digit) {
                self.data.push(' ');
            }
            self.data.push_str(itoa::Buffer::new().format(*number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decimate::FINE;
    use super::*;

    fn written(lines: &[(&[Spot], bool)]) -> String {
        let mut pen = Pen::default();
        for (spots, closed) in lines {
            pen.line(spots, *closed, FINE);
        }
        pen.finish()
    }

    #[test]
    fn says_nothing_twice() {
        assert_eq!(
            written(&[(&[(10, 20), (40, 20), (40, 90), (60, 70), (90, 85)], false)]),
            "m10 20h30v70l20-20 30 15"
        );
        assert_eq!(written(&[(&[(0, 0), (50, 0)], false), (&[(70, 30), (70, 0)], false)]), "m0 0h50m20 30v-30");
        assert_eq!(written(&[(&[(5, 5)], false)]), "m5 5h0");
        assert_eq!(written(&[(&[], false)]), "");
    }

    #[test]
    fn after_closing_the_next_line_starts_from_the_first_ones_start() {
        let square: &[Spot] = &[(10, 10), (30, 10), (30, 40), (10, 40)];
        let beside: &[Spot] = &[(50, 10), (70, 10), (70, 40), (50, 40)];
        assert_eq!(written(&[(square, true), (beside, true)]), "m10 10h20v30h-20zm40 0h20v30h-20z");
    }
}
