//! Volume descriptors of ISO 9660 and Joliet. ECMA-119 8.4, 8.5.

use alloc::string::String;
use core::mem::offset_of;

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::put;
use crate::layout::{Hierarchy, View};
use crate::plan::Plan;
use crate::time::DiscTime;
use crate::volume;
use crate::wire::iso9660::{
    DescriptorHead, DirectoryRecord, JOLIET_ESCAPE_LEVEL_3, LongDate, STANDARD_IDENTIFIER,
    ShortDate, VolumeDescriptor, descriptor_type, file_flags,
};
use crate::wire::{Both16, Both32, xa};

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
        let shared = view == View::Enhanced && self.content.options.iso9660.is_shared();
        let hierarchy = if shared { View::Primary } else { view };
        let Some(hierarchy) = self.layout.hierarchy(hierarchy) else { return };
        let mut descriptor = self.common_descriptor(hierarchy);
        self.set_texts(view, &mut descriptor);
        match view {
            View::Primary => {
                descriptor.descriptor_type = descriptor_type::PRIMARY;
                if self.content.options.checksums.isomd5 {
                    // The sum is made as if it were not there.
                    descriptor.application_use = [b' '; 512];
                }
                if self.content.options.iso9660.xa {
                    let offset =
                        xa::SIGNATURE_OFFSET - offset_of!(VolumeDescriptor, application_use);
                    put(&mut descriptor.application_use, offset, xa::SIGNATURE);
                }
            }
            // ISO 9660:1999 8.5.3, 8.5.31: version and file structure version of an enhanced descriptor.
            View::Enhanced => {
                descriptor.descriptor_type = descriptor_type::SUPPLEMENTARY;
                (descriptor.version, descriptor.file_structure_version) = (2, 2);
            }
            View::Joliet => {
                descriptor.descriptor_type = descriptor_type::SUPPLEMENTARY;
                put(&mut descriptor.escape_sequences, 0, &JOLIET_ESCAPE_LEVEL_3);
            }
        }
        put(block, 0, descriptor.as_bytes());
    }

    /// The texts of a descriptor, in its characters.
    fn set_texts(&self, view: View, descriptor: &mut VolumeDescriptor) {
        let options = &self.content.options;
        let rules = options.iso9660.names;
        let [system, volume_set, publisher, preparer, application] =
            volume::texts(options).map(|text| text.in_view(view, rules));
        let [copyright, abstracts, bibliographic] = volume::files(options)
            .map(|(_, name)| volume::file_identifier(&self.content, view, name));
        descriptor.volume_identifier = text(view, &volume::name(options).in_view(view, rules));
        descriptor.system_identifier = text(view, &system);
        descriptor.volume_set_identifier = text(view, &volume_set);
        descriptor.publisher_identifier = text(view, &publisher);
        descriptor.data_preparer_identifier = text(view, &preparer);
        descriptor.application_identifier = text(view, &application);
        descriptor.copyright_file_identifier = file_name(view, &copyright);
        descriptor.abstract_file_identifier = file_name(view, &abstracts);
        descriptor.bibliographic_file_identifier = file_name(view, &bibliographic);
    }

    /// What the primary and the supplementary descriptor have in common.
    fn common_descriptor(&self, hierarchy: &Hierarchy) -> VolumeDescriptor {
        let (options, dates) = (&self.content.options, self.content.options.dates);
        let creation = dates.creation.unwrap_or(options.created);
        let date = |date: Option<DiscTime>| date.map_or(LongDate::UNSPECIFIED, LongDate::new);
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
        descriptor.creation = LongDate::new(creation);
        descriptor.modification = LongDate::new(dates.modification.unwrap_or(creation));
        descriptor.expiration = date(dates.expiration);
        descriptor.effective = date(dates.effective);
        descriptor.file_structure_version = 1;
        descriptor
    }
}

/// Text in a field of a descriptor: UTF-16 in Joliet's.
fn text<const N: usize>(view: View, text: &str) -> [u8; N] {
    match view {
        View::Primary | View::Enhanced => padded_ascii(text),
        View::Joliet => padded_ucs2(text),
    }
}

/// The name of a file in a field; nothing when it does not fit, as half a name is that of another file.
fn file_name<const N: usize>(view: View, name: &str) -> [u8; N] {
    let fits = match view {
        View::Primary | View::Enhanced => name.len() <= N,
        View::Joliet => name.encode_utf16().count() <= N / 2,
    };
    text(view, if fits { name } else { "" })
}

/// Text in a field, filled with spaces; cut at a character when it is longer.
fn padded_ascii<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [b' '; N];
    let end = (0..=N.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    for (to, from) in field.iter_mut().zip(text.bytes().take(end)) {
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
    }
}
