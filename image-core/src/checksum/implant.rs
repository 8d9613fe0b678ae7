//! The sum that `implantisomd5` writes into the primary volume descriptor.
//!
//! It covers the volume but its last 15 blocks, with the field that it is written into full of spaces. Sums of the first
//! parts, cut to a few digits, let `checkisomd5` stop early. They are taken where that program takes them: after each 32 KiB
//! that begin in another part than the 32 KiB before.

use alloc::format;
use alloc::string::String;

use super::Patch;
use super::algorithm::Running;
use super::md5::Md5;
use super::tag::hex;
use crate::address::bytes_in;
use crate::plan::Plan;
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;

/// Blocks at the end that are not covered: drives differ in how they read the end of a CD.
const SKIPPED: u32 = 15;
/// Bytes that are read at a time.
const READ: u64 = 32 << 10;
/// Parts with a sum of their own.
const PARTS: u32 = 20;
/// Digits of the sum of a part.
const DIGITS: usize = 3;
/// Digits of all those sums.
const PARTS_TEXT: usize = 60;
const _: () = assert!(PARTS_TEXT == PARTS as usize * DIGITS);
/// Where the application use field of the primary volume descriptor is. ECMA-119 8.4.32.
const FIELD: u64 = 883;
const FIELD_LEN: usize = 512;

#[derive(Clone, Debug)]
pub(super) struct Implanted {
    running: Running<Md5>,
    at: u64,
    end: u64,
    part_len: u64,
    part: u64,
    parts: [u8; PARTS_TEXT],
}

impl Implanted {
    pub(super) fn new(plan: &Plan) -> Self {
        let end = bytes_in(plan.size_blocks().saturating_sub(SKIPPED));
        Self {
            running: Running::new(),
            at: 0,
            end,
            part_len: (end / u64::from(PARTS + 1)).max(1),
            part: 0,
            parts: [b'0'; PARTS_TEXT],
        }
    }

    /// Takes the next bytes of the image.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while self.at < self.end && !rest.is_empty() {
            let read_start = self.at - self.at % READ;
            let read_end = (read_start + READ).min(self.end);
            let len = usize::try_from(read_end - self.at).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(len.min(rest.len()));
            self.running.update(now);
            self.at += now.len() as u64;
            rest = later;
            let part = read_start / self.part_len;
            if self.at == read_end && part != self.part {
                self.note(part);
            }
        }
    }

    /// The sum so far is that of this part, counted from 1.
    fn note(&mut self, part: u64) {
        self.part = part;
        let sum = self.running.sum();
        let place = usize::try_from(part).unwrap_or(usize::MAX).saturating_sub(1);
        let slots = self.parts.chunks_exact_mut(DIGITS).nth(place).unwrap_or_default();
        for (slot, byte) in slots.iter_mut().zip(sum) {
            // The first digit of the byte as printed without leading zeros.
            let digit = if byte < 16 { byte } else { byte >> 4 };
            *slot = hex(&[digit]).as_bytes().get(1).copied().unwrap_or(b'0');
        }
    }

    pub(super) fn finish(self) -> Patch {
        let parts: String = self.parts.iter().copied().map(char::from).collect();
        let text = format!(
            "ISO MD5SUM = {};SKIPSECTORS = {SKIPPED};RHLISOSTATUS=0;FRAGMENT SUMS = {parts};\
             FRAGMENT COUNT = {PARTS};THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!",
            hex(&self.running.sum())
        );
        let mut bytes = text.into_bytes();
        bytes.resize(FIELD_LEN, b' ');
        Patch { offset: bytes_in(VOLUME_DESCRIPTORS_START) + FIELD, bytes }
    }
}
