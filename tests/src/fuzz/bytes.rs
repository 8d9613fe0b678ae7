//! Bytes taken for decisions: the fuzzer changes one, and one decision changes.

use std::borrow::Cow;

#[derive(Debug)]
pub(crate) struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte; 0 behind the end.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// The next bytes as a number, least significant first; short at the end.
    pub(crate) fn number(&mut self, bytes: usize) -> u64 {
        (0..bytes).fold(0, |sum, place| sum | u64::from(self.byte()) << (8 * place))
    }

    /// At most this many of the next bytes.
    pub(crate) fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// The next bytes, a length first, as text.
    pub(crate) fn text(&mut self) -> Cow<'a, str> {
        let len = self.byte();
        String::from_utf8_lossy(self.take(len.into()))
    }
}
