//! The file entries of all items, and what does not fit into them.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::entry::{Allocation, Entry, Space, Times};
use super::{part, tagged_in_part};
use crate::address::Lba;
use crate::layout::System;
use crate::layout::udf::{Descriptors, UdfLayout, attributes, entry_room};
use crate::options::UdfRevision;
use crate::plan::Plan;
use crate::tree::{Kind, Special};
use crate::wire::udf::{
    AllocationExtentHead, DescriptorTag, PathComponent, component_type, cs0, file_type, icb_flags,
    permissions, tag_id,
};

impl Plan {
    /// The file entry of an item, which fills a block. The second name of a file has none of its own, and what is hidden
    /// needs none.
    pub(super) fn file_entry(&self, udf: &UdfLayout, item: u32) -> Vec<u8> {
        if !self.content.has_udf_entry(item) {
            return Vec::new();
        }
        let (file_type, links, allocation) = self.allocation(udf, item);
        let given = self.content.tree.attributes(self.content.node(item));
        let mode = self.content.posix_mode(item);
        let details = self.content.file_details(item);
        let modified = self.content.modified(item);
        let (streams, stream_bytes) = self.stream_directory(udf, item);
        let entry = Entry {
            file_type,
            flags: mode_flags(mode),
            uid: given.uid,
            gid: given.gid,
            permissions: permissions::from_mode(mode),
            links,
            allocation,
            times: Times {
                accessed: details.accessed.unwrap_or(modified),
                modified,
                created: details.created.unwrap_or(modified),
                changed: details.changed.unwrap_or(modified),
            },
            unique_id: self.file_id(item),
            attributes: attributes(udf.form, &self.content, item),
            streams,
            stream_bytes,
        };
        entry.render(udf.form, udf.entry_of(item).block.get())
    }

    /// What an item is, how many identifiers name it, and where its bytes are.
    fn allocation(&self, udf: &UdfLayout, item: u32) -> (u8, u16, Allocation) {
        let names = self.links(item);
        match self.content.kind(item) {
            Kind::Directory => self.directory(udf, item),
            Kind::File { len, .. } => {
                let real_time = self.content.file_details(item).real_time;
                let file_type = if real_time { file_type::REAL_TIME } else { file_type::REGULAR };
                (file_type, names, self.file_extents(udf, item, len))
            }
            Kind::Symlink { target } => {
                let components = path_components(target);
                let allocation = match udf.targets.of(item) {
                    Some(start) => {
                        let len = components.len() as u64;
                        Allocation::extents(file_space(udf), udf.relative(start), len)
                    }
                    None => Allocation::embedded(components),
                };
                (file_type::SYMLINK, names, allocation)
            }
            Kind::Special(special) => {
                (special_type(special), names, Allocation::embedded(Vec::new()))
            }
        }
    }

    /// How many file identifiers name an item, those of its subdirectories not counted: its stream directory has one.
    fn links(&self, item: u32) -> u16 {
        let streams = !self.content.file_details(item).streams.is_empty();
        let names = self.content.links(item, System::Udf).saturating_add(streams.into());
        u16::try_from(names).unwrap_or(u16::MAX)
    }

    fn directory(&self, udf: &UdfLayout, item: u32) -> (u8, u16, Allocation) {
        let position = self.content.catalog.position_of(item).unwrap_or_default();
        let extent = udf.directories.get(position);
        let subdirectories = self.content.subdirectories(position, System::Udf);
        let links = subdirectories.saturating_add(self.links(item).into());
        let links = u16::try_from(links).unwrap_or(u16::MAX);
        if extent.is_embedded {
            let location = udf.entry_of(item).block.get();
            let identifiers = self.embedded_identifiers(udf, position, location);
            return (file_type::DIRECTORY, links, Allocation::embedded(identifiers));
        }
        let space = if udf.form.is_virtual() { Space::Partition(0) } else { Space::Own };
        let start = udf.in_entry_space(extent.start);
        (file_type::DIRECTORY, links, Allocation::extents(space, start, extent.len.into()))
    }

    /// The extents of a file, as many as fit into its entry, and where the others are described.
    fn file_extents(&self, udf: &UdfLayout, item: u32, len: u64) -> Allocation {
        let content = &self.content.file_details(item).content;
        if let Some(bytes) = content.as_ref().filter(|_| self.content.is_embedded(item)) {
            return Allocation::embedded(bytes.to_vec());
        }
        let space = file_space(udf);
        let start = udf.relative(self.content.data_of(item));
        let Some(further) = udf.descriptors.of(item) else {
            return Allocation::extents(space, start, len);
        };
        let descriptors =
            Descriptors::new(udf.form, len, entry_room(udf.form, &self.content, item));
        let mut bytes = space.descriptors(start, len, 0..descriptors.in_entry());
        bytes.extend(descriptor_space(udf).pointer(udf.in_entry_space(further)));
        Allocation::described(space, len, bytes)
    }

    /// A block of allocation descriptors that a file entry has no room for. ECMA-167 4/14.5.
    pub(super) fn further_descriptors(&self, udf: &UdfLayout, lba: Lba) -> Vec<u8> {
        let Some((item, ordinal)) = udf.descriptors.at(lba) else { return Vec::new() };
        let Some((_, len)) = self.content.file(item) else { return Vec::new() };
        let descriptors =
            Descriptors::new(udf.form, len, entry_room(udf.form, &self.content, item));
        let (range, goes_on) = descriptors.in_block(ordinal);
        let start = udf.relative(self.content.data_of(item));
        let mut descriptors = file_space(udf).descriptors(start, len, range);
        let location = udf.in_entry_space(lba);
        if goes_on {
            descriptors.extend(descriptor_space(udf).pointer(location + 1));
        }
        let head = AllocationExtentHead {
            tag: DescriptorTag::default(),
            previous: 0.into(),
            length: u32::try_from(descriptors.len()).unwrap_or_default().into(),
        };
        let mut bytes = head.as_bytes().to_vec();
        bytes.extend(descriptors);
        // Up to 2.00 the CRC covers the head alone. UDF 2.3.11.
        let later = udf.form.revision >= UdfRevision::V2_01;
        let head = size_of::<AllocationExtentHead>() - size_of::<DescriptorTag>();
        let covered = if later { bytes.len() } else { head };
        tagged_in_part(udf.form, tag_id::ALLOCATION_EXTENT, location, bytes, covered)
    }

    /// A block of the target of a link that its file entry has no room for.
    pub(super) fn link_target(&self, udf: &UdfLayout, lba: Lba) -> Vec<u8> {
        let Some((item, ordinal)) = udf.targets.at(lba) else { return Vec::new() };
        match self.content.kind(item) {
            Kind::Symlink { target } => part(&path_components(target), ordinal),
            _ => Vec::new(),
        }
    }
}

/// The partition that the data of files are in, as seen from their entries.
pub(super) fn file_space(udf: &UdfLayout) -> Space {
    if udf.form.has_long_descriptors() { Space::Partition(0) } else { Space::Own }
}

/// The partition that further allocation descriptors are in, in the form that the others of the file have.
fn descriptor_space(udf: &UdfLayout) -> Space {
    match (udf.form.has_long_descriptors(), udf.form.has_metadata()) {
        (true, true) => Space::Partition(1),
        (true, false) => Space::Partition(0),
        _ => Space::Own,
    }
}

const fn special_type(special: Special) -> u8 {
    match special {
        Special::CharacterDevice { .. } => file_type::CHARACTER_DEVICE,
        Special::BlockDevice { .. } => file_type::BLOCK_DEVICE,
        Special::Fifo => file_type::FIFO,
        Special::Socket => file_type::SOCKET,
    }
}

/// Set-id and sticky bits in the ICB flags. UDF 3.3.2.
fn mode_flags(mode: u32) -> u16 {
    let flags =
        [(0o4000, icb_flags::SET_UID), (0o2000, icb_flags::SET_GID), (0o1000, icb_flags::STICKY)];
    flags.iter().filter(|(bit, _)| mode & bit != 0).fold(0, |all, (_, flag)| all | flag)
}

/// What a symbolic link points to. ECMA-167 4/14.16.
fn path_components(target: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if target.starts_with('/') {
        push_component(component_type::ROOT, "", &mut bytes);
    }
    for part in target.split('/').filter(|part| !part.is_empty()) {
        match part {
            "." => push_component(component_type::CURRENT, "", &mut bytes),
            ".." => push_component(component_type::PARENT, "", &mut bytes),
            _ => push_component(component_type::NAME, part, &mut bytes),
        }
    }
    bytes
}

fn push_component(component_type: u8, name: &str, out: &mut Vec<u8>) {
    let identifier_length = u8::try_from(cs0::encoded_len(name)).unwrap_or(u8::MAX);
    let head = PathComponent { component_type, identifier_length, version: 0.into() };
    out.extend_from_slice(head.as_bytes());
    cs0::encode(name, out);
}
