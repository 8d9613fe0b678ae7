//! UDF volumes by mkudffs, filled by Linux where Linux writes them, read by image-core: its reader against writers that
//! nobody here wrote.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use image_core::read::{FileSystem, PartitionForm, UdfInfo};
use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::image::{self, Maker, Wanted};
use crate::manifest::{Entry, Hasher, Manifest};
use crate::oracle::View;
use crate::run::{command, output, tail};
use crate::{cache, compare, corpus, oracle, read_back};

/// Enough for the folder that every writer can hold, and for a sparing area.
const VOLUME_BYTES: u64 = 12 << 20;

/// A volume that mkudffs makes.
#[derive(Clone, Copy, Debug)]
struct Form {
    /// As mkudffs names it.
    medium: &'static str,
    revision: &'static str,
    block: u32,
    further: &'static [&'static str],
    partitions: &'static [PartitionForm],
    /// Whether Linux writes to it.
    is_filled: bool,
}

const fn form(medium: &'static str, revision: &'static str) -> Form {
    let partitions = &[PartitionForm::Plain];
    Form { medium, revision, block: 2048, further: &[], partitions, is_filled: true }
}

const fn sparable(medium: &'static str, revision: &'static str) -> Form {
    Form { partitions: &[PartitionForm::Sparable], ..form(medium, revision) }
}

const fn of_blocks(block: u32, revision: &'static str) -> Form {
    Form { block, ..form("hd", revision) }
}

const fn with(further: &'static [&'static str], revision: &'static str) -> Form {
    Form { further, ..form("hd", revision) }
}

/// Empty: Linux does not write to media that are written once.
const fn written_once(medium: &'static str, revision: &'static str) -> Form {
    let partitions = &[PartitionForm::Plain, PartitionForm::Virtual];
    Form { partitions, is_filled: false, ..form(medium, revision) }
}

const FORMS: &[Form] = &[
    form("hd", "1.02"),
    form("hd", "1.50"),
    form("hd", "2.00"),
    form("hd", "2.01"),
    form("dvdram", "2.01"),
    sparable("cdrw", "1.50"),
    sparable("cdrw", "2.01"),
    sparable("dvdrw", "2.00"),
    of_blocks(512, "2.01"),
    of_blocks(1024, "1.02"),
    of_blocks(4096, "2.01"),
    with(&["--ad=short"], "2.01"),
    with(&["--ad=long"], "1.50"),
    with(&["--noefe"], "2.01"),
    with(&["--strategy=4096"], "2.01"),
    written_once("cdr", "1.50"),
    written_once("cdr", "2.01"),
    written_once("dvdr", "2.00"),
    written_once("dvdr", "2.50"),
    written_once("bdr", "2.50"),
    written_once("bdr", "2.60"),
    Form { is_filled: false, ..form("dvd", "2.01") },
];

impl Form {
    fn name(&self) -> String {
        let Self { medium, revision, block, .. } = self;
        format!("{medium} {revision} {block} {}", self.further.concat()).trim_end().to_owned()
    }

    /// Makes an empty volume in `folder`.
    fn make(&self, folder: &Path) -> Result<PathBuf> {
        let image = folder.join(self.name().replace(' ', "_"));
        File::create(&image)?.set_len(VOLUME_BYTES)?;
        let mut mkudffs = command("/usr/sbin/mkudffs");
        mkudffs.args(["--lvid=FOREIGN", "-b", &self.block.to_string(), "-m", self.medium]);
        mkudffs.args(["-r", self.revision]).args(self.further).arg(&image);
        let done = output(&mut mkudffs, Duration::from_secs(60))?;
        ensure!(done.status.success(), "mkudffs {}: {}", self.name(), tail(&done.stderr));
        // On a disc the table would be what was recorded last.
        let text = done.text();
        if let Some(last) = text.lines().find_map(|line| line.strip_prefix("vatblock=")) {
            let blocks = last.trim().parse::<u64>()? + 1;
            File::options().write(true).open(&image)?.set_len(blocks * u64::from(self.block))?;
        }
        Ok(image)
    }
}

/// All volumes, and the folder that was put into those that can be filled.
struct Volumes {
    _folder: TempDir,
    images: Vec<PathBuf>,
    source: Manifest,
}

impl Volumes {
    fn make() -> Result<Self> {
        let folder = cache::scratch()?;
        let source = folder.path().join("source");
        fs::create_dir(&source)?;
        corpus::mild(&source)?;
        let images =
            FORMS.iter().map(|form| form.make(folder.path())).collect::<Result<Vec<_>>>()?;
        let filled: Vec<(PathBuf, u32)> = FORMS
            .iter()
            .zip(&images)
            .filter(|(form, _)| form.is_filled)
            .map(|(form, image)| (image.clone(), form.block))
            .collect();
        for ((image, _), outcome) in filled.iter().zip(oracle::fill(&source, &filled)?) {
            outcome.map_err(|why| anyhow!("Linux would not fill {}: {why}", image.display()))?;
        }
        let source = Manifest::of_folder(&source)?;
        Ok(Self { _folder: folder, images, source })
    }
}

/// A test for each volume; they are made and filled once.
pub fn trials() -> Vec<Trial> {
    let volumes: Arc<OnceLock<Result<Volumes, String>>> = Arc::default();
    let trial = |(index, form): (usize, &'static Form)| {
        let volumes = Arc::clone(&volumes);
        Trial::test(format!("mkudffs/{}/discwright", form.name()), move || {
            let made = volumes
                .get_or_init(|| Volumes::make().map_err(|error| format!("{error:#}")))
                .as_ref()?;
            check(form, &made.images[index], &made.source).map_err(|error| format!("{error:#}"))?;
            Ok(())
        })
    };
    let bridge = Trial::test("genisoimage/bridge/discwright", || {
        check_bridge().map_err(|error| format!("{error:#}"))?;
        Ok(())
    });
    let udfclient = Trial::test("udfclient/filled/discwright", || {
        check_udfclient().map_err(|error| format!("{error:#}"))?;
        Ok(())
    });
    FORMS.iter().enumerate().map(trial).chain([bridge, udfclient]).collect()
}

/// A volume by udfclient, with as many files as it puts in before it takes the volume for full.
fn check_udfclient() -> Result<()> {
    let scratch = cache::scratch()?;
    let (folder, path) = (scratch.path().join("source"), scratch.path().join("image"));
    let commands = scratch.path().join("commands");
    fs::create_dir(&folder)?;
    let names = ["large", "one more", "one block"];
    for (name, length) in names.into_iter().zip([3_000_001, 2049, 2048]) {
        fs::write(folder.join(name), corpus::noise(length as u64, length))?;
    }
    let puts = names.map(|name| format!("put \"{name}\"\n")).concat();
    fs::write(&commands, format!("cd \"SET:VOLUME:FOREIGN:fileset\"\n{puts}quit\n"))?;
    let mut format = command("newfs_udf");
    format.args(["-S", "SET", "-P", "VOLUME", "-L", "FOREIGN", "-b", "2048", "-s", "20000"]);
    let mut fill = command("udfclient");
    fill.current_dir(&folder).args(["-W", "-b", "2048"]).arg(&path);
    for command in [format.arg(&path), fill.stdin(File::open(&commands)?)] {
        let done = output(command, Duration::from_secs(120))?;
        ensure!(done.status.success(), "{command:?}: {}", tail(&done.stderr));
    }
    let seen = read_back::manifest(&mut read_back::open(&path)?, FileSystem::Udf)?;
    let differences = compare::differences(&Manifest::of_folder(&folder)?, &seen, |_| true);
    ensure!(differences.is_empty(), "{}", differences.join("\n"));
    Ok(())
}

/// Every file system of a bridge by genisoimage that keeps names as they are; in UDF it writes empty files for links.
fn check_bridge() -> Result<()> {
    let scratch = cache::scratch()?;
    let (folder, path) = (scratch.path().join("source"), scratch.path().join("image"));
    fs::create_dir(&folder)?;
    corpus::mild(&folder)?;
    let wanted = Wanted { views: &View::ALL, iso_level: 2, more: &[], form: None };
    image::make(Maker::Genisoimage, &folder, &path, wanted)?;
    let mut opened = read_back::open(&path)?;
    let mut expected = Manifest::of_folder(&folder)?;
    for system in [FileSystem::RockRidge, FileSystem::Udf] {
        if system == FileSystem::Udf {
            for entry in expected.entries.values_mut() {
                if matches!(entry, Entry::Link { .. }) {
                    *entry = Hasher::default().finish();
                }
            }
        }
        let seen = read_back::manifest(&mut opened, system)?;
        let differences = compare::differences(&expected, &seen, |_| true);
        ensure!(differences.is_empty(), "{system}: {}", differences.join("\n"));
    }
    Ok(())
}

fn check(form: &Form, image: &Path, source: &Manifest) -> Result<()> {
    let mut opened = read_back::open(image)?;
    if let Some(problem) = opened.problem(FileSystem::Udf) {
        return Err(problem.into());
    }
    let info = opened.info(FileSystem::Udf).context("no UDF volume")?;
    ensure!(info.volume_id == "FOREIGN", "the volume is called {:?}", info.volume_id);
    let seen = read_back::manifest(&mut opened, FileSystem::Udf)?;
    check_info(form, &info.udf.context("nothing to say of the volume")?, &seen)?;
    let empty = Manifest::default();
    let expected = if form.is_filled { source } else { &empty };
    let differences = compare::differences(expected, &seen, |_| true);
    ensure!(differences.is_empty(), "{}", differences.join("\n"));
    Ok(())
}

fn check_info(form: &Form, info: &UdfInfo, seen: &Manifest) -> Result<()> {
    let (major, minor) = form.revision.split_once('.').context("no revision")?;
    let revision = u16::from_str_radix(major, 16)? << 8 | u16::from_str_radix(minor, 16)?;
    ensure!(info.revision == revision, "revision {:04x}", info.revision);
    ensure!(info.block_size == form.block, "blocks of {} bytes", info.block_size);
    let partitions: Vec<PartitionForm> = info.partitions.iter().map(|found| found.form).collect();
    ensure!(partitions == form.partitions, "partitions {partitions:?}");
    let integrity = info.integrity.context("no integrity descriptor")?;
    // Linux counts what mkudffs hides too, and the root.
    let (files, directories, links) = seen.counts();
    let counted = (integrity.files.unwrap_or(0), integrity.directories.unwrap_or(0));
    let hidden = counted.0 as usize - (files + links);
    ensure!(hidden <= 1 && counted.1 as usize == directories + 1, "counts of {counted:?}");
    Ok(())
}
