//! Drives of others, emulated in a guest: our own program burns to them as it does to real ones.
//!
//! CDEmu has CD-R, DVD+R and BD-R behind a kernel module of its own; tcmu-runner has DVD-RAM behind the kernel's target; tgt
//! has DVD+R behind iSCSI, which QEMU passes on. What each of them cannot is told where it is used.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::cache;
use crate::guest::{Guest, Kind};
use crate::image;
use crate::run::{command, output, tail};
use crate::scripts::{self, Report};
use crate::tgt::Tgt;

/// The guest with the drives in it. CDEmu came to Debian after version 12.
const DRIVES: Kind = Kind {
    name: "drives",
    init: "script-init.sh",
    modules: "sr_mod sg virtio_pci virtio_scsi virtio_blk virtio_console isofs udf nls_utf8 nls_iso8859-1 vhba uio \
              target_core_user tcm_loop configfs",
    built: Some("vhba"),
    programs: &[
        "cdemu-daemon",
        "dbus-daemon",
        "libglib2.0-bin",
        "sg3-utils",
        "tcmu-runner",
        "libc6",
        "=vhba-dkms",
    ],
    suite: Some("trixie"),
    memory: 3072,
};

/// Has the guest carry out a [script](scripts::run) with our program as `/tmp/discwright` and `files` as `/dev/vdc` and so on.
/// The parts of `oracles/` named in `parts` are read first.
pub fn run(parts: &[&str], script: &str, files: &[&Path], tgt: Option<&Tgt>) -> Result<Report> {
    let guest = Guest::prepare(&DRIVES)?;
    let scratch = cache::scratch()?;
    let program = stripped(scratch.path())?;
    let mut whole =
        String::from("cp /dev/vdb /tmp/discwright\nchmod +x /tmp/discwright\nmkdir -p /mnt\n");
    for part in parts {
        whole += &fs::read_to_string(cache::scripts().join(part))
            .with_context(|| format!("cannot read {part}"))?;
    }
    whole += script;
    let disks = [&[program.as_path()], files].concat();
    scripts::run(&guest, &whole, &disks, |qemu| {
        if let Some(tgt) = tgt {
            tgt.attach(qemu);
        }
    })
}

/// Our program without its symbols, in whole sectors.
pub fn stripped(folder: &Path) -> Result<PathBuf> {
    let program = folder.join("discwright");
    let mut strip = command("strip");
    strip.arg("-o").arg(&program).arg(image::discwright()?.get_program());
    let done = output(&mut strip, Duration::from_secs(120))?;
    ensure!(done.status.success(), "cannot strip the program: {}", tail(&done.stderr));
    let file = fs::File::options().append(true).open(&program)?;
    file.set_len(file.metadata()?.len().next_multiple_of(512))?;
    Ok(program)
}
