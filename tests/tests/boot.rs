//! Machines start from discwright's images: with a BIOS and with UEFI, from a disc and from a USB stick, and programs of others
//! find nothing wrong with boot catalogs and partition tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use tests::booting::{self, Drive, Firmware, Payload, tables};
use tests::image::discwright;
use tests::packages;
use tests::run::{command, output, tail};
use walkdir::WalkDir;

use Drive::{Disc, Usb};
use Firmware::{Bios, Uefi};

const LIMIT: Duration = Duration::from_secs(300);

const ISOLINUX: [&str; 1] = ["ISOLINUX read from the image"];
const GRUB_BIOS: [&str; 2] = ["GRUB i386-pc-eltorito from", Payload::FILE];
const GRUB_UEFI: [&str; 2] = ["GRUB x86_64-efi from (cd", Payload::FILE];
/// The EFI system partition is the second of a GUID partition table.
const GRUB_UEFI_GPT: [&str; 2] = ["GRUB x86_64-efi from (hd0,gpt2)", Payload::FILE];
const GRUB_UEFI_USB: [&str; 2] = ["GRUB x86_64-efi from (", Payload::FILE];

/// A machine, what it takes the image for, and what its loader has to say.
type Start = (Firmware, Drive, &'static [&'static str]);

/// An image, and how it has to start.
struct Case {
    name: &'static str,
    image: PathBuf,
    starts: Vec<Start>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let payload = match Payload::make() {
        Ok(payload) => Some(Arc::new(payload)),
        Err(error) if packages::required() => return Err(error),
        Err(error) => {
            eprintln!("starting machines left out: {error:#}");
            None
        }
    };
    if let Some(payload) = payload.as_ref().filter(|_| !arguments.list) {
        let mut cases = vec![both(payload)?, grub(payload)?, mbr(payload)?, project(payload)?];
        cases.extend(emulations(payload)?);
        cases.extend(replays(payload, &cases)?);
        for case in &cases {
            starts(case, &mut trials);
        }
        oracles(payload, &cases, &mut trials);
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(payload);
    Ok(conclusion.exit_code())
}

/// ISOLINUX for a BIOS and GRUB for UEFI, with every file system and both partition tables.
fn both(payload: &Payload) -> Result<Case> {
    let code = payload.beside("isohdpfx.bin");
    let image = build(payload, "both", &payload.tree(), |build| {
        build.args(["--boot", "bios=isolinux/isolinux.bin", "--boot", "uefi=boot/efi.img"]);
        build.args(["--boot-info-table", "--boot-catalog", "boot/boot.cat", "--hybrid", "both"]);
        build.arg("--mbr-code").arg(&code);
    })?;
    let starts: Vec<Start> = vec![
        (Bios, Disc, &ISOLINUX),
        (Bios, Usb, &ISOLINUX),
        (Uefi, Disc, &GRUB_UEFI),
        (Uefi, Usb, &GRUB_UEFI_GPT),
    ];
    Ok(Case { name: "both tables", image, starts })
}

/// GRUB for both, and a GUID partition table, without UDF.
fn grub(payload: &Payload) -> Result<Case> {
    let code = payload.beside("boot_hybrid.img");
    let image = build(payload, "gpt", &payload.tree(), |build| {
        build.args(["--boot", "bios=boot/grub.img", "--boot", "uefi=boot/efi.img"]);
        build.args(["--boot-info-table", "--boot-grub2-info", "--boot-catalog", "boot/boot.cat"]);
        build.args(["--fs", "iso,joliet,rockridge", "--hybrid", "gpt", "--mbr-code"]).arg(&code);
    })?;
    let starts: Vec<Start> = vec![(Bios, Disc, &GRUB_BIOS), (Bios, Usb, &GRUB_BIOS)];
    Ok(Case { name: "GRUB with a GUID partition table", image, starts })
}

/// A master boot record alone, with the EFI system partition behind all files.
fn mbr(payload: &Payload) -> Result<Case> {
    let code = payload.beside("isohdpfx.bin");
    let image = build(payload, "mbr", &payload.tree(), |build| {
        build.args(["--boot", "bios=isolinux/isolinux.bin", "--boot", "uefi=boot/efi.img"]);
        build.args(["--boot-info-table", "--hybrid", "mbr", "--efi-appended", "--mbr-code"]);
        build.arg(&code).args(["--fs", "iso,rockridge"]);
    })?;
    let starts: Vec<Start> = vec![(Bios, Usb, &ISOLINUX), (Uefi, Usb, &GRUB_UEFI_USB)];
    Ok(Case { name: "master boot record", image, starts })
}

/// A project of the app, which makes the same image of it: `tests/e2e/specs/bootable.spec.ts` holds them to each other.
fn project(payload: &Payload) -> Result<Case> {
    let entry = |platform: &str, image: &str, patched: bool| {
        json!({
            "platform": platform, "image": image, "emulation": "none", "loadSegment": 0, "sectorCount": null,
            "infoTable": patched, "grub2Pointer": patched,
        })
    };
    let mut entries = project_entries(&payload.tree(), "tree")?;
    entries.push(project_entry(
        &payload.beside("boot_hybrid.img"),
        "boot_hybrid.img",
        "boot_hybrid.img",
    )?);
    let project = json!({
        "format": "discwright-project", "version": 1, "kind": "bootable", "name": "Start", "volumeId": "START",
        "created": 1_700_000_000_000_i64, "medium": null,
        "fileSystems": { "iso9660": true, "joliet": true, "rockRidge": true, "udf": true },
        "options": { "isoLevel": 3 },
        "boot": {
            "entries": [entry("bios", "boot/grub.img", true), entry("uefi", "boot/efi.img", false)],
            "id": "",
            "hybrid": {
                "table": "both", "systemPartition": "inPlace",
                "code": { "loader": "grub2", "path": "boot_hybrid.img" },
            },
        },
        "entries": entries,
    });
    let file = payload.beside("start.discwright");
    fs::write(&file, project.to_string())?;
    let image = payload.beside("project.iso");
    let mut build = discwright()?;
    build.arg("build").arg("--root").arg(payload.beside("")).arg("-o").arg(&image);
    run(build.arg(&file))?;
    let starts: Vec<Start> = vec![
        (Bios, Disc, &GRUB_BIOS),
        (Bios, Usb, &GRUB_BIOS),
        (Uefi, Disc, &GRUB_UEFI),
        (Uefi, Usb, &GRUB_UEFI_GPT),
    ];
    Ok(Case { name: "project of the app", image, starts })
}

/// The files of a folder as a project lists them, which lies in `root` under this name.
fn project_entries(folder: &Path, name: &str) -> Result<Vec<Value>> {
    let mut entries = Vec::new();
    for found in WalkDir::new(folder).sort_by_file_name() {
        let found = found?;
        if found.file_type().is_file() {
            let path = found.path().strip_prefix(folder)?.to_string_lossy().into_owned();
            entries.push(project_entry(found.path(), &path, &format!("{name}/{path}"))?);
        }
    }
    Ok(entries)
}

fn project_entry(file: &Path, path: &str, source: &str) -> Result<Value> {
    let metadata = fs::metadata(file)?;
    let modified = u64::try_from(metadata.modified()?.duration_since(UNIX_EPOCH)?.as_millis())?;
    let size = metadata.len();
    Ok(
        json!({ "kind": "file", "path": path, "source": source, "size": size, "modified": modified }),
    )
}

fn emulations(payload: &Payload) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (name, file, emulation, words) in [
        ("diskette", "floppy.img", "floppy", &["diskette started"]),
        ("disk", "disk.img", "hard-disk", &["disk started"]),
    ] {
        let image = build(payload, name, &payload.tree(), |build| {
            build.args(["--boot", &format!("bios=boot/{file}"), "--boot-emulation", emulation]);
        })?;
        cases.push(Case { name, image, starts: vec![(Bios, Disc, words)] });
    }
    Ok(cases)
}

/// Images that start as others do: as one by xorriso, and as one of ours whose loaders are not in the new folder.
fn replays(payload: &Payload, cases: &[Case]) -> Result<Vec<Case>> {
    let of_xorriso = xorriso_gpt(payload)?;
    let image = build(payload, "replayed", &payload.tree(), |build| {
        build.arg("--replay-boot").arg(&of_xorriso);
    })?;
    let starts: Vec<Start> = vec![(Bios, Disc, &GRUB_BIOS), (Bios, Usb, &GRUB_BIOS)];
    let mut replayed = vec![Case { name: "replay of xorriso's", image, starts }];
    let rest = payload.beside("rest");
    fs::create_dir_all(rest.join("isolinux"))?;
    for file in ["isolinux/isolinux.cfg", "isolinux/ldlinux.c32", "marker.txt"] {
        fs::copy(payload.tree().join(file), rest.join(file))?;
    }
    if let Some(case) = cases.first() {
        let image = build(payload, "unnamed", &rest, |build| {
            build.arg("--replay-boot").arg(&case.image);
        })?;
        let starts: Vec<Start> = vec![(Bios, Disc, &ISOLINUX), (Bios, Usb, &ISOLINUX)];
        replayed.push(Case { name: "replay without the files", image, starts });
    }
    Ok(replayed)
}

fn build(
    payload: &Payload,
    name: &str,
    folder: &Path,
    options: impl FnOnce(&mut Command),
) -> Result<PathBuf> {
    let image = payload.beside(&format!("{name}.iso"));
    let mut build = discwright()?;
    build.args(["build", "--volume", "START", "--epoch", "1700000000"]);
    options(&mut build);
    run(build.arg("-o").arg(&image).arg(folder))?;
    Ok(image)
}

/// What xorriso makes for the input of [`grub`].
fn xorriso_gpt(payload: &Payload) -> Result<PathBuf> {
    let image = payload.beside("xorriso-gpt.iso");
    let mut make = xorriso(&image);
    make.arg("--grub2-mbr").arg(payload.beside("boot_hybrid.img"));
    make.args(["-b", "boot/grub.img", "-c", "boot/boot.cat", "-no-emul-boot"]);
    make.args(["-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info"]);
    make.args(["-eltorito-alt-boot", "-e", "boot/efi.img", "-no-emul-boot"]);
    make.args(["-efi-boot-part", "--efi-boot-image", "--protective-msdos-label"]);
    run(make.arg(payload.tree()))?;
    Ok(image)
}

/// What xorriso makes for the input of [`both`], with the tables nearest to ours.
fn xorriso_isohybrid(payload: &Payload) -> Result<PathBuf> {
    let image = payload.beside("xorriso-isohybrid.iso");
    let mut make = xorriso(&image);
    make.arg("-isohybrid-mbr").arg(payload.beside("isohdpfx.bin"));
    make.args(["-b", "isolinux/isolinux.bin", "-c", "boot/boot.cat", "-no-emul-boot"]);
    make.args(["-boot-load-size", "4", "-boot-info-table"]);
    make.args(["-eltorito-alt-boot", "-e", "boot/efi.img", "-no-emul-boot"]);
    run(make.arg("-isohybrid-gpt-basdat").arg(payload.tree()))?;
    Ok(image)
}

fn xorriso(image: &Path) -> Command {
    let mut make = command("xorriso");
    make.args(["-no_rc", "-report_about", "WARNING", "-as", "mkisofs", "-quiet", "-R", "-J"]);
    make.args(["-V", "START", "-o"]).arg(image);
    make
}

fn run(command: &mut Command) -> Result<()> {
    let done = output(command, LIMIT)?;
    ensure!(done.status.success(), "{command:?}: {}", tail(&done.stderr));
    Ok(())
}

/// A trial for each way to start.
fn starts(case: &Case, trials: &mut Vec<Trial>) {
    for (firmware, drive, words) in case.starts.iter().copied() {
        let name = format!("{}: {firmware:?} starts it from {drive:?}", case.name);
        let image = case.image.clone();
        trials.push(Trial::test(name, move || {
            booting::start(&image, firmware, drive, words).map(drop).map_err(|error| failed(&error))
        }));
    }
}

fn failed(error: &anyhow::Error) -> Failed {
    format!("{error:#}").into()
}

fn oracles(payload: &Arc<Payload>, cases: &[Case], trials: &mut Vec<Trial>) {
    let mut add = |name: &str, check: Box<dyn FnOnce() -> Result<()> + Send>| {
        trials.push(Trial::test(name.to_owned(), move || check().map_err(|error| failed(&error))));
    };
    let [both, gpt, mbr, ..] = cases else { return };
    for (image, udf) in [(&both.image, true), (&gpt.image, false)] {
        let name = image.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let image = image.clone();
        add(
            &format!("{name}: nothing wrong with the partitions"),
            Box::new(move || gpt_is_clean(&image, udf)),
        );
    }
    let image = mbr.image.clone();
    add("mbr: nothing wrong with the partitions", Box::new(move || mbr_is_clean(&image)));
    let (image, shared) = (gpt.image.clone(), Arc::clone(payload));
    add(
        "gpt: xorriso sees what it would write itself",
        Box::new(move || same_as_xorriso(&image, &xorriso_gpt(&shared)?)),
    );
    let (image, shared) = (both.image.clone(), Arc::clone(payload));
    add(
        "both: xorriso sees what it would write itself",
        Box::new(move || same_as_xorriso(&image, &xorriso_isohybrid(&shared)?)),
    );
}

fn gpt_is_clean(image: &Path, udf: bool) -> Result<()> {
    tables::sgdisk(image)?;
    let rows = tables::fdisk(image)?;
    let has = |what: &str| rows.iter().any(|row| row.contains(what));
    ensure!(rows.len() == 3 && has("EFI System"), "fdisk: {rows:?}");
    let parted = tables::parted(image)?;
    let text = parted.text();
    ensure!(text.contains("Partition Table: gpt") && text.contains("boot, hidden, esp"), "{text}");
    // The anchors of UDF stand at the end too, and parted would give their room to partitions.
    let expected = if udf { "Not all of the space available" } else { "" };
    ensure!(
        parted.stderr.contains(expected) && (udf || parted.stderr.is_empty()),
        "parted: {}",
        parted.stderr
    );
    tables::seven_zip(image)?;
    descriptors_are_clean(image)
}

/// A partition that begins with the image has itself in it, which parted takes for a fault of any image of this kind.
fn mbr_is_clean(image: &Path) -> Result<()> {
    let rows = tables::fdisk(image)?;
    let [first, second] = rows.as_slice() else { anyhow::bail!("fdisk: {rows:?}") };
    let words: Vec<&str> = first.split_whitespace().collect();
    ensure!(words.starts_with(&["1", "*", "0"]), "fdisk: {first}");
    ensure!(second.contains("EFI (FAT-12/16/32)"), "fdisk: {second}");
    // The first ends where the second begins.
    let number =
        |row: &str, at: usize| -> Option<u64> { row.split_whitespace().nth(at)?.parse().ok() };
    ensure!(number(first, 3).map(|last| last + 1) == number(second, 1), "fdisk: {rows:?}");
    descriptors_are_clean(image)
}

fn descriptors_are_clean(image: &Path) -> Result<()> {
    let isoinfo = tables::isoinfo(image)?;
    for words in
        ["El Torito VD version 1 found", "Hid 1", "Key 55 AA", "Bootid 88 (bootable)", "Nsect 4"]
    {
        ensure!(isoinfo.contains(words), "isoinfo does not say {words:?}: {isoinfo}");
    }
    let file = tables::file(image)?;
    ensure!(file.contains("ISO 9660") && file.contains("(bootable)"), "file: {file}");
    Ok(())
}

/// Holds what xorriso says of an image against what it says of its own.
fn same_as_xorriso(image: &Path, own: &Path) -> Result<()> {
    let (ours, theirs) = (tables::xorriso(image)?, tables::xorriso(own)?);
    ensure!(ours.complaints.is_empty(), "xorriso: {:?}", ours.complaints);
    ensure!(
        !ours.options().is_empty() && ours.options() == theirs.options(),
        "ours: {:?}\nits own: {:?}",
        ours.options(),
        theirs.options()
    );
    // Everything of the catalog but where images are.
    let images = |lines: &[String]| -> Vec<String> {
        let of_catalog = lines.iter().filter(|line| line.starts_with("El Torito"));
        let lines = of_catalog.filter(|line| !line.starts_with("El Torito catalog"));
        lines.map(|line| without_address(line)).collect()
    };
    let (ours, theirs) = (images(&ours.lines), images(&theirs.lines));
    ensure!(ours == theirs, "ours: {ours:#?}\nits own: {theirs:#?}");
    Ok(())
}

/// A line that tells of an image, without the block it begins at.
fn without_address(line: &str) -> String {
    if line.starts_with("El Torito boot img") {
        line.rsplit_once(' ').map_or(line, |(rest, _)| rest).trim_end().to_owned()
    } else {
        line.to_owned()
    }
}
