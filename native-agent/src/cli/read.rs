//! `discwright read`: a disc becomes an image file.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{CliError, info::drive_error, progress};
use crate::{
    drives::{DiscReader, DriveError, Location, ReadDiscError},
    identity,
    mmc::probe,
};

const EXAMPLES: &str = "\
Examples:
  discwright read /dev/sr0 -o disc.iso
  discwright read virtual:demo.vdisc -o demo.iso --whole";

/// Bytes between two looks at the progress bar: 1 MiB.
const STEP: usize = 1 << 20;
const BLOCK: u64 = 2048;

/// Read a disc into an image file.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc.
    drive: String,
    /// The image to make; it gets its name when all of it is there.
    #[arg(short, long, value_name = "OUT.iso")]
    output: PathBuf,
    /// Read every block, also those after the end of the image.
    #[arg(long)]
    whole: bool,
    /// Replace a file that is there already.
    #[arg(long)]
    force: bool,
    /// Print JSON and no progress.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    if args.output.exists() && !args.force {
        let message = format!("{} exists already", args.output.display());
        return Err(CliError::usage(message).hint("pass --force to replace it"));
    }
    let (digest, blocks) = read_disc(args)?;
    let sha256 = identity::hex(&digest);
    let mut out = io::stdout().lock();
    let printed = if args.json {
        let bytes = u64::from(blocks) * BLOCK;
        let done = serde_json::json!({ "blocks": blocks, "bytes": bytes, "sha256": sha256 });
        writeln!(out, "{done}")
    } else {
        writeln!(out, "{sha256}  {}", args.output.display())
    };
    printed.map_err(|error| CliError::other(&error))
}

/// Reads into a file of another name, then gives it the one asked for.
fn read_disc(args: &Args) -> Result<([u8; 32], u32), CliError> {
    let location = Location::parse(&args.drive).map_err(|error| drive_error(&error))?;
    let mut transport = location.open().map_err(|error| drive_error(&error))?;
    let found = probe(transport.as_mut())
        .map_err(|source| drive_error(&DriveError::Probe { drive: args.drive.clone(), source }))?;
    let Some(medium) = found.medium else {
        return Err(medium_error(&ReadDiscError::Blank).hint("the drive is empty"));
    };
    let opened = DiscReader::open(transport.as_mut(), &medium, args.whole);
    let mut reader = opened.map_err(|error| medium_error(&error))?;
    let mut file = create_beside(&args.output)?;
    let digest = copy(&mut reader, file.as_file_mut(), args)?;
    file.as_file().sync_all().map_err(|error| CliError::other(&error))?;
    let kept =
        if args.force { file.persist(&args.output) } else { file.persist_noclobber(&args.output) };
    kept.map_err(|error| CliError::other(&error.error))?;
    Ok((digest, reader.blocks()))
}

fn create_beside(output: &Path) -> Result<NamedTempFile, CliError> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let made = tempfile::Builder::new().prefix(".discwright-").tempfile_in(folder);
    made.map_err(|error| {
        CliError::other(&error).hint(format!("can {} be written?", folder.display()))
    })
}

fn copy(
    reader: &mut DiscReader<'_>,
    out: &mut impl Write,
    args: &Args,
) -> Result<[u8; 32], CliError> {
    let total = u64::from(reader.blocks()) * BLOCK;
    let bar = progress::bytes(total, args.json);
    bar.set_message("reading");
    let mut hash = Sha256::new();
    let mut buffer = vec![0; STEP];
    let mut done = 0;
    while done < total {
        let step = STEP.min(usize::try_from(total - done).unwrap_or(STEP));
        let part = &mut buffer[..step];
        let lba = (done / BLOCK) as u32;
        reader.read(lba, part).map_err(|error| medium_error(&error))?;
        out.write_all(part).map_err(|error| CliError::other(&error))?;
        hash.update(&*part);
        done += step as u64;
        bar.set_position(done);
    }
    bar.finish_and_clear();
    Ok(hash.finalize().into())
}

fn medium_error(error: &ReadDiscError) -> CliError {
    let of_medium = error.is_of_the_medium();
    let cli = if of_medium { CliError::medium(error) } else { CliError::drive(error) };
    cli.maybe_hint(error.hint())
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::fs;

    use super::*;
    use crate::{
        scsi::{Data, Transport},
        virtual_drive::{self, MediumKind, VirtualDrive},
    };

    /// A closed DVD+R with an image of this many blocks on it, each filled with its number.
    fn burned(dir: &Path, blocks: u8) -> Args {
        let file = dir.join("a.vdisc");
        virtual_drive::create(&file, MediumKind::DvdPlusR, Some(4096)).unwrap();
        let mut image: Vec<u8> = (0..blocks).flat_map(|number| [number; 2048]).collect();
        image[16 * 2048..16 * 2048 + 6].copy_from_slice(b"\x01CD001");
        image[16 * 2048 + 80..16 * 2048 + 84].copy_from_slice(&u32::from(blocks).to_le_bytes());
        let mut drive = VirtualDrive::open(&file).unwrap();
        let mut send = |cdb: &[u8], data: Data<'_>| drive.execute(cdb, data, Duration::ZERO);
        assert!(send(&[0; 6], Data::None).is_err());
        send(&[0x2a, 0, 0, 0, 0, 0, 0, 0, blocks, 0], Data::Out(&image)).unwrap();
        send(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], Data::None).unwrap();
        send(&[0x5b, 0, 2, 0, 0, 0, 0, 0, 0, 0], Data::None).unwrap();
        fs::write(dir.join("wanted.iso"), image).unwrap();
        let drive = format!("virtual:{}", file.display());
        Args { drive, output: dir.join("out.iso"), whole: false, force: false, json: true }
    }

    #[test]
    fn gives_back_the_image_without_padding() {
        let dir = tempfile::tempdir().unwrap();
        let mut args = burned(dir.path(), 37);
        let (digest, blocks) = read_disc(&args).unwrap();
        let wanted = fs::read(dir.path().join("wanted.iso")).unwrap();
        assert_eq!(blocks, 37);
        assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(&wanted)));
        assert!(fs::read(&args.output).unwrap() == wanted);
        assert!(run(&args).is_err(), "the file is there already");
        (args.force, args.whole) = (true, true);
        assert_eq!(read_disc(&args).unwrap().1, 48);
    }

    #[test]
    fn a_blank_disc_leaves_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.vdisc");
        virtual_drive::create(&file, MediumKind::BdRe, Some(640)).unwrap();
        let drive = format!("virtual:{}", file.display());
        let output = dir.path().join("out.iso");
        let args = Args { drive, output, whole: false, force: false, json: true };
        assert!(read_disc(&args).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
