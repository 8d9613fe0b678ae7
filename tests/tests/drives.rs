//! Our program burns to drives that others have emulated, in a Linux guest: every disc reads back equal and the kernel mounts it.

use std::process::ExitCode;

use anyhow::Result;

#[cfg(not(target_os = "linux"))]
fn main() -> Result<ExitCode> {
    eprintln!("left out: the drives are in a guest that only Linux starts");
    Ok(ExitCode::SUCCESS)
}

#[cfg(target_os = "linux")]
fn main() -> Result<ExitCode> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;

    use anyhow::{Context, Result, ensure};
    use libtest_mimic::{Arguments, Failed, Trial};
    use tests::scripts::Report;
    use tests::tgt::Tgt;
    use tests::{cache, foreign, image};

    /// A disc of CDEmu: its name here, its medium, what it is recorded with, and how we are told to burn.
    struct Disc {
        name: &'static str,
        medium: &'static str,
        burn: &'static str,
    }

    const fn disc(name: &'static str, medium: &'static str, burn: &'static str) -> Disc {
        Disc { name, medium, burn }
    }

    /// CDEmu cannot have a second session: the daemon of Debian dies when it is asked about a CD that is left open.
    const DISCS: &[Disc] = &[
        disc("CD-R, the session at once", "cdr80", "--close --write-mode sao"),
        disc("CD-R, a track at once", "cdr80", "--close --write-mode tao"),
        disc("CD-R, raw", "cdr80", "--close --write-mode raw"),
        disc("DVD+R, closed", "dvd+r", "--close"),
        disc("DVD+R, left open", "dvd+r", "--append"),
        disc("BD-R, closed", "bdr", "--close"),
        disc("BD-R, left open", "bdr", "--append"),
    ];

    /// What every burn is told besides.
    const BURN: &str = "/tmp/discwright burn /dev/sr0 /tmp/image.iso --verify full --json";

    pub(super) fn main() -> Result<ExitCode> {
        let arguments = Arguments::from_args();
        let trials = vec![
            Trial::test("CDEmu", || run(cdemu)),
            Trial::test("tcmu-runner", || run(tcmu)),
            Trial::test("tgt", || run(tgt)),
        ];
        Ok(libtest_mimic::run(&arguments, trials).exit_code())
    }

    /// The image that is burned and what is in it.
    struct Input {
        image: PathBuf,
        bytes: Vec<u8>,
        noise: Vec<u8>,
    }

    impl Input {
        fn blocks(&self) -> usize {
            self.bytes.len() / 2048
        }

        fn hash(&self) -> String {
            tests::burning::sha256(&self.bytes)
        }
    }

    fn run(check: fn(&Path, &Input) -> Result<()>) -> Result<(), Failed> {
        let checked = || -> Result<()> {
            let scratch = cache::scratch()?;
            let input = input(scratch.path())?;
            check(scratch.path(), &input)
        };
        checked().map_err(|error| format!("{error:#}").into())
    }

    fn input(folder: &Path) -> Result<Input> {
        let (image, noise) = image::of_noise(folder)?;
        let bytes = fs::read(&image)?;
        Ok(Input { image, bytes, noise })
    }

    const fn start() -> &'static str {
        "cp /dev/vdc /tmp/image.iso\n"
    }

    /// After a burn: the kernel reads the image, and mounts it.
    fn look(name: &str, blocks: usize) -> String {
        format!(
            "hash /dev/sr0 {blocks}\n\
             step '{name}: mounts' 60 mount -t iso9660 -o ro /dev/sr0 /mnt\n\
             step '{name}: holds' 60 sha256sum /mnt/noise.bin\numount /mnt\n\
             step '{name}: is known' 60 /tmp/discwright info /dev/sr0\n"
        )
    }

    fn all_well(report: &Report, input: &Input, discs: usize) -> Result<()> {
        for step in &report.steps {
            step.succeeded().with_context(|| format!("the kernel said {:?}", report.kernel))?;
            if step.name.ends_with("holds") {
                let wanted = tests::burning::sha256(&input.noise);
                ensure!(step.text().starts_with(&wanted), "{}: {}", step.name, step.text());
            }
        }
        ensure!(report.hashes == vec![input.hash(); discs], "the kernel reads something else");
        Ok(())
    }

    fn cdemu(_: &Path, input: &Input) -> Result<()> {
        let mut script = start().to_owned();
        for Disc { name, medium, burn } in DISCS {
            let (look, size) = (look(name, input.blocks()), input.bytes.len());
            script += &format!(
                "disc {medium} ISO\nstep '{name}' 300 {BURN} {burn}\nturn\n{look}\
                 step '{name}: recorded' 60 cmp -n {size} /tmp/image.iso $recorded\n"
            );
        }
        let report = foreign::run(&["cdemu.sh"], &script, &[&input.image], None)?;
        all_well(&report, input, DISCS.len())
    }

    fn tcmu(_: &Path, input: &Input) -> Result<()> {
        let name = "DVD-RAM";
        let (look, size) = (look(name, input.blocks()), input.bytes.len());
        let mut script = start().to_owned();
        script += &format!(
            "step '{name}' 300 {BURN}\n{look}\
             step '{name}: recorded' 60 cmp -n {size} /tmp/image.iso /tmp/ram.img\n{GROW}"
        );
        let report = foreign::run(&["tcmu.sh"], &script, &[&input.image], None)?;
        all_well(&report, input, 1)
    }

    /// Something is added, twice; all of it is there, and the kernel reads it.
    const GROW: &str = "\
        mkdir /tmp/more\n\
        head -c 3000000 /dev/urandom >/tmp/more/random.bin\n\
        step 'grown' 300 /tmp/discwright burn /dev/sr0 --append 1=/tmp/more --verify full\n\
        step 'grown again' 300 /tmp/discwright burn /dev/sr0 --append 2=/tmp/more --verify full\n\
        blockdev --flushbufs /dev/sr0\n\
        step 'grown: mounts' 60 mount -t iso9660 -o ro /dev/sr0 /mnt\n\
        step 'grown: first' 60 cmp /tmp/more/random.bin /mnt/1/random.bin\n\
        step 'grown: second' 60 cmp /tmp/more/random.bin /mnt/2/random.bin\n\
        step 'grown: holds' 60 sha256sum /mnt/noise.bin\n\
        umount /mnt\n";

    /// tgt is DVD-ROM once it is closed, and holds the image in its file.
    fn tgt(folder: &Path, input: &Input) -> Result<()> {
        let tgt = Tgt::start(folder)?;
        let name = "DVD+R";
        let look = look(name, input.blocks());
        let script =
            format!("{}drive 0\nstep '{name}' 300 {BURN} --close\nanew 0\n{look}", start());
        let report = foreign::run(&[], &script, &[&input.image], Some(&tgt))?;
        all_well(&report, input, 1)?;
        let recorded = fs::read(tgt.disc())?;
        ensure!(recorded.starts_with(&input.bytes), "the disc of tgt holds something else");
        Ok(())
    }
}
