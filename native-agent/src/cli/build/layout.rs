//! `build`: where on the disc things go.

use core::sync::atomic::AtomicBool;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use image_core::{BLOCK_SIZE, LayoutOptions, NodeId, Tree, tree::Details};

use super::{outputs::Input, scan::tell_unmatched};
use crate::{
    cli::CliError,
    source::{
        SourceError,
        local::{Exclude, LocalFiles, find_duplicates},
        writer::Reflink,
    },
};

#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "Layout")]
pub(super) struct LayoutArgs {
    /// Order files by weight: lines of a name (*.jpg) or path in the image, and a number; the highest come first
    #[arg(long, value_name = "FILE")]
    sort: Option<PathBuf>,
    /// Record equal files once, but on a UDF that is written in place: those of equal length are read and compared by SHA-256
    /// before; with --append among what is new
    #[arg(long)]
    dedup: bool,
    /// Begin large files on a multiple of this many blocks: 2 for 4 KiB, 16 for DVD, 32 for BD [default: 2, or the medium's,
    /// and 32 from 16 MiB on]
    #[arg(long, value_name = "BLOCKS", value_parser = clap::value_parser!(u32).range(1..=32768))]
    align: Option<u32>,
    /// The length in bytes from which on a file is large [default: 1048576, 1 MiB]
    #[arg(long, value_name = "BYTES")]
    align_from: Option<u64>,
    /// Zero blocks at the end of an image without UDF [default: 150, or the medium's]
    #[arg(long, value_name = "BLOCKS")]
    padding: Option<u32>,
    /// Fail when the image takes more than this
    #[arg(long, value_name = "BYTES")]
    max_size: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum ReflinkChoice {
    /// Where it is possible
    Auto,
    /// Or fail
    Always,
    /// Write all bytes
    Never,
}

impl From<ReflinkChoice> for Reflink {
    fn from(choice: ReflinkChoice) -> Self {
        match choice {
            ReflinkChoice::Auto => Self::Auto,
            ReflinkChoice::Always => Self::Always,
            ReflinkChoice::Never => Self::Never,
        }
    }
}

/// A list of weights that makes no sense.
#[derive(Debug, thiserror::Error)]
pub(super) enum SortError {
    #[error("cannot read {}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: no name and number: {text:?}", path.display())]
    Line { path: PathBuf, line: usize, text: String },
}

impl LayoutArgs {
    /// The options, over those of the medium.
    pub(super) fn options(&self, defaults: &LayoutOptions) -> LayoutOptions {
        LayoutOptions {
            alignment: self.align.unwrap_or(defaults.alignment),
            align_from: self.align_from.unwrap_or(defaults.align_from),
            padding_blocks: self.padding.unwrap_or(defaults.padding_blocks),
            deduplicate: self.dedup,
            max_blocks: self.max_blocks(),
            ..defaults.clone()
        }
    }

    /// The files that are read for it.
    pub(super) fn inputs(&self) -> Option<Input> {
        self.sort.as_deref().map(|path| Input::of_option("--sort", path))
    }

    /// What `--max-size` says, in bytes.
    pub(super) const fn max_size(&self) -> Option<u64> {
        self.max_size
    }

    /// The same in whole blocks.
    pub(super) fn max_blocks(&self) -> Option<u32> {
        let blocks = |bytes: u64| u32::try_from(bytes / BLOCK_SIZE as u64).unwrap_or(u32::MAX);
        self.max_size.map(blocks)
    }

    /// Gives the files of a tree what decides on their place.
    pub(super) fn arrange(
        &self,
        tree: &mut Tree,
        files: &LocalFiles,
        cancelled: &AtomicBool,
    ) -> Result<(), CliError> {
        if let Some(path) = &self.sort {
            let rules = read_rules(path).map_err(|error| {
                CliError::usage(crate::problem::chain(&error))
                    .hint("write lines such as `photos/best 10`, the path as in the image")
            })?;
            weigh(tree, &rules);
            for (pattern, _) in &rules {
                tell_unmatched("--sort", pattern);
            }
        }
        if self.dedup {
            let input = |error: SourceError| CliError::input(&error).maybe_hint(error.hint());
            find_duplicates(tree, files, cancelled).map_err(input)?;
        }
        Ok(())
    }
}

/// What a line of the list says: files that match, with all that is below them, and their weight.
type Rule = (Exclude, i32);

fn read_rules(path: &Path) -> Result<Vec<Rule>, SortError> {
    let text = fs::read_to_string(path)
        .map_err(|source| SortError::Io { path: path.to_path_buf(), source })?;
    let wrong = |line: usize, text: &str| SortError::Line {
        path: path.to_path_buf(),
        line: line + 1,
        text: text.to_owned(),
    };
    let lines = text.lines().enumerate().map(|(number, line)| (number, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| rule(line).ok_or_else(|| wrong(number, line))).collect()
}

/// The weight is what stands last, since names have spaces.
fn rule(line: &str) -> Option<Rule> {
    let (pattern, weight) = line.rsplit_once([' ', '\t'])?;
    let pattern = Exclude::new(&[pattern.trim_end()]).ok()?;
    Some((pattern, weight.parse().ok()?))
}

/// Of several rules for an entry the last counts; an entry without one takes that of its directory. All are looked at, to know
/// which match nothing.
fn weigh(tree: &mut Tree, rules: &[Rule]) {
    let mut pending: Vec<(NodeId, i32)> = vec![(NodeId::ROOT, 0)];
    while let Some((directory, inherited)) = pending.pop() {
        let children: Vec<NodeId> = tree.children(directory).collect();
        for child in children {
            let path = tree.path(child);
            let matching = rules.iter().filter(|(pattern, _)| pattern.matches(&path));
            let own = matching.fold(None, |_, rule| Some(rule));
            let weight = own.map_or(inherited, |(_, weight)| *weight);
            pending.push((child, weight));
            if weight != 0 && !tree.is_hard_link(child) {
                let details = Details { weight, ..tree.details(child).clone() };
                tree.set_details(child, details);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image_core::{Attributes, SourceId};

    use super::*;

    #[test]
    fn the_last_rule_counts_and_directories_pass_theirs_on() {
        let mut tree = Tree::new();
        for path in ["a b/x.jpg", "a b/y", "c/x.jpg", "c/deep/z"] {
            tree.add_file(path, SourceId(0), 1, Attributes::default()).unwrap();
        }
        let rules: Vec<Rule> =
            ["a b 5", "*.jpg\t-3", "/c/deep  7"].map(|line| rule(line).unwrap()).into();
        weigh(&mut tree, &rules);
        let weight = |path| tree.details(tree.find(path).unwrap()).weight;
        let weights = ["a b/x.jpg", "a b/y", "c/x.jpg", "c/deep/z"].map(weight);
        assert_eq!(weights, [-3, 5, -3, 7]);
        assert!(rule("no-weight").is_none() && rule("a ten").is_none());
    }
}
