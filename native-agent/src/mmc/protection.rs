//! Whether a medium is write-protected, and how. MMC-6 6.22, format C0h.

use super::DiscStructure;

/// The ways a medium can be protected from writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Protection {
    /// SWPP: until the drive is switched off, or the medium is taken out.
    pub until_power_off: bool,
    /// PWP: by a mark on the medium that a command can take away.
    pub by_mark: bool,
    /// CWP: by the tab of the cartridge.
    pub by_cartridge: bool,
    /// MSWI: by the medium itself, as when its spare areas are used up.
    pub by_medium: bool,
}

impl Protection {
    /// Reads the structure of format C0h; one without content protects nothing.
    #[must_use]
    pub fn parse(structure: &DiscStructure) -> Self {
        let bits = structure.0.first().copied().unwrap_or(0);
        Self {
            until_power_off: bits & 0x01 != 0,
            by_mark: bits & 0x02 != 0,
            by_cartridge: bits & 0x04 != 0,
            by_medium: bits & 0x08 != 0,
        }
    }

    /// Each reason, in words that go behind "write-protected".
    pub fn reasons(self) -> impl Iterator<Item = &'static str> {
        [
            (self.by_cartridge, "by the tab of its cartridge"),
            (self.by_mark, "by a mark on it"),
            (self.until_power_off, "until the drive is switched off"),
            (self.by_medium, "because it has no spare blocks left"),
        ]
        .into_iter()
        .filter_map(|(is_set, reason)| is_set.then_some(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_is_a_reason() {
        let reasons = |bits: &[u8]| {
            Protection::parse(&DiscStructure(bits.to_vec())).reasons().collect::<Vec<_>>()
        };
        assert_eq!(reasons(&[0x00, 0, 0, 0]), Vec::<&str>::new());
        assert_eq!(reasons(&[0x04, 0, 0, 0]), ["by the tab of its cartridge"]);
        assert_eq!(reasons(&[0x0f]).len(), 4);
        assert_eq!(reasons(&[]).len(), 0);
    }
}
