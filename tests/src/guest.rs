//! Linux in QEMU without hardware acceleration: Debian's kernel, a root in memory, and an answer over a serial port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::packages::{self, From};
use crate::run::{command, output, tail};
use crate::{cache, emulator};

/// A kind of guest: what is in its root, made once.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name of the archive of the root.
    pub name: &'static str,
    /// The script that is its first process, of those in `oracles/`.
    pub init: &'static str,
    /// Modules of the kernel, in the order in which they are loaded. Where there are several drives, `sr_mod` comes before what
    /// finds them: else two at a time look for their numbers, and drives may change places.
    pub modules: &'static str,
    /// A module that comes as source in a package of this name, among the programs.
    pub built: Option<&'static str>,
    /// Packages whose programs it has, besides busybox.
    pub programs: &'static [&'static str],
    /// The suite they are from, if not the one of the system.
    pub suite: Option<&'static str>,
    /// Of memory, in MiB.
    pub memory: u32,
}

/// Kernel and root of a guest, and what it takes to run it.
#[derive(Debug)]
pub struct Guest {
    kernel: PathBuf,
    root: PathBuf,
    memory: u32,
}

impl Guest {
    /// Makes what is not made yet.
    pub fn prepare(kind: &Kind) -> Result<Self> {
        // Tests that need the same guest make it once.
        let _held = cache::alone("guest")?;
        let kernel_package =
            packages::unpacked("kernel", &["linux-image-amd64"], From::System("linux-image"))?;
        // Every package counts as missing, so that the guest has its own C library and all else.
        let programs = match kind.programs {
            [] => None,
            wanted => {
                let from = kind.suite.map_or(From::System(""), From::Suite);
                Some(packages::unpacked(kind.name, wanted, from)?)
            }
        };
        let scripts = cache::scripts();
        let (init, make) = (scripts.join(kind.init), scripts.join("make-guest.sh"));
        let folder = cache::folder("guest")?;
        let root = folder.join(kind.name).with_extension("cpio");
        let mut from = vec![init.clone(), make.clone(), kernel_package.join(".complete")];
        from.extend(programs.as_ref().map(|folder| folder.join(".complete")));
        if let (Some(module), Some(programs)) = (kind.built, &programs) {
            from.push(packages::kernel_module(&kernel_package, programs, module)?);
        }
        // The date of the archive does not tell which modules are in it.
        let stamp = folder.join(kind.name).with_extension("modules");
        let same = fs::read_to_string(&stamp).is_ok_and(|modules| modules == kind.modules);
        if !same || cache::is_stale(&root, &from.iter().map(PathBuf::as_path).collect::<Vec<_>>()) {
            let mut make_guest = command("bash");
            make_guest.arg(&make).arg(&kernel_package).arg(&root).arg(&init).arg(kind.modules);
            make_guest.args(&programs);
            let done = output(&mut make_guest, Duration::from_secs(600))?;
            ensure!(done.status.success(), "cannot make the guest: {}", tail(&done.stderr));
            fs::write(&stamp, kind.modules).context("cannot keep what the guest is made of")?;
        }
        Ok(Self { kernel: folder.join("vmlinux"), root, memory: kind.memory })
    }

    /// A machine that starts it, to which drives may be added. The kernel is told `task`; what the guest says on the port comes
    /// to be in the file `answer`.
    pub fn machine(&self, task: &str, answer: &Path) -> Result<Command> {
        let mut qemu = emulator::machine(self.memory)?;
        let quiet = "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable cryptomgr.notests";
        // Its look at the timer takes so little time that on a busy machine no tick may come, and then it panics.
        let quiet = format!("{quiet} no_timer_check");
        qemu.args(["-serial", "stdio"]);
        qemu.arg("-kernel").arg(&self.kernel).arg("-initrd").arg(&self.root);
        qemu.arg("-append").arg(format!("{quiet} {task}"));
        qemu.args(["-device", "virtio-serial-pci", "-device", "virtserialport,chardev=answer"]);
        qemu.arg("-chardev").arg(format!("file,id=answer,path={}", answer.display()));
        Ok(qemu)
    }
}

/// Runs the guest to its end; returns what it wrote.
pub fn answered(qemu: &mut Command, answer: &Path) -> Result<String> {
    let done = output(qemu, Duration::from_secs(3600))?;
    let bytes = fs::read(answer)
        .with_context(|| format!("no answer from the guest: {}", tail(&done.text())))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    ensure!(
        text.ends_with("end\n"),
        "the guest did not finish ({}): {} {} {}",
        done.status,
        tail(&text),
        tail(&done.text()),
        tail(&done.stderr)
    );
    Ok(text)
}
