//! The one place where addresses come from.

use crate::address::Lba;

/// Hands out every block once, in order.
#[derive(Debug)]
pub(super) struct Cursor {
    next: u64,
}

impl Cursor {
    /// The first block that is handed out is this one.
    pub(super) const fn new(start: Lba) -> Self {
        Self { next: start.0 as u64 }
    }

    /// Takes this many blocks. Addresses beyond 32 bits stick to the last; [`Self::end`] tells whether that happened.
    pub(super) fn take(&mut self, blocks: u64) -> Lba {
        let start = self.peek();
        self.next = self.next.saturating_add(blocks);
        start
    }

    /// Leaves blocks out until the next one is `lba`, which has not been handed out yet.
    pub(super) fn skip_to(&mut self, lba: Lba) {
        // Beyond 32 bits nothing has an address of its own, until [`Self::end`] tells.
        let is_free = self.next <= u64::from(lba.0) || self.end().is_none();
        debug_assert!(is_free, "block {lba} is taken");
        self.next = self.next.max(lba.0.into());
    }

    /// Leaves blocks out until what follows, `tail` blocks long, ends on a multiple of `multiple`.
    pub(super) fn align_end(&mut self, tail: u64, multiple: u64) {
        let multiple = multiple.max(1);
        let end = self.next.saturating_add(tail);
        self.next = end.checked_next_multiple_of(multiple).unwrap_or(u64::MAX) - tail;
    }

    /// The block that would be handed out next.
    pub(super) fn peek(&self) -> Lba {
        Lba(u32::try_from(self.next).unwrap_or(u32::MAX))
    }

    /// How many blocks there are so far, or `None` when there are more than addresses for them.
    pub(super) fn end(&self) -> Option<u32> {
        u32::try_from(self.next).ok()
    }

    pub(super) const fn blocks(&self) -> u64 {
        self.next
    }
}
