//! Long work in short steps, so that those who serve beside it do not wait for its end.

/// After so much work others may have the processor: a tenth of a millisecond.
const BREATH: usize = 32 << 10;

/// Long work, counted in bytes of a document read or in what takes as long: from time to time it lets others have the
/// processor.
///
/// Niceness alone does not do that: it decides how much of a processor work gets where others want it too, and not for how
/// long at a time. That is a tick of the kernel, 4 ms or 10, in which a server could have answered hundreds. Where nobody
/// else wants the processor, a breath takes less than a microsecond.
#[derive(Debug, Clone, Copy, Default)]
pub struct Breath {
    worked: usize,
}

impl Breath {
    /// Counts some work, and breathes where that was enough.
    #[inline]
    pub fn after(&mut self, bytes: usize) {
        self.worked += bytes;
        if self.worked >= BREATH {
            self.worked = 0;
            std::thread::yield_now();
        }
    }
}
