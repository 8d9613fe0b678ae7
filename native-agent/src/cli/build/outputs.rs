//! What is written, and that none of it goes over what is read.

use std::path::{Path, PathBuf};

use crate::cli::{CliError, place::is_same};

/// The files that are going to be written.
#[derive(Clone, Copy)]
pub(super) struct Outputs<'a> {
    pub(super) image: Option<&'a Path>,
    pub(super) sums: Option<&'a Path>,
}

/// A file of this machine that is read, beside those that go on the disc.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// What it is, as the end of a sentence.
    what: String,
    path: PathBuf,
    /// Whether the image may take its place.
    is_continued: bool,
}

impl Input {
    fn new(what: impl Into<String>, path: &Path) -> Self {
        Self { what: what.into(), path: path.to_path_buf(), is_continued: false }
    }

    /// What an option names.
    pub(super) fn of_option(option: &str, path: &Path) -> Self {
        Self::new(format!("what {option} reads"), path)
    }

    /// An image that is added to.
    pub(super) fn continued(path: &Path) -> Self {
        Self { is_continued: true, ..Self::of_option("--append", path) }
    }

    /// A project of the app.
    pub(super) fn project(path: &Path) -> Self {
        Self::new("the project", path)
    }

    /// The drive that is written to, which may be a file.
    pub(crate) fn drive(path: &Path) -> Self {
        Self::new("the disc", path)
    }
}

impl Outputs<'_> {
    /// The outputs with what they are and the options that name them.
    fn named(&self) -> impl Iterator<Item = (&'static str, &'static str, &Path)> {
        let image = self.image.map(|path| ("the image", "-o", path));
        let sums = self.sums.map(|path| ("the list of sums", "--sha256-file", path));
        image.into_iter().chain(sums)
    }

    pub(super) fn paths(&self) -> Vec<&Path> {
        self.named().map(|(_, _, path)| path).collect()
    }

    /// Refuses outputs that are one file, or one that is read.
    pub(super) fn check<'a>(
        &self,
        inputs: impl IntoIterator<Item = &'a Input>,
    ) -> Result<(), CliError> {
        if let (Some(image), Some(sums)) = (self.image, self.sums)
            && is_same(image, sums)
        {
            return Err(CliError::usage("the image and the list of its sums would be one file")
                .hint("give --sha256-file another name"));
        }
        for input in inputs {
            let replaces = |path: &Path, option: &str| {
                is_same(path, &input.path) && !(input.is_continued && option == "-o")
            };
            let found = self.named().find(|(_, option, path)| replaces(path, option));
            if let Some((output, option, path)) = found {
                let (what, path) = (&input.what, path.display());
                return Err(CliError::usage(format!("{output} would replace {what}: {path}"))
                    .hint(format!("give {option} another name")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_an_image_takes_the_place_of_what_it_continues() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (image, other, new) = (at("a.iso"), at("./a.iso"), at("new"));
        fs::write(&image, "x").unwrap();
        let (read, continued) = (Input::of_option("--sort", &image), Input::continued(&image));
        let check = |image: Option<&Path>, sums: Option<&Path>, input: &Input| {
            Outputs { image, sums }.check([input]).is_ok()
        };
        assert!(check(Some(&new), None, &read) && check(None, Some(&new), &read));
        assert!(!check(Some(&other), None, &read) && !check(None, Some(&other), &read));
        assert!(check(Some(&other), None, &continued) && !check(None, Some(&other), &continued));
        assert!(!check(Some(&new), Some(&at("./new")), &read), "neither is there yet");
    }
}
