//! What of `discwright build` makes an image start machines.

mod catalog;
mod unreplayed;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use image_core::{
    NodeId, SourceId, Tree,
    boot::{
        BootEntry, BootImage, BootOptions, BootSection, Bytes, ElTorito, Emulation, Hybrid,
        MbrCode, PartitionTable, Platform, SystemPartition,
    },
    read,
    tree::Kind,
    wire::partition::{ISOLINUX_HYBRID_OFFSET, ISOLINUX_HYBRID_SIGNATURE, MBR_CODE, SECTOR},
};

use super::{CliError, onto::FileBlocks, outputs::Input};
use crate::source::{
    BLOCK_SIZE, SourceError,
    image_file::ImageFile,
    local::{Scan, content},
};

/// How the image starts a machine
#[derive(Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Starting machines")]
pub(super) struct BootArgs {
    /// What to start on a platform (bios, uefi, powerpc, mac or a number): a file of the image by its path there, or a file of
    /// this machine, which then gets no name in the image; may be repeated
    #[arg(long, value_name = "PLATFORM=IMG", group = "starts")]
    boot: Vec<String>,
    /// What the images for a BIOS pretend to be
    #[arg(long, value_name = "WHAT", default_value = "none", requires = "boot")]
    boot_emulation: EmulationChoice,
    /// Sectors of 512 bytes that a BIOS loads [default: 4; 1 with emulation]
    #[arg(long, value_name = "SECTORS", requires = "boot")]
    boot_load_size: Option<u16>,
    /// Segment that a BIOS loads to, such as 0x7C0
    #[arg(long, value_name = "SEGMENT", value_parser = number::<u16>, requires = "boot")]
    boot_load_segment: Option<u16>,
    /// Patch the table into the images for a BIOS that ISOLINUX and others look for
    #[arg(long, requires = "boot")]
    boot_info_table: bool,
    /// Patch into the images for a BIOS where they are, as GRUB 2 wants it beside that table
    #[arg(long, requires = "boot")]
    boot_grub2_info: bool,
    /// Show the boot catalog as a file of this path, with --boot or --replay-boot
    #[arg(long, value_name = "PATH", requires = "starts")]
    boot_catalog: Option<String>,
    /// Who made the disc: up to 24 characters in the boot catalog
    #[arg(long, value_name = "ID", requires = "boot")]
    boot_id: Option<String>,
    /// Partition tables, so that the image starts machines from a USB stick too
    #[arg(long, value_name = "TABLE")]
    hybrid: Option<TableChoice>,
    /// What a BIOS starts from a USB stick: isohdpfx.bin of ISOLINUX, boot_hybrid.img of GRUB, or at most 440 bytes
    #[arg(long, value_name = "FILE", requires = "hybrid")]
    mbr_code: Option<PathBuf>,
    /// Put the EFI system partition behind all other files, so that partitions do not overlap
    #[arg(long, requires = "hybrid")]
    efi_appended: bool,
    /// What to put before the file systems, at most 32 KiB; --hybrid writes over it
    #[arg(long, value_name = "FILE")]
    system_area: Option<PathBuf>,
    /// Start machines as another image does, with its boot images where the paths have none of the same name
    #[arg(long, value_name = "IMAGE", group = "starts", conflicts_with_all = WITHOUT_REPLAY)]
    replay_boot: Option<PathBuf>,
}

/// What an image that is replayed says itself.
const WITHOUT_REPLAY: [&str; 11] = [
    "boot",
    "boot_emulation",
    "boot_load_size",
    "boot_load_segment",
    "boot_info_table",
    "boot_grub2_info",
    "boot_id",
    "hybrid",
    "mbr_code",
    "efi_appended",
    "system_area",
];

#[derive(Clone, Copy, Debug, Default, PartialEq, ValueEnum)]
enum EmulationChoice {
    /// Nothing: the loader knows discs
    #[default]
    None,
    /// A diskette of 1.2, 1.44 or 2.88 MB, by the length of the image
    Floppy,
    /// A hard disk with one partition
    HardDisk,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum TableChoice {
    /// A master boot record
    Mbr,
    /// A GUID partition table
    Gpt,
    /// Both
    Both,
}

/// What a platform is started with, as it is written on the command line.
struct Given<'a> {
    platform: Platform,
    image: &'a str,
}

impl BootArgs {
    /// The files of this machine that are read for it.
    pub(super) fn inputs(&self, tree: &Tree) -> Vec<Input> {
        let named = [
            ("--mbr-code", &self.mbr_code),
            ("--system-area", &self.system_area),
            ("--replay-boot", &self.replay_boot),
        ];
        let named = named.into_iter().filter_map(|(option, path)| {
            path.as_deref().map(|path| Input::of_option(option, path))
        });
        let images = self.boot.iter().filter_map(|text| Some(text.split_once('=')?.1));
        let unnamed = images.filter(|image| !is_file_of(tree, image));
        named.chain(unnamed.map(|image| Input::of_option("--boot", Path::new(image)))).collect()
    }
}

fn is_file_of(tree: &Tree, path: &str) -> bool {
    tree.find(path).is_some_and(|node| matches!(tree.kind(node), Kind::File { .. }))
}

/// The options for what was asked for; content that the image must know goes into the tree.
pub(super) fn options(args: &BootArgs, scan: &mut Scan) -> Result<BootOptions, CliError> {
    let boot = wanted(args, scan)?;
    catalog::check(&boot, scan)?;
    Ok(boot)
}

fn wanted(args: &BootArgs, scan: &mut Scan) -> Result<BootOptions, CliError> {
    if let Some(image) = &args.replay_boot {
        let mut boot = replay(image, scan)?;
        if let (Some(catalog), Some(path)) = (&mut boot.el_torito, &args.boot_catalog) {
            catalog.catalog_path = Some(path.clone());
        }
        return Ok(boot);
    }
    let given = args.boot.iter().map(|text| parse(text)).collect::<Result<Vec<_>, _>>()?;
    check_platforms(args, &given)?;
    let mut boot = BootOptions { hybrid: hybrid(args)?, ..BootOptions::default() };
    if let Some(path) = &args.system_area {
        boot.system_area = Some(read_file(path)?.into());
    }
    let Some((first, others)) = given.split_first() else { return Ok(boot) };
    let mut catalog = ElTorito::new(first.platform, entry(args, first, scan)?);
    for other in others {
        let section = BootSection::of(other.platform, entry(args, other, scan)?);
        catalog.sections.push(section);
    }
    catalog.id = args.boot_id.clone().unwrap_or_default();
    catalog.catalog_path.clone_from(&args.boot_catalog);
    boot.el_torito = Some(catalog);
    Ok(boot)
}

/// Refuses what would have no effect, for want of an image of the platform that it is for.
fn check_platforms(args: &BootArgs, given: &[Given<'_>]) -> Result<(), CliError> {
    let has = |platform| given.iter().any(|image| image.platform == platform);
    if args.efi_appended && !has(Platform::UEFI) {
        return Err(CliError::usage("--efi-appended is for an image for UEFI, and there is none")
            .hint("add --boot uefi=IMG, or leave --efi-appended out"));
    }
    if has(Platform::BIOS) {
        return Ok(());
    }
    let of_bios = [
        ("--boot-emulation", args.boot_emulation != EmulationChoice::None),
        ("--boot-load-size", args.boot_load_size.is_some()),
        ("--boot-load-segment", args.boot_load_segment.is_some()),
        ("--boot-info-table", args.boot_info_table),
        ("--boot-grub2-info", args.boot_grub2_info),
    ];
    let without: Vec<_> = of_bios.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    if without.is_empty() {
        return Ok(());
    }
    let names = without.join(", ");
    let message = format!("only an image for a BIOS takes {names}, and there is none");
    Err(CliError::usage(message).hint(format!("add --boot bios=IMG, or leave {names} out")))
}

fn parse(text: &str) -> Result<Given<'_>, CliError> {
    let Some((platform, image)) = text.split_once('=') else {
        return Err(CliError::usage(format!("--boot {text}: for which platform?"))
            .hint(format!("write --boot bios={text} or --boot uefi={text}")));
    };
    let platform = match platform {
        "bios" => Platform::BIOS,
        "uefi" => Platform::UEFI,
        "powerpc" => Platform::POWER_PC,
        "mac" => Platform::MAC,
        other => Platform(number(other).map_err(|_| {
            CliError::usage(format!("--boot {text}: {other} is no platform"))
                .hint("choose bios, uefi, powerpc, mac or a number such as 0xEF")
        })?),
    };
    Ok(Given { platform, image })
}

/// A number in decimal, or in hexadecimal after `0x`.
fn number<T: TryFrom<u32>>(text: &str) -> Result<T, String> {
    let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    let value = value.map_err(|error| error.to_string())?;
    T::try_from(value).map_err(|_| "the number is too large".to_owned())
}

fn entry(args: &BootArgs, given: &Given<'_>, scan: &mut Scan) -> Result<BootEntry, CliError> {
    let is_bios = given.platform == Platform::BIOS;
    let node = scan.tree.find(given.image).map(|node| (node, scan.tree.kind(node)));
    let (image, len, bytes) = if let Some((node, Kind::File { source, len })) = node {
        // Code and tables that speak of the image are for a BIOS.
        let bytes = if is_bios { Some(content_of(node, source, scan)?) } else { None };
        (BootImage::File(given.image.to_owned()), len, bytes)
    } else {
        let bytes = unnamed(given.image)?;
        (BootImage::Unnamed(bytes.clone()), bytes.len() as u64, Some(bytes))
    };
    let mut entry = BootEntry::new(image);
    if !is_bios {
        return Ok(entry);
    }
    entry.emulation = emulation(args.boot_emulation, given.image, len)?;
    entry.sector_count = args.boot_load_size;
    entry.load_segment = args.boot_load_segment.unwrap_or_default();
    entry.info_table = args.boot_info_table;
    entry.grub2_pointer = args.boot_grub2_info;
    if !args.boot_info_table {
        let of = match bytes {
            Some(bytes) if is_isolinux(&bytes) => Some("ISOLINUX"),
            // Its first block looks for the table, whatever it loads then.
            _ if args.boot_grub2_info => Some("GRUB"),
            _ => None,
        };
        if let Some(of) = of {
            eprintln!("note: {} is {of}, which needs --boot-info-table to start", given.image);
        }
    }
    if let Some(note) = loads_more(args.boot_load_size, given.image, len) {
        eprintln!("note: {note}");
    }
    Ok(entry)
}

/// What is to be said where a BIOS loads more than an image and what pads its last block.
fn loads_more(sectors: Option<u16>, image: &str, len: u64) -> Option<String> {
    let sectors = u64::from(sectors?);
    let bytes = sectors * SECTOR as u64;
    let most = len.next_multiple_of(BLOCK_SIZE as u64) / SECTOR as u64;
    (sectors > most).then(|| {
        format!(
            "--boot-load-size {sectors} loads {bytes} bytes, and {image} has {len}: what is behind it on the disc is loaded \
             too; {most} sectors are all of it"
        )
    })
}

fn is_isolinux(bytes: &[u8]) -> bool {
    bytes
        .get(ISOLINUX_HYBRID_OFFSET..)
        .is_some_and(|rest| rest.starts_with(&ISOLINUX_HYBRID_SIGNATURE))
}

/// The kind of diskette goes by the length; one of another length is taken for the usual kind, and then refused.
fn emulation(choice: EmulationChoice, image: &str, len: u64) -> Result<Emulation, CliError> {
    let floppies = [Emulation::Floppy1200, Emulation::Floppy1440, Emulation::Floppy2880];
    match choice {
        EmulationChoice::None => Ok(Emulation::None),
        EmulationChoice::HardDisk => Ok(Emulation::HardDisk),
        EmulationChoice::Floppy => {
            let found = floppies.into_iter().find(|floppy| floppy.floppy_len() == Some(len));
            found.ok_or_else(|| {
                let error = NoFloppy { image: image.to_owned(), len };
                CliError::input(&error)
                    .hint("pad it to one of these, or leave --boot-emulation out")
            })
        }
    }
}

/// A boot image of no diskette's length.
#[derive(Debug, thiserror::Error)]
#[error(
    "the boot image {image} has {len} bytes, and diskettes have 1228800, 1474560 or 2949120 (El Torito 1.0, figure 3)"
)]
struct NoFloppy {
    image: String,
    len: u64,
}

/// Reads a file of the tree, and keeps its bytes in the tree.
pub(super) fn content_of(
    node: NodeId,
    source: SourceId,
    scan: &mut Scan,
) -> Result<Bytes, CliError> {
    content::read_content(node, source, scan).map_err(input)
}

fn unnamed(image: &str) -> Result<Bytes, CliError> {
    let path = Path::new(image);
    match content::read_whole(path) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if !path.exists() => Err(CliError::input(&error)
            .hint("give the path of a file in the image, or of one on this machine")),
        Err(error) => Err(input(error)),
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, CliError> {
    content::read_whole(path).map_err(input)
}

#[expect(clippy::needless_pass_by_value, reason = "errors are made where they are handed over")]
pub(super) fn input(error: SourceError) -> CliError {
    CliError::input(&error).maybe_hint(error.hint())
}

fn hybrid(args: &BootArgs) -> Result<Option<Hybrid>, CliError> {
    let Some(table) = args.hybrid else { return Ok(None) };
    let mut hybrid = Hybrid::new(match table {
        TableChoice::Mbr => PartitionTable::Mbr,
        TableChoice::Gpt => PartitionTable::Gpt,
        TableChoice::Both => PartitionTable::Both,
    });
    if args.efi_appended {
        hybrid.system_partition = SystemPartition::Appended;
    }
    hybrid.code = args.mbr_code.as_deref().map(|path| read_file(path).map(code)).transpose()?;
    Ok(Some(hybrid))
}

/// Code of a master boot record, by what it says and how long it is.
fn code(bytes: Vec<u8>) -> MbrCode {
    let says = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    match bytes.len() {
        SECTOR if says(b"GRUB") => MbrCode::Grub2(bytes.into()),
        len if len <= MBR_CODE && says(b"isolinux") => MbrCode::Isolinux(bytes.into()),
        _ => MbrCode::Other(bytes.into()),
    }
}

/// Options that do what another image does.
fn replay(path: &Path, scan: &mut Scan) -> Result<BootOptions, CliError> {
    let source = ImageFile::open(path).map_err(input)?;
    let failed = |error: read::ReadError| {
        CliError::input(&NotReplayed { path: path.display().to_string(), source: error })
    };
    let mut image = read::open(FileBlocks(source)).map_err(failed)?;
    if image.file_systems().next().is_none() {
        let message = format!("{} has no file system of discs in it", path.display());
        return Err(CliError::usage(message)
            .hint("choose an image; 32 KiB for its start alone are --system-area"));
    }
    let Some(replay) = image.replay_boot().map_err(failed)? else {
        let message = format!("{} starts no machine: it has no boot set-up", path.display());
        return Err(
            CliError::usage(message).hint("choose another image, or leave --replay-boot out")
        );
    };
    let setup = image.boot_setup().map_err(failed)?;
    if let Some(lost) = unreplayed::told(&setup, &path.display().to_string()) {
        eprintln!("note: {lost}");
    }
    let options = replay.options_for(&scan.tree);
    for (_, entry) in options.el_torito.iter().flat_map(ElTorito::entries) {
        let BootImage::File(path) = &entry.image else { continue };
        let Some(node) = scan.tree.find(path) else { continue };
        if let Kind::File { source, .. } = scan.tree.kind(node) {
            content_of(node, source, scan)?;
        }
    }
    Ok(options)
}

/// An image whose boot set-up cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot take the boot set-up of {path}")]
struct NotReplayed {
    path: String,
    #[source]
    source: read::ReadError,
}

const _: () = assert!(BLOCK_SIZE == image_core::BLOCK_SIZE);

#[cfg(test)]
mod tests;
