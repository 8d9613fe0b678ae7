//! ISO 9660 hierarchies: volume descriptors and directories. ECMA-119 clauses 6 to 9.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem::offset_of;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::entry::{Entry, EntryKind, Extent, append, join, text};
use super::rock_ridge::{self, SystemUse};
use super::{BlockSource, DescriptorInfo, ReadError, joliet};
use crate::BLOCK_SIZE;
use crate::address::BLOCK_BYTES;
use crate::options::{VolumeDates, VolumeIdentifiers};
use crate::time::DiscTime;
use crate::wire::iso9660::{
    DirectoryRecord, STANDARD_IDENTIFIER, VOLUME_DESCRIPTORS_START, VolumeDescriptor,
    descriptor_type, file_flags,
};
use crate::wire::xa;

/// Most volume descriptors that are looked at; there are seldom more than five.
const MAX_DESCRIPTORS: u32 = 64;
/// Most entries of a directory, as a bound to the memory a hostile image can claim.
pub(super) const MAX_ENTRIES: usize = 1 << 21;

/// Version of an enhanced volume descriptor. ISO 9660:1999 8.5.3.
const ENHANCED_VERSION: u8 = 2;

/// How names are recorded in a hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Plain,
    /// Without version numbers. ISO 9660:1999 7.5.
    Enhanced,
    Joliet,
    /// In system use areas, behind this many bytes of each. SUSP 5.3.
    RockRidge {
        skip: u8,
    },
}

/// A hierarchy of directories with its volume descriptor.
#[derive(Clone, Debug)]
pub(super) struct Hierarchy {
    pub(super) names: Names,
    pub(super) volume_id: String,
    pub(super) blocks: u32,
    pub(super) created: Option<DiscTime>,
    pub(super) descriptor: DescriptorInfo,
    pub(super) root: Entry,
    /// Length of a path table, in bytes.
    pub(super) path_table_len: u32,
    pub(super) l_path_table: u32,
    pub(super) m_path_table: u32,
}

/// The hierarchies of an image: the primary one, that of an enhanced volume descriptor, and Joliet's.
#[derive(Clone, Debug, Default)]
pub(super) struct Hierarchies {
    pub(super) primary: Option<Result<Hierarchy, ReadError>>,
    pub(super) enhanced: Option<Result<Hierarchy, ReadError>>,
    pub(super) joliet: Option<Result<Hierarchy, ReadError>>,
}

/// Reads the volume descriptor set of the session that begins at block `session`.
pub(super) fn hierarchies<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    session: u32,
) -> Result<Hierarchies, ReadError> {
    let mut found = Hierarchies::default();
    let first = session.saturating_add(VOLUME_DESCRIPTORS_START);
    for lba in (first..blocks.count()).take(MAX_DESCRIPTORS as usize) {
        let Ok(descriptor) = VolumeDescriptor::read_from_bytes(blocks.block(lba)?) else { break };
        if descriptor.standard_identifier != STANDARD_IDENTIFIER {
            break;
        }
        match descriptor.descriptor_type {
            descriptor_type::TERMINATOR => break,
            descriptor_type::PRIMARY if found.primary.is_none() => {
                found.primary = Some(hierarchy(lba, &descriptor, Names::Plain));
            }
            descriptor_type::SUPPLEMENTARY
                if found.joliet.is_none() && joliet::is_joliet(&descriptor) =>
            {
                found.joliet = Some(hierarchy(lba, &descriptor, Names::Joliet));
            }
            descriptor_type::SUPPLEMENTARY
                if found.enhanced.is_none() && descriptor.version == ENHANCED_VERSION =>
            {
                found.enhanced = Some(hierarchy(lba, &descriptor, Names::Enhanced));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn hierarchy(
    lba: u32,
    descriptor: &VolumeDescriptor,
    names: Names,
) -> Result<Hierarchy, ReadError> {
    if usize::from(descriptor.logical_block_size.get()) != BLOCK_SIZE {
        return Err(ReadError::Unsupported { what: "a logical block size other than 2048" });
    }
    let root = descriptor.root;
    if root.flags & file_flags::DIRECTORY == 0 {
        return Err(ReadError::malformed(lba, 156, "the record of a directory"));
    }
    let extent = section(&root);
    Ok(Hierarchy {
        names,
        volume_id: field(names, &descriptor.volume_identifier),
        blocks: descriptor.volume_space_size.get(),
        created: descriptor.creation.parse(),
        descriptor: described(descriptor, names),
        root: Entry {
            len: extent.bytes,
            extents: alloc::vec![extent],
            modified: root.recorded.parse(),
            id: first_block(&root),
            ..Entry::root()
        },
        path_table_len: descriptor.path_table_size.get(),
        l_path_table: descriptor.l_path_table.get(),
        m_path_table: descriptor.m_path_table.get(),
    })
}

/// A field that is filled up with spaces.
fn field(names: Names, bytes: &[u8]) -> String {
    let text = match names {
        Names::Joliet => joliet::text(bytes),
        Names::Plain | Names::Enhanced | Names::RockRidge { .. } => text(bytes),
    };
    text.trim_end_matches([' ', '\0']).into()
}

/// What a descriptor says besides. ECMA-119 8.4.5, 8.4.19 to 8.4.29.
fn described(descriptor: &VolumeDescriptor, names: Names) -> DescriptorInfo {
    let signature = offset_of!(VolumeDescriptor, application_use);
    let signature = descriptor.application_use.get(xa::SIGNATURE_OFFSET - signature..);
    DescriptorInfo {
        identifiers: VolumeIdentifiers {
            system: field(names, &descriptor.system_identifier),
            volume_set: field(names, &descriptor.volume_set_identifier),
            publisher: field(names, &descriptor.publisher_identifier),
            preparer: field(names, &descriptor.data_preparer_identifier),
            copyright_file: field(names, &descriptor.copyright_file_identifier),
            abstract_file: field(names, &descriptor.abstract_file_identifier),
            bibliographic_file: field(names, &descriptor.bibliographic_file_identifier),
        },
        application: field(names, &descriptor.application_identifier),
        dates: VolumeDates {
            creation: descriptor.creation.parse(),
            modification: descriptor.modification.parse(),
            expiration: descriptor.expiration.parse(),
            effective: descriptor.effective.parse(),
        },
        xa: signature.is_some_and(|bytes| bytes.starts_with(xa::SIGNATURE)),
    }
}

/// The first block of a file section: an extended attribute record may precede it. ECMA-119 6.4.4.
const fn first_block(record: &DirectoryRecord) -> u32 {
    record.extent.get().saturating_add(record.extended_attribute_length as u32)
}

fn section(record: &DirectoryRecord) -> Extent {
    Extent::recorded(first_block(record), record.data_length.get().into())
}

/// A directory record with its variable parts. ECMA-119 9.1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) fixed: DirectoryRecord,
    pub(super) identifier: &'a [u8],
    pub(super) system_use: &'a [u8],
}

impl<'a> Record<'a> {
    /// The record at `at` of a directory block; `None` when the rest of the block is empty.
    pub(super) fn parse(
        block: &'a [u8],
        at: usize,
        lba: u32,
    ) -> Result<Option<(Self, usize)>, ReadError> {
        let len = usize::from(block.get(at).copied().unwrap_or(0));
        if len == 0 {
            return Ok(None);
        }
        let malformed = || ReadError::malformed(lba, at, "a directory record");
        let bytes = block.get(at..).and_then(|rest| rest.get(..len)).ok_or_else(malformed)?;
        let (fixed, rest) = DirectoryRecord::read_from_prefix(bytes).map_err(|_| malformed())?;
        let identifier = rest.get(..fixed.identifier_length.into()).ok_or_else(malformed)?;
        if identifier.is_empty() {
            return Err(malformed());
        }
        let system_use = bytes.get(DirectoryRecord::base_len(identifier.len())..).unwrap_or(&[]);
        Ok(Some((Self { fixed, identifier, system_use }, at + len)))
    }

    /// Whether it is the directory's record of itself or of its parent. ECMA-119 7.6.2.
    fn is_dot(&self) -> bool {
        matches!(self.identifier, [0 | 1])
    }

    const fn has(&self, flag: u8) -> bool {
        self.fixed.flags & flag != 0
    }
}

/// The entries of a directory.
pub(super) fn list<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    names: Names,
    directory: &Entry,
) -> Result<Vec<Entry>, ReadError> {
    let mut listing = Listing { names, directory, entries: Vec::new(), open: None };
    let mut offset = 0;
    loop {
        let mut block = [0; BLOCK_SIZE];
        if blocks.read_at(&directory.extents, offset, &mut block)? == 0 {
            return listing.finish();
        }
        let index = u32::try_from(offset / u64::from(BLOCK_BYTES)).unwrap_or(u32::MAX);
        let lba = directory.id.saturating_add(index);
        let mut at = 0;
        while let Some((record, next)) = Record::parse(&block, at, lba)? {
            blocks.spend(1)?;
            listing.add(blocks, &record, (lba, at))?;
            at = next;
        }
        offset += u64::from(BLOCK_BYTES);
    }
}

/// A directory that is being listed.
struct Listing<'a> {
    names: Names,
    directory: &'a Entry,
    entries: Vec<Entry>,
    /// A file of which further sections follow, with its recorded identifier.
    open: Option<(Vec<u8>, Entry)>,
}

impl Listing<'_> {
    fn add<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        record: &Record<'_>,
        (lba, at): (u32, usize),
    ) -> Result<(), ReadError> {
        // Associated files are resource forks and the like; they share the name of their file. ECMA-119 6.5.4.
        if record.is_dot() || record.has(file_flags::ASSOCIATED) {
            return Ok(());
        }
        if record.fixed.file_unit_size != 0 || record.fixed.interleave_gap_size != 0 {
            return Err(ReadError::Unsupported { what: "an interleaved file" });
        }
        let entry = match self.open.take() {
            Some((identifier, mut entry)) => {
                if identifier != record.identifier {
                    return Err(ReadError::malformed(lba, at, "a further section of the file"));
                }
                let extent = section(&record.fixed);
                entry.len = entry.len.saturating_add(extent.bytes);
                append(&mut entry.extents, extent);
                Some(entry)
            }
            None => self.entry(blocks, record, lba)?,
        };
        blocks.spend_parts(entry.as_ref().map_or(0, Entry::text_parts))?;
        let Some(entry) = entry else { return Ok(()) };
        if record.has(file_flags::MULTI_EXTENT) {
            self.open = Some((record.identifier.to_vec(), entry));
            return Ok(());
        }
        if self.entries.len() >= MAX_ENTRIES {
            return Err(ReadError::TooMuchWork);
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The entry of a record; `None` for a directory that is shown elsewhere.
    fn entry<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        record: &Record<'_>,
        lba: u32,
    ) -> Result<Option<Entry>, ReadError> {
        let is_directory = record.has(file_flags::DIRECTORY);
        let extent = section(&record.fixed);
        let mut entry = Entry {
            kind: if is_directory { EntryKind::Directory } else { EntryKind::File },
            len: extent.bytes,
            modified: record.fixed.recorded.parse(),
            hidden: record.has(file_flags::HIDDEN),
            id: first_block(&record.fixed),
            ..Entry::root()
        };
        append(&mut entry.extents, extent);
        let recorded = self.recorded_name(record);
        let mut name = match self.names {
            Names::Enhanced => &recorded,
            _ => without_version(&recorded, is_directory),
        };
        let system_use;
        if let Names::RockRidge { skip } = self.names {
            system_use = SystemUse::read(blocks, record.system_use, skip, lba)?;
            if system_use.relocated {
                return Ok(None);
            }
            rock_ridge::apply(blocks, &system_use, &mut entry)?;
            name = system_use.name.as_deref().unwrap_or(name);
        }
        entry.path = join(&self.directory.path, name, lba)?;
        Ok(Some(entry))
    }

    fn recorded_name(&self, record: &Record<'_>) -> String {
        match self.names {
            Names::Joliet => joliet::text(record.identifier),
            Names::Plain | Names::Enhanced | Names::RockRidge { .. } => text(record.identifier),
        }
    }

    fn finish(self) -> Result<Vec<Entry>, ReadError> {
        if self.open.is_some() {
            return Err(ReadError::malformed(self.directory.id, 0, "the last section of a file"));
        }
        Ok(self.entries)
    }
}

/// A file's name without `;1`, and without the dot of an empty extension. ECMA-119 7.5.1.
fn without_version(name: &str, is_directory: bool) -> &str {
    if is_directory {
        return name;
    }
    let bare = match name.rsplit_once(';') {
        Some((bare, version)) if version.bytes().all(|digit| digit.is_ascii_digit()) => bare,
        _ => name,
    };
    match bare.strip_suffix('.') {
        Some(rest) if !rest.is_empty() && bare.len() < name.len() => rest,
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_empty_extensions_go() {
        for (recorded, name) in [
            ("README.TXT;1", "README.TXT"),
            ("README.;1", "README"),
            ("README.", "README."),
            ("a;b;1", "a;b"),
            ("a;b", "a;b"),
            (".;1", "."),
        ] {
            assert_eq!(without_version(recorded, false), name);
        }
        assert_eq!(without_version("DIR;1", true), "DIR;1");
    }

    #[test]
    fn records_must_fit_their_block() {
        let mut block = [0; 64];
        assert!(Record::parse(&block, 0, 9).unwrap().is_none());
        block[0] = 34;
        block[32] = 1;
        let (record, next) = Record::parse(&block, 0, 9).unwrap().unwrap();
        assert_eq!((record.identifier, record.system_use.len(), next), (&[0][..], 0, 34));
        for (at, value) in [(0, 33), (0, 65), (32, 0), (32, 2)] {
            let mut broken = block;
            broken[at] = value;
            let error = Record::parse(&broken, 0, 9).unwrap_err();
            assert!(matches!(error, ReadError::Malformed { lba: 9, .. }), "{at} {value}");
        }
    }
}
