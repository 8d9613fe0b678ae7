use std::{fs, path::PathBuf};

use core::sync::atomic::AtomicBool;

use clap::{CommandFactory as _, Parser as _};

use super::*;
use crate::{
    burn::{Level, Options},
    source::ImageSource,
    virtual_drive::{self, MediumKind, VirtualDrive},
};

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn parsed(words: &[&str]) -> Args {
    Line::try_parse_from([&["copy", "--json"], words].concat()).unwrap().args
}

struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    /// Blank discs of these sizes, `0.vdisc` and so on; the first has an image of 100 blocks on it.
    fn new(sizes: &[u32]) -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        for (number, blocks) in sizes.iter().enumerate() {
            virtual_drive::create(&bench.disc(number), MediumKind::DvdPlusR, Some(*blocks))
                .unwrap();
        }
        fs::write(bench.dir.path().join("image"), bench.content()).unwrap();
        let options = Options { close: true, check_pace: false, ..Options::default() };
        let cancel = AtomicBool::new(false);
        let mut drive = VirtualDrive::open(&bench.disc(0)).unwrap();
        burn::run(&mut drive, &mut bench.image(), &options, &cancel, &mut |_| {}).unwrap();
        bench
    }

    fn content(&self) -> Vec<u8> {
        (0..112 * 2048).map(|at| (at / 2048 + at % 199) as u8).collect()
    }

    fn image(&self) -> ImageFile {
        ImageFile::open(&self.dir.path().join("image")).unwrap()
    }

    fn disc(&self, number: usize) -> PathBuf {
        self.dir.path().join(format!("{number}.vdisc"))
    }

    fn name(&self, number: usize) -> String {
        format!("virtual:{}", self.disc(number).display())
    }

    fn copy(&self, words: &[&str], changer: &mut dyn Changer) -> Result<(), CliError> {
        let args = parsed(words);
        copy(&args.source, &args.target, &args.how, &args.spooling, changer)
    }

    fn holds_the_image(&self, number: usize) -> bool {
        let mut drive = VirtualDrive::open(&self.disc(number)).unwrap();
        let cancel = AtomicBool::new(false);
        let image = &mut self.image();
        let found =
            burn::verify(&mut drive, image, 0, Level::Full, None, &cancel, &mut |_| {}).unwrap();
        found.is_good()
    }

    fn is_blank(&self, number: usize) -> bool {
        let mut drive = VirtualDrive::open(&self.disc(number)).unwrap();
        mmc::probe(&mut drive).unwrap().medium.unwrap().sessions == 0
    }
}

/// Puts the next disc where the drive finds it.
struct Shelf<'a> {
    bench: &'a Bench,
    place: usize,
    discs: Vec<usize>,
    asked: Vec<(u32, u32)>,
}

impl Changer for Shelf<'_> {
    fn check(&self) -> Result<(), CliError> {
        Ok(())
    }

    fn change(&mut self, copy: u32, copies: u32) -> Result<(), CliError> {
        self.asked.push((copy, copies));
        let away = self.bench.dir.path().join(format!("away-{copy}"));
        fs::rename(self.bench.disc(self.place), away).unwrap();
        let next = self.discs.remove(0);
        fs::rename(self.bench.disc(next), self.bench.disc(self.place)).unwrap();
        Ok(())
    }

    fn agree(&mut self, loss: &str) -> Result<(), CliError> {
        panic!("asked whether {loss}");
    }
}

/// Nobody changes discs here.
struct Nobody;

impl Changer for Nobody {
    fn check(&self) -> Result<(), CliError> {
        Err(CliError::usage("nobody"))
    }

    fn change(&mut self, _: u32, _: u32) -> Result<(), CliError> {
        panic!("asked for a disc");
    }

    fn agree(&mut self, loss: &str) -> Result<(), CliError> {
        Err(CliError::unsuitable(loss))
    }
}

/// Who agrees to lose a disc, and then puts another in its place.
struct Hasty<'a> {
    bench: &'a Bench,
    /// The disc that is lost, and the one that comes in its place.
    discs: [usize; 2],
    asked: Vec<String>,
}

impl Changer for Hasty<'_> {
    fn check(&self) -> Result<(), CliError> {
        Ok(())
    }

    fn change(&mut self, _: u32, _: u32) -> Result<(), CliError> {
        panic!("asked for a disc");
    }

    fn agree(&mut self, loss: &str) -> Result<(), CliError> {
        self.asked.push(loss.to_owned());
        if self.asked.len() > 1 {
            return Err(CliError::unsuitable(loss));
        }
        let [lost, next] = self.discs.map(|number| self.bench.disc(number));
        fs::remove_file(&lost).unwrap();
        fs::copy(next, lost).unwrap();
        Ok(())
    }
}

#[test]
fn a_disc_goes_from_drive_to_drive() {
    let bench = Bench::new(&[1600, 1600]);
    bench.copy(&[&bench.name(0), &bench.name(1)], &mut Nobody).unwrap();
    assert!(bench.holds_the_image(1) && bench.holds_the_image(0));
}

#[test]
fn one_drive_makes_as_many_copies_as_are_wanted() {
    let bench = Bench::new(&[1600, 1600, 1600]);
    let mut shelf = Shelf { bench: &bench, place: 0, discs: vec![1, 2], asked: Vec::new() };
    bench.copy(&[&bench.name(0), &bench.name(0), "--copies", "2"], &mut shelf).unwrap();
    assert_eq!(shelf.asked, [(1, 2), (2, 2)]);
    assert!(bench.holds_the_image(0));
    fs::rename(bench.dir.path().join("away-2"), bench.disc(1)).unwrap();
    assert!(bench.holds_the_image(1));
}

#[test]
fn nothing_is_read_for_a_disc_that_is_too_small() {
    let bench = Bench::new(&[1600, 96]);
    let spool = bench.dir.path().join("spool");
    let words = [&bench.name(0), &bench.name(1), "--spool", &spool.display().to_string()];
    // There is no such folder: reading would tell.
    let error = bench.copy(&words, &mut Nobody).unwrap_err();
    assert!(format!("{error:?}").contains("does not fit"), "{error:?}");
    assert!(bench.is_blank(1));
    let nowhere = bench.copy(&[&bench.name(0), &bench.name(0)], &mut Nobody).unwrap_err();
    assert!(format!("{nowhere:?}").contains("nobody"), "{nowhere:?}");
}

#[test]
fn discs_that_cannot_be_copied_are_refused() {
    let bench = Bench::new(&[1600, 1600, 48_000]);
    let blank = bench.copy(&[&bench.name(1), &bench.name(0)], &mut Nobody).unwrap_err();
    assert!(format!("{blank:?}").contains("blank"), "{blank:?}");
    let options = Options { check_pace: false, ..Options::default() };
    let cancel = AtomicBool::new(false);
    for _ in 0..2 {
        let mut drive = VirtualDrive::open(&bench.disc(2)).unwrap();
        burn::run(&mut drive, &mut bench.image(), &options, &cancel, &mut |_| {}).unwrap();
    }
    let sessions = bench.copy(&[&bench.name(2), &bench.name(1)], &mut Nobody).unwrap_err();
    assert!(format!("{sessions:?}").contains("2 sessions"), "{sessions:?}");
    assert!(bench.is_blank(1));
}

#[test]
fn a_disc_in_a_drive_is_an_image() {
    let bench = Bench::new(&[1600, 1600]);
    let mut image = spooled(&bench.name(0), true).unwrap();
    let mut bytes = vec![0; image.len_blocks() as usize * 2048];
    image.read(0, &mut bytes).unwrap();
    assert!(bytes == bench.content());
}

#[test]
fn whoever_agrees_to_lose_a_disc_agrees_to_lose_no_other() {
    let bench = Bench::new(&[1600, 1600, 1600]);
    for (number, byte) in [(1, 1), (2, 2)] {
        let disc = bench.disc(number);
        fs::remove_file(&disc).unwrap();
        virtual_drive::create(&disc, MediumKind::DvdRam, Some(1600)).unwrap();
        let file = bench.dir.path().join("other");
        fs::write(&file, vec![byte; 64 * 2048]).unwrap();
        let mut drive = VirtualDrive::open(&disc).unwrap();
        let (options, cancel) =
            (Options { check_pace: false, ..Options::default() }, AtomicBool::new(false));
        let mut image = ImageFile::open(&file).unwrap();
        burn::run(&mut drive, &mut image, &options, &cancel, &mut |_| {}).unwrap();
    }
    let kept = fs::read(bench.disc(2)).unwrap();
    let mut hasty = Hasty { bench: &bench, discs: [1, 2], asked: Vec::new() };
    bench.copy(&[&bench.name(0), &bench.name(1)], &mut hasty).unwrap_err();
    assert_eq!(hasty.asked.len(), 2, "{:?}", hasty.asked);
    assert!(fs::read(bench.disc(1)).unwrap() == kept, "the other disc was written to");
}

/// The options of burning are shared, but a copy takes no files to append.
#[test]
fn the_help_tells_what_append_means_for_a_copy() {
    let help = Line::command().render_help().to_string();
    assert!(help.contains(APPEND) && !help.contains("Add folders"), "{help}");
}
