//! Burning programs of others, in a guest, on virtual drives of ours: they reach them through the kernel as they reach real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use native_agent::scsi::{Data, Recording, ScsiError, Transport};
use native_agent::virtual_drive::VirtualDrive;
use sha2::{Digest as _, Sha256};

use crate::guest::{Guest, Kind, answered};
use crate::{cache, virtio_scsi};

/// The guest with the burning programs in it.
const BURNERS: Kind = Kind {
    name: "burners",
    init: "burner-init.sh",
    modules: "virtio_pci virtio_scsi virtio_blk virtio_console sr_mod sg isofs udf nls_utf8 nls_iso8859-1",
    programs: &["xorriso", "cdrskin", "growisofs", "dvd+rw-tools", "wodim", "sg3-utils"],
    memory: MEBIBYTES,
};
const MEBIBYTES: u32 = 1024;

/// One command of a script: what it was called, how it ended, and what it and the drive said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// The exit status; 124 when it took too long.
    pub status: i32,
    /// Its lines, of both outputs.
    pub said: Vec<String>,
}

/// What came of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In order.
    pub steps: Vec<Step>,
    /// SHA-256 of drives that were read, in order.
    pub hashes: Vec<String>,
    /// What the kernel said of the drives.
    pub kernel: Vec<String>,
    /// The commands that each drive was sent, a line each.
    pub commands: Vec<Vec<String>>,
}

impl Report {
    /// The step of this name.
    pub fn step(&self, name: &str) -> Result<&Step> {
        self.steps.iter().find(|step| step.name == name).with_context(|| format!("no step {name}"))
    }
}

impl Step {
    /// An error with what it said, unless it ended well.
    pub fn succeeded(&self) -> Result<()> {
        ensure!(self.status == 0, "{}: status {}: {}", self.name, self.status, self.text());
        Ok(())
    }

    /// What it said.
    pub fn text(&self) -> String {
        self.said.join("\n")
    }
}

/// Has a guest carry out a script of `sh` with our drives as `/dev/sr0` and so on, and `files` as `/dev/vdb` and so on.
///
/// The script has what `oracles/burner-init.sh` defines: `drive N`, `step NAME SECONDS COMMAND...`,
/// `reload DRIVE`, `hash DRIVE BLOCKS [START]`.
pub fn run(script: &str, drives: Vec<VirtualDrive>, files: &[&Path]) -> Result<Report> {
    let guest = Guest::prepare(&BURNERS)?;
    let scratch = cache::scratch()?;
    let within = |name: &str| scratch.path().join(name);
    let (socket, answer, job) = (within("drives"), within("answer"), within("script"));
    fs::write(&job, whole_sectors(script)).context("cannot write the script")?;
    let mut qemu = guest.machine("", &answer)?;
    // The memory of the guest is shared with whoever serves its drives.
    let size = format!("memory-backend-memfd,id=shared,size={MEBIBYTES}M,share=on");
    qemu.args(["-object", &size, "-machine", "memory-backend=shared"]);
    qemu.arg("-chardev").arg(format!("socket,id=drives,path={}", socket.display()));
    qemu.args(["-device", "vhost-user-scsi-pci,chardev=drives,num_queues=1"]);
    for file in [job.as_path()].iter().chain(files) {
        let options = "if=virtio,format=raw,readonly=on,file.locking=off";
        qemu.arg("-drive").arg(format!("{options},file={}", file.display()));
    }
    let kept: Vec<Lines> = drives.iter().map(|_| Lines::default()).collect();
    let drives = drives.into_iter().zip(&kept).map(|(drive, lines)| {
        let drive = Kept { drive: Recording::new(drive), lines: Arc::clone(lines) };
        Box::new(drive) as Box<dyn Transport>
    });
    let served = virtio_scsi::serve(&socket, drives.collect())?;
    let text = answered(&mut qemu, &answer)?;
    served.wait()?;
    let commands = kept.iter().map(|lines| lock(lines).drain(..).collect()).collect();
    Ok(Report { commands, ..read_report(&text)? })
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

/// A disk has whole sectors; line ends fill the last.
fn whole_sectors(script: &str) -> Vec<u8> {
    let mut bytes = script.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(512), b'\n');
    bytes
}

fn read_report(text: &str) -> Result<Report> {
    let mut report = Report::default();
    for line in text.lines() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "kernel" | "end" => {}
            "step" => {
                let (status, name) = rest.split_once(' ').context("a step without a name")?;
                let status = status.parse().context("a step without a status")?;
                report.steps.push(Step { name: name.to_owned(), status, said: Vec::new() });
            }
            "said" => {
                let step = report.steps.last_mut().context("words before the first step")?;
                step.said.push(rest.to_owned());
            }
            "hash" => report.hashes.extend(rest.split(' ').next().map(str::to_owned)),
            "kernel-said" => report.kernel.push(rest.to_owned()),
            _ => bail!("the guest says {line:?}"),
        }
    }
    Ok(report)
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

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let text =
            "kernel 6.1\nstep 0 burn\nsaid a b\nsaid \nhash 00ff /dev/sr0\nstep 5 close\nend\n";
        let report = read_report(text).unwrap();
        assert_eq!(report.hashes, ["00ff"]);
        assert_eq!(report.step("burn").unwrap().said, ["a b", ""]);
        assert!(report.step("close").unwrap().succeeded().is_err());
        assert!(read_report("what\n").is_err());
    }
}
