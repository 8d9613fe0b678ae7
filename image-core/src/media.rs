//! Media people can buy, how much fits on them, and what an image for them is made of.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::options::{FileSystems, LayoutOptions, Options, UdfOptions, UdfRevision};

/// A kind of blank medium, by capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Medium {
    /// CD-R or CD-RW of 80 minutes.
    Cd,
    /// DVD-R, DVD+R or a rewritable one of a single layer.
    Dvd,
    /// DVD of two layers.
    DvdDl,
    /// BD-R or BD-RE of one layer.
    Bd,
    /// BD of two layers.
    BdDl,
    /// BDXL of three layers.
    BdTl,
    /// BDXL of four layers.
    BdQl,
}

impl Medium {
    /// Every kind, smallest first.
    pub const ALL: [Self; 7] =
        [Self::Cd, Self::Dvd, Self::DvdDl, Self::Bd, Self::BdDl, Self::BdTl, Self::BdQl];

    /// Name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cd => "cd",
            Self::Dvd => "dvd",
            Self::DvdDl => "dvd-dl",
            Self::Bd => "bd",
            Self::BdDl => "bd-dl",
            Self::BdTl => "bd-tl",
            Self::BdQl => "bd-ql",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cd => "CD (700 MB)",
            Self::Dvd => "DVD (4.7 GB)",
            Self::DvdDl => "DVD DL (8.5 GB)",
            Self::Bd => "BD (25 GB)",
            Self::BdDl => "BD DL (50 GB)",
            Self::BdTl => "BDXL TL (100 GB)",
            Self::BdQl => "BDXL QL (128 GB)",
        }
    }

    /// The kind with this name on the command line.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|medium| medium.id() == id)
    }

    /// Blocks of 2048 bytes that fit: the least that media of this kind hold, so that what fits here fits on any brand.
    ///
    /// CD: 80 minutes less the pause of a track. DVD: DVD+R of 2,295,104 blocks, smaller than DVD-R (2,298,496), and DVD-R
    /// DL of 4,171,712, smaller than DVD+R DL (4,173,824). BD: with the default spare areas of BD-RE.
    #[must_use]
    pub const fn capacity_blocks(self) -> u32 {
        match self {
            Self::Cd => 359_847,
            Self::Dvd => 2_295_104,
            Self::DvdDl => 4_171_712,
            Self::Bd => 11_826_176,
            Self::BdDl => 23_652_352,
            Self::BdTl => 47_305_728,
            Self::BdQl => 60_403_712,
        }
    }

    /// Blocks that are written in one piece: what a write should begin and end on.
    #[must_use]
    pub const fn write_unit_blocks(self) -> u32 {
        match self {
            Self::Cd => 1,
            Self::Dvd | Self::DvdDl => 16,
            Self::Bd | Self::BdDl | Self::BdTl | Self::BdQl => 32,
        }
    }
}

/// What an image for a medium is made of unless something else is chosen. `docs/media.md` has them all in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MediumDefaults {
    /// File systems to write.
    pub file_systems: FileSystems,
    /// Revision of UDF, where that is written.
    pub udf_revision: UdfRevision,
    /// Large files begin on a multiple of this many blocks: what the drive writes in one piece.
    pub alignment: u32,
    /// From how many bytes on a file is large.
    pub align_from: u64,
    /// Zero blocks at the end of an image without UDF.
    pub padding_blocks: u32,
    /// The length of an image is a multiple of this many blocks.
    pub length_multiple: u32,
    /// Blocks that fit.
    pub capacity_blocks: u32,
}

impl Medium {
    /// The published defaults.
    ///
    /// CD: no UDF, which old players and drives of CDs do not expect, and run-out blocks behind the data. DVD: UDF 1.02,
    /// which every system reads, and ECC blocks of 16. BD: UDF 2.50, which came with it, and clusters of 32.
    #[must_use]
    pub const fn defaults(self) -> MediumDefaults {
        let everything = FileSystems { iso9660: true, joliet: true, rock_ridge: true, udf: true };
        let (file_systems, udf_revision, padding_blocks) = match self {
            Self::Cd => (FileSystems { udf: false, ..everything }, UdfRevision::V1_02, 150),
            Self::Dvd | Self::DvdDl => (everything, UdfRevision::V1_02, 0),
            Self::Bd | Self::BdDl | Self::BdTl | Self::BdQl => (everything, UdfRevision::V2_50, 0),
        };
        MediumDefaults {
            file_systems,
            udf_revision,
            alignment: if matches!(self, Self::Cd) { 2 } else { self.write_unit_blocks() },
            align_from: 1 << 20,
            padding_blocks,
            length_multiple: self.write_unit_blocks(),
            capacity_blocks: self.capacity_blocks(),
        }
    }

    /// The defaults as options.
    #[must_use]
    pub fn options(self) -> Options {
        let defaults = self.defaults();
        Options {
            file_systems: defaults.file_systems,
            udf: UdfOptions::of(defaults.udf_revision),
            layout: LayoutOptions {
                padding_blocks: defaults.padding_blocks,
                length_multiple: defaults.length_multiple,
                alignment: defaults.alignment,
                align_from: defaults.align_from,
                ..LayoutOptions::default()
            },
            ..Options::default()
        }
    }
}

/// The defaults of all media as a table in Markdown: `docs/media.md` has it.
#[must_use]
pub fn table() -> String {
    let mut text = String::from(
        "| Medium | `--media` | File systems | UDF | Large files begin on | Padding | Length | Capacity |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for medium in Medium::ALL {
        let defaults = medium.defaults();
        let systems = defaults.file_systems;
        let revision = if systems.udf { defaults.udf_revision.name() } else { "-" };
        text += &format!(
            "| {} | `{}` | {} | {revision} | {} blocks | {} blocks | × {} blocks | {} blocks |\n",
            medium.label(),
            medium.id(),
            names(systems),
            defaults.alignment,
            defaults.padding_blocks,
            defaults.length_multiple,
            defaults.capacity_blocks,
        );
    }
    text
}

fn names(systems: FileSystems) -> String {
    let all = [
        (systems.iso9660, "ISO 9660"),
        (systems.joliet, "Joliet"),
        (systems.rock_ridge, "Rock Ridge"),
        (systems.udf, "UDF"),
    ];
    let written: Vec<&str> = all.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
    written.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_and_in_order() {
        for pair in Medium::ALL.windows(2) {
            assert!(pair[0].capacity_blocks() < pair[1].capacity_blocks());
        }
        for medium in Medium::ALL {
            assert_eq!(Medium::from_id(medium.id()), Some(medium));
        }
        assert_eq!(Medium::from_id("floppy"), None);
    }

    #[test]
    fn images_of_the_defaults_suit_the_medium() {
        for medium in Medium::ALL {
            let mut tree = crate::Tree::new();
            let file = ("f", crate::SourceId(0), 2_000_000, crate::Attributes::default());
            let file = tree.add_file(file.0, file.1, file.2, file.3).unwrap();
            let plan = crate::plan(tree, &medium.options()).unwrap();
            let unit = medium.write_unit_blocks();
            assert!(plan.size_blocks().is_multiple_of(unit), "{medium:?}");
            assert!(plan.extent(file).unwrap().0.0.is_multiple_of(unit), "{medium:?}");
            assert!(plan.size_blocks() < medium.capacity_blocks());
        }
    }

    /// Run with `DISCWRIGHT_WRITE_DOCS=1` to write the table anew.
    #[test]
    fn the_documentation_has_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/media.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (before, rest) = text.split_once("<!-- table -->\n").unwrap();
        let (found, after) = rest.split_once("<!-- end of table -->").unwrap();
        if std::env::var_os("DISCWRIGHT_WRITE_DOCS").is_some() {
            let table = table();
            let new = format!("{before}<!-- table -->\n{table}<!-- end of table -->{after}");
            return std::fs::write(path, new).unwrap();
        }
        assert_eq!(found, table(), "the table in docs/media.md is not that of the program");
    }
}
