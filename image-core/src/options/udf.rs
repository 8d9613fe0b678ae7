//! How UDF is written.

use core::fmt;
use core::str::FromStr;

/// Revision of UDF. Later ones add forms of partition and of file entry; earlier ones are read by more systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UdfRevision {
    /// 1.02: DVD-Video, and every system and player that knows UDF.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "1.02"))]
    V1_02,
    /// 1.50: virtual and sparable partitions. Windows 2000.
    #[cfg_attr(feature = "serde", serde(rename = "1.50"))]
    V1_50,
    /// 2.00: extended file entries and named streams.
    #[cfg_attr(feature = "serde", serde(rename = "2.00"))]
    V2_00,
    /// 2.01: real-time files. Windows XP reads up to here.
    #[cfg_attr(feature = "serde", serde(rename = "2.01"))]
    V2_01,
    /// 2.50: metadata partition. BD-Video; Windows Vista.
    #[cfg_attr(feature = "serde", serde(rename = "2.50"))]
    V2_50,
    /// 2.60: pseudo-overwritable partitions. BD-R.
    #[cfg_attr(feature = "serde", serde(rename = "2.60"))]
    V2_60,
}

impl UdfRevision {
    /// Every revision, the earliest first.
    pub const ALL: [Self; 6] =
        [Self::V1_02, Self::V1_50, Self::V2_00, Self::V2_01, Self::V2_50, Self::V2_60];

    /// As descriptors record it: `0x0102`.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::V1_02 => 0x0102,
            Self::V1_50 => 0x0150,
            Self::V2_00 => 0x0200,
            Self::V2_01 => 0x0201,
            Self::V2_50 => 0x0250,
            Self::V2_60 => 0x0260,
        }
    }

    /// As people write it: `1.02`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_02 => "1.02",
            Self::V1_50 => "1.50",
            Self::V2_00 => "2.00",
            Self::V2_01 => "2.01",
            Self::V2_50 => "2.50",
            Self::V2_60 => "2.60",
        }
    }
}

impl fmt::Display for UdfRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for UdfRevision {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|revision| revision.name() == name);
        found.ok_or("the revisions of UDF are 1.02, 1.50, 2.00, 2.01, 2.50 and 2.60")
    }
}

/// What the partition of a UDF volume is, and how it may be written once it is on a disc.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UdfPartition {
    /// As pressed: what is added goes into a session of its own.
    #[default]
    ReadOnly,
    /// For media that are rewritten in place, as DVD-RAM, DVD+RW and BD-RE: a bitmap says that no space is free.
    Overwritable,
    /// For BD-R that the drive makes look rewritable. 2.60 and later, with metadata.
    PseudoOverwritable,
    /// For media written once, in a row: file entries are found through a table at the end, the VAT, that a later session
    /// replaces. The last block of the image has to become the last of its session. 1.50 and later.
    Virtual,
    /// For CD-RW and DVD-RW written in packets: bad packets are replaced from a spare area. 1.50 and later.
    Sparable {
        /// Blocks of a packet: 32 on CD-RW, 16 on DVD-RW.
        packet_blocks: u16,
    },
}

/// Whether file entries and directories have a partition of their own. UDF 2.50 2.2.10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UdfMetadata {
    /// They stand in the one partition.
    #[default]
    Mixed,
    /// In a metadata partition.
    Separate,
    /// In a metadata partition that is recorded twice, at either end of the files, so that a scratch takes no more than the
    /// files under it.
    Duplicated,
}

/// How UDF is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UdfOptions {
    /// Revision. Take 2.50 or 2.60 for BD, and 1.02 for everything that may be old.
    pub revision: UdfRevision,
    /// What the partition is. Change it for media that another program shall go on writing to.
    pub partition: UdfPartition,
    /// Whether metadata have a partition of their own, as 2.50 and later ask for unless the partition is virtual.
    pub metadata: UdfMetadata,
    /// Keep small directories, and small files whose bytes the tree knows, in their file entries. Every reader knows this form,
    /// and it saves a block for each, but only where UDF is the only file system: the others need the bytes in a block.
    pub embed: bool,
}

impl UdfOptions {
    /// What a revision asks for: from 2.50 on a metadata partition, here with a duplicate.
    #[must_use]
    pub const fn of(revision: UdfRevision) -> Self {
        let metadata = match revision {
            UdfRevision::V2_50 | UdfRevision::V2_60 => UdfMetadata::Duplicated,
            _ => UdfMetadata::Mixed,
        };
        Self { revision, partition: UdfPartition::ReadOnly, metadata, embed: false }
    }
}
