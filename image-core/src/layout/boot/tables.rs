//! Partition tables over the blocks of an image: master boot record and GUID partition table. UEFI 2.10 clause 5.

use alloc::vec::Vec;

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::images::overlay;
use super::{BootError, SYSTEM_AREA_BYTES};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba, bytes_in};
use crate::options::boot::{Hybrid, MbrCode, PartitionTable, SystemPartition};
use crate::wire::partition::{
    ACTIVE, GPT_BACKUP_SECTORS, GPT_ENTRIES, GPT_ENTRY_SECTORS, GPT_REVISION, GPT_SIGNATURE,
    Geometry, GptEntry, GptHeader, MBR_IMAGE_POINTER, MBR_SIGNATURE, MasterBootRecord,
    PartitionRecord, SECTOR, SECTORS_PER_BLOCK, gpt_attributes, partition_type, type_guid,
};

/// Blocks at the end of an image that hold the backup table.
pub(super) const BACKUP_BLOCKS: u32 = 9;
const _: () = assert!(BACKUP_BLOCKS as u64 * SECTORS_PER_BLOCK as u64 >= GPT_BACKUP_SECTORS);
/// First sector behind the tables.
const FIRST_USABLE: u64 = 2 + GPT_ENTRY_SECTORS;
/// First sector behind the system area.
const FIRST_DATA: u64 = 64;
const _: () = assert!(FIRST_DATA * SECTOR as u64 == SYSTEM_AREA_BYTES as u64);
/// Blocks of a cylinder of 64 heads and 32 sectors, a mebibyte.
pub(super) const CYLINDER_BLOCKS: u32 = 512;
/// Boundary of partitions, in blocks: 32 KiB, a multiple of what disks write at once.
pub(super) const PARTITION_ALIGNMENT: u32 = 16;
const PARTITION_SECTORS: u64 = PARTITION_ALIGNMENT as u64 * SECTORS_PER_BLOCK as u64;

/// Checks the code of a master boot record.
pub(super) fn check_code(code: &MbrCode) -> Result<(), BootError> {
    let (bytes, kind, fits, expected) = match code {
        MbrCode::Isolinux(bytes) => {
            (bytes, "ISOLINUX code for a master boot record", 432..=432, "432")
        }
        MbrCode::Grub2(bytes) => (bytes, "GRUB 2 code for a master boot record", 512..=512, "512"),
        MbrCode::Other(bytes) => (bytes, "code for a master boot record", 1..=440, "at most 440"),
    };
    if fits.contains(&bytes.len()) {
        return Ok(());
    }
    Err(BootError::MbrCodeSize { len: bytes.len(), kind, expected })
}

/// Checks the type of the partition that holds the image, where it is recorded.
pub(super) const fn check_type(hybrid: &Hybrid) -> Result<(), BootError> {
    let partition_type = hybrid.partition_type;
    let is_recorded = !matches!(hybrid.table, PartitionTable::Gpt);
    match partition_type {
        partition_type::NONE | partition_type::PROTECTIVE if is_recorded => {
            Err(BootError::PartitionType { partition_type })
        }
        _ => Ok(()),
    }
}

/// Names of the partitions around the EFI system partition, by which other programs know that they mean nothing.
const GAP_NAMES: [&str; 2] = ["Gap0", "Gap1"];

/// What the tables are made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disk<'a> {
    pub(super) hybrid: &'a Hybrid,
    /// Blocks of the image.
    pub(super) blocks: u32,
    /// First block and length in blocks of the EFI system partition.
    pub(super) system_partition: Option<(Lba, u32)>,
    /// The image that code in the master boot record starts.
    pub(super) bios_image: Option<Lba>,
    /// What identifiers are made from.
    pub(super) seed: u64,
    /// Where the entries of the backup table are, when that is not right before its header.
    pub(super) backup_entries: Option<Lba>,
}

/// A run of sectors with a purpose.
#[derive(Clone, Copy, Debug)]
struct Partition {
    first: u64,
    sectors: u64,
    is_system: bool,
}

impl Disk<'_> {
    fn sectors(&self) -> u64 {
        u64::from(self.blocks) * u64::from(SECTORS_PER_BLOCK)
    }

    /// First sector of the entries of the backup table.
    fn backup_entries(&self) -> u64 {
        let before_header = || self.sectors().saturating_sub(GPT_BACKUP_SECTORS);
        let sector = |lba: Lba| u64::from(lba.0) * u64::from(SECTORS_PER_BLOCK);
        self.backup_entries.map_or_else(before_header, sector)
    }

    fn last_usable(&self) -> u64 {
        self.backup_entries().saturating_sub(1)
    }

    fn system(&self) -> Option<Partition> {
        let (start, blocks) = self.system_partition?;
        let sectors = |blocks: u32| u64::from(blocks) * u64::from(SECTORS_PER_BLOCK);
        Some(Partition { first: sectors(start.0), sectors: sectors(blocks), is_system: true })
    }

    /// All usable sectors but a remainder in partitions that do not overlap: what is before the EFI system partition, that, and what is behind.
    fn disjoint(&self) -> Vec<Partition> {
        let end = (self.last_usable() + 1) / PARTITION_SECTORS * PARTITION_SECTORS;
        let data = |first: u64, end: u64| {
            let sectors = end.saturating_sub(first);
            (sectors > 0).then_some(Partition { first, sectors, is_system: false })
        };
        let Some(system) = self.system() else {
            return data(FIRST_DATA, end).into_iter().collect();
        };
        let after = system.first + system.sectors;
        [data(FIRST_DATA, system.first), Some(system), data(after, end)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Writes the tables that stand at the start of the image over the system area.
    pub(super) fn write_start(&self, area: &mut [u8]) -> Result<(), BootError> {
        let table = self.hybrid.table;
        if table == PartitionTable::Mbr && self.sectors() > u32::MAX.into() {
            return Err(BootError::TooLargeForMbr { bytes: bytes_in(self.blocks) });
        }
        self.write_code(area);
        let mut records = self.records().into_iter();
        let partitions = core::array::from_fn(|_| records.next().unwrap_or_default());
        let mut mbr = MasterBootRecord::new_zeroed();
        // A protective record has none. UEFI 2.10 table 5-3.
        if table != PartitionTable::Gpt {
            mbr.disk_signature = disk_signature(self.seed).into();
        }
        mbr.partitions = partitions;
        mbr.signature = MBR_SIGNATURE;
        let bytes = mbr.as_bytes();
        let tail = core::mem::offset_of!(MasterBootRecord, disk_signature);
        overlay(area, 0, tail, bytes.get(tail..).unwrap_or_default());
        if table != PartitionTable::Mbr {
            let entries = self.gpt_entries();
            // The sector of the header is zero behind it. UEFI 2.10 table 5-5.
            overlay(area, 0, SECTOR, &[0; SECTOR]);
            overlay(area, 0, SECTOR, self.gpt_header(&entries, false).as_bytes());
            overlay(area, 0, 2 * SECTOR, &entries);
        }
        Ok(())
    }

    fn write_code(&self, area: &mut [u8]) {
        let image = self.bios_image.map_or(0, |start| u64::from(start.0));
        match &self.hybrid.code {
            Some(MbrCode::Isolinux(code)) => {
                overlay(area, 0, 0, code);
                let sector = image * u64::from(SECTORS_PER_BLOCK);
                overlay(area, 0, MBR_IMAGE_POINTER, &sector.to_le_bytes());
            }
            Some(MbrCode::Grub2(code)) => {
                let end = core::mem::offset_of!(MasterBootRecord, disk_signature);
                overlay(area, 0, 0, code.get(..end).unwrap_or_default());
                // The first block of the image starts it from a disc; on a disk it is left out.
                let sector = (image + 1) * u64::from(SECTORS_PER_BLOCK);
                overlay(area, 0, MBR_IMAGE_POINTER, &sector.to_le_bytes());
            }
            Some(MbrCode::Other(code)) => overlay(area, 0, 0, code),
            None => {}
        }
    }

    /// Records of the master boot record.
    fn records(&self) -> Vec<PartitionRecord> {
        let kind = self.hybrid.partition_type;
        let of = |partition: Partition| {
            let kind = if partition.is_system { partition_type::EFI_SYSTEM } else { kind };
            self.record(kind, partition)
        };
        match self.hybrid.table {
            PartitionTable::Gpt => alloc::vec![self.protective(self.sectors().saturating_sub(1))],
            PartitionTable::Both => {
                let mut records = alloc::vec![self.protective(FIRST_DATA - 1)];
                // Up to the EFI system partition: what is behind it needs no name, and would be one too many for some.
                records.extend(self.disjoint().into_iter().take(2).map(of));
                activate(records.get_mut(1));
                records
            }
            PartitionTable::Mbr => {
                let system = self.system();
                let sectors = match (system, self.hybrid.system_partition) {
                    (Some(system), SystemPartition::Appended) => system.first,
                    _ => self.sectors(),
                };
                let image = Partition { first: 0, sectors, is_system: false };
                let mut records: Vec<_> =
                    [Some(image), system].into_iter().flatten().map(of).collect();
                activate(records.first_mut());
                records
            }
        }
    }

    /// A record that keeps old programs off the disk. UEFI 2.10 table 5-4.
    fn protective(&self, sectors: u64) -> PartitionRecord {
        let partition = Partition { first: 1, sectors, is_system: false };
        let record = self.record(partition_type::PROTECTIVE, partition);
        // Where there is no number for its end, that is not the last there is, as of other partitions.
        let end_chs = Geometry::of(self.sectors()).exact_chs(sectors).unwrap_or([0xff; 3]);
        PartitionRecord { start_chs: [0, 2, 0], end_chs, ..record }
    }

    fn record(&self, kind: u8, partition: Partition) -> PartitionRecord {
        let geometry = Geometry::of(self.sectors());
        let last = partition.first + partition.sectors.saturating_sub(1);
        let number = |sectors: u64| u32::try_from(sectors).unwrap_or(u32::MAX).into();
        PartitionRecord {
            status: 0,
            start_chs: geometry.chs(partition.first),
            partition_type: kind,
            end_chs: geometry.chs(last),
            start: number(partition.first),
            sectors: number(partition.sectors),
        }
    }

    pub(super) fn gpt_entries(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(GPT_ENTRIES * size_of::<GptEntry>());
        let mut gaps = GAP_NAMES.into_iter();
        for (number, partition) in (1u64..).zip(self.disjoint()) {
            let name = if partition.is_system {
                "EFI system partition"
            } else {
                gaps.next().unwrap_or_default()
            };
            let entry = GptEntry {
                type_guid: type_guid::BASIC_DATA,
                unique_guid: guid(self.seed, number),
                first: partition.first.into(),
                last: (partition.first + partition.sectors - 1).into(),
                attributes: (gpt_attributes::REQUIRED
                    | gpt_attributes::READ_ONLY
                    | gpt_attributes::HIDDEN
                    | gpt_attributes::NO_DRIVE_LETTER)
                    .into(),
                ..GptEntry::named(name)
            };
            let system = GptEntry {
                type_guid: type_guid::EFI_SYSTEM,
                attributes: (gpt_attributes::REQUIRED | gpt_attributes::READ_ONLY).into(),
                ..entry
            };
            bytes.extend_from_slice(if partition.is_system { system } else { entry }.as_bytes());
        }
        bytes.resize(GPT_ENTRIES * size_of::<GptEntry>(), 0);
        bytes
    }

    fn gpt_header(&self, entries: &[u8], backup: bool) -> GptHeader {
        let last = self.sectors().saturating_sub(1);
        let (my, other) = if backup { (last, 1) } else { (1, last) };
        let entries_lba = if backup { self.backup_entries() } else { 2 };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).into();
        GptHeader {
            signature: GPT_SIGNATURE,
            revision: GPT_REVISION.into(),
            header_size: number(size_of::<GptHeader>()),
            header_crc: 0.into(),
            reserved: 0.into(),
            my_lba: my.into(),
            alternate_lba: other.into(),
            first_usable: FIRST_USABLE.into(),
            last_usable: self.last_usable().into(),
            disk_guid: guid(self.seed, 0),
            entries_lba: entries_lba.into(),
            entries: number(GPT_ENTRIES),
            entry_size: number(size_of::<GptEntry>()),
            entries_crc: crate::wire::partition::crc32(entries).into(),
        }
        .sealed()
    }

    /// The last blocks of the image: entries and header of the backup table. UEFI 2.10 5.3.1.
    pub(super) fn backup(&self) -> Vec<u8> {
        let entries = self.gpt_entries();
        let mut bytes = alloc::vec![0; BACKUP_BLOCKS as usize * BLOCK_SIZE];
        let header = bytes.len() - SECTOR;
        overlay(&mut bytes, 0, header - entries.len(), &entries);
        overlay(&mut bytes, 0, header, &self.backup_header());
        bytes
    }

    pub(super) fn backup_header(&self) -> Vec<u8> {
        self.gpt_header(&self.gpt_entries(), true).as_bytes().to_vec()
    }
}

const _: () = assert!(BLOCK_BYTES == SECTORS_PER_BLOCK * 512);

fn activate(record: Option<&mut PartitionRecord>) {
    if let Some(record) = record {
        record.status = ACTIVE;
    }
}

/// Tells one disk from another; never 0, which some systems replace by a number of their own.
fn disk_signature(seed: u64) -> u32 {
    let mixed = mix(seed ^ 0x4d42_5200).to_le_bytes();
    let [a, b, c, d, ..] = mixed;
    u32::from_le_bytes([a, b, c, d]).max(1)
}

/// An identifier made from the content of the image: version 8 of RFC 9562, whose bits are for the maker to choose.
fn guid(seed: u64, number: u64) -> [u8; 16] {
    let [high, low] = [0, 1].map(|half| mix(seed.wrapping_add(2 * number + half)).to_le_bytes());
    let mut guid = [0; 16];
    for (to, from) in guid.iter_mut().zip(high.into_iter().chain(low)) {
        *to = from;
    }
    // The version is in the most significant bits of the third part, which stands least significant byte first.
    let [_, _, _, _, _, _, _, version, variant, ..] = &mut guid;
    *version = *version & 0x0f | 0x80;
    *variant = *variant & 0x3f | 0x80;
    guid
}

/// The finalizer of SplitMix64: every bit of the input counts for every bit of the output.
const fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_protective_record_has_a_number_or_none() {
        let hybrid = Hybrid::new(PartitionTable::Gpt);
        // 1024 cylinders of 255 heads and 63 sectors, and one more.
        for (sectors, end_chs) in [(16_450_560, [0xfe, 0xff, 0xff]), (16_450_564, [0xff; 3])] {
            let disk = Disk {
                hybrid: &hybrid,
                blocks: sectors / SECTORS_PER_BLOCK,
                system_partition: None,
                bios_image: None,
                seed: 0,
                backup_entries: None,
            };
            let record = disk.records()[0];
            assert_eq!((record.start_chs, record.end_chs), ([0, 2, 0], end_chs));
            assert_eq!(record.sectors.get(), sectors - 1);
            // UEFI 2.10 table 5-4 is about the protective record alone.
            let partition = Partition { first: 0, sectors: sectors.into(), is_system: false };
            assert_eq!(disk.record(0x17, partition).end_chs, [0xfe, 0xff, 0xff]);
        }
    }
}
