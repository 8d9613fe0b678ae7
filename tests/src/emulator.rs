//! QEMU without hardware acceleration, unpacked beside the system.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::packages::{self, From};
use crate::run::command;

/// The folder that QEMU was unpacked to.
pub fn folder() -> Result<PathBuf> {
    packages::unpacked("qemu", &["qemu-system-x86", "qemu-block-extra"], From::System("qemu"))
}

/// A machine with a processor and nothing else.
pub fn machine(mebibytes: u32) -> Result<Command> {
    let folder = folder()?;
    let within = |path: &str| folder.join(path);
    let mut qemu = command(within("usr/bin/qemu-system-x86_64"));
    qemu.env("LD_LIBRARY_PATH", packages::libraries(&folder));
    qemu.env("QEMU_MODULE_DIR", within("usr/lib/x86_64-linux-gnu/qemu"));
    for data in ["usr/share/qemu", "usr/share/seabios"] {
        qemu.arg("-L").arg(within(data));
    }
    qemu.args(["-accel", "tcg", "-M", "pc", "-cpu", "Nehalem", "-nodefaults", "-nographic"]);
    qemu.args(["-no-reboot", "-vga", "none", "-m", &mebibytes.to_string()]);
    Ok(qemu)
}
