//! Drives that are in use, that may not be used, or that vanish, in a Linux guest: what our program says and how it ends.

use std::process::ExitCode;

use anyhow::Result;

#[cfg(not(target_os = "linux"))]
fn main() -> Result<ExitCode> {
    eprintln!("left out: drives are served to a guest on Linux only");
    Ok(ExitCode::SUCCESS)
}

#[cfg(target_os = "linux")]
fn main() -> Result<ExitCode> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::process::ExitCode;

    use anyhow::{Context, Result, ensure};
    use libtest_mimic::{Arguments, Failed, Trial};
    use native_agent::virtual_drive::MediumKind;
    use tests::{burning, cache, foreign, image};

    /// What is done, how our program ends (README: 5 is a fault of the drive, 4 one of the medium), and words it says.
    struct Case {
        name: &'static str,
        before: &'static str,
        command: &'static str,
        after: &'static str,
        status: i32,
        says: &'static [&'static str],
    }

    const BURN: &str = "/tmp/discwright burn /dev/sr0 /tmp/image.iso --overwrite";

    const CASES: &[Case] = &[
        Case {
            name: "a drive that nobody uses",
            before: "",
            command: BURN,
            after: "blockdev --flushbufs /dev/sr0\nmount -t iso9660 -o ro /dev/sr0 /mnt\n\
                    sleep 1000 </mnt/noise.bin &\nkeeper=$!\n",
            status: 0,
            says: &[],
        },
        Case {
            name: "a disc that is mounted and open",
            before: "",
            command: BURN,
            after: "kill $keeper\nwait $keeper\n",
            status: 5,
            says: &["/dev/sr0 is mounted at /mnt", "unmount"],
        },
        Case {
            name: "a disc that is mounted, and nothing on it is open",
            before: "",
            command: BURN,
            after: "step 'it is not mounted any more' 10 sh -c '! grep -q /mnt /proc/mounts'\n",
            status: 0,
            says: &[],
        },
        Case {
            name: "a drive that another program writes to",
            before: "sleep 1000 | xorriso -dialog on -outdev /dev/sr0 >/tmp/holder 2>&1 &\n\
                     tries=0\nuntil grep -q Media /tmp/holder || [ $tries -gt 100 ]; do\n\
                     tries=$((tries + 1)); sleep 0.2; done\n",
            command: BURN,
            after: "killall sleep xorriso\nsleep 1\n",
            status: 5,
            says: &["/dev/sr0 is used by xorriso (process ", "end the program"],
        },
        Case {
            name: "a drive that the user may not open",
            before: "chmod 600 /dev/sr0\n",
            command: "su -s /bin/sh messagebus -c '/tmp/discwright burn /dev/sr0 /tmp/image.iso --overwrite'",
            after: "",
            status: 5,
            says: &["no permission to use /dev/sr0", "cdrom"],
        },
        Case {
            name: "a drive that is not there",
            before: "",
            command: "/tmp/discwright burn /dev/sr9 /tmp/image.iso",
            after: "",
            status: 5,
            says: &["there is no drive /dev/sr9", "discwright drives"],
        },
        Case {
            name: "a device that is no drive",
            before: "",
            command: "/tmp/discwright burn /dev/vda /tmp/image.iso",
            after: "",
            status: 5,
            says: &["/dev/vda is not an optical drive"],
        },
        Case {
            name: "a drive that vanishes while it writes",
            before: "(sleep 4; echo 1 >/sys/block/sr0/device/delete) &\n",
            command: "/tmp/discwright burn /dev/sr0 /tmp/large.iso --overwrite",
            after: "",
            status: 5,
            says: &["the drive went away", "check cable and power"],
        },
    ];

    pub(super) fn main() -> Result<ExitCode> {
        let arguments = Arguments::from_args();
        let trials = vec![Trial::test("a drive and who has it", || {
            check().map_err(|error| Failed::from(format!("{error:#}")))
        })];
        Ok(libtest_mimic::run(&arguments, trials).exit_code())
    }

    /// All in one guest, one after the other.
    fn check() -> Result<()> {
        let scratch = cache::scratch()?;
        let program = foreign::stripped(scratch.path())?;
        let (image, _) = image::of_noise(scratch.path())?;
        let (drive, _) = burning::blank(scratch.path(), "disc", MediumKind::DvdRam)?;
        let mut script = "cp /dev/vdb /tmp/discwright\nchmod +x /tmp/discwright\n\
                          cp /dev/vdc /tmp/image.iso\nmkdir -p /mnt\n\
                          cp /tmp/image.iso /tmp/large.iso\ntruncate -s 400M /tmp/large.iso\n\
                          drive 0\n"
            .to_owned();
        for Case { name, before, command, after, .. } in CASES {
            script += &format!("{before}step '{name}' 300 {command}\n{after}");
        }
        let (report, commands) = burning::run(&script, vec![drive], &[&program, &image])?;
        for Case { name, status, says, .. } in CASES {
            let step = report.step(name)?;
            let told = || format!("{name}: status {}: {}", step.status, step.text());
            ensure!(step.status == *status, told());
            for words in *says {
                ensure!(step.text().contains(words), "{words:?} is not said: {}", told());
            }
        }
        report.step("it is not mounted any more")?.succeeded()?;
        let commands = commands.first().context("no commands")?;
        ensure!(commands.iter().any(|line| line.contains("WRITE")), "nothing was written");
        Ok(())
    }
}
