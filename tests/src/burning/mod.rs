//! Burning programs of others, in a guest, on virtual drives of ours: they reach them through the kernel as they reach real ones.

pub mod facts;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use native_agent::burn::{self, Options, WriteMode};
use native_agent::mmc::{self, PatientDrive, SectorParts, SectorSelection, SubChannels};
use native_agent::scsi::{Data, Recording, ScsiError, Transport};
use native_agent::source::image_file::ImageFile;
use native_agent::virtual_drive::{MediumKind, VirtualDrive};
use sha2::{Digest as _, Sha256};

use crate::guest::{Guest, Kind};
use crate::scripts::{self, Report};
use crate::{cache, virtio_scsi};

/// The guest with the burning programs in it.
const BURNERS: Kind = Kind {
    name: "burners",
    init: "script-init.sh",
    modules: "sr_mod sg virtio_pci virtio_scsi virtio_blk virtio_console isofs udf nls_utf8 nls_iso8859-1",
    built: None,
    programs: &["xorriso", "cdrskin", "growisofs", "dvd+rw-tools", "wodim", "sg3-utils"],
    suite: None,
    memory: MEBIBYTES,
};
const MEBIBYTES: u32 = 1024;

/// Has a guest carry out a [script](scripts::run) with our drives as `/dev/sr0` and so on, and `files` as `/dev/vdb` and so
/// on. Gives the report, and the commands that each drive was sent, a line each.
pub fn run(
    script: &str,
    drives: Vec<VirtualDrive>,
    files: &[&Path],
) -> Result<(Report, Vec<Vec<String>>)> {
    let guest = Guest::prepare(&BURNERS)?;
    let scratch = cache::scratch()?;
    let socket = scratch.path().join("drives");
    let order = in_order(drives.len());
    let kept: Vec<Lines> = drives.iter().map(|_| Lines::default()).collect();
    let drives = drives.into_iter().zip(&kept).map(|(drive, lines)| {
        let drive = Kept { drive: Recording::new(drive), lines: Arc::clone(lines) };
        Box::new(drive) as Box<dyn Transport>
    });
    let served = virtio_scsi::serve(&socket, drives.collect())?;
    let script = order.clone().unwrap_or_default() + script;
    let report = scripts::run(&guest, &script, files, |qemu| {
        // The memory of the guest is shared with whoever serves its drives.
        let size = format!("memory-backend-memfd,id=shared,size={MEBIBYTES}M,share=on");
        qemu.args(["-object", &size, "-machine", "memory-backend=shared"]);
        qemu.arg("-chardev").arg(format!("socket,id=drives,path={}", socket.display()));
        qemu.args(["-device", "vhost-user-scsi-pci,chardev=drives,num_queues=1"]);
    })?;
    served.wait()?;
    if order.is_some() {
        report.step(IN_ORDER)?.succeeded()?;
    }
    let commands = kept.iter().map(|lines| lock(lines).drain(..).collect()).collect();
    Ok((report, commands))
}

const IN_ORDER: &str = "drives are in order";

/// Looks whether `/dev/sr3` is the drive at target 3, and so on.
fn in_order(drives: usize) -> Option<String> {
    let last = drives.checked_sub(1)?;
    Some(format!(
        "drive {last}\nstep '{IN_ORDER}' 60 sh -c 'n=0; while [ $n -le {last} ]; do \
         at=$(readlink /sys/block/sr$n/device); case $at in *:$n:0) ;; *) echo \"sr$n: $at\"; exit 1;; esac; \
         n=$((n + 1)); done'\n"
    ))
}

type Lines = Arc<Mutex<Vec<String>>>;

/// A drive whose record outlives it.
struct Kept {
    drive: Recording<VirtualDrive>,
    lines: Lines,
}

impl Transport for Kept {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let result = self.drive.execute(cdb, data, timeout);
        lock(&self.lines).extend_from_slice(self.drive.lines());
        self.drive.clear();
        result
    }
}

fn lock(lines: &Lines) -> MutexGuard<'_, Vec<String>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A blank disc in a drive, and where its file is.
pub fn blank(folder: &Path, name: &str, kind: MediumKind) -> Result<(VirtualDrive, PathBuf)> {
    let path = folder.join(name).with_extension("vdisc");
    native_agent::virtual_drive::create(&path, kind, None)?;
    Ok((VirtualDrive::open(&path)?, path))
}

/// The first bytes of a disc, read by commands of its drive.
pub fn contents(disc: &Path, len: usize) -> Result<Vec<u8>> {
    /// Blocks a READ asks for.
    const UNIT: usize = 32;
    let mut drive = VirtualDrive::open(disc)?;
    let mut bytes = vec![0; len];
    for (number, chunk) in bytes.chunks_mut(UNIT * 2048).enumerate() {
        let lba = ((number * UNIT) as u32).to_be_bytes();
        let blocks = (chunk.len().div_ceil(2048) as u16).to_be_bytes();
        let read = [0x28, 0, lba[0], lba[1], lba[2], lba[3], 0, blocks[0], blocks[1], 0];
        // A new disc is a unit attention.
        let moved = drive
            .execute(&read, Data::In(chunk), Duration::from_secs(60))
            .or_else(|_| drive.execute(&read, Data::In(chunk), Duration::from_secs(60)))?;
        ensure!(moved == chunk.len(), "the drive gave {moved} of {} bytes", chunk.len());
    }
    Ok(bytes)
}

/// The first sectors of a CD with all that is around their user data and beside it, and its table of contents in full.
pub fn raw_sectors(disc: &Path, sectors: u16) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut drive = VirtualDrive::open(disc)?;
    let mut drive = PatientDrive::new(&mut drive, Duration::from_secs(60));
    let sub_channels = Some(SubChannels::PToW);
    let selection = SectorSelection { sub_channels, ..SectorParts::Whole.into() };
    let bytes = drive.ask(&mmc::read_cd(0, sectors, selection))?;
    let wanted = usize::from(sectors) * selection.len();
    ensure!(bytes.len() == wanted, "the drive gave {} of {wanted} bytes", bytes.len());
    Ok((bytes, drive.ask(&mmc::read_full_toc())?))
}

/// Burns an image raw to a disc of this kind.
pub fn burn_raw(disc: &Path, kind: MediumKind, image: &Path) -> Result<()> {
    native_agent::virtual_drive::create(disc, kind, None)?;
    let options = Options {
        write_mode: WriteMode::Raw,
        close: true,
        check_pace: false,
        ..Options::default()
    };
    let mut image = ImageFile::open(image)?;
    let cancel = AtomicBool::new(false);
    burn::run(&mut VirtualDrive::open(disc)?, &mut image, &options, &cancel, &mut |_| {})?;
    Ok(())
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
