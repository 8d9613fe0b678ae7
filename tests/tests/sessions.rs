//! Discs that are added to: by us, by xorriso, and by one after the other; with UDF, twice by us. The Linux kernel finds the
//! files of all sessions.

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
#[path = "sessions/udf.rs"]
mod udf;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;
    use std::sync::Arc;
    use std::time::Duration;

    use anyhow::{Context, Result, ensure};
    use libtest_mimic::{Arguments, Trial};
    use native_agent::virtual_drive::MediumKind::{
        self, BdR, BdRe, CdR, CdRw, DvdPlusR, DvdPlusRw, DvdR, DvdRam, DvdRw,
    };
    use native_agent::virtual_drive::{self, VirtualDrive};
    use tests::run::output;
    use tests::scripts::{self, Report};
    use tests::{burning, cache, image};

    pub(super) const KINDS: [MediumKind; 9] =
        [CdR, CdRw, DvdR, DvdRw, DvdPlusR, BdR, DvdPlusRw, DvdRam, BdRe];

    /// Who records the first session, and who adds to it.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    enum Who {
        UsThenUs,
        UsThenXorriso,
        XorrisoThenUs,
    }

    impl Who {
        const ALL: [Self; 3] = [Self::UsThenUs, Self::UsThenXorriso, Self::XorrisoThenUs];

        const fn words(self) -> &'static str {
            match self {
                Self::UsThenUs => "we add to ours",
                Self::UsThenXorriso => "xorriso adds to ours",
                Self::XorrisoThenUs => "we add to that of xorriso",
            }
        }
    }

    struct Disc {
        name: String,
        who: Who,
        path: PathBuf,
    }

    /// What is recorded first, and what is added: a folder here, with one file whose bytes the guest has as a disk.
    pub(super) struct Part {
        pub(super) folder: PathBuf,
        pub(super) bytes: PathBuf,
        pub(super) hash: String,
    }

    impl Part {
        pub(super) fn new(scratch: &Path, name: &str, factor: u32) -> Result<Self> {
            let folder = scratch.join(name);
            fs::create_dir(&folder)?;
            let bytes: Vec<u8> =
                (0..1_100_288u32).map(|n| (n.wrapping_mul(factor) >> 11) as u8).collect();
            let file = folder.join(name).with_extension("bin");
            fs::write(&file, &bytes)?;
            Ok(Self { folder, bytes: file, hash: burning::sha256(&bytes) })
        }
    }

    pub(super) fn main() -> Result<ExitCode> {
        let arguments = Arguments::from_args();
        let scratch = cache::scratch()?;
        let mut trials = Vec::new();
        if !arguments.list {
            let first = Part::new(scratch.path(), "first", 2_654_435_761)?;
            let second = Part::new(scratch.path(), "second", 2_246_822_519)?;
            let discs = discs(scratch.path(), &arguments)?;
            let seen = Arc::new(record(&discs, &first, &second)?);
            let volumes = super::udf::volumes(scratch.path(), &arguments)?;
            trials.extend(super::udf::trials(volumes, scratch.path(), [&first, &second])?);
            let hashes = Arc::new([first.hash, second.hash]);
            for disc in discs {
                let (seen, hashes) = (Arc::clone(&seen), Arc::clone(&hashes));
                let name = disc.name.clone();
                let check =
                    move || check(&disc, &seen, &hashes).map_err(|e| format!("{e:#}").into());
                trials.push(Trial::test(name, check));
            }
        }
        Ok(libtest_mimic::run(&arguments, trials).exit_code())
    }

    fn discs(folder: &Path, arguments: &Arguments) -> Result<Vec<Disc>> {
        let mut discs = Vec::new();
        for kind in KINDS {
            for who in Who::ALL {
                let name = format!("{kind}: {}", who.words());
                if arguments.filter.as_ref().is_some_and(|part| !name.contains(part)) {
                    continue;
                }
                let path = folder.join(discs.len().to_string()).with_extension("vdisc");
                virtual_drive::create(&path, kind, None)?;
                discs.push(Disc { name, who, path });
            }
        }
        Ok(discs)
    }

    /// Two guests: in the first, xorriso does its part; in the second, the kernel looks at what came of all.
    fn record(discs: &[Disc], first: &Part, second: &Part) -> Result<[Report; 2]> {
        for disc in discs.iter().filter(|disc| disc.who != Who::XorrisoThenUs) {
            add(&disc.path, &first.folder, &[])?;
        }
        let mut script = String::from(
            "mkdir /tmp/first /tmp/second\n\
             cp /dev/vdb /tmp/first/first.bin\ncp /dev/vdc /tmp/second/second.bin\n",
        );
        let mut tasks = Vec::new();
        for (number, Disc { name, who, .. }) in discs.iter().enumerate() {
            let part = match who {
                Who::UsThenUs => continue,
                Who::UsThenXorriso => "second",
                Who::XorrisoThenUs => "first",
            };
            tasks.push(format!(
                "drive {number}\nstep '{name}' 300 xorriso -return_with FAILURE 32 -dev /dev/sr{number} \
                 -joliet on -padding 300k -map /tmp/{part} / -commit_eject none\n"
            ));
        }
        script += &scripts::side_by_side(&tasks);
        let files = [first.bytes.as_path(), second.bytes.as_path()];
        let (recorded, _) = burning::run(&script, drives(discs)?, &files)?;
        for disc in discs.iter().filter(|disc| disc.who != Who::UsThenXorriso) {
            add(&disc.path, &second.folder, &[])?;
        }
        let look = |(number, Disc { name, .. }): (usize, &Disc)| {
            format!(
                "drive {number}\nmkdir /mnt{number}\n\
                 step '{name}: mounts' 60 mount -t iso9660 -o ro /dev/sr{number} /mnt{number}\n\
                 step '{name}: first' 60 sha256sum /mnt{number}/first.bin\n\
                 step '{name}: second' 60 sha256sum /mnt{number}/second.bin\n\
                 umount /mnt{number}\n"
            )
        };
        let tasks: Vec<String> = discs.iter().enumerate().map(look).collect();
        let script = scripts::side_by_side(&tasks);
        let (seen, _) = burning::run(&script, drives(discs)?, &files)?;
        Ok([recorded, seen])
    }

    fn drives(discs: &[Disc]) -> Result<Vec<VirtualDrive>> {
        discs.iter().map(|disc| Ok(VirtualDrive::open(&disc.path)?)).collect()
    }

    pub(super) fn add(disc: &Path, folder: &Path, more: &[&str]) -> Result<()> {
        let mut burn = image::discwright()?;
        burn.arg("burn").arg(format!("virtual:{}", disc.display())).arg("--append");
        burn.args(more).arg(folder);
        let done = output(&mut burn, Duration::from_secs(120))?;
        ensure!(done.status.success(), "{}: {}", disc.display(), done.stderr);
        Ok(())
    }

    fn check(disc: &Disc, [recorded, seen]: &[Report; 2], hashes: &[String; 2]) -> Result<()> {
        if disc.who != Who::UsThenUs {
            recorded.step(&disc.name)?.succeeded()?;
        }
        seen.step(&format!("{}: mounts", disc.name))?.succeeded()?;
        for (part, hash) in ["first", "second"].into_iter().zip(hashes) {
            let step = seen.step(&format!("{}: {part}", disc.name))?;
            step.succeeded().with_context(|| format!("the kernel said {:?}", seen.kernel))?;
            ensure!(step.text().starts_with(hash.as_str()), "{part} is another: {}", step.text());
        }
        Ok(())
    }
}
