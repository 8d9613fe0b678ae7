//! discwright's images of real folders, every view read by every reader that can, every hash compared with the source.
//!
//! `DISCWRIGHT_LONG=1` runs the complete matrix: the file of 5 GiB, and all readers on tens of thousands of files.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use tempfile::TempDir;
use tests::cache;
use tests::corpus::Hard;
use tests::forms::Form;
use tests::image::Maker;
use tests::matrix::{self, Case, Source};
use tests::oracle::{Reader, View};

/// Those that take seconds on tens of thousands of files.
const FAST: [&str; 3] = ["bsdtar", "libudfread", "libcdio"];

/// Those that read ISO 9660 or need it to find UDF: in the quick run, only they read what is bridged.
const BRIDGED: [&str; 2] = ["bsdtar", "pycdlib"];

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let images = Arc::new(cache::scratch()?);
    let mut trials = Vec::new();
    if matrix::ready()? {
        hard(&images, &mut trials);
        if matrix::long() {
            large(&images, &mut trials);
        }
        documentation(&images, &mut trials);
        forms(&images, &mut trials);
        #[cfg(unix)]
        trials.extend(attributes::trials());
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(images);
    Ok(conclusion.exit_code())
}

fn hard(images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    let source = Source::hard("hard", Hard::QUICK);
    let kinds: [(&'static [View], u8, bool); 7] = [
        (&View::ALL, 1, true),
        (&[View::Plain], 1, false),
        (&[View::Plain], 2, false),
        (&[View::Plain, View::RockRidge], 3, false),
        (&[View::Plain, View::Joliet], 2, false),
        (&[View::Plain, View::Udf], 2, false),
        (&[View::Udf], 1, true),
    ];
    for (views, level, linux) in kinds {
        let case = Case::new(&source, Maker::Discwright, views, level);
        trials.extend(case.trials(images, |_| true, linux));
    }
    rock_ridge(&source, images, trials);
    // For readers that refuse an image with links.
    let without = Source::hard("hard without links", Hard { links: false, ..Hard::QUICK });
    for views in [View::ALL.as_slice(), &[View::Udf]] {
        let case = Case::new(&without, Maker::Discwright, views, 2);
        trials.extend(case.trials(images, |reader| reader.name == "7-Zip", false));
    }
    let core = Case::new(&without, Maker::ImageCore, &View::ALL, 3);
    trials.extend(core.trials(images, |reader| reader.name == "7-Zip", false));
    let core = Case::new(&source, Maker::ImageCore, &View::ALL, 3);
    trials.extend(core.trials(images, |_| true, true));
    growing([&source, &without], images, trials);
}

/// Images of two sessions: without UDF, and with UDF of every form that a session goes on with.
fn growing([source, without]: [&Arc<Source>; 2], images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    const ISO: &[View] = &[View::Plain, View::RockRidge, View::Joliet];
    // libarchive wants the continuation area of a name before the bytes of its file, which are in the first session.
    let asked = |reader: &Reader| reader.name != "bsdtar";
    let case = Case::new(source, Maker::Growing, ISO, 3);
    trials.extend(case.trials(images, asked, true));
    let all = if matrix::long() { Form::all() } else { Form::few() };
    for form in all.into_iter().filter(|form| form.is_continued()) {
        for views in [View::ALL.as_slice(), &[View::Udf]] {
            let mut case = Case::new(source, Maker::Growing, views, 3);
            case.wanted.form = Some(form);
            // pycdlib takes what the partition begins with for the file set: that of the first session.
            let asked = |reader: &Reader| !["bsdtar", "pycdlib"].contains(&reader.name);
            trials.extend(case.trials(images, asked, true));
            let mut case = Case::new(without, Maker::Growing, views, 3);
            case.wanted.form = Some(form);
            trials.extend(case.trials(images, |reader| reader.name == "7-Zip", false));
        }
    }
}

/// The forms that Rock Ridge can have besides the usual one.
fn rock_ridge(source: &Arc<Source>, images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    const VIEWS: &[View] = &[View::Plain, View::RockRidge];
    let case = |more| Case::new(source, Maker::Discwright, VIEWS, 3).with(more);
    let older = case(&["--rock-ridge", "1.10", "--long-times"]);
    trials.extend(older.trials(images, |_| true, true));
    let longer = Case::new(source, Maker::Discwright, VIEWS, 4);
    trials.extend(longer.trials(images, |_| true, true));
    // The other readers list relocated directories where they are recorded, as the plain view does.
    let mut relocated = case(&["--deep", "relocate"]);
    relocated.unchecked = &[View::Plain];
    let undone = |reader: &Reader| ["bsdtar", "xorriso"].contains(&reader.name);
    trials.extend(relocated.trials(images, undone, true));
    // libarchive and libisofs look for Rock Ridge at the start of the system use area alone.
    let behind = case(&["--xa"]);
    let behind_xa = |reader: &Reader| ["isoinfo", "pycdlib"].contains(&reader.name);
    trials.extend(behind.trials(images, behind_xa, true));
}

/// The same folder with a file of 5 GiB and a fuller directory, which every reader reads whole.
fn large(images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    let source = Source::hard("hard with 5 GiB", Hard::FULL);
    for views in [View::ALL.as_slice(), &[View::Udf]] {
        let case = Case::new(&source, Maker::Discwright, views, 3);
        trials.extend(case.trials(images, |_| true, true));
    }
}

/// UDF of every revision and form of partition, alone and bridged, of more than 5,000 entries; in the quick run a form of
/// each revision, of the hard ones.
fn forms(images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    let (source, forms) = if matrix::long() {
        (Source::documentation_of_a_module(), Form::all())
    } else {
        let plain = Hard { links: false, ..Hard::QUICK };
        (Source::hard("hard without links", plain), Form::few())
    };
    for form in forms {
        let alone = Case::of_form(&source, &[View::Udf], form);
        trials.extend(alone.trials(
            images,
            |_| true,
            matrix::long() || form.has_metadata_partition(),
        ));
        let mut bridged = Case::of_form(&source, &View::ALL, form);
        if matrix::long() {
            trials.extend(bridged.trials(images, |_| true, true));
        } else {
            bridged.unchecked = &[View::Plain, View::Joliet];
            trials.extend(bridged.trials(images, |reader| BRIDGED.contains(&reader.name), false));
        }
    }
}

fn documentation(images: &Arc<TempDir>, trials: &mut Vec<Trial>) {
    if matrix::long() {
        let source = Source::documentation();
        for maker in [Maker::Discwright, Maker::ImageCore] {
            let case = Case::new(&source, maker, &View::ALL, 2);
            trials.extend(case.trials(images, |_| true, true));
        }
    } else {
        let source = Source::documentation_of_std();
        let case = Case::new(&source, Maker::Discwright, &View::ALL, 2);
        trials.extend(case.trials(images, |reader| FAST.contains(&reader.name), false));
    }
}

#[cfg(unix)]
mod attributes {
    use std::path::PathBuf;

    use libtest_mimic::Trial;
    use tempfile::TempDir;
    use tests::attributes::{self, Inodes};
    use tests::cache;
    use tests::corpus;
    use tests::image::{self, Maker, Wanted};
    use tests::oracle::View;

    /// Modes, owners, times, numbers of links and devices, as Linux and libarchive see them.
    pub(super) fn trials() -> [Trial; 2] {
        let linux = || {
            let (_scratch, image, expected) = build()?;
            let views = [View::RockRidge, View::Udf];
            let seen = attributes::seen_by_linux(&image, &views)?;
            let differences = |(view, seen)| {
                let is_known = move |inode: &_| attributes::is_known_to_linux(view, inode);
                attributes::differences(&expected, seen, is_known)
            };
            Ok(views.into_iter().zip(&seen).flat_map(differences).collect())
        };
        let libarchive = || {
            let (_scratch, image, expected) = build()?;
            let seen = attributes::seen_by_libarchive(&image)?;
            Ok(attributes::differences(&expected, &seen, attributes::is_known_to_libarchive))
        };
        [
            Trial::test("Discwright/inodes/linux", move || told(linux())),
            Trial::test("Discwright/inodes/bsdtar", move || told(libarchive())),
        ]
    }

    fn told(found: anyhow::Result<Vec<String>>) -> Result<(), libtest_mimic::Failed> {
        match found {
            Ok(found) if found.is_empty() => Ok(()),
            Ok(found) => Err(found.join("\n").into()),
            Err(error) => Err(format!("{error:#}").into()),
        }
    }

    /// Where it lies, the image, and what is in it.
    fn build() -> anyhow::Result<(TempDir, PathBuf, Inodes)> {
        let scratch = cache::scratch()?;
        let (folder, image) = (scratch.path().join("folder"), scratch.path().join("image.iso"));
        std::fs::create_dir(&folder)?;
        corpus::inodes(&folder)?;
        let wanted = Wanted { views: &View::ALL, iso_level: 3, more: &[], form: None };
        image::make(Maker::Discwright, &folder, &image, wanted)?;
        let expected = attributes::of_folder(&folder)?;
        Ok((scratch, image, expected))
    }
}
