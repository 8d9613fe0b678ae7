//! What the caller may choose: the options of image-core, each with its default.

use image_core::media::Medium;
use image_core::{
    DeepDirectories, DiscTime, EnhancedTree, FileSystems, Iso9660Options, IsoLevel, IsoNameLength,
    IsoNameRules, JolietLength, LayoutOptions, Options, RockRidgeOptions, RockRidgeVersion,
    UdfMetadata, UdfOptions, UdfPartition, UdfRevision, VideoProfile, VolumeDates,
    VolumeIdentifiers,
};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::boot;
use crate::fields::{Fields, Read};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("options.d.ts");

/// Which file systems the image has. All of them share one copy of the contents of files.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageFileSystems {
    pub iso9660: bool,
    pub joliet: bool,
    pub rock_ridge: bool,
    pub udf: bool,
}

/// The options that a caller gave, or the defaults.
pub(crate) fn options(value: &JsValue) -> Read<Options> {
    let mut options = Options::default();
    if !value.is_undefined() && !value.is_null() {
        Fields::read("invalidOptions", "", value, &mut |fields| read(fields, &mut options))?;
    }
    Ok(options)
}

fn read(fields: &mut Fields, options: &mut Options) -> Read {
    if let Some(id) = fields.optional_text("medium")? {
        let medium = Medium::from_id(&id);
        *options = medium.ok_or_else(|| fields.refusal("medium", &media()))?.options();
    }
    fields.text("volumeId", &mut options.volume_id)?;
    fields.object("fileSystems", &mut |fields| file_systems(fields, &mut options.file_systems))?;
    fields.object("iso9660", &mut |fields| iso9660(fields, &mut options.iso9660))?;
    if let Some(level) = fields.u8("isoLevel")? {
        options.iso9660.level =
            IsoLevel::try_from(level).map_err(|error| fields.refusal("isoLevel", error))?;
    }
    let mut long = false;
    fields.object("joliet", &mut |fields| fields.flag("long", &mut long))?;
    if long {
        options.joliet.length = JolietLength::Up103;
    }
    fields.object("rockRidge", &mut |fields| rock_ridge(fields, &mut options.rock_ridge))?;
    fields.object("udf", &mut |fields| udf(fields, &mut options.udf))?;
    let players = [("dvd", Some(VideoProfile::Dvd)), ("bd", Some(VideoProfile::Bd))];
    fields.choice("video", &players, &mut options.video)?;
    fields.object("identifiers", &mut |fields| identifiers(fields, &mut options.identifiers))?;
    fields.object("dates", &mut |fields| dates(fields, &mut options.dates))?;
    fields.object("layout", &mut |fields| layout(fields, &mut options.layout))?;
    fields.object("boot", &mut |fields| boot::read(fields, &mut options.boot))?;
    fields.flag("strict", &mut options.strict)?;
    options.created = fields.date("created")?.unwrap_or(options.created);
    fields.u32("fileMode", &mut options.file_mode)?;
    fields.u32("directoryMode", &mut options.directory_mode)?;
    fields.text("application", &mut options.application)
}

fn media() -> String {
    Medium::ALL.map(Medium::id).join(", ")
}

fn flags<const N: usize>(fields: &mut Fields, flags: [(&'static str, &mut bool); N]) -> Read {
    flags.into_iter().try_for_each(|(name, place)| fields.flag(name, place))
}

fn file_systems(fields: &mut Fields, systems: &mut FileSystems) -> Read {
    flags(
        fields,
        [
            ("iso9660", &mut systems.iso9660),
            ("joliet", &mut systems.joliet),
            ("rockRidge", &mut systems.rock_ridge),
            ("udf", &mut systems.udf),
        ],
    )
}

fn iso9660(fields: &mut Fields, options: &mut Iso9660Options) -> Read {
    fields.object("names", &mut |fields| names(fields, &mut options.names))?;
    let trees = [("own", EnhancedTree::Own), ("shared", EnhancedTree::Shared)];
    fields.choice("enhanced", &trees, &mut options.enhanced)?;
    let deep = [("leave", DeepDirectories::Leave), ("relocate", DeepDirectories::Relocate)];
    fields.choice("deepDirectories", &deep, &mut options.deep_directories)?;
    fields.flag("xa", &mut options.xa)
}

fn names(fields: &mut Fields, rules: &mut IsoNameRules) -> Read {
    rules.length = match fields.u8("maxLength")? {
        None => IsoNameLength::OfLevel,
        Some(31) => IsoNameLength::Up31,
        Some(37) => IsoNameLength::Up37,
        Some(_) => return Err(fields.refusal("maxLength", "31 or 37")),
    };
    flags(
        fields,
        [
            ("lowerCase", &mut rules.lower_case),
            ("severalDots", &mut rules.several_dots),
            ("leadingDot", &mut rules.leading_dot),
            ("allAscii", &mut rules.all_ascii),
            ("untranslated", &mut rules.untranslated),
            ("omitVersion", &mut rules.omit_version),
            ("omitPeriod", &mut rules.omit_period),
            ("volumeTexts", &mut rules.volume_texts),
        ],
    )
}

fn rock_ridge(fields: &mut Fields, options: &mut RockRidgeOptions) -> Read {
    let versions = [("1.10", RockRidgeVersion::V1_10), ("1.12", RockRidgeVersion::V1_12)];
    fields.choice("version", &versions, &mut options.version)?;
    fields.flag("longTimes", &mut options.long_times)
}

fn udf(fields: &mut Fields, options: &mut UdfOptions) -> Read {
    if fields.has("revision") {
        let revisions = UdfRevision::ALL.map(|revision| (revision.name(), revision));
        let mut revision = options.revision;
        fields.choice("revision", &revisions, &mut revision)?;
        *options = UdfOptions::of(revision);
    }
    let packet_blocks = fields.u16("packetBlocks")?;
    let partitions = [
        ("readOnly", UdfPartition::ReadOnly),
        ("overwritable", UdfPartition::Overwritable),
        ("pseudoOverwritable", UdfPartition::PseudoOverwritable),
        ("virtual", UdfPartition::Virtual),
        ("sparable", UdfPartition::Sparable { packet_blocks: packet_blocks.unwrap_or(32) }),
    ];
    fields.choice("partition", &partitions, &mut options.partition)?;
    if packet_blocks.is_some() && !matches!(options.partition, UdfPartition::Sparable { .. }) {
        return Err(fields.refusal("packetBlocks", "it with partition sparable alone"));
    }
    if options.partition == UdfPartition::Virtual {
        options.metadata = UdfMetadata::Mixed;
    }
    let metadata = [
        ("mixed", UdfMetadata::Mixed),
        ("separate", UdfMetadata::Separate),
        ("duplicated", UdfMetadata::Duplicated),
    ];
    fields.choice("metadata", &metadata, &mut options.metadata)?;
    fields.flag("embed", &mut options.embed)
}

fn identifiers(fields: &mut Fields, texts: &mut VolumeIdentifiers) -> Read {
    let places = [
        ("system", &mut texts.system),
        ("volumeSet", &mut texts.volume_set),
        ("publisher", &mut texts.publisher),
        ("preparer", &mut texts.preparer),
        ("copyrightFile", &mut texts.copyright_file),
        ("abstractFile", &mut texts.abstract_file),
        ("bibliographicFile", &mut texts.bibliographic_file),
    ];
    places.into_iter().try_for_each(|(name, place)| fields.text(name, place))
}

fn dates(fields: &mut Fields, dates: &mut VolumeDates) -> Read {
    let places: [(&str, &mut Option<DiscTime>); 4] = [
        ("creation", &mut dates.creation),
        ("modification", &mut dates.modification),
        ("expiration", &mut dates.expiration),
        ("effective", &mut dates.effective),
    ];
    for (name, place) in places {
        *place = fields.date(name)?;
    }
    Ok(())
}

fn layout(fields: &mut Fields, options: &mut LayoutOptions) -> Read {
    fields.u32("paddingBlocks", &mut options.padding_blocks)?;
    fields.u32("lengthMultiple", &mut options.length_multiple)?;
    fields.u32("alignment", &mut options.alignment)?;
    fields.u64("alignFrom", &mut options.align_from)?;
    fields.flag("deduplicate", &mut options.deduplicate)?;
    options.max_blocks = fields.optional_u32("maxBlocks")?;
    Ok(())
}
