//! Images times views times readers, each as a test of its own.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, anyhow, ensure};
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::corpus;
use crate::forms::Form;
use crate::image::{self, Maker, Wanted};
use crate::manifest::Manifest;
use crate::oracle::{self, Limit, READERS, Reader, View};
use crate::{cache, iso_names, packages};

/// Whether the complete matrix was asked for: `DISCWRIGHT_LONG=1`.
pub fn long() -> bool {
    env::var("DISCWRIGHT_LONG").is_ok_and(|value| !value.is_empty() && value != "0")
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A folder with its manifest, made when first needed.
pub struct Source {
    pub name: &'static str,
    /// Whether it has symbolic links.
    links: bool,
    make: Box<dyn Fn() -> Result<Place> + Send + Sync>,
    made: OnceLock<Result<Folder, String>>,
}

/// A folder that goes when the tests end, or one that was there before.
#[derive(Debug)]
pub enum Place {
    Scratch(TempDir),
    Kept(PathBuf),
}

struct Folder {
    place: Place,
    manifest: Manifest,
}

impl Source {
    pub fn new(
        name: &'static str,
        links: bool,
        make: impl Fn() -> Result<Place> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { name, links, make: Box::new(make), made: OnceLock::new() })
    }

    /// The folder that every writer can hold.
    pub fn mild() -> Arc<Self> {
        Self::new("mild", true, || {
            let scratch = cache::scratch()?;
            corpus::mild(scratch.path())?;
            Ok(Place::Scratch(scratch))
        })
    }

    /// The folder of everything that breaks image writers.
    pub fn hard(name: &'static str, what: corpus::Hard) -> Arc<Self> {
        Self::new(name, what.links, move || {
            let scratch = cache::scratch()?;
            corpus::hard(scratch.path(), what)?;
            Ok(Place::Scratch(scratch))
        })
    }

    /// The Rust toolchain's documentation.
    pub fn documentation() -> Arc<Self> {
        Self::new("documentation", false, || documentation(""))
    }

    /// That of one module alone: 6,500 entries, in directories that readers which search them from the start can bear.
    pub fn documentation_of_a_module() -> Arc<Self> {
        Self::new("documentation of a module", false, || {
            documentation("rust/html/core/core_arch/x86")
        })
    }

    /// That of the standard library alone: thousands of files instead of tens of thousands.
    pub fn documentation_of_std() -> Arc<Self> {
        Self::new("documentation of std", false, || documentation("rust/html/std"))
    }

    fn get(&self) -> Result<(&Path, &Manifest)> {
        let make = || -> Result<Folder> {
            let place = (self.make)()?;
            let manifest = Manifest::of_folder(place.path())?;
            Ok(Folder { place, manifest })
        };
        let made = self.made.get_or_init(|| make().map_err(|error| format!("{error:#}")));
        let folder = made.as_ref().map_err(|error| anyhow!("{}: {error}", self.name))?;
        Ok((folder.place.path(), &folder.manifest))
    }
}

impl Place {
    fn path(&self) -> &Path {
        match self {
            Self::Scratch(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

/// The documentation, or the part of it that is at `part`.
fn documentation(part: &str) -> Result<Place> {
    let found = corpus::documentation()?;
    let whole = found.folder.join(part);
    let folder = if whole.is_dir() { whole } else { found.folder };
    eprintln!("documentation: {} ({})", folder.display(), found.origin);
    Ok(Place::Kept(folder))
}

/// An image to be made once and read by all.
#[derive(Debug)]
pub struct Case {
    pub source: Arc<Source>,
    pub maker: Maker,
    pub wanted: Wanted,
    /// What the maker is known to get wrong; nothing for discwright.
    pub faults: &'static [Limit],
    /// Views that this maker does not fill as the source has it, with the reason on its line in the test.
    pub unchecked: &'static [View],
    image: OnceLock<Result<PathBuf, String>>,
}

impl Case {
    pub fn new(source: &Arc<Source>, maker: Maker, views: &'static [View], iso_level: u8) -> Self {
        let wanted = Wanted { views, iso_level, more: &[], form: None };
        Self {
            source: Arc::clone(source),
            maker,
            wanted,
            faults: &[],
            unchecked: &[],
            image: OnceLock::new(),
        }
    }

    /// The same with further options of `discwright build`.
    pub fn with(mut self, more: &'static [&'static str]) -> Self {
        self.wanted.more = more;
        self
    }

    /// An image by image-core with UDF in this form.
    pub fn of_form(source: &Arc<Source>, views: &'static [View], form: Form) -> Self {
        let mut case = Self::new(source, Maker::ImageCore, views, 3);
        case.wanted.form = Some(form);
        case
    }

    /// Whether the reader knows the form that UDF is recorded in.
    fn is_known(&self, view: View, reader: &Reader) -> bool {
        self.wanted.form.is_none_or(|form| oracle::refusal(reader.name, view, form).is_none())
    }

    fn name(&self) -> String {
        format!("{:?}/{}/{}", self.maker, self.source.name, self.wanted.name())
    }

    fn image(&self, images: &Path) -> Result<&Path> {
        let make = || -> Result<PathBuf> {
            let (folder, _) = self.source.get()?;
            let path =
                images.join(format!("{}.iso", self.name().replace(['/', ' ', ',', '+'], "-")));
            image::make(self.maker, folder, &path, self.wanted)?;
            Ok(path)
        };
        let made = self.image.get_or_init(|| make().map_err(|error| format!("{error:#}")));
        made.as_deref().map_err(|error| anyhow!("no image: {error}"))
    }

    /// A test for each view and reader that pass `wanted`, one for the rules of names, and one for Linux.
    pub fn trials(
        self,
        images: &Arc<TempDir>,
        wanted: fn(&Reader) -> bool,
        linux: bool,
    ) -> Vec<Trial> {
        let case = Arc::new(self);
        let mut trials = Vec::new();
        let has = case.wanted.views;
        for view in has.iter().filter(|view| !case.unchecked.contains(view)) {
            let asked = |reader: &&Reader| {
                wanted(reader)
                    && reader.can_read(*view, has, case.source.links)
                    && case.is_known(*view, reader)
            };
            for reader in READERS.iter().filter(asked) {
                let view = *view;
                let name = format!("{view}/{}", reader.name);
                trials.push(case.trial(images, &name, move |case, image| {
                    let (_, manifest) = case.source.get()?;
                    let limits = [reader.limits, case.faults].concat();
                    oracle::check(reader, image, view, manifest, &limits)
                }));
            }
        }
        if has.contains(&View::Plain) {
            trials.push(case.trial(images, "plain/names", check_names));
        }
        if has.contains(&View::Udf) {
            trials.push(case.trial(images, "udf/udfinfo", check_headers));
        }
        if linux {
            trials.push(case.trial(images, "all/linux", check_linux));
        }
        trials
    }

    fn trial(
        self: &Arc<Self>,
        images: &Arc<TempDir>,
        name: &str,
        check: impl Fn(&Self, &Path) -> Result<Vec<String>> + Send + 'static,
    ) -> Trial {
        let (case, images) = (Arc::clone(self), Arc::clone(images));
        Trial::test(format!("{}/{name}", self.name()), move || {
            outcome(case.image(images.path()).and_then(|image| check(&case, image)))
        })
    }
}

/// What a test says of what was found.
pub(crate) fn outcome(found: Result<Vec<String>>) -> Result<(), Failed> {
    match found {
        Ok(found) if found.is_empty() => Ok(()),
        Ok(found) => Err(Failed::from(found.join("\n"))),
        Err(error) => Err(Failed::from(format!("{error:#}"))),
    }
}

/// The image goes with the last test that reads it: all of them together would fill a small disk.
impl Drop for Case {
    fn drop(&mut self) {
        if let Some(Ok(image)) = self.image.get() {
            let _ = fs::remove_file(image);
        }
    }
}

fn check_names(case: &Case, image: &Path) -> Result<Vec<String>> {
    let (records, mut faults) = oracle::listing(image, View::Plain)?;
    ensure!(!records.is_empty(), "isoinfo lists nothing");
    faults.extend(iso_names::faults(&records, case.wanted.iso_level));
    faults.truncate(20);
    Ok(faults)
}

fn check_headers(case: &Case, image: &Path) -> Result<Vec<String>> {
    let mut warnings = oracle::check_headers(image)?;
    if let Some(form) = case.wanted.form {
        let sessions = case.maker == Maker::Growing;
        warnings.retain(|warning| !oracle::is_known_warning(form, sessions, warning));
    }
    Ok(warnings)
}

fn check_linux(case: &Case, image: &Path) -> Result<Vec<String>> {
    let (folder, manifest) = case.source.get()?;
    let views: Vec<View> =
        case.wanted.views.iter().copied().filter(|view| !case.unchecked.contains(view)).collect();
    let mut linux = oracle::mount_all(image, &views, folder)?;
    let mut found = Vec::new();
    for view in views {
        let seen = linux.views.remove(&view).context("the guest left out a view")?;
        let differences = match seen {
            Ok(seen) => oracle::judge_linux(seen, view, manifest, case.faults),
            Err(refusal) => vec![format!("not mounted: {refusal}")],
        };
        found.extend(differences.into_iter().map(|difference| format!("{view}: {difference}")));
    }
    Ok(found)
}

/// What has to be installed before any test runs. Where it cannot be, `None`: the tests that need it are left out, and the
/// line printed says so.
pub fn ready() -> Result<bool> {
    match packages::debian() {
        Ok(()) => Ok(true),
        Err(error) if packages::required() => Err(error),
        Err(error) => {
            eprintln!("readers left out: {error:#}");
            Ok(false)
        }
    }
}
