//! What a view shows of a file, and where its bytes are.

use alloc::string::String;
use alloc::vec::Vec;

use super::ReadError;
use super::udf::Node;
use crate::address::Lba;
use crate::time::DiscTime;
use crate::tree::Special;

/// Longest path that is followed, in bytes: far more than any system can open.
const MAX_PATH: usize = 1 << 16;

/// A file, directory or link, as one of the file systems has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path from the root, `/`-separated and without a leading `/`; empty for the root itself.
    ///
    /// No component is empty, `.` or `..`; a `/` or NUL in a recorded name shows as U+FFFD. ISO 9660 and Joliet names are
    /// without the version number, and without the dot of an empty extension.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Length of the content, in bytes.
    pub len: u64,
    /// Where the content is, in order. Their lengths add up to `len`.
    pub extents: Vec<Extent>,
    /// When the content was last modified.
    pub modified: Option<DiscTime>,
    /// When the content was last read, where the file system has that.
    pub accessed: Option<DiscTime>,
    /// When it was made, where the file system has that.
    pub created: Option<DiscTime>,
    /// When its attributes were last changed, where the file system has that.
    pub changed: Option<DiscTime>,
    /// POSIX permission bits, set-id and sticky bits included, where the file system has them.
    pub mode: Option<u32>,
    /// POSIX user.
    pub uid: Option<u32>,
    /// POSIX group.
    pub gid: Option<u32>,
    /// What a symbolic link points to.
    pub target: Option<String>,
    /// Which kind of special file it is, where that is recorded.
    pub special: Option<Special>,
    /// How many names the file has by its own account, where the file system has that.
    pub links: Option<u32>,
    /// The same for all names of one file, where the file system has such a number.
    pub inode: Option<u64>,
    /// Extended attributes that Rock Ridge has of it: whole names and values. An empty name is that of access lists. AAIP 2.0.
    ///
    /// What UDF has of them is told by [`super::View::extended_attributes`].
    pub attributes: Vec<(String, Vec<u8>)>,
    /// The file is to be read at an even pace. UDF 2.3.5.2.
    pub real_time: bool,
    /// Not to be shown to the user unless asked for.
    pub hidden: bool,
    /// How Rock Ridge says that the content is recorded, when it is not recorded as it is: `extents` and `len` are of what is.
    pub encoding: Option<Encoding>,
    /// Tells a directory from all others.
    pub(super) id: u32,
    /// What a UDF volume needs to look at it again.
    pub(super) node: Node,
}

/// What an [`Entry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A directory.
    Directory,
    /// A regular file.
    File,
    /// A symbolic link; see [`Entry::target`].
    Symlink,
    /// A device, pipe or socket.
    Special,
}

/// How the content of a file is recorded that is not recorded as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Compressed: a ZF entry says how.
    Zisofs,
    /// Without its runs of zeros: an SF entry. RRIP 4.1.7.
    Sparse,
}

/// A run of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Where it is.
    pub place: Place,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Where a run of content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In these blocks.
    Recorded {
        /// The first block.
        lba: Lba,
        /// Bytes before the content in that block: only content that stands in a UDF file entry, or on a UDF volume with
        /// blocks of another size, begins within one.
        skip: u16,
    },
    /// Nowhere: the content is zeros.
    Zeros,
}

/// Bytes of text that are as much work as a part of a block, so that what is held of an image is bound to its size.
const TEXT_OF_PART: usize = 32;

impl Entry {
    /// How much work its text is, in parts of blocks: a record of few bytes has the whole path of its directory, and areas of
    /// attributes and targets can be shared.
    pub(super) fn text_parts(&self) -> u64 {
        let target = self.target.as_ref().map_or(0, String::len);
        let attributes = self.attributes.iter().map(|(name, value)| name.len() + value.len());
        let len = self.path.len() + target + attributes.sum::<usize>();
        (len / TEXT_OF_PART) as u64
    }

    /// The same wherever it is on a disc.
    #[cfg(test)]
    pub(crate) fn without_place(self) -> Self {
        let len = if self.kind == EntryKind::Directory { 0 } else { self.len };
        let inode = None;
        Self { len, extents: Vec::new(), inode, id: 0, node: Node::NONE, ..self }
    }

    /// A directory without a name and without content.
    pub(super) const fn root() -> Self {
        Self {
            path: String::new(),
            kind: EntryKind::Directory,
            len: 0,
            extents: Vec::new(),
            modified: None,
            accessed: None,
            created: None,
            changed: None,
            mode: None,
            uid: None,
            gid: None,
            target: None,
            attributes: Vec::new(),
            special: None,
            links: None,
            inode: None,
            real_time: false,
            hidden: false,
            encoding: None,
            id: 0,
            node: Node::NONE,
        }
    }
}

impl Extent {
    pub(super) const fn recorded(lba: u32, bytes: u64) -> Self {
        Self { place: Place::Recorded { lba: Lba(lba), skip: 0 }, bytes }
    }
}

/// Adds an extent, or makes the last one longer when this one follows it.
pub(super) fn append(extents: &mut Vec<Extent>, extent: Extent) {
    const BLOCK: u64 = crate::BLOCK_SIZE as u64;
    if extent.bytes == 0 {
        return;
    }
    if let Some(last) = extents.last_mut() {
        let follows = match (last.place, extent.place) {
            (Place::Zeros, Place::Zeros) => true,
            (Place::Recorded { lba, skip }, Place::Recorded { lba: next, skip: next_skip }) => {
                let byte = |lba: Lba, skip| u64::from(lba.0) * BLOCK + u64::from(skip);
                byte(lba, skip).checked_add(last.bytes) == Some(byte(next, next_skip))
            }
            _ => false,
        };
        if follows {
            last.bytes = last.bytes.saturating_add(extent.bytes);
            return;
        }
    }
    extents.push(extent);
}

/// The path of `name` in a directory. `lba` is where the name stands.
pub(super) fn join(directory: &str, name: &str, lba: u32) -> Result<String, ReadError> {
    if matches!(name, "" | "." | "..") {
        return Err(ReadError::malformed(lba, 0, "a file name"));
    }
    if directory.len() + name.len() > MAX_PATH {
        return Err(ReadError::malformed(lba, 0, "a path of at most 65536 bytes"));
    }
    let mut path = String::with_capacity(directory.len() + 1 + name.len());
    if !directory.is_empty() {
        path.push_str(directory);
        path.push('/');
    }
    path.extend(name.chars().map(|c| if matches!(c, '/' | '\0') { '\u{FFFD}' } else { c }));
    Ok(path)
}

/// Text of unknown encoding: UTF-8 when it is that, else a character for each byte (ISO 8859-1).
pub(super) fn text(bytes: &[u8]) -> String {
    core::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().copied().map(char::from).collect(), String::from)
}
