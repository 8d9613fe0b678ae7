//! What an image is made of and how: `build` writes it to a file, `burn` to a disc.

use core::sync::atomic::{AtomicBool, Ordering};
use std::{ffi::OsString, path::Path, sync::Arc};

use clap::ValueEnum;
use image_core::{FileSystems, Options, Plan, Tree, UdfOptions, media::Medium};

use super::{
    Checksums, Onto, boot, check_fits,
    failed::{self, pattern_failed, plan_failed},
    given::Given,
    hide, iso, layout, needs, onto as continued,
    outputs::{Input, Outputs},
    report, scan, udf,
};
use crate::{
    cli::CliError,
    source::{
        Head,
        image_file::ImageFile,
        local::{Graft, LocalFiles, Notice, Scan},
    },
};

/// The options of an image of folders and files.
#[derive(Debug, PartialEq, clap::Args)]
pub(crate) struct ImageArgs {
    #[command(flatten)]
    given: Given,
    /// File systems to write; they share one copy of the files. Joliet and Rock Ridge extend ISO 9660 [default: the
    /// medium's, or iso,joliet,rockridge,udf; with --append those of what is added to]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    fs: Vec<FileSystem>,
    /// Name of the volume [default: the folder's name, or DISC; with --append that of what is added to]
    #[arg(long, value_name = "NAME")]
    volume: Option<String>,
    /// Take the defaults of this medium, and fail when the image does not fit on it [burn: those of the disc in the drive]
    #[arg(long, value_name = "MEDIUM", value_parser = medium)]
    media: Option<Medium>,
    /// With --append: keep the bytes of files that are there with the same length and time of modification, to the second;
    /// what else is recorded of them is taken anew
    #[arg(long)]
    update: bool,
    #[command(flatten)]
    scan: scan::ScanArgs,
    #[command(flatten)]
    pub(super) iso: iso::IsoArgs,
    #[command(flatten)]
    udf: udf::UdfArgs,
    #[command(flatten)]
    hide: hide::HideArgs,
    #[command(flatten)]
    pub(super) layout: layout::LayoutArgs,
    #[command(flatten)]
    pub(in crate::cli) checksums: Checksums,
    #[command(flatten)]
    boot: boot::BootArgs,
}

/// Options that leave an image as it is.
pub(super) const OF_NO_CONTENTS: [&str; 3] = ["--warnings", "--max-size", "--sha256-file"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileSystem {
    Iso,
    Joliet,
    Rockridge,
    Udf,
}

fn medium(id: &str) -> Result<Medium, String> {
    Medium::from_id(id).ok_or_else(|| {
        let known: Vec<_> = Medium::ALL.iter().map(|medium| medium.id()).collect();
        format!("choose one of {}", known.join(", "))
    })
}

/// What the disc or image says that an image is for.
#[derive(Default)]
pub(crate) struct Target {
    /// What it is added to.
    pub(crate) onto: Option<Onto>,
    /// Its defaults are taken unless another medium is named.
    pub(crate) medium: Option<Medium>,
    /// The image file that it is, or the drive that it is in.
    pub(crate) written: Option<Input>,
    /// Whether it is added to, if anything is there.
    pub(crate) appended: bool,
}

/// An image that is planned, and where its files are.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) files: LocalFiles,
    pub(super) notices: Vec<Notice>,
    /// The image that is continued, if it is a file.
    pub(super) base: Option<ImageFile>,
    /// What goes to the start of what is continued.
    pub(crate) head: Option<Head>,
}

impl ImageArgs {
    /// Whether UDF is among the file systems, as far as they were chosen.
    pub(crate) fn wants_udf(&self) -> bool {
        self.fs.is_empty() || self.fs.contains(&FileSystem::Udf)
    }

    /// Whether none of the options was given.
    pub(crate) fn is_default(&self) -> bool {
        self.given.names().next().is_none()
    }

    /// The options that were given and say what is in an image, or how it is made.
    pub(super) fn of_contents(&self) -> Vec<&str> {
        self.given.names().filter(|name| !OF_NO_CONTENTS.contains(name)).collect()
    }

    /// Lists the files and plans the image, or the session that continues one. What is left out, and what readers have
    /// trouble with, is told.
    pub(crate) fn plan(
        &self,
        paths: &[OsString],
        output: Option<&Path>,
        target: Target,
        cancelled: &AtomicBool,
    ) -> Result<Planned, CliError> {
        let outputs = Outputs { image: output, sums: self.checksums.file() };
        outputs.check(&target.written)?;
        self.udf.check_player()?;
        let options = self.options(paths, &target)?;
        needs::check(&self.given, &options, self.known(&target))?;
        let grafts: Vec<Graft> =
            paths.iter().map(|path| self.udf.place(Graft::named(path))).collect();
        let special_files = self.fs.contains(&FileSystem::Rockridge);
        let mut scan = self.scan.scan(&grafts, special_files, outputs, cancelled)?;
        outputs.check(&self.inputs(&scan.tree))?;
        self.udf.mend_names(&mut scan.tree);
        self.udf.read_small(&mut scan)?;
        self.udf.read_information(&mut scan)?;
        // What is added to may have the rest.
        let missing = if target.onto.is_none() { self.udf.missing(&scan)? } else { Vec::new() };
        let boot = boot::options(&self.boot, &mut scan)?;
        let options = Options { boot, ..options };
        self.hide.apply(&mut scan.tree).map_err(|error| pattern_failed(&error))?;
        self.layout.arrange(&mut scan.tree, &scan.files, cancelled)?;
        if cancelled.load(Ordering::Relaxed) {
            return Err(CliError::failure("stopped before anything was written"));
        }
        let Scan { tree, files, notices, .. } = scan;
        let mut base = None;
        let (tree, options, before) = match target.onto {
            Some(mut onto) => {
                base = onto.base.take();
                onto.under(&tree, self.update, options)?
            }
            None => (tree, options, None),
        };
        let plan = image_core::plan(Arc::new(tree), &options).map_err(|e| plan_failed(&e, self))?;
        for note in missing {
            eprintln!("note: {note}");
        }
        report::warn(&plan, self.iso.warnings, failed::warning_hint);
        if let Some(medium) = self.media {
            check_fits(&plan, medium)?;
        }
        let head = before.map(|before| continued::head(&plan, before)).transpose()?;
        Ok(Planned { plan, files, notices, base, head })
    }

    const fn known(&self, target: &Target) -> needs::Known {
        needs::Known {
            chosen: !self.fs.is_empty(),
            continued: target.onto.is_some(),
            appended: target.appended,
            portable: self.scan.is_portable(),
        }
    }

    /// The files of this machine that options name, to be read.
    fn inputs(&self, tree: &Tree) -> Vec<Input> {
        self.layout.inputs().into_iter().chain(self.boot.inputs(tree)).collect()
    }

    pub(super) fn options(&self, paths: &[OsString], target: &Target) -> Result<Options, CliError> {
        let defaults = self.media.or(target.medium).map(Medium::options).unwrap_or_default();
        let onto = target.onto.as_ref();
        let has = |wanted| self.fs.contains(&wanted);
        let chosen = FileSystems {
            iso9660: has(FileSystem::Iso),
            joliet: has(FileSystem::Joliet),
            rock_ridge: has(FileSystem::Rockridge),
            udf: has(FileSystem::Udf),
        };
        let mut usual = onto.map_or(defaults.file_systems, Onto::file_systems);
        // What is added to has the file systems that it has.
        usual.udf |= onto.is_none() && needs::wants_udf(&self.given);
        let file_systems = if self.fs.is_empty() { usual } else { chosen };
        let revision = self.udf.of_player().unwrap_or(defaults.udf.revision);
        let udf = onto.and_then(Onto::udf).unwrap_or_else(|| UdfOptions::of(revision));
        let volume = || match onto {
            Some(onto) if !onto.volume().is_empty() => onto.volume().to_owned(),
            _ => default_volume(paths),
        };
        let options = Options {
            volume_id: self.volume.clone().unwrap_or_else(volume),
            file_systems,
            checksums: self.checksums.options(),
            layout: self.layout.options(&defaults.layout),
            udf: self.udf.options(&udf),
            video: self.udf.video(),
            created: self.scan.created()?,
            ..onto.map(|onto| onto.options(file_systems)).unwrap_or_default()
        };
        self.iso.apply(options).map_err(CliError::usage)
    }
}

/// The name of the folder, when there is nothing else on the disc.
pub(super) fn default_volume(paths: &[OsString]) -> String {
    let name = || {
        let [only] = paths else { return None };
        let folder = Graft::named(only).path.canonicalize().ok().filter(|path| path.is_dir())?;
        let name = folder.file_name()?.to_str()?.to_owned();
        (name.len() <= 60 && !name.contains(char::is_control)).then_some(name)
    };
    name().unwrap_or_else(|| Options::default().volume_id)
}
