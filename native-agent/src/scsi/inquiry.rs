//! INQUIRY: who the drive is. SPC-4 6.6.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// Peripheral device type of CD, DVD and BD drives. SPC-4 6.6.2.
pub const PERIPHERAL_MMC: u8 = 0x05;
/// Bytes asked for: the standard data up to the product revision, which every drive has.
pub const INQUIRY_LEN: usize = 96;

/// The head of standard INQUIRY data. SPC-4 6.6.2.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct StandardInquiry {
    /// Bits 7-5 peripheral qualifier, bits 4-0 peripheral device type.
    peripheral: u8,
    /// Bit 7 RMB: the medium can be removed.
    removable: u8,
    /// Version of SPC the drive claims.
    version: u8,
    /// Bits 3-0 response data format, 2h.
    response_format: u8,
    /// Bytes after this one.
    additional_length: u8,
    flags: [u8; 3],
    /// T10 vendor identification, ASCII, left-aligned, padded with spaces.
    vendor: [u8; 8],
    /// Product identification, ASCII.
    product: [u8; 16],
    /// Product revision level, ASCII.
    revision: [u8; 4],
}

const _: () = assert!(size_of::<StandardInquiry>() == 36);

/// What a drive calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inquiry {
    /// Peripheral device type; [`PERIPHERAL_MMC`] for optical drives.
    pub device_type: u8,
    /// Maker, without padding.
    pub vendor: String,
    /// Model, without padding.
    pub product: String,
    /// Firmware level, without padding.
    pub revision: String,
}

impl Inquiry {
    /// Reads standard INQUIRY data; `None` if it ends before the revision level.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (data, _) = StandardInquiry::ref_from_prefix(bytes).ok()?;
        Some(Self {
            device_type: data.peripheral & 0x1f,
            vendor: printable(&data.vendor),
            product: printable(&data.product),
            revision: printable(&data.revision),
        })
    }
}

/// ASCII without padding; drives fill with spaces, and some with zeros.
fn printable(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { ' ' })
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_padding() {
        let mut bytes = vec![0x05, 0x80, 0x00, 0x32, 0x5b, 0, 0, 0];
        bytes.extend(b"HL-DT-STBD-RE  BH16NS40 1.05");
        let inquiry = Inquiry::parse(&bytes).unwrap();
        assert_eq!(inquiry.device_type, PERIPHERAL_MMC);
        assert_eq!(
            (&*inquiry.vendor, &*inquiry.product, &*inquiry.revision),
            ("HL-DT-ST", "BD-RE  BH16NS40", "1.05")
        );
        assert_eq!(Inquiry::parse(&bytes[..35]), None);
    }
}
