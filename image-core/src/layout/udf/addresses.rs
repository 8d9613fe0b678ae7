//! How the structures of a UDF volume refer to each other: by blocks of a partition, of its metadata, or of its virtual
//! allocation table.

use super::UdfLayout;
use crate::address::Lba;
use crate::wire::udf::{LbAddr, VirtualAllocationTable, VirtualAllocationTail};

impl UdfLayout {
    /// Block relative to the partition that files are in.
    pub(crate) const fn relative(&self, lba: Lba) -> u32 {
        lba.since(self.partition.start)
    }

    /// Block relative to the space that directories and allocation descriptors are addressed in.
    pub(crate) fn in_entry_space(&self, lba: Lba) -> u32 {
        let start = self.metadata.map_or(self.partition.start, |metadata| metadata.content.start);
        lba.since(start)
    }

    /// Where a block of the file set descriptor or a file entry is found: a virtual address in a virtual partition.
    fn address(&self, lba: Lba) -> LbAddr {
        let block = if !self.form.is_virtual() {
            self.in_entry_space(lba)
        } else if lba < self.entries.start {
            lba.since(self.file_set)
        } else {
            self.form.file_set_blocks().saturating_add(lba.since(self.entries.start))
        };
        LbAddr { block: block.into(), partition: self.form.entry_partition().into() }
    }

    /// The file set descriptor.
    pub(crate) fn file_set_address(&self) -> LbAddr {
        self.address(self.file_set)
    }

    /// Where the file entry of an item is.
    pub(crate) const fn entry_lba(&self, item: u32) -> Lba {
        self.entries.start.plus(item)
    }

    /// The item whose file entry this block is, in the metadata file or in its mirror.
    pub(crate) fn entry_item_at(&self, lba: Lba) -> Option<u32> {
        let mirrored = self
            .metadata
            .filter(|metadata| metadata.mirror > metadata.content.start && lba >= metadata.mirror);
        let lba = mirrored
            .map_or(lba, |metadata| metadata.content.start.plus(lba.since(metadata.mirror)));
        let item = lba.0.checked_sub(self.entries.start.0)?;
        (item < self.entries.blocks).then_some(item)
    }

    /// A block of further descriptors or of streams: never virtual.
    pub(crate) fn real_address(&self, lba: Lba) -> LbAddr {
        let partition = u16::from(self.metadata.is_some());
        LbAddr { block: self.in_entry_space(lba).into(), partition: partition.into() }
    }

    /// The file entry of an item.
    pub(crate) fn entry_of(&self, item: u32) -> LbAddr {
        self.address(self.entry_lba(item))
    }

    /// Item whose entry a virtual block is.
    pub(crate) fn virtual_item(&self, virtual_block: u32) -> Option<u32> {
        virtual_block.checked_sub(self.form.file_set_blocks())
    }

    /// Block of the partition that a virtual block is. UDF 2.2.11.
    pub(crate) fn real_block(&self, virtual_block: u32) -> u32 {
        match virtual_block.checked_sub(self.form.file_set_blocks()) {
            Some(entry) => self.relative(self.entries.start).saturating_add(entry),
            None => self.relative(self.file_set).saturating_add(virtual_block),
        }
    }

    /// How many virtual blocks there are.
    pub(crate) fn virtual_blocks(&self) -> u32 {
        self.form.file_set_blocks().saturating_add(self.entries.blocks)
    }

    /// Bytes of the virtual allocation table.
    pub(crate) fn virtual_table_len(&self) -> u64 {
        let fixed = if self.form.has_extended_entries() {
            size_of::<VirtualAllocationTable>()
        } else {
            size_of::<VirtualAllocationTail>()
        };
        u64::from(self.virtual_blocks()) * 4 + fixed as u64
    }
}
