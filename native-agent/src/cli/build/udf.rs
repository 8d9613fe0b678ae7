//! The options of `discwright build` that concern UDF.

use clap::ValueEnum;
use image_core::{
    Kind, NodeId, Tree, UdfMetadata, UdfOptions, UdfPartition, UdfRevision, VideoProfile,
};

use super::{
    boot::{self, content_of},
    video,
};
use crate::{
    cli::CliError,
    source::local::{Graft, Scan, content},
};

/// No file of so many bytes fits into its file entry.
const MAX_EMBEDDED: u64 = image_core::BLOCK_SIZE as u64;

#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "UDF")]
pub(crate) struct UdfArgs {
    /// Revision: 1.02 for everything that may be old, 2.01 at most for Windows XP, 2.50 or 2.60 for BD. Where a medium has no
    /// UDF, this and the next three add it [default: what --video asks for, the medium's, or 1.02]
    #[arg(long, value_name = "REVISION", value_parser = revision)]
    udf: Option<UdfRevision>,
    /// What the partition is: how another program may go on writing to it
    /// [default: read-only; with --append, that of the disc]
    #[arg(long, value_name = "FORM")]
    udf_partition: Option<Partition>,
    /// Blocks of a packet of a sparable partition
    #[arg(long, value_name = "BLOCKS", default_value_t = 32)]
    udf_packet: u16,
    /// Where directories and file entries are [default: mixed up to 2.01 and with a VAT, otherwise duplicated]
    #[arg(long, value_name = "HOW")]
    udf_metadata: Option<Metadata>,
    /// Keep small files and directories in their file entries, where UDF is the only file system
    #[arg(long)]
    udf_embed: bool,
    /// Order the files as players expect them: VIDEO_TS for dvd, BDMV for bd
    #[arg(long, value_name = "PLAYER")]
    video: Option<Video>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Video {
    /// DVD-Video: UDF 1.02 with ISO 9660
    Dvd,
    /// BD-Video: UDF 2.50 with a metadata partition
    Bd,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Partition {
    /// As pressed: what is added goes into a session of its own
    ReadOnly,
    /// For DVD-RAM, DVD+RW and BD-RE
    Overwritable,
    /// Pseudo-overwritable, for BD-R that the drive makes look rewritable: 2.60
    Pow,
    /// Virtual, for media written once, in a row: from 1.50 on
    Vat,
    /// For CD-RW and DVD-RW written in packets: from 1.50 on
    Sparable,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Metadata {
    /// In the one partition
    Mixed,
    /// In a metadata partition: from 2.50 on
    Separate,
    /// In a metadata partition that is recorded twice: from 2.50 on
    Duplicated,
}

fn revision(name: &str) -> Result<UdfRevision, &'static str> {
    name.parse()
}

impl UdfArgs {
    /// As `usual`, but for what was asked for.
    pub(super) fn options(&self, usual: &UdfOptions) -> UdfOptions {
        let revision = self.udf.unwrap_or(usual.revision);
        let partition = match self.udf_partition {
            None => usual.partition,
            Some(Partition::ReadOnly) => UdfPartition::ReadOnly,
            Some(Partition::Overwritable) => UdfPartition::Overwritable,
            Some(Partition::Pow) => UdfPartition::PseudoOverwritable,
            Some(Partition::Vat) => UdfPartition::Virtual,
            Some(Partition::Sparable) => UdfPartition::Sparable { packet_blocks: self.udf_packet },
        };
        let metadata = match self.udf_metadata {
            Some(Metadata::Mixed) => UdfMetadata::Mixed,
            Some(Metadata::Separate) => UdfMetadata::Separate,
            Some(Metadata::Duplicated) => UdfMetadata::Duplicated,
            None if partition == UdfPartition::Virtual => UdfMetadata::Mixed,
            None if revision == usual.revision && partition == usual.partition => usual.metadata,
            None => UdfOptions::of(revision).metadata,
        };
        UdfOptions { revision, partition, metadata, embed: self.udf_embed || usual.embed }
    }

    /// The revision that the player reads, where one is named.
    pub(super) fn of_player(&self) -> Option<UdfRevision> {
        self.video.map(|video| match video {
            Video::Dvd => UdfRevision::V1_02,
            Video::Bd => UdfRevision::V2_50,
        })
    }

    /// Refuses a revision that the player does not read: nothing in the folder can mend it.
    pub(super) fn check_player(&self) -> Result<(), CliError> {
        let (Some(needed), Some(given)) = (self.of_player(), self.udf) else { return Ok(()) };
        if given == needed {
            return Ok(());
        }
        let message = format!("the player of --video reads UDF {needed}, and not {given}");
        Err(CliError::usage(message).hint("leave --udf out: --video chooses the revision"))
    }

    /// The player that the disc is for.
    pub(super) fn video(&self) -> Option<VideoProfile> {
        self.video.map(|video| match video {
            Video::Dvd => VideoProfile::Dvd,
            Video::Bd => VideoProfile::Bd,
        })
    }

    /// Where what is named goes for a player.
    pub(super) fn place(&self, graft: Graft) -> Graft {
        match self.video() {
            Some(player) => video::place(graft, player),
            None => graft,
        }
    }

    /// Gives what a player looks for the names that it looks for.
    pub(super) fn mend_names(&self, tree: &mut Tree) {
        match self.video().map_or(0, |player| video::mend_names(tree, player)) {
            0 => {}
            1 => eprintln!("note: a name is recorded in the case that players look for"),
            names => {
                eprintln!("note: {names} names are recorded in the case that players look for")
            }
        }
    }

    /// Takes the information of title sets into the tree, which says where their files are.
    pub(super) fn read_information(&self, scan: &mut Scan) -> Result<(), CliError> {
        if self.video.is_none() {
            return Ok(());
        }
        content::read_information(scan).map_err(boot::input)
    }

    /// What a player would miss.
    pub(super) fn missing(&self, scan: &Scan) -> Result<Vec<String>, CliError> {
        self.video().map_or(Ok(Vec::new()), |player| video::missing(scan, player))
    }

    /// Takes small files into the tree, where they are to stand in their file entries.
    pub(super) fn read_small(&self, scan: &mut Scan) -> Result<(), CliError> {
        if !self.udf_embed {
            return Ok(());
        }
        let mut directories = vec![NodeId::ROOT];
        while let Some(directory) = directories.pop() {
            let children: Vec<_> = scan.tree.children(directory).collect();
            for node in children {
                match scan.tree.kind(node) {
                    Kind::Directory => directories.push(node),
                    Kind::File { source, len }
                        if (1..MAX_EMBEDDED).contains(&len) && scan.tree.link_of(node) == node =>
                    {
                        content_of(node, source, scan)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
