//! File entries: what a file is. ECMA-167 4/14.6 to 4/14.17.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, EntryKind};
use super::super::{BlockSource, ReadError};
use super::icb::{self, Icb};
use super::partition::{Side, Space};
use super::{Node, Position, allocation, attributes, symlink};
use crate::tree::Special;
use crate::wire::udf::{LbAddr, file_type, icb_flags, permissions};

/// No user or group recorded. ECMA-167 4/14.9.3.
const UNSPECIFIED: u32 = u32::MAX;

/// The file with its ICB at `address`, which stands at `at`.
pub(super) fn entry<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    address: LbAddr,
    at: Position,
    path: String,
) -> Result<Entry, ReadError> {
    let icb = icb::find(blocks, space, address, at)?;
    let mut entry = Entry { path, len: icb.len, ..Entry::root() };
    describe(&icb, &mut entry);
    entry.node = Node { icb: Some(address), streams: icb.streams };
    let extents = allocation::extents(blocks, space, &icb, Side::Main);
    entry.extents = match extents {
        // The descriptors may go on in blocks of which the mirror has a better copy.
        Err(error) if error != ReadError::TooMuchWork && space.is_mirrored() => {
            allocation::extents(blocks, space, &icb, Side::Mirror).map_err(|_| error)?
        }
        extents => extents?,
    };
    if entry.kind == EntryKind::Symlink {
        entry.target = Some(symlink::target(blocks, &icb, &entry.extents)?);
        (entry.len, entry.extents) = (0, Vec::new());
    }
    Ok(entry)
}

fn describe(icb: &Icb, entry: &mut Entry) {
    entry.id = icb.sector;
    entry.kind = match icb.tag.file_type {
        file_type::DIRECTORY | file_type::STREAM_DIRECTORY => EntryKind::Directory,
        file_type::SYMLINK => EntryKind::Symlink,
        file_type::BLOCK_DEVICE
        | file_type::CHARACTER_DEVICE
        | file_type::FIFO
        | file_type::SOCKET => EntryKind::Special,
        _ => EntryKind::File,
    };
    let flags = icb.tag.flags.get();
    let bits =
        [(icb_flags::SET_UID, 0o4000), (icb_flags::SET_GID, 0o2000), (icb_flags::STICKY, 0o1000)];
    let set = bits.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, bit)| bit);
    entry.mode = Some(permissions::to_mode(icb.permissions) | set.sum::<u32>());
    entry.uid = Some(icb.uid).filter(|uid| *uid != UNSPECIFIED);
    entry.gid = Some(icb.gid).filter(|gid| *gid != UNSPECIFIED);
    entry.modified = icb.modified.parse();
    entry.accessed = icb.accessed.parse();
    entry.changed = icb.attributes_changed.parse();
    entry.created = match icb.created {
        Some(created) => created.parse(),
        None => attributes::creation(icb),
    };
    entry.special = special(icb);
    entry.links = Some(icb.links.into());
    entry.inode = Some(icb.sector.into());
    entry.real_time = icb.tag.file_type == file_type::REAL_TIME;
}

/// Which special file it is. The numbers of a device stand in an extended attribute. UDF 3.3.4.4.
fn special(icb: &Icb) -> Option<Special> {
    match icb.tag.file_type {
        file_type::BLOCK_DEVICE => {
            attributes::device(icb).map(|(major, minor)| Special::BlockDevice { major, minor })
        }
        file_type::CHARACTER_DEVICE => {
            attributes::device(icb).map(|(major, minor)| Special::CharacterDevice { major, minor })
        }
        file_type::FIFO => Some(Special::Fifo),
        file_type::SOCKET => Some(Special::Socket),
        _ => None,
    }
}
