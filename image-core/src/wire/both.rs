//! Integers recorded twice, least significant byte first and then most significant byte first. ECMA-119 7.2.3, 7.3.3.

use zerocopy::{
    FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, big_endian, little_endian,
};

/// A 16-bit number in both byte orders. ECMA-119 7.2.3.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    FromBytes,
    IntoBytes,
    Immutable,
    KnownLayout,
    Unaligned,
)]
#[repr(C)]
pub struct Both16 {
    /// Least significant byte first.
    pub le: little_endian::U16,
    /// Most significant byte first.
    pub be: big_endian::U16,
}

impl Both16 {
    /// The number, recorded in both orders.
    #[must_use]
    pub const fn new(value: u16) -> Self {
        Self { le: little_endian::U16::new(value), be: big_endian::U16::new(value) }
    }

    /// The little-endian copy, which is what readers in use take.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.le.get()
    }

    /// Whether both copies hold the same number.
    #[must_use]
    pub const fn agrees(self) -> bool {
        self.le.get() == self.be.get()
    }
}

/// A 32-bit number in both byte orders. ECMA-119 7.3.3.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    FromBytes,
    IntoBytes,
    Immutable,
    KnownLayout,
    Unaligned,
)]
#[repr(C)]
pub struct Both32 {
    /// Least significant byte first.
    pub le: little_endian::U32,
    /// Most significant byte first.
    pub be: big_endian::U32,
}

impl Both32 {
    /// The number, recorded in both orders.
    #[must_use]
    pub const fn new(value: u32) -> Self {
        Self { le: little_endian::U32::new(value), be: big_endian::U32::new(value) }
    }

    /// The little-endian copy, which is what readers in use take.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.le.get()
    }

    /// Whether both copies hold the same number.
    #[must_use]
    pub const fn agrees(self) -> bool {
        self.le.get() == self.be.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_are_recorded() {
        assert_eq!(Both16::new(0x1234).as_bytes(), [0x34, 0x12, 0x12, 0x34]);
        assert_eq!(
            Both32::new(0x1234_5678).as_bytes(),
            [0x78, 0x56, 0x34, 0x12, 0x12, 0x34, 0x56, 0x78]
        );
        let torn = Both16::read_from_bytes(&[1, 0, 0, 2]).unwrap();
        assert!(!torn.agrees());
    }
}
