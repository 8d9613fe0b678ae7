//! Bytes made options: all zeros are the default.

use image_core::{
    ChecksumOptions, DeepDirectories, EnhancedTree, FileSystems, IsoLevel, IsoNameLength,
    IsoNameRules, JolietLength, LayoutOptions, Options, RockRidgeVersion, UdfMetadata, UdfOptions,
    UdfPartition, UdfRevision, VideoProfile,
};

use super::bytes::Bytes;
use super::tree;

pub(super) fn options(bytes: &mut Bytes<'_>) -> Options {
    let file_systems = file_systems(bytes.byte());
    let level = [IsoLevel::One, IsoLevel::Two, IsoLevel::Three, IsoLevel::Four]
        [usize::from(bytes.byte() % 4)];
    let length = bytes.byte();
    let mut options = Options {
        volume_id: format!("V{}", bytes.text()),
        file_systems,
        created: tree::time(bytes),
        ..Options::default()
    };
    options.iso9660.level = level;
    let form = bytes.byte();
    options.iso9660.names = name_rules(bytes.byte());
    let more = bytes.byte();
    options.udf = udf(form, more & 1 != 0, more & 2 != 0);
    extensions(&mut options, more);
    options.layout = layout(length, bytes);
    let sums = bytes.byte();
    options.checksums = ChecksumOptions {
        md5: sums & 1 != 0,
        isomd5: sums & 2 != 0,
        sha256: sums & 4 != 0,
        sha256_files: sums & 128 != 0,
    };
    options.video = match sums >> 3 & 7 {
        1 => Some(VideoProfile::Dvd),
        2 => Some(VideoProfile::Bd),
        _ => None,
    };
    if sums & 64 != 0 {
        volume(&mut options, bytes);
    }
    options
}

pub(crate) fn file_systems(systems: u8) -> FileSystems {
    let iso9660 = systems & 1 == 0;
    FileSystems {
        iso9660,
        joliet: iso9660 && systems & 2 == 0,
        rock_ridge: iso9660 && systems & 4 == 0,
        udf: !iso9660 || systems & 8 == 0,
    }
}

fn udf(form: u8, embed: bool, short_packets: bool) -> UdfOptions {
    let packet_blocks = if short_packets { 16 } else { 32 };
    let partition = match form / 6 % 5 {
        0 => UdfPartition::ReadOnly,
        1 => UdfPartition::Overwritable,
        2 => UdfPartition::PseudoOverwritable,
        3 => UdfPartition::Virtual,
        _ => UdfPartition::Sparable { packet_blocks },
    };
    let metadata = [UdfMetadata::Mixed, UdfMetadata::Separate, UdfMetadata::Duplicated];
    UdfOptions {
        revision: UdfRevision::ALL[usize::from(form % 6)],
        partition,
        metadata: metadata[usize::from(form / 30 % 3)],
        embed,
    }
}

pub(crate) fn name_rules(bits: u8) -> IsoNameRules {
    let has = |bit: u8| bits & 1 << bit != 0;
    let lengths = [IsoNameLength::OfLevel, IsoNameLength::Up31, IsoNameLength::Up37];
    IsoNameRules {
        lower_case: has(0),
        several_dots: has(1),
        leading_dot: has(2),
        all_ascii: has(3),
        untranslated: has(4),
        length: lengths[usize::from((bits >> 5) % 3)],
        omit_version: has(6),
        omit_period: has(7),
        volume_texts: has(5),
    }
}

pub(crate) fn extensions(options: &mut Options, bits: u8) {
    if bits & 4 != 0 {
        options.iso9660.enhanced = EnhancedTree::Shared;
    }
    if bits & 8 != 0 {
        options.iso9660.deep_directories = DeepDirectories::Relocate;
    }
    options.iso9660.xa = bits & 16 != 0;
    if bits & 32 != 0 {
        options.joliet.length = JolietLength::Up103;
    }
    if bits & 64 != 0 {
        options.rock_ridge.version = RockRidgeVersion::V1_10;
    }
    options.rock_ridge.long_times = bits & 128 != 0;
}

pub(crate) fn layout(length: u8, bytes: &mut Bytes<'_>) -> LayoutOptions {
    let bits = bytes.byte();
    LayoutOptions {
        length_multiple: u32::from(length % 32) + 1,
        padding_blocks: u32::from(length >> 5),
        alignment: [2, 1, 16, 32][usize::from(bits & 3)],
        align_from: if bits & 4 != 0 { 5000 } else { 1 << 20 },
        deduplicate: bits & 8 != 0,
        max_blocks: (bits & 16 != 0).then(|| bytes.number(2) as u32),
    }
}

/// What the descriptors say, and what is recorded where nothing was given.
fn volume(options: &mut Options, bytes: &mut Bytes<'_>) {
    options.strict = bytes.byte() & 1 != 0;
    options.file_mode = bytes.number(2) as u32 & 0o7777;
    options.directory_mode = bytes.number(2) as u32 & 0o7777;
    options.application = bytes.text().into_owned();
    let texts = &mut options.identifiers;
    for text in [
        &mut texts.system,
        &mut texts.volume_set,
        &mut texts.publisher,
        &mut texts.preparer,
        &mut texts.copyright_file,
        &mut texts.abstract_file,
        &mut texts.bibliographic_file,
    ] {
        *text = bytes.text().into_owned();
    }
    let dates = &mut options.dates;
    for date in
        [&mut dates.creation, &mut dates.modification, &mut dates.expiration, &mut dates.effective]
    {
        *date = (bytes.byte() & 1 != 0).then(|| tree::time(bytes));
    }
}
