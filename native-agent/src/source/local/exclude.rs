//! What is left out of an image.

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns of names and paths to leave out, with all that is below them.
///
/// A pattern without a slash is for a name anywhere; one with a slash is for a path from the root of the image.
#[derive(Clone, Debug, Default)]
pub struct Exclude {
    set: GlobSet,
    patterns: Vec<String>,
    /// Which of the patterns matched something so far.
    matched: Arc<[AtomicBool]>,
}

/// A pattern that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{pattern:?} is not a pattern")]
pub struct PatternError {
    pattern: String,
    #[source]
    source: Option<globset::Error>,
}

impl Exclude {
    /// Takes the patterns as a shell writes them: `*`, `?`, `[abc]`, `{one,other}`, and `**` for any number of folders.
    ///
    /// # Errors
    /// When one of them makes no sense.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, PatternError> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            let failed = |source| PatternError { pattern: pattern.to_owned(), source };
            let trimmed = pattern.trim_end_matches('/');
            if trimmed.is_empty() {
                // A variable that is not set, and not all there is.
                return Err(failed(None));
            }
            let anchored = match trimmed.strip_prefix('/') {
                Some(path) => path.to_owned(),
                None if trimmed.contains('/') => trimmed.to_owned(),
                None => format!("**/{trimmed}"),
            };
            let glob = GlobBuilder::new(&anchored).literal_separator(true).build();
            set.add(glob.map_err(|source| failed(Some(source)))?);
        }
        let first = patterns.first().map(|pattern| pattern.as_ref().to_owned());
        let failed =
            |source| PatternError { pattern: first.unwrap_or_default(), source: Some(source) };
        let set = set.build().map_err(failed)?;
        let patterns = patterns.iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        let matched = (0..set.len()).map(|_| AtomicBool::new(false)).collect();
        Ok(Self { set, patterns, matched })
    }

    /// Whether the entry with this path in the image is left out.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        if self.set.is_empty() || !self.set.is_match(path) {
            return false;
        }
        for number in self.set.matches(path) {
            if let Some(matched) = self.matched.get(number) {
                matched.store(true, Ordering::Relaxed);
            }
        }
        true
    }

    /// The patterns that matched nothing so far.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let all = self.patterns.iter().zip(self.matched.iter());
        all.filter(|(_, matched)| !matched.load(Ordering::Relaxed)).map(|(pattern, _)| &**pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_anywhere_and_paths_from_the_root() {
        let exclude = Exclude::new(&["*.o", "build/", "docs/*.tmp", "/top"]).unwrap();
        for (path, left_out) in [
            ("a.o", true),
            ("deep/er/a.o", true),
            ("deep/build", true),
            ("docs/a.tmp", true),
            ("docs/more/a.tmp", false),
            ("top", true),
            ("deep/top", false),
            ("a.oo", false),
        ] {
            assert_eq!(exclude.matches(path), left_out, "{path}");
        }
        assert!(!Exclude::default().matches("a"));
    }

    #[test]
    fn nothing_is_no_pattern_for_everything() {
        for pattern in ["", "/", "//"] {
            let error = Exclude::new(&["a", pattern]).unwrap_err();
            assert_eq!(error.to_string(), format!("{pattern:?} is not a pattern"));
        }
    }

    #[test]
    fn patterns_without_a_match_are_known() {
        let exclude = Exclude::new(&["*.o", "build/", "a.*", "top"]).unwrap();
        assert!(exclude.matches("deep/a.o") && !exclude.matches("b"));
        assert_eq!(exclude.unmatched().collect::<Vec<_>>(), ["build/", "top"]);
        assert!(exclude.matches("build"));
        assert_eq!(exclude.unmatched().collect::<Vec<_>>(), ["top"]);
    }

    #[test]
    fn a_broken_pattern_is_named() {
        let error = Exclude::new(&["fine", "[oops"]).unwrap_err();
        assert_eq!(error.to_string(), "\"[oops\" is not a pattern");
    }
}
