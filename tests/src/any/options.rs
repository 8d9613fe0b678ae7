//! Decisions made options: all of them that change what readers see, or where it stands.

use image_core::boot::{
    BootEntry, BootImage, BootSection, ElTorito, Hybrid, PartitionTable, Platform, SystemPartition,
};
use image_core::tree::HiddenIn;
use image_core::{
    ChecksumOptions, DeepDirectories, FileSystems, IsoLevel, IsoNameRules, Kind, NodeId, Options,
    SourceId, Tree, UdfPartition,
};

use super::BOOT_CATALOG;
use super::tree::time;
use crate::forms::Form;
use crate::fuzz::bytes::Bytes;
use crate::fuzz::options::{extensions, file_systems, layout, name_rules};
use crate::fuzz::round_trip;

pub(super) fn options(bytes: &mut Bytes<'_>) -> Options {
    let file_systems = file_systems(bytes.byte());
    let level = [IsoLevel::One, IsoLevel::Two, IsoLevel::Three, IsoLevel::Four];
    let mut options = Options {
        volume_id: format!("SEED_{:05}", bytes.number(2)),
        file_systems,
        created: time(bytes),
        ..Options::default()
    };
    options.iso9660.level = level[usize::from(bytes.byte() % 4)];
    let rules = bytes.byte();
    options.iso9660.names =
        if bytes.byte().is_multiple_of(2) { IsoNameRules::default() } else { name_rules(rules) };
    let forms = Form::all();
    options.udf = forms[usize::from(bytes.byte()) % forms.len()].options();
    options.udf.embed = bytes.byte().is_multiple_of(2);
    extensions(&mut options, bytes.byte());
    if !file_systems.rock_ridge {
        options.iso9660.deep_directories = DeepDirectories::Leave;
    }
    options.iso9660.xa = bytes.byte().is_multiple_of(8);
    let length = bytes.byte();
    options.layout = layout(length, bytes);
    options.layout.max_blocks = None;
    options.layout.align_from = 1 << (bytes.byte() % 16);
    options.checksums = checksums(bytes.byte(), file_systems);
    // Both stand in the same bytes of the descriptor.
    options.checksums.isomd5 &= !options.iso9660.xa;
    (options.file_mode, options.directory_mode) =
        (bytes.number(2) as u32 & 0o777, bytes.number(2) as u32 & 0o777 | 0o700);
    options
}

/// Sums that the file systems can have.
fn checksums(bits: u8, file_systems: FileSystems) -> ChecksumOptions {
    ChecksumOptions {
        md5: bits & 3 == 0 && file_systems.rock_ridge,
        isomd5: bits & 12 == 0 && file_systems.iso9660,
        sha256: bits & 16 != 0,
        sha256_files: bits & 32 != 0,
    }
}

/// A boot catalog, with images of which one may be a file of the tree, and partition tables; in every second image of ISO 9660.
pub(super) fn boot(bytes: &mut Bytes<'_>, tree: &Tree, options: &mut Options) {
    let what = bytes.byte();
    let has = |bit: u8| what & bit != 0;
    if !options.file_systems.iso9660 || has(1) {
        return;
    }
    let unnamed = |number| BootImage::Unnamed(round_trip::content(SourceId(number), 4096).into());
    // A boot info table ends at byte 64.
    let is_file = |node: &NodeId| matches!(tree.kind(*node), Kind::File { len: 64.., .. });
    let file = round_trip::nodes(tree).into_iter().find(is_file);
    let image = match file {
        Some(node) if has(2) => BootImage::File(tree.path(node)),
        _ => unnamed(1 << 24),
    };
    let mut initial = BootEntry::new(image);
    initial.info_table = has(4);
    let mut el_torito = ElTorito::new(Platform::BIOS, initial);
    if has(8) {
        let entry = BootEntry::new(unnamed((1 << 24) + 1));
        el_torito.sections.push(BootSection::of(Platform::UEFI, entry));
    }
    if has(16) {
        el_torito.catalog_path = Some(BOOT_CATALOG.to_owned());
        el_torito.catalog_hidden_in = HiddenIn::from_bits_truncate(what >> 5);
    }
    options.boot.el_torito = Some(el_torito);
    if what & 0xc0 == 0x40 {
        let tables = [PartitionTable::Mbr, PartitionTable::Gpt, PartitionTable::Both];
        // What a virtual partition ends in, and a GUID partition table, are both last.
        let is_virtual = options.file_systems.udf && options.udf.partition == UdfPartition::Virtual;
        let choice = if is_virtual { 0 } else { bytes.byte() % 3 };
        let mut hybrid = Hybrid::new(tables[usize::from(choice)]);
        if has(8) && bytes.byte().is_multiple_of(2) {
            hybrid.system_partition = SystemPartition::Appended;
        }
        options.boot.hybrid = Some(hybrid);
    }
}
