//! Burning programs of others, in a guest, on virtual drives of ours: they reach them through the kernel as they reach real ones.

pub mod facts;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use image_core::cd::RAW_SECTOR;
use native_agent::scsi::{Data, Recording, ScsiError, Transport};
use native_agent::virtual_drive::VirtualDrive;
use sha2::{Digest as _, Sha256};

use crate::guest::{Guest, Kind};
use crate::scripts::{self, Report};
use crate::{cache, virtio_scsi};

/// The guest with the burning programs in it.
const BURNERS: Kind = Kind {
    name: "burners",
    init: "script-init.sh",
    modules: "virtio_pci virtio_scsi virtio_blk virtio_console sr_mod sg isofs udf nls_utf8 nls_iso8859-1",
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
    let kept: Vec<Lines> = drives.iter().map(|_| Lines::default()).collect();
    let drives = drives.into_iter().zip(&kept).map(|(drive, lines)| {
        let drive = Kept { drive: Recording::new(drive), lines: Arc::clone(lines) };
        Box::new(drive) as Box<dyn Transport>
    });
    let served = virtio_scsi::serve(&socket, drives.collect())?;
    let report = scripts::run(&guest, script, files, |qemu| {
        // The memory of the guest is shared with whoever serves its drives.
        let size = format!("memory-backend-memfd,id=shared,size={MEBIBYTES}M,share=on");
        qemu.args(["-object", &size, "-machine", "memory-backend=shared"]);
        qemu.arg("-chardev").arg(format!("socket,id=drives,path={}", socket.display()));
        qemu.args(["-device", "vhost-user-scsi-pci,chardev=drives,num_queues=1"]);
    })?;
    served.wait()?;
    let commands = kept.iter().map(|lines| lock(lines).drain(..).collect()).collect();
    Ok((report, commands))
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
pub fn blank(
    folder: &Path,
    name: &str,
    kind: native_agent::virtual_drive::MediumKind,
) -> Result<(VirtualDrive, PathBuf)> {
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

/// A sector of a CD with all that is around its user data.
pub fn raw_sector(disc: &Path, lba: u32) -> Result<[u8; RAW_SECTOR]> {
    let mut drive = VirtualDrive::open(disc)?;
    let [a, b, c, d] = lba.to_be_bytes();
    // READ CD of one sector, with everything.
    let read = [0xbe, 0, a, b, c, d, 0, 0, 1, 0xf8, 0, 0];
    let mut sector = [0; RAW_SECTOR];
    let moved = drive
        .execute(&read, Data::In(&mut sector), Duration::from_secs(60))
        .or_else(|_| drive.execute(&read, Data::In(&mut sector), Duration::from_secs(60)))?;
    ensure!(moved == RAW_SECTOR, "the drive gave {moved} bytes of sector {lba}");
    Ok(sector)
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
