//! Joliet: Unicode names in a supplementary hierarchy of ISO 9660. Joliet specification, "Directory Hierarchy".

use alloc::string::String;

use crate::wire::iso9660::VolumeDescriptor;

/// Escape sequences of UCS-2 levels 1, 2 and 3. Joliet specification, "SVD Escape Sequences".
const ESCAPES: [&[u8]; 3] = [b"%/@", b"%/C", b"%/E"];

/// Whether a supplementary volume descriptor is Joliet's.
pub(super) fn is_joliet(descriptor: &VolumeDescriptor) -> bool {
    ESCAPES.iter().any(|escape| descriptor.escape_sequences.starts_with(escape))
}

/// Text in two bytes a character, most significant first; surrogate pairs are taken as UTF-16, lone ones become U+FFFD.
pub(super) fn text(bytes: &[u8]) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_paired() {
        assert_eq!(text(&[0, b'a', 0xD8, 0x3D, 0xDE, 0x00, 0xD8]), "a\u{1F600}");
        assert_eq!(text(&[0xDE, 0x00]), "\u{FFFD}");
    }
}
