//! xorriso, cdrskin, growisofs and wodim burn to the virtual drive through a Linux kernel. What they wrote is on the disc.

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
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use anyhow::{Context, Result, ensure};
    use image_core::cd::{Msf, RAW_SECTOR, SUB_CHANNELS, mode_1_sector};
    use libtest_mimic::{Arguments, Failed, Trial};
    use native_agent::burn::Options;
    use native_agent::source::image_file::ImageFile;
    use native_agent::virtual_drive::MediumKind::{
        BdR, BdRDl, BdRe, CdR, CdRw, DvdPlusR, DvdPlusRDl, DvdPlusRw, DvdR, DvdRDl, DvdRam, DvdRw,
    };
    use native_agent::virtual_drive::{MediumKind, VirtualDrive};
    use tests::scripts::{self, Report};
    use tests::{burning, cache, image};

    /// A program and how it is told to burn `/dev/vdb` to the drive that takes the place of `DRIVE`.
    type Program = (&'static str, &'static str);

    const CDRSKIN: Program = ("cdrskin", "cdrskin -v dev=DRIVE /dev/vdb");
    const CDRSKIN_MULTI: Program = ("cdrskin, open", "cdrskin -v dev=DRIVE -multi /dev/vdb");
    const CDRSKIN_DAO: Program =
        ("cdrskin, at once", "cdrskin -v dev=DRIVE -sao tsize=BLOCKSs /dev/vdb");
    const CDRSKIN_FORMAT: Program =
        ("cdrskin, formats", "cdrskin -v dev=DRIVE blank=format_if_needed /dev/vdb");
    // A track at once ends with blocks that cannot be read, and the kernel, which reads ahead, gives up those before them as
    // well: hence the padding that burning programs have.
    const CDRSKIN_TAO: Program =
        ("cdrskin, track at once", "cdrskin -v dev=DRIVE -tao padsize=300k /dev/vdb");
    const CDRSKIN_TAO_MULTI: Program =
        ("cdrskin, track at once, open", "cdrskin -v dev=DRIVE -tao -multi padsize=300k /dev/vdb");
    // wodim measures how fast the machine moves bytes and makes sectors, and refuses a speed that is more than it finds, which in
    // a guest on a busy machine is anything.
    const WODIM: Program =
        ("wodim", "env CDR_NODMATEST=1 wodim -v dev=DRIVE -tao padsize=150s /dev/vdb");
    const WODIM_MULTI: Program =
        ("wodim, open", "env CDR_NODMATEST=1 wodim -v dev=DRIVE -tao -multi padsize=150s /dev/vdb");
    const WODIM_SAO: Program =
        ("wodim, at once", "env CDR_NODMATEST=1 wodim -v dev=DRIVE -sao tsize=BLOCKSs /dev/vdb");
    const WODIM_RAW: Program = (
        "wodim, raw",
        "env CDR_NODMATEST=1 CDR_FORCERAWSPEED=1 wodim -v dev=DRIVE speed=4 -raw96r tsize=BLOCKSs /dev/vdb",
    );
    const WODIM_RAW16: Program = (
        "wodim, raw with Q only",
        "env CDR_NODMATEST=1 CDR_FORCERAWSPEED=1 wodim -v dev=DRIVE speed=4 -raw16 tsize=BLOCKSs /dev/vdb",
    );
    const WODIM_BLANK: Program = (
        "wodim, blanks",
        "env CDR_NODMATEST=1 wodim -v dev=DRIVE blank=fast -sao tsize=BLOCKSs /dev/vdb",
    );
    const XORRISO: Program = ("xorriso", "xorriso -as cdrecord -v dev=DRIVE /dev/vdb");
    const GROWISOFS: Program = (
        "growisofs",
        "growisofs -use-the-force-luke=notray -use-the-force-luke=tty -Z DRIVE=/dev/vdb",
    );
    const GROWISOFS_DAO: Program = (
        "growisofs, at once",
        "growisofs -use-the-force-luke=notray -use-the-force-luke=tty -use-the-force-luke=dao -dvd-compat -Z DRIVE=/dev/vdb",
    );
    // It refuses what one layer would hold, and is told another size for that.
    const GROWISOFS_DL: Program = (
        "growisofs, two layers",
        "growisofs -use-the-force-luke=notray -use-the-force-luke=tty -use-the-force-luke=tracksize:2300000 -Z DRIVE=/dev/vdb",
    );
    const GROWISOFS_NO_SPARE: Program = (
        "growisofs, no spare",
        "growisofs -use-the-force-luke=notray -use-the-force-luke=tty -use-the-force-luke=spare:none -Z DRIVE=/dev/vdb",
    );

    const CDRSKIN_BLANK: Program =
        ("cdrskin, blanks in full", "cdrskin -v dev=DRIVE blank=all /dev/vdb");
    const CDRSKIN_BLANK_FAST: Program = (
        "cdrskin, blanks minimally",
        "cdrskin -v dev=DRIVE blank=fast -sao tsize=BLOCKSs /dev/vdb",
    );
    const XORRISO_BLANK: Program =
        ("xorriso, blanks", "xorriso -as cdrecord -v dev=DRIVE blank=as_needed /dev/vdb");
    const GROWISOFS_BLANK: Program = (
        "growisofs, after minimal blanking",
        "sh -c \"dvd+rw-format -blank DRIVE && growisofs -use-the-force-luke=notray -use-the-force-luke=tty -Z DRIVE=/dev/vdb\"",
    );
    const GROWISOFS_OVERWRITE: Program = (
        "growisofs, overwriting",
        "sh -c \"dvd+rw-format -force DRIVE && growisofs -use-the-force-luke=notray -use-the-force-luke=tty -Z DRIVE=/dev/vdb\"",
    );
    const XORRISO_OVERWRITE: Program = (
        "xorriso, overwriting",
        "sh -c \"xorriso -outdev DRIVE -format full && xorriso -as cdrecord -v dev=DRIVE /dev/vdb\"",
    );

    const CDRSKIN_DEFECTS: Program = (
        "cdrskin, formats with spare areas",
        "cdrskin -v dev=DRIVE blank=format_defectmgt /dev/vdb",
    );
    const DVD_RW_FORMAT: Program = (
        "dvd+rw-format, then growisofs",
        "sh -c \"dvd+rw-format -force -ssa=512M DRIVE && growisofs -use-the-force-luke=notray -use-the-force-luke=tty -Z DRIVE=/dev/vdb\"",
    );
    const XORRISO_FORMAT: Program = (
        "xorriso, formats",
        "sh -c \"xorriso -outdev DRIVE -format by_size_23000m && xorriso -as cdrecord -v dev=DRIVE /dev/vdb\"",
    );

    /// What growisofs' sister reads of a disc: the speed it is written at, and the book it follows.
    const MEDIAINFO: Program = (
        "cdrskin, looked at by dvd+rw-mediainfo",
        "sh -c \"cdrskin -v dev=DRIVE /dev/vdb && dvd+rw-mediainfo DRIVE >/tmp/info 2>&1; cat /tmp/info; grep -q '25h, DVD-R book' /tmp/info && ! grep -q bogus /tmp/info\"",
    );

    /// What growisofs' sister tells of a disc that we have recorded with layer jumps, which none of these programs can: where the
    /// layers meet, that the next jump is there, and that the last was where the session was closed.
    const JUMPS: Program = (
        "of ours, with layer jumps",
        "sh -c \"dvd+rw-mediainfo DRIVE >/tmp/jumps 2>&1; cat /tmp/jumps; grep -q 'DVD-R Dual Layer Jump' /tmp/jumps && grep -q 'Shifted Middle Area: *2085856' /tmp/jumps && grep -q 'Next Layer Jump: *2085855' /tmp/jumps && grep -q 'Last Layer Jump: *LAST' /tmp/jumps\"",
    );

    /// Who burns what.
    const BURNS: &[(MediumKind, &[Program])] = &[
        (
            CdR,
            &[
                CDRSKIN_TAO,
                CDRSKIN_TAO_MULTI,
                CDRSKIN_DAO,
                XORRISO,
                WODIM,
                WODIM_MULTI,
                WODIM_SAO,
                WODIM_RAW,
                WODIM_RAW16,
            ],
        ),
        (CdRw, &[CDRSKIN_TAO, CDRSKIN_DAO, XORRISO, WODIM, WODIM_SAO, WODIM_RAW, WODIM_BLANK]),
        (
            DvdR,
            &[
                CDRSKIN,
                CDRSKIN_MULTI,
                CDRSKIN_DAO,
                XORRISO,
                GROWISOFS,
                GROWISOFS_DAO,
                WODIM_SAO,
                MEDIAINFO,
            ],
        ),
        (
            DvdRw,
            &[
                CDRSKIN_BLANK,
                CDRSKIN_BLANK_FAST,
                XORRISO_BLANK,
                XORRISO_OVERWRITE,
                GROWISOFS,
                GROWISOFS_BLANK,
                GROWISOFS_OVERWRITE,
                WODIM_SAO,
                WODIM_BLANK,
            ],
        ),
        (DvdPlusR, &[CDRSKIN, CDRSKIN_MULTI, XORRISO, GROWISOFS, WODIM_SAO]),
        (DvdRDl, &[CDRSKIN, CDRSKIN_DAO, XORRISO, GROWISOFS_DL, WODIM_SAO, JUMPS]),
        (DvdPlusRDl, &[CDRSKIN, XORRISO, GROWISOFS, WODIM_SAO]),
        (DvdPlusRw, &[CDRSKIN, XORRISO, GROWISOFS]),
        (DvdRam, &[CDRSKIN, XORRISO, GROWISOFS]),
        (BdR, &[CDRSKIN, CDRSKIN_MULTI, CDRSKIN_DEFECTS, XORRISO, GROWISOFS, GROWISOFS_NO_SPARE]),
        (BdRDl, &[XORRISO]),
        (BdRe, &[CDRSKIN_FORMAT, XORRISO, XORRISO_FORMAT, GROWISOFS, DVD_RW_FORMAT]),
    ];

    /// Bytes of a sector with its sub-channels.
    const SECTOR: usize = RAW_SECTOR + SUB_CHANNELS;

    /// Of a burn that failed, this many are told.
    const COMMANDS_SHOWN: usize = 40;

    /// A disc, who burns it, and where it is.
    struct Burn {
        number: usize,
        kind: MediumKind,
        name: String,
        command: String,
        disc: PathBuf,
    }

    pub(super) fn main() -> Result<ExitCode> {
        let arguments = Arguments::from_args();
        let scratch = cache::scratch()?;
        let mut burns = Vec::new();
        let mut trials = Vec::new();
        if !arguments.list {
            let (image, _) = image::of_noise(scratch.path())?;
            let burned = Arc::new(burn_all(scratch.path(), &image, &arguments, &mut burns)?);
            let image = Arc::new(fs::read(image)?);
            for burn in burns {
                let (burned, image) = (Arc::clone(&burned), Arc::clone(&image));
                let name = burn.name.clone();
                let check = move || check(&burn, &burned, &image).map_err(|error| failed(&error));
                trials.push(Trial::test(name, check));
            }
        }
        let conclusion = libtest_mimic::run(&arguments, trials);
        drop(scratch);
        Ok(conclusion.exit_code())
    }

    fn failed(error: &anyhow::Error) -> Failed {
        format!("{error:#}").into()
    }

    /// All of them in one guest, each with a drive of its own.
    fn burn_all(
        folder: &Path,
        image: &Path,
        arguments: &Arguments,
        burns: &mut Vec<Burn>,
    ) -> Result<(Report, Vec<Vec<String>>)> {
        let wanted = |name: &str| arguments.filter.as_ref().is_none_or(|part| name.contains(part));
        let blocks = fs::metadata(image)?.len() / 2048;
        let (mut drives, mut tasks) = (Vec::new(), Vec::new());
        let mut rows: Vec<(MediumKind, &Program)> = BURNS
            .iter()
            .flat_map(|(kind, programs)| programs.iter().map(|program| (*kind, program)))
            .collect();
        // wodim knows 16 targets of a bus.
        rows.sort_by_key(|(_, (program, _))| !program.contains("wodim"));
        for (kind, (program, command)) in rows {
            let name = format!("{kind}: {program}");
            if wanted(&name) {
                let number = drives.len();
                let device = format!("/dev/sr{number}");
                let (mut drive, disc) = burning::blank(folder, &number.to_string(), kind)?;
                if *program == JUMPS.0 {
                    jump(&mut drive, image)?;
                }
                // Filled up to a whole block of error correction.
                let last = blocks.next_multiple_of(16) - 1;
                let command = command
                    .replace("DRIVE", &device)
                    .replace("BLOCKS", &blocks.to_string())
                    .replace("LAST", &last.to_string());
                tasks.push(format!(
                    "drive {number}\nstep '{name}' 300 {command}\nreload {device}\n\
                     step '{name}: facts' 60 xorriso -outdev {device} -toc\nhash {device} {blocks}\n"
                ));
                drives.push(drive);
                burns.push(Burn { number, kind, name, command, disc });
            }
        }
        burning::run(&scripts::side_by_side(&tasks), drives, &[image])
    }

    /// Burns with layer jumps, and leaves the disc open.
    fn jump(drive: &mut VirtualDrive, image: &Path) -> Result<()> {
        let options = Options { layer_jump: true, check_pace: false, ..Options::default() };
        let mut image = ImageFile::open(image)?;
        native_agent::burn::run(drive, &mut image, &options, &AtomicBool::new(false), &mut |_| {})?;
        Ok(())
    }

    /// The program was content, the kernel reads the image, and so do we; of the disc we tell what xorriso tells.
    fn check(
        burn: &Burn,
        (report, commands): &(Report, Vec<Vec<String>>),
        image: &[u8],
    ) -> Result<()> {
        let step = report.step(&burn.name).with_context(|| burn.command.clone())?;
        let commands = &commands[burn.number];
        let last = commands[commands.len().saturating_sub(COMMANDS_SHOWN)..].join("\n");
        step.succeeded().with_context(|| format!("after these commands:\n{last}"))?;
        let ours = burning::contents(&burn.disc, image.len())?;
        ensure!(ours == image, "our drive holds something else");
        let wanted = burning::sha256(image);
        let hash = report.hashes.get(burn.number);
        ensure!(hash == Some(&wanted), "the kernel reads something else");
        // libburn finds discs with layer jumps unsuitable, and tells nothing of them.
        if !burn.name.ends_with(JUMPS.0) {
            let facts = report.step(&format!("{}: facts", burn.name))?.text();
            burning::facts::check(&facts, &burn.disc)?;
        }
        if burn.name.contains("raw") { check_sectors(burn, image) } else { Ok(()) }
    }

    /// What a program sent raw, with EDC, ECC and sub-channels of its own, is what we send raw of the same image, and what a drive
    /// makes around its blocks.
    fn check_sectors(burn: &Burn, image: &[u8]) -> Result<()> {
        let blocks = image.as_chunks::<2048>().0;
        let count = u16::try_from(blocks.len()).context("a short image")?;
        let ours = burn.disc.with_extension("ours");
        burning::burn_raw(&ours, burn.kind, &burn.disc.with_file_name("image.iso"))?;
        let (theirs, their_toc) = burning::raw_sectors(&burn.disc, count)?;
        let (ours, our_toc) = burning::raw_sectors(&ours, count)?;
        ensure!(their_toc == our_toc, "tables of contents: {their_toc:x?} and {our_toc:x?}");
        let sectors = theirs.chunks_exact(SECTOR).zip(ours.chunks_exact(SECTOR));
        for ((lba, user), (theirs, ours)) in (0i32..).zip(blocks).zip(sectors) {
            ensure!(theirs == ours, "sector {lba}: {theirs:x?} and {ours:x?}");
            let address = Msf::from_lba(lba).context("an address of a CD")?;
            let made = mode_1_sector(address, user);
            ensure!(theirs.starts_with(&made), "sector {lba} differs around its data");
        }
        Ok(())
    }
}
