//! Options, each by its name in image-core.

use std::error::Error;

use image_core::boot::{
    BootEntry, BootImage, BootOptions, BootSection, ElTorito, Emulation, Hybrid, MbrCode,
    PartitionTable, Platform, SystemPartition,
};
use image_core::media::Medium;
use image_core::{
    DeepDirectories, EnhancedTree, FileSystems, IsoLevel, IsoNameLength, IsoNameRules,
    JolietLength, Options, RockRidgeVersion, UdfMetadata, UdfOptions, UdfPartition, UdfRevision,
    VideoProfile,
};
use serde::Deserialize;

use crate::instant;

/// What the tests choose; flags stand for the one value that is not the default.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chosen {
    volume_id: String,
    medium: Option<Medium>,
    file_systems: Option<FileSystems>,
    iso_level: Option<IsoLevel>,
    created: i64,
    #[serde(default)]
    native: Native,
}

/// What the tests say in terms of image-core, beside the options of the package.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Native {
    untranslated: bool,
    length: u8,
    shared: bool,
    relocate: bool,
    xa: bool,
    joliet_long: bool,
    old_rock_ridge: bool,
    long_times: bool,
    revision: Option<UdfRevision>,
    partition: String,
    metadata: String,
    embed: bool,
    video: Option<VideoProfile>,
    texts: Vec<String>,
    dates: Vec<i64>,
    layout: Vec<u32>,
    deduplicate: bool,
    boot: Vec<Boot>,
    catalog: Option<String>,
    system_area: Option<Vec<u8>>,
    hybrid: Option<String>,
    code: Option<Vec<u8>>,
    modes: Option<(u32, u32)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Boot {
    platform: u8,
    path: Option<String>,
    bytes: Option<Vec<u8>>,
    #[serde(default)]
    floppy: bool,
    #[serde(default)]
    load_segment: u16,
    sectors: Option<u16>,
    #[serde(default)]
    info_table: bool,
}

impl Chosen {
    pub(crate) fn options(&self) -> Result<Options, Box<dyn Error>> {
        let native = &self.native;
        let mut options = self.medium.map_or_else(Options::default, Medium::options);
        options.volume_id.clone_from(&self.volume_id);
        options.created = instant(self.created);
        options.file_systems = self.file_systems.unwrap_or(options.file_systems);
        options.iso9660.level = self.iso_level.unwrap_or_default();
        if native.untranslated {
            options.iso9660.names = IsoNameRules::UNTRANSLATED;
        }
        match native.length {
            31 => options.iso9660.names.length = IsoNameLength::Up31,
            37 => options.iso9660.names.length = IsoNameLength::Up37,
            _ => (),
        }
        if native.shared {
            options.iso9660.enhanced = EnhancedTree::Shared;
        }
        if native.relocate {
            options.iso9660.deep_directories = DeepDirectories::Relocate;
        }
        options.iso9660.xa = native.xa;
        if native.joliet_long {
            options.joliet.length = JolietLength::Up103;
        }
        if native.old_rock_ridge {
            options.rock_ridge.version = RockRidgeVersion::V1_10;
        }
        options.rock_ridge.long_times = native.long_times;
        options.video = native.video;
        self.udf(&mut options);
        self.volume(&mut options);
        options.boot = self.boot()?;
        Ok(options)
    }

    fn udf(&self, options: &mut Options) {
        let native = &self.native;
        if let Some(revision) = native.revision {
            options.udf = UdfOptions::of(revision);
        }
        options.udf.partition = match native.partition.as_str() {
            "overwritable" => UdfPartition::Overwritable,
            "pseudoOverwritable" => UdfPartition::PseudoOverwritable,
            "virtual" => UdfPartition::Virtual,
            "sparable" => UdfPartition::Sparable { packet_blocks: 16 },
            _ => UdfPartition::ReadOnly,
        };
        match native.metadata.as_str() {
            "mixed" => options.udf.metadata = UdfMetadata::Mixed,
            "separate" => options.udf.metadata = UdfMetadata::Separate,
            _ => (),
        }
        options.udf.embed = native.embed;
    }

    fn volume(&self, options: &mut Options) {
        let native = &self.native;
        let texts = &mut options.identifiers;
        for (place, text) in [
            &mut texts.system,
            &mut texts.volume_set,
            &mut texts.publisher,
            &mut texts.preparer,
            &mut texts.copyright_file,
            &mut texts.abstract_file,
            &mut texts.bibliographic_file,
            &mut options.application,
        ]
        .into_iter()
        .zip(&native.texts)
        {
            place.clone_from(text);
        }
        let dates = &mut options.dates;
        for (place, date) in [
            &mut dates.creation,
            &mut dates.modification,
            &mut dates.expiration,
            &mut dates.effective,
        ]
        .into_iter()
        .zip(&native.dates)
        {
            *place = Some(instant(*date));
        }
        let layout = &mut options.layout;
        for (place, value) in
            [&mut layout.padding_blocks, &mut layout.length_multiple, &mut layout.alignment]
                .into_iter()
                .zip(&native.layout)
        {
            *place = *value;
        }
        if let Some(value) = native.layout.get(3) {
            layout.align_from = u64::from(*value);
        }
        layout.deduplicate = native.deduplicate;
        if let Some((file, directory)) = native.modes {
            (options.file_mode, options.directory_mode) = (file, directory);
        }
    }

    fn boot(&self) -> Result<BootOptions, Box<dyn Error>> {
        let native = &self.native;
        let mut catalog: Option<ElTorito> = None;
        for boot in &native.boot {
            let image = match (&boot.path, &boot.bytes) {
                (Some(path), _) => BootImage::File(path.clone()),
                (None, Some(bytes)) => BootImage::Unnamed(bytes.clone().into()),
                (None, None) => return Err("a boot entry without an image".into()),
            };
            let mut entry = BootEntry::new(image);
            if boot.floppy {
                entry.emulation = Emulation::Floppy1440;
            }
            entry.load_segment = boot.load_segment;
            entry.sector_count = boot.sectors;
            entry.info_table = boot.info_table;
            match &mut catalog {
                None => catalog = Some(ElTorito::new(Platform(boot.platform), entry)),
                Some(catalog) => {
                    catalog.sections.push(BootSection::of(Platform(boot.platform), entry));
                }
            }
        }
        if let Some(catalog) = &mut catalog {
            catalog.catalog_path.clone_from(&native.catalog);
        }
        let hybrid = native.hybrid.as_deref().map(|table| {
            let mut hybrid = Hybrid::new(match table {
                "mbr" => PartitionTable::Mbr,
                "gpt" => PartitionTable::Gpt,
                _ => PartitionTable::Both,
            });
            hybrid.code = native.code.clone().map(|code| MbrCode::Other(code.into()));
            hybrid.system_partition = SystemPartition::Appended;
            hybrid
        });
        let system_area = native.system_area.clone().map(Into::into);
        Ok(BootOptions { el_torito: catalog, system_area, hybrid })
    }
}
