//! Does it start? Boot images whose loaders say so on the serial line, and machines that are started from an image.

mod payload;
mod sector;
pub mod tables;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

pub use payload::Payload;

use crate::{cache, emulator};

/// Firmware under which a machine starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Firmware {
    /// SeaBIOS.
    Bios,
    /// OVMF.
    Uefi,
}

/// What a machine takes the image for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drive {
    /// A disc in an optical drive.
    Disc,
    /// A USB stick.
    Usb,
}

/// Under emulation UEFI takes some fifteen seconds, more when other tests run beside it.
const LIMIT: Duration = Duration::from_secs(100);

/// Starts a machine from `image` and waits until all of `words` came over the serial line, which is returned.
pub fn start(image: &Path, firmware: Firmware, drive: Drive, words: &[&str]) -> Result<String> {
    let scratch = cache::scratch()?;
    let line = scratch.path().join("serial");
    let mut qemu = emulator::machine(256)?;
    qemu.arg("-serial").arg(format!("file:{}", line.display()));
    let options = "format=raw,readonly=on,file.locking=off";
    qemu.arg("-drive").arg(format!("if=none,id=image,file={},{options}", image.display()));
    match drive {
        Drive::Disc => qemu.args(["-device", "ide-cd,drive=image,bootindex=0"]),
        Drive::Usb => {
            qemu.args(["-device", "qemu-xhci", "-device", "usb-storage,drive=image,bootindex=0"])
        }
    };
    if firmware == Firmware::Uefi {
        let variables = scratch.path().join("variables");
        fs::copy("/usr/share/OVMF/OVMF_VARS_4M.fd", &variables).context("no OVMF")?;
        let code = "/usr/share/OVMF/OVMF_CODE_4M.fd";
        qemu.arg("-drive").arg(format!("if=pflash,format=raw,readonly=on,file={code}"));
        qemu.arg("-drive").arg(format!("if=pflash,format=raw,file={}", variables.display()));
        // OVMF of 2022 stops at a repaired fault of later emulators unless told otherwise.
        qemu.args(["-fw_cfg", "name=opt/org.tianocore/X-Cpuhp-Bugcheck-Override,string=yes"]);
    }
    let errors = scratch.path().join("errors");
    let stderr = fs::File::create(&errors).context("cannot keep the emulator's complaints")?;
    let machine = qemu.stdout(Stdio::null()).stderr(stderr).spawn();
    let machine = Running(machine.context("cannot start the emulator")?);
    let said = listen(machine, &line, words);
    said.with_context(|| fs::read_to_string(&errors).unwrap_or_default())
}

/// A machine that is switched off when it is no longer needed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn listen(mut machine: Running, line: &Path, words: &[&str]) -> Result<String> {
    let end = Instant::now() + LIMIT;
    loop {
        let ended = machine.0.try_wait()?.is_some();
        let said = plain(&fs::read(line).unwrap_or_default());
        let missing: Vec<_> = words.iter().filter(|word| !said.contains(**word)).collect();
        if missing.is_empty() {
            return Ok(said);
        }
        if ended || Instant::now() > end {
            bail!("nothing of {missing:?} in what the machine said: {said:?}");
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// What is left to read of what a terminal is told: no escape sequences, and lines as they are here.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::new();
    let mut characters = text.chars().filter(|c| *c != '\r');
    while let Some(c) = characters.next() {
        if c != '\u{1b}' {
            plain.push(c);
            continue;
        }
        // CSI: everything up to a letter. Others have one character.
        if characters.next() == Some('[') {
            let _ = characters.by_ref().find(char::is_ascii_alphabetic);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_left_out() {
        assert_eq!(plain(b"\x1b[2J\x1b[01;01Ha\x1b=b\r\nc"), "ab\nc");
    }
}
