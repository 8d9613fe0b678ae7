//! Boot loaders of others, set up to say that they run and to read a file of the image.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::sector::sector;
use crate::cache;
use crate::packages;
use crate::run::{command, output, tail};

const LIMIT: Duration = Duration::from_secs(120);

/// Modules of GRUB that the loaders have in them.
const MODULES: [&str; 9] = [
    "serial",
    "iso9660",
    "udf",
    "search",
    "search_fs_file",
    "echo",
    "cat",
    "part_gpt",
    "part_msdos",
];

/// A folder to make images of, with loaders in it, and what else it takes to start them.
#[derive(Debug)]
pub struct Payload {
    folder: tempfile::TempDir,
}

impl Payload {
    /// What the file says that every loader of a file system reads from the image.
    pub const FILE: &str = "read from the image";

    /// Makes it, with packages that are installed when they are missing.
    pub fn make() -> Result<Self> {
        packages::booting()?;
        let payload = Self { folder: cache::scratch()? };
        let tree = payload.tree();
        fs::create_dir_all(tree.join("isolinux"))?;
        fs::create_dir_all(tree.join("boot"))?;
        fs::write(tree.join("marker.txt"), format!("{}\n", Self::FILE))?;
        payload.isolinux()?;
        payload.grub()?;
        payload.sectors()?;
        Ok(payload)
    }

    /// The folder that the image is made of.
    pub fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    /// A file beside the folder, which is not in the image.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// ISOLINUX says what its configuration tells it to, which it reads from the image.
    fn isolinux(&self) -> Result<()> {
        let folder = self.tree().join("isolinux");
        let said = format!("SERIAL 0 115200\nSAY ISOLINUX {}\nPROMPT 1\nTIMEOUT 0\n", Self::FILE);
        fs::write(folder.join("isolinux.cfg"), said)?;
        take("/usr/lib/ISOLINUX/isolinux.bin", &folder.join("isolinux.bin"))?;
        take("/usr/lib/syslinux/modules/bios/ldlinux.c32", &folder.join("ldlinux.c32"))?;
        take("/usr/lib/ISOLINUX/isohdpfx.bin", &self.beside("isohdpfx.bin"))
    }

    fn grub(&self) -> Result<()> {
        let boot = self.tree().join("boot");
        self.grub_image("i386-pc-eltorito", &["biosdisk", "terminal"], &boot.join("grub.img"))?;
        let program = self.beside("BOOTX64.EFI");
        self.grub_image("x86_64-efi", &["fat"], &program)?;
        take("/usr/lib/grub/i386-pc/boot_hybrid.img", &self.beside("boot_hybrid.img"))?;
        let image = boot.join("efi.img");
        let name = |to: &str| format!("::{to}");
        run(command("mformat")
            .args(["-C", "-f", "2880", "-N", "20262026", "-i"])
            .arg(&image)
            .arg("::"))?;
        for folder in ["/EFI", "/EFI/BOOT"] {
            run(command("mmd").arg("-i").arg(&image).arg(name(folder)))?;
        }
        run(command("mcopy").arg("-i").arg(&image).arg(&program).arg(name("/EFI/BOOT/BOOTX64.EFI")))
    }

    /// A GRUB that says which it is, where it was started from, and what the file says.
    fn grub_image(&self, format: &str, more: &[&str], image: &Path) -> Result<()> {
        let script = self.beside(format);
        // OVMF copies its console to the serial line by itself.
        let terminal = if format.contains("pc") { "terminal_output serial\n" } else { "" };
        fs::write(
            &script,
            format!(
                "serial --unit=0 --speed=115200\n{terminal}search --no-floppy --set=image --file /marker.txt\n\
                 echo \"GRUB {format} from $cmdpath reads $image\"\ncat ($image)/marker.txt\n"
            ),
        )?;
        let mut make = command("grub-mkimage");
        make.args(["-O", format, "-p", "/boot/grub", "-c"]).arg(&script).arg("-o").arg(image);
        run(make.args(MODULES).args(more))
    }

    /// A diskette, and a disk with one partition.
    fn sectors(&self) -> Result<()> {
        let mut floppy = vec![0; 1_474_560];
        floppy[..512].copy_from_slice(&sector(0, "diskette started"));
        fs::write(self.tree().join("boot/floppy.img"), floppy)?;
        let mut disk = vec![0; 1008 * 512];
        disk[..512].copy_from_slice(&sector(0x80, "disk started"));
        // One active partition of FAT-12, from the second track on.
        let partition = [0x80, 1, 1, 0, 1, 15, 63, 0, 63, 0, 0, 0, 0xb1, 3, 0, 0];
        disk[446..462].copy_from_slice(&partition);
        fs::write(self.tree().join("boot/disk.img"), disk).context("no room for the disk image")
    }
}

fn take(from: &str, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).with_context(|| format!("no {from}"))
}

fn run(command: &mut Command) -> Result<()> {
    let done = output(command, LIMIT)?;
    let name = command.get_program().to_string_lossy();
    ensure!(done.status.success(), "{name} failed: {}", tail(&done.stderr));
    Ok(())
}
