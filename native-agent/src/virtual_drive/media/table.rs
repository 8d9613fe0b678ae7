//! The rows.

use super::{MediumKind, MediumType, Recording};

const CD_1X: u32 = 1764;
const DVD_1X: u32 = 13_850;
const BD_1X: u32 = 44_960;

/// Sold as 80 minutes: the lead-out can begin at 79:59:74.
const RECORDABLE_CD: MediumType = MediumType {
    kind: MediumKind::CdR,
    name: "cd-r",
    label: "CD-R",
    profile: 0x09,
    formatted_profile: None,
    capacity: 359_849,
    spare: 0,
    spare_range: [0, 0],
    write_unit: 1,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[],
    session_gap: 11_400,
    max_tracks: 99,
    features: &[0x10, 0x1d, 0x1e, 0x2d, 0x2e],
    formatted_features: &[],
    base_speed: CD_1X,
    speeds_x10: &[480, 400, 320, 240, 160, 80, 40],
    book: 0,
    layers: 1,
};

const SEQUENTIAL_DVD: MediumType = MediumType {
    kind: MediumKind::DvdPlusR,
    name: "dvd+r",
    label: "DVD+R",
    profile: 0x1b,
    formatted_profile: None,
    capacity: 2_295_104,
    spare: 0,
    spare_range: [0, 0],
    write_unit: 16,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[],
    session_gap: 2048,
    max_tracks: 153,
    features: &[0x10, 0x1f, 0x2b],
    formatted_features: &[],
    base_speed: DVD_1X,
    speeds_x10: &[160, 80, 40, 24],
    book: 0xa1,
    layers: 1,
};

const SEQUENTIAL_BD: MediumType = MediumType {
    kind: MediumKind::BdR,
    name: "bd-r",
    label: "BD-R",
    profile: 0x41,
    formatted_profile: None,
    capacity: 12_219_392,
    spare: 393_216,
    spare_range: [131_072, 655_360],
    write_unit: 32,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[0x00, 0x32],
    session_gap: 0,
    max_tracks: 4096,
    features: &[0x10, 0x21, 0x23, 0x40, 0x41],
    formatted_features: &[],
    base_speed: BD_1X,
    speeds_x10: &[160, 120, 80, 60, 40, 20],
    book: 0,
    layers: 1,
};

const REWRITABLE_BD: MediumType = MediumType {
    kind: MediumKind::BdRe,
    name: "bd-re",
    label: "BD-RE",
    profile: 0x43,
    recording: Recording::Overwrite,
    formats: &[0x00, 0x30, 0x31],
    max_tracks: 1,
    features: &[0x10, 0x20, 0x23, 0x24, 0x40, 0x41],
    speeds_x10: &[20],
    ..SEQUENTIAL_BD
};

/// Every kind this drive takes, in the order its profile list shows them (newest first). MMC-6 5.3.1.
pub const MEDIA: &[MediumType] = &[
    REWRITABLE_BD,
    MediumType {
        kind: MediumKind::BdReDl,
        name: "bd-re-dl",
        label: "BD-RE DL",
        capacity: 24_438_784,
        spare: 786_432,
        spare_range: [262_144, 1_310_720],
        layers: 2,
        ..REWRITABLE_BD
    },
    MediumType {
        kind: MediumKind::BdReTl,
        name: "bd-re-tl",
        label: "BD-RE TL",
        capacity: 48_878_592,
        spare: 1_572_864,
        spare_range: [393_216, 2_621_440],
        layers: 3,
        ..REWRITABLE_BD
    },
    SEQUENTIAL_BD,
    MediumType {
        kind: MediumKind::BdRDl,
        name: "bd-r-dl",
        label: "BD-R DL",
        capacity: 24_438_784,
        spare: 786_432,
        spare_range: [262_144, 1_310_720],
        speeds_x10: &[80, 60, 40, 20],
        layers: 2,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::BdRTl,
        name: "bd-r-tl",
        label: "BD-R TL",
        capacity: 48_878_592,
        spare: 1_572_864,
        spare_range: [393_216, 2_621_440],
        speeds_x10: &[60, 40, 20],
        layers: 3,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::BdRQl,
        name: "bd-r-ql",
        label: "BD-R QL",
        capacity: 62_500_864,
        spare: 2_097_152,
        spare_range: [524_288, 3_145_728],
        speeds_x10: &[60, 40, 20],
        layers: 4,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::DvdPlusRDl,
        name: "dvd+r-dl",
        label: "DVD+R DL",
        profile: 0x2b,
        capacity: 4_173_824,
        features: &[0x10, 0x1f, 0x3b],
        speeds_x10: &[80, 40, 24],
        book: 0xe1,
        layers: 2,
        ..SEQUENTIAL_DVD
    },
    SEQUENTIAL_DVD,
    MediumType {
        kind: MediumKind::DvdPlusRw,
        name: "dvd+rw",
        label: "DVD+RW",
        profile: 0x1a,
        recording: Recording::Overwrite,
        formats: &[0x26],
        max_tracks: 1,
        features: &[0x10, 0x1f, 0x20, 0x23, 0x2a],
        speeds_x10: &[80, 40, 24],
        book: 0x92,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRam,
        name: "dvd-ram",
        label: "DVD-RAM",
        profile: 0x12,
        capacity: 2_295_072,
        spare: 59_104,
        recording: Recording::Overwrite,
        preformatted: true,
        formats: &[0x00, 0x01],
        max_tracks: 1,
        features: &[0x10, 0x1f, 0x20, 0x23, 0x24],
        speeds_x10: &[50, 30, 20],
        book: 0x16,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRw,
        name: "dvd-rw",
        label: "DVD-RW",
        profile: 0x14,
        formatted_profile: Some(0x13),
        capacity: 2_297_888,
        erasable: true,
        formats: &[0x00, 0x10, 0x15],
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x23, 0x2f],
        formatted_features: &[0x10, 0x1f, 0x23, 0x2c],
        speeds_x10: &[60, 40, 20],
        book: 0x32,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRDl,
        name: "dvd-r-dl",
        label: "DVD-R DL",
        profile: 0x15,
        capacity: 4_171_712,
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x2f, 0x33],
        speeds_x10: &[80, 60, 40, 20],
        book: 0x26,
        layers: 2,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdR,
        name: "dvd-r",
        label: "DVD-R",
        profile: 0x11,
        capacity: 2_298_496,
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x2f],
        book: 0x25,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::CdRw,
        name: "cd-rw",
        label: "CD-RW",
        profile: 0x0a,
        erasable: true,
        features: &[0x10, 0x1d, 0x1e, 0x2d, 0x2e, 0x37],
        speeds_x10: &[240, 160, 100, 40],
        ..RECORDABLE_CD
    },
    RECORDABLE_CD,
];
