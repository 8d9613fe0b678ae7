//! tgt: a DVD+R recorder behind iSCSI, on a port of this machine that nobody else reaches.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::packages::{self, From};
use crate::run::{command, output, tail};

const NAME: &str = "iqn.2026-01.test:cd";
const STEP: Duration = Duration::from_secs(30);

/// The daemon, with a blank disc in its drive. It ends when this is dropped.
#[derive(Debug)]
pub struct Tgt {
    daemon: Child,
    port: u16,
    disc: PathBuf,
}

impl Tgt {
    /// Starts it; its files lie in `folder`.
    pub fn start(folder: &Path) -> Result<Self> {
        let programs = packages::unpacked("tgt", &["tgt"], From::System("tgt"))?;
        let disc = folder.join("disc");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let tool = |name: &str| {
            let mut tool = command(programs.join("usr/sbin").join(name));
            tool.env("LD_LIBRARY_PATH", packages::libraries(&programs));
            tool.env("TGT_IPC_SOCKET", folder.join("socket"));
            tool
        };
        let mut image = tool("tgtimg");
        image.args(["--op", "new", "--device-type", "cd", "--type", "dvd+r", "--file"]).arg(&disc);
        done(&mut image)?;
        let mut daemon = tool("tgtd");
        daemon.args(["-f", "-C", "0", "--iscsi", &format!("portal=127.0.0.1:{port}")]);
        let log = fs::File::create(folder.join("log"))?;
        daemon.stdout(Stdio::null()).stderr(log);
        let daemon = daemon.spawn().context("cannot start tgtd")?;
        let tgt = Self { daemon, port, disc };
        tgt.wait()?;
        let administer = |arguments: &[&str]| {
            let mut admin = tool("tgtadm");
            admin.args(["-C", "0", "--lld", "iscsi"]).args(arguments);
            done(&mut admin)
        };
        let disc = tgt.disc.to_string_lossy();
        let unit = ["--mode", "logicalunit", "--tid", "1", "--lun", "1"];
        administer(&["--op", "new", "--mode", "target", "--tid", "1", "-T", NAME])?;
        administer(&[&["--op", "new"], &unit[..], &["--device-type", "cd", "-b", &disc]].concat())?;
        administer(&[&["--op", "update"], &unit[..], &["--params", "removable=1"]].concat())?;
        administer(&["--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL"])?;
        Ok(tgt)
    }

    /// Until it listens.
    fn wait(&self) -> Result<()> {
        let end = Instant::now() + STEP;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let says = || fs::read_to_string(self.disc.with_file_name("log")).unwrap_or_default();
            ensure!(Instant::now() < end, "tgtd does not listen on {}: {}", self.port, says());
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Puts the drive into a machine, which passes commands on as they are.
    pub fn attach(&self, qemu: &mut Command) {
        let drive =
            format!("if=none,id=tgt,file=iscsi://127.0.0.1:{}/{NAME}/1,format=raw", self.port);
        qemu.args(["-device", "virtio-scsi-pci", "-drive", &format!("{drive},cache=none")]);
        qemu.args(["-device", "scsi-generic,drive=tgt"]);
    }

    /// The file that holds what is recorded.
    #[must_use]
    pub fn disc(&self) -> &Path {
        &self.disc
    }
}

impl Drop for Tgt {
    fn drop(&mut self) {
        // It does not end by itself while it has targets.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn done(command: &mut Command) -> Result<()> {
    let done = output(command, STEP)?;
    let name = command.get_program().to_string_lossy();
    ensure!(done.status.success(), "{name}: {} {}", tail(&done.text()), tail(&done.stderr));
    Ok(())
}
