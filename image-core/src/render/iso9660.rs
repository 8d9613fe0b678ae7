//! Volume descriptors of ISO 9660 and Joliet. ECMA-119 8.4, 8.5.

use alloc::string::String;

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::put;
use crate::layout::{Hierarchy, View};
use crate::names::iso9660::d_character;
use crate::plan::Plan;
use crate::wire::iso9660::{
    DescriptorHead, DirectoryRecord, JOLIET_ESCAPE_LEVEL_3, LongDate, STANDARD_IDENTIFIER,
    ShortDate, VolumeDescriptor, descriptor_type, file_flags,
};
use crate::wire::{Both16, Both32};

/// Logical block size as the descriptors record it, in bytes. ECMA-119 8.4.12.
const LOGICAL_BLOCK: u16 = 2048;

pub(super) fn terminator(block: &mut [u8]) {
    let head = DescriptorHead {
        descriptor_type: descriptor_type::TERMINATOR,
        standard_identifier: STANDARD_IDENTIFIER,
        version: 1,
    };
    put(block, 0, head.as_bytes());
}

impl Plan {
    pub(super) fn volume_descriptor(&self, view: View, block: &mut [u8]) {
        let Some(hierarchy) = self.layout.hierarchy(view) else { return };
        let mut descriptor = self.common_descriptor(hierarchy);
        let options = &self.content.options;
        match view {
            View::Primary => {
                descriptor.descriptor_type = descriptor_type::PRIMARY;
                let volume: String = options.volume_id.chars().map(d_character).collect();
                descriptor.volume_identifier = padded_ascii(&volume);
                descriptor.application_identifier =
                    padded_ascii(&a_characters(&options.application));
                descriptor.system_identifier = padded_ascii("");
                descriptor.volume_set_identifier = padded_ascii("");
                descriptor.publisher_identifier = padded_ascii("");
                descriptor.data_preparer_identifier = padded_ascii("");
                descriptor.copyright_file_identifier = padded_ascii("");
                descriptor.abstract_file_identifier = padded_ascii("");
                descriptor.bibliographic_file_identifier = padded_ascii("");
                if options.checksums.isomd5 {
                    // The sum is made as if it were not there.
                    descriptor.application_use = [b' '; 512];
                }
            }
            View::Joliet => {
                descriptor.descriptor_type = descriptor_type::SUPPLEMENTARY;
                put(&mut descriptor.escape_sequences, 0, &JOLIET_ESCAPE_LEVEL_3);
                descriptor.volume_identifier = padded_ucs2(&options.volume_id);
                descriptor.application_identifier = padded_ucs2(&options.application);
                descriptor.system_identifier = padded_ucs2("");
                descriptor.volume_set_identifier = padded_ucs2("");
                descriptor.publisher_identifier = padded_ucs2("");
                descriptor.data_preparer_identifier = padded_ucs2("");
                descriptor.copyright_file_identifier = padded_ucs2("");
                descriptor.abstract_file_identifier = padded_ucs2("");
                descriptor.bibliographic_file_identifier = padded_ucs2("");
            }
        }
        put(block, 0, descriptor.as_bytes());
    }

    /// What the primary and the supplementary descriptor have in common.
    fn common_descriptor(&self, hierarchy: &Hierarchy) -> VolumeDescriptor {
        let created = LongDate::new(self.content.options.created);
        let root = hierarchy.extent_of(0);
        let table = &hierarchy.path_table;
        let mut descriptor = VolumeDescriptor::new_zeroed();
        descriptor.standard_identifier = STANDARD_IDENTIFIER;
        descriptor.version = 1;
        descriptor.volume_space_size = Both32::new(self.layout.blocks);
        descriptor.volume_set_size = Both16::new(1);
        descriptor.volume_sequence_number = Both16::new(1);
        descriptor.logical_block_size = Both16::new(LOGICAL_BLOCK);
        descriptor.path_table_size = Both32::new(table.len);
        descriptor.l_path_table = table.l.0.into();
        descriptor.m_path_table = table.m.0.into();
        descriptor.root = DirectoryRecord {
            length: 34,
            extent: Both32::new(root.start.0),
            data_length: Both32::new(root.blocks.saturating_mul(LOGICAL_BLOCK.into())),
            recorded: ShortDate::new(self.content.modified(0)),
            flags: file_flags::DIRECTORY,
            volume_sequence_number: Both16::new(1),
            identifier_length: 1,
            ..DirectoryRecord::default()
        };
        descriptor.creation = created;
        descriptor.modification = created;
        descriptor.expiration = LongDate::UNSPECIFIED;
        descriptor.effective = LongDate::UNSPECIFIED;
        descriptor.file_structure_version = 1;
        descriptor
    }
}

/// The a-characters that stand for this text: upper case, and `_` for what is not allowed. ECMA-119 7.4.1.
fn a_characters(text: &str) -> String {
    let allowed = |c: char| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || " !\"%&'()*+,-./:;<=>?_".contains(c)
    };
    let upper = text.chars().map(|c| c.to_ascii_uppercase());
    upper.map(|c| if allowed(c) { c } else { '_' }).collect()
}

/// Text in a field, filled with spaces; longer text is cut.
fn padded_ascii<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [b' '; N];
    for (to, from) in field.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    field
}

/// Text in UTF-16, most significant byte first, filled with spaces; cut at a character. An odd last byte is zero.
fn padded_ucs2<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    let (units, _) = field.as_chunks_mut::<2>();
    let room = units.len();
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= room
    });
    let kept: String = kept.collect();
    let padded = kept.encode_utf16().chain(core::iter::repeat(u16::from(b' ')));
    for (to, from) in units.iter_mut().zip(padded) {
        *to = from.to_be_bytes();
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled() {
        assert_eq!(&padded_ascii::<4>("AB"), b"AB  ");
        assert_eq!(&padded_ascii::<2>("ABC"), b"AB");
        assert_eq!(&padded_ucs2::<5>("A"), b"\0A\0 \0");
        assert_eq!(padded_ucs2::<6>("AB\u{1F600}"), *b"\0A\0B\0 ");
        assert_eq!(a_characters("a#b 1"), "A_B 1");
    }
}
