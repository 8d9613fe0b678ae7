//! File entries: what a file is and where its content is. ECMA-167 4/14.6 to 4/14.17.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, EntryKind, Extent, Place, append};
use super::super::{BlockSource, ReadError};
use super::volume::Volume;
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::wire::udf::{
    AllocationExtentHead, ExtendedFileEntry, FileEntry, IcbTag, LbAddr, LongAd, PathComponent,
    ShortAd, Timestamp, ad_type, component_type, cs0, extent_type, file_type, icb_flags,
    permissions, tag_id,
};

/// No user or group recorded. ECMA-167 4/14.9.3.
const UNSPECIFIED: u32 = u32::MAX;
/// Longest recorded target of a link.
const MAX_TARGET: u64 = 1 << 16;

/// What the two kinds of file entry have in common.
struct Common {
    icb: IcbTag,
    uid: u32,
    gid: u32,
    permissions: u32,
    len: u64,
    modified: Timestamp,
    /// Where the allocation descriptors begin in the block, and their length.
    descriptors: (usize, usize),
}

/// The file with its ICB at `address`, which stands in block `at`.
pub(super) fn entry<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    address: LbAddr,
    at: u32,
    path: String,
) -> Result<Entry, ReadError> {
    let (lba, identifier, block) = volume.block(blocks, address, at)?;
    let common = common(lba, identifier, block)?;
    let (start, len) = common.descriptors;
    let descriptors = block.get(start..start.saturating_add(len));
    let descriptors = descriptors
        .ok_or_else(|| ReadError::malformed(lba, 0, "allocation descriptors within the block"))?
        .to_vec();
    let extents = match common.icb.flags.get() & 7 {
        ad_type::EMBEDDED => embedded(lba, start, len, common.len)?,
        kind => allocated(blocks, volume, address, &descriptors, (lba, kind), common.len)?,
    };
    let mut entry = Entry { path, len: common.len, extents, id: lba, ..Entry::root() };
    common.describe(&mut entry);
    if entry.kind == EntryKind::Symlink {
        entry.target = Some(target(blocks, &entry)?);
        (entry.len, entry.extents) = (0, Vec::new());
    }
    Ok(entry)
}

fn common(lba: u32, identifier: u16, block: &[u8; BLOCK_SIZE]) -> Result<Common, ReadError> {
    let malformed = || ReadError::malformed(lba, 0, "a file entry");
    match identifier {
        tag_id::FILE_ENTRY => {
            let (entry, _) = FileEntry::read_from_prefix(block).map_err(|_| malformed())?;
            let attributes = entry.extended_attributes_length.get() as usize;
            Ok(Common {
                icb: entry.icb_tag,
                uid: entry.uid.get(),
                gid: entry.gid.get(),
                permissions: entry.permissions.get(),
                len: entry.information_length.get(),
                modified: entry.modified,
                descriptors: (
                    size_of::<FileEntry>().saturating_add(attributes),
                    entry.allocation_descriptors_length.get() as usize,
                ),
            })
        }
        tag_id::EXTENDED_FILE_ENTRY => {
            let (entry, _) = ExtendedFileEntry::read_from_prefix(block).map_err(|_| malformed())?;
            let attributes = entry.extended_attributes_length.get() as usize;
            Ok(Common {
                icb: entry.icb_tag,
                uid: entry.uid.get(),
                gid: entry.gid.get(),
                permissions: entry.permissions.get(),
                len: entry.information_length.get(),
                modified: entry.modified,
                descriptors: (
                    size_of::<ExtendedFileEntry>().saturating_add(attributes),
                    entry.allocation_descriptors_length.get() as usize,
                ),
            })
        }
        tag_id::INDIRECT_ENTRY => Err(ReadError::Unsupported { what: "an indirect entry" }),
        _ => Err(malformed()),
    }
}

impl Common {
    fn describe(&self, entry: &mut Entry) {
        entry.kind = match self.icb.file_type {
            file_type::DIRECTORY => EntryKind::Directory,
            file_type::SYMLINK => EntryKind::Symlink,
            file_type::BLOCK_DEVICE..=file_type::SOCKET if self.icb.file_type != 8 => {
                EntryKind::Special
            }
            _ => EntryKind::File,
        };
        let flags = self.icb.flags.get();
        let bits = [
            (icb_flags::SET_UID, 0o4000),
            (icb_flags::SET_GID, 0o2000),
            (icb_flags::STICKY, 0o1000),
        ];
        let special = bits.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, bit)| bit);
        entry.mode = Some(permissions::to_mode(self.permissions) | special.sum::<u32>());
        entry.uid = Some(self.uid).filter(|uid| *uid != UNSPECIFIED);
        entry.gid = Some(self.gid).filter(|gid| *gid != UNSPECIFIED);
        entry.modified = self.modified.parse();
    }
}

/// Content that stands in the place of the allocation descriptors. ECMA-167 4/14.6.8.
fn embedded(lba: u32, start: usize, room: usize, len: u64) -> Result<Vec<Extent>, ReadError> {
    let skip = u16::try_from(start).ok().filter(|_| len <= room as u64);
    let skip = skip.ok_or_else(|| ReadError::malformed(lba, 0, "content within the file entry"))?;
    let mut extents = Vec::new();
    append(&mut extents, Extent { place: Place::Recorded { lba: Lba(lba), skip }, bytes: len });
    Ok(extents)
}

/// Follows allocation descriptors, and the extents of further ones they lead to, for `len` bytes. ECMA-167 4/12.
fn allocated<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    address: LbAddr,
    descriptors: &[u8],
    (lba, kind): (u32, u16),
    len: u64,
) -> Result<Vec<Extent>, ReadError> {
    let mut chain = Chain { volume, kind, partition: address, left: len, extents: Vec::new() };
    let mut next = chain.take(descriptors, lba)?;
    let mut at = lba;
    while let Some(address) = next.take().filter(|_| chain.left > 0) {
        // Every link costs work, so that a chain that bites its tail ends.
        blocks.spend(1)?;
        let (block_at, identifier, block) = volume.block(blocks, address, at)?;
        let head = AllocationExtentHead::read_from_prefix(block).ok();
        let head = head.filter(|_| identifier == tag_id::ALLOCATION_EXTENT);
        let descriptors = head.and_then(|(head, rest)| rest.get(..head.length.get() as usize));
        let descriptors = descriptors
            .ok_or_else(|| ReadError::malformed(block_at, 0, "an allocation extent descriptor"))?;
        next = chain.take(descriptors, block_at)?;
        at = block_at;
    }
    if chain.left > 0 {
        return Err(ReadError::malformed(lba, 0, "extents for the whole length of the file"));
    }
    Ok(chain.extents)
}

/// An allocation descriptor of either form.
struct Allocation {
    length: u32,
    kind: u8,
    address: LbAddr,
}

/// Extents while they are gathered.
struct Chain<'v> {
    volume: &'v Volume,
    kind: u16,
    /// Short allocation descriptors are in the partition of their ICB.
    partition: LbAddr,
    /// Bytes of the file that have no extent yet.
    left: u64,
    extents: Vec<Extent>,
}

impl Chain<'_> {
    /// Takes in some descriptors; returns where further ones are.
    fn take(&mut self, descriptors: &[u8], at: u32) -> Result<Option<LbAddr>, ReadError> {
        let mut rest = descriptors;
        while self.left > 0 {
            let Some((Allocation { length, kind, address }, after)) = self.next(rest)? else {
                break;
            };
            rest = after;
            match kind {
                extent_type::NEXT_EXTENT => return Ok((length > 0).then_some(address)),
                // The list ends at a descriptor of length 0. ECMA-167 4/12.
                _ if length == 0 => break,
                extent_type::RECORDED => {
                    let bytes = u64::from(length).min(self.left);
                    let lba = self.volume.absolute(address, at)?;
                    append(&mut self.extents, Extent::recorded(lba, bytes));
                    self.left -= bytes;
                }
                _ => {
                    let bytes = u64::from(length).min(self.left);
                    append(&mut self.extents, Extent { place: Place::Zeros, bytes });
                    self.left -= bytes;
                }
            }
        }
        Ok(None)
    }

    /// The next descriptor, and the bytes behind it.
    fn next<'b>(&self, bytes: &'b [u8]) -> Result<Option<(Allocation, &'b [u8])>, ReadError> {
        match self.kind {
            ad_type::SHORT => Ok(ShortAd::read_from_prefix(bytes).ok().map(|(ad, rest)| {
                let (length, kind) = ad.length();
                let address = LbAddr { block: ad.block, ..self.partition };
                (Allocation { length, kind, address }, rest)
            })),
            ad_type::LONG => Ok(LongAd::read_from_prefix(bytes).ok().map(|(ad, rest)| {
                let (length, kind) = ad.length();
                (Allocation { length, kind, address: ad.location }, rest)
            })),
            _ => Err(ReadError::Unsupported { what: "an extended allocation descriptor" }),
        }
    }
}

/// What a symbolic link points to: its content is path components. ECMA-167 4/14.16.
fn target<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    entry: &Entry,
) -> Result<String, ReadError> {
    let malformed = || ReadError::malformed(entry.id, 0, "the path components of a link");
    if entry.len > MAX_TARGET {
        return Err(malformed());
    }
    let mut bytes = alloc::vec![0; usize::try_from(entry.len).unwrap_or_default()];
    let read = blocks.read_at(&entry.extents, 0, &mut bytes)?;
    components(bytes.get(..read).unwrap_or_default()).ok_or_else(malformed)
}

/// The path that these components make up; `None` when they are not whole.
fn components(bytes: &[u8]) -> Option<String> {
    let mut path = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (component, after) = PathComponent::read_from_prefix(rest).ok()?;
        let (identifier, after) =
            after.split_at_checked(usize::from(component.identifier_length))?;
        if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        match component.component_type {
            component_type::ROOT => path = String::from("/"),
            component_type::PARENT => path.push_str(".."),
            component_type::CURRENT => path.push('.'),
            component_type::NAME => path.push_str(&cs0::decode(identifier)?),
            // Type 1 is for the root of some other system; what it means is for the two sides to agree on.
            1 => path = String::from("/"),
            _ => return None,
        }
        rest = after;
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_make_a_path() {
        let path = b"\x02\0\0\0\x05\x04\0\0\x08usr\x03\0\0\0\x04\0\0\0\x05\x03\0\0\x10\x65\xe5";
        assert_eq!(components(path).as_deref(), Some("/usr/.././\u{65e5}"));
        assert_eq!(components(b"").as_deref(), Some(""));
        assert_eq!(components(b"\x05\x04\0\0\x08us"), None);
        assert_eq!(components(b"\x09\0\0\0"), None);
    }
}
