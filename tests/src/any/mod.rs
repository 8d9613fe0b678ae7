//! Trees and options made up at random, judged by readers nobody here wrote: every view of each image, under the names that the
//! plan says things have there.

mod expected;
mod names;
mod options;
mod tree;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use image_core::{IsoLevel, IsoNameRules, Kind, Options, Plan};
use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::attributes;
use crate::corpus;
use crate::forms::Form;
use crate::fuzz::bytes::Bytes;
use crate::fuzz::round_trip;
use crate::iso_names;
use crate::matrix::outcome;
use crate::oracle::{self, READERS, Reader, View};
use crate::run::{command, output, tail};

/// Path of the boot catalog where it has one.
pub const BOOT_CATALOG: &str = "boot.catalog";

/// Enough for all decisions: more than a tree takes.
const DECISIONS: usize = 1 << 14;

/// Says what is wrong with an image.
type Check = fn(&Any, &Path) -> Result<Vec<String>>;

/// An image of a seed, written when the first reader asks for it.
pub struct Any {
    seed: u64,
    plan: Plan,
    image: OnceLock<Result<PathBuf, String>>,
}

impl fmt::Debug for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Any").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl Any {
    /// What the seed stands for.
    ///
    /// # Errors
    /// If it cannot be planned: everything is made so that it can.
    pub fn new(seed: u64) -> Result<Self> {
        let decisions = corpus::noise(seed, DECISIONS);
        let mut bytes = Bytes::new(&decisions);
        let mut options = options::options(&mut bytes);
        let tree = tree::tree(&mut bytes);
        options::boot(&mut bytes, &tree, &mut options);
        let plan = image_core::plan(tree, &options)
            .map_err(|error| anyhow!("seed {seed}: {error}\n{options:?}"))?;
        Ok(Self { seed, plan, image: OnceLock::new() })
    }

    /// The tree and the options, for whoever looks into a difference.
    pub fn describe(&self) -> String {
        let tree = self.plan.tree();
        let line = |node| format!("{:?} {:?}\n", tree.path(node), tree.kind(node));
        let tree: String = round_trip::nodes(tree).into_iter().map(line).collect();
        format!("{tree}{:#?}", self.plan.options())
    }

    fn options(&self) -> &Options {
        self.plan.options()
    }

    fn form(&self) -> Form {
        let udf = &self.options().udf;
        Form { revision: udf.revision, partition: udf.partition, metadata: udf.metadata }
    }

    fn views(&self) -> Vec<View> {
        let systems = self.options().file_systems;
        let has = |view: &View| match view {
            View::Plain => systems.iso9660,
            View::RockRidge => systems.rock_ridge,
            View::Joliet => systems.joliet,
            View::Udf => systems.udf,
        };
        View::ALL.into_iter().filter(has).collect()
    }

    fn image(&self, folder: &Path) -> Result<&Path> {
        let make = || -> Result<PathBuf> {
            let path = folder.join(format!("{}.iso", self.seed));
            fs::write(&path, round_trip::written(&self.plan).0)?;
            Ok(path)
        };
        let made = self.image.get_or_init(|| make().map_err(|error| format!("{error:#}")));
        made.as_deref().map_err(|error| anyhow!("no image: {error}"))
    }

    /// The readers that know this form of the view, and all that is in it.
    fn readers(&self, view: View, views: &[View]) -> Vec<&'static Reader> {
        let (tree, options) = (self.plan.tree(), self.options());
        let form = options.file_systems.udf.then(|| self.form());
        let shown = round_trip::paths(&self.plan, expected::system(view));
        let is_directory = |node| matches!(tree.kind(node), Kind::Directory);
        let is_link = |node| matches!(tree.kind(node), Kind::Symlink { .. });
        let hidden = || shown.iter().filter(|(node, _)| tree.details(*node).hidden);
        let links = || shown.iter().filter(|(node, _)| is_link(*node));
        let refusals = |name: &str| {
            let mut refusals = vec![
                form.and_then(|form| oracle::refusal(name, view, form)),
                oracle::refusal_of_options(name, view, options),
            ];
            refusals.extend(
                hidden()
                    .map(|(node, _)| oracle::refusal_of_hidden(name, view, is_directory(*node))),
            );
            refusals.extend(shown.iter().map(|(node, path)| {
                let shown = path.rsplit('/').next().unwrap_or_default();
                oracle::refusal_of_name(name, view, shown, is_directory(*node))
            }));
            refusals
        };
        let asked = |reader: &&Reader| {
            reader.can_read(view, views, links().next().is_some())
                && refusals(reader.name).iter().all(Option::is_none)
                && !oracle::confuses_links(reader, view, links().map(|(_, path)| path.as_str()))
        };
        READERS.iter().filter(asked).collect()
    }

    /// A test for each view and reader, and one for each thing that other programs tell of an image.
    pub fn trials(self, images: &Arc<TempDir>) -> Vec<Trial> {
        let any = Arc::new(self);
        let views = any.views();
        let mut trials = Vec::new();
        for view in views.iter().copied() {
            for reader in any.readers(view, &views) {
                let check = move |any: &Self, image: &Path| {
                    let expected = expected::manifest(&any.plan, view, &fs::read(image)?);
                    oracle::check_named(reader, image, view, &expected)
                };
                trials.push(any.trial(images, &format!("{view}/{}", reader.name), check));
            }
        }
        for (name, check) in any.others() {
            trials.push(any.trial(images, name, check));
        }
        trials
    }

    /// What else is told of this image, by name.
    fn others(&self) -> Vec<(&'static str, Check)> {
        let options = self.options();
        let (systems, sums) = (options.file_systems, options.checksums);
        let is_strict = options.iso9660.names == IsoNameRules::default()
            && options.iso9660.level != IsoLevel::Four;
        let is_tried = oracle::refusal_of_options("bsdtar", View::RockRidge, options).is_none();
        let all: [(bool, &'static str, Check); 5] = [
            (systems.iso9660 && is_strict, "plain/names", check_names),
            (systems.rock_ridge && is_tried, "rock-ridge/inodes", check_inodes),
            (systems.udf, "udf/udfinfo", check_headers),
            (sums.isomd5, "sums/checkisomd5", check_implanted),
            (sums.md5, "sums/xorriso", check_md5),
        ];
        all.into_iter().filter(|(is, ..)| *is).map(|(_, name, check)| (name, check)).collect()
    }

    fn trial(
        self: &Arc<Self>,
        images: &Arc<TempDir>,
        name: &str,
        check: impl Fn(&Self, &Path) -> Result<Vec<String>> + Send + 'static,
    ) -> Trial {
        let (any, images) = (Arc::clone(self), Arc::clone(images));
        Trial::test(format!("any/{}/{name}", self.seed), move || {
            outcome(any.image(images.path()).and_then(|image| check(&any, image)))
        })
    }
}

/// The image goes with the last test that reads it.
impl Drop for Any {
    fn drop(&mut self) {
        if let Some(Ok(image)) = self.image.get() {
            let _ = fs::remove_file(image);
        }
    }
}

fn check_names(any: &Any, image: &Path) -> Result<Vec<String>> {
    let (records, mut faults) = oracle::listing(image, View::Plain)?;
    faults.extend(iso_names::faults(&records, any.options().iso9660.level.into()));
    Ok(faults)
}

fn check_headers(any: &Any, image: &Path) -> Result<Vec<String>> {
    let mut warnings = oracle::check_headers(image)?;
    warnings.retain(|warning| !oracle::is_known_warning(any.form(), false, warning));
    Ok(warnings)
}

fn check_inodes(any: &Any, image: &Path) -> Result<Vec<String>> {
    let mut seen = attributes::seen_by_libarchive(image)?;
    if any.options().rock_ridge.long_times {
        // libarchive counts the months of long times from 0.
        seen.values_mut().for_each(|inode| inode.modified = 0);
    }
    let mut expected = expected::inodes(&any.plan);
    // Of files without bytes, libarchive does not tell how many names they have.
    for path in expected::empty_files(&any.plan) {
        for inode in [expected.get_mut(&path), seen.get_mut(&path)].into_iter().flatten() {
            inode.links = 1;
        }
    }
    Ok(attributes::differences(&expected, &seen, attributes::is_known_to_libarchive))
}

fn check_implanted(_: &Any, image: &Path) -> Result<Vec<String>> {
    let done = output(command("checkisomd5").arg(image), Duration::from_secs(60))?;
    ensure!(done.status.success(), "checkisomd5: {}{}", done.text(), tail(&done.stderr));
    Ok(Vec::new())
}

fn check_md5(_: &Any, image: &Path) -> Result<Vec<String>> {
    let mut xorriso = command("xorriso");
    xorriso.args(["-no_rc", "-md5", "on", "-return_with", "SORRY", "32", "-indev"]).arg(image);
    xorriso.args(["-check_md5_r", "sorry", "/", "--", "-check_media", "--"]);
    let done = output(&mut xorriso, Duration::from_secs(60))?;
    ensure!(done.status.success(), "xorriso: {}{}", done.text(), tail(&done.stderr));
    Ok(Vec::new())
}
