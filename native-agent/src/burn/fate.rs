//! What became of a disc, and whose fault it is.

use core::fmt;

/// What became of the disc when a burn did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscFate {
    /// Nothing was written to it.
    Untouched,
    /// Its former content is lost; it can be written again.
    Rewritable,
    /// A further session was begun behind what is on it, and is not seen: the disc shows what it held before.
    Kept,
    /// Write-once, and some of it is used up. What was written is not a complete image.
    Spoiled,
    /// All blocks are written, but track or session may not be closed.
    Unclosed,
    /// Write-once, and formatting it was not finished.
    HalfFormatted,
    /// It was only read.
    AsItWas,
}

impl fmt::Display for DiscFate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Untouched => "nothing was written to the disc",
            Self::Rewritable => "the former content of the disc is lost; it can be written again",
            Self::Kept => "the disc shows what it held before",
            Self::Spoiled => "the disc holds an incomplete image and is probably spoiled",
            Self::Unclosed => "the data is on the disc, but the disc may not be closed",
            Self::HalfFormatted => "formatting the disc was not finished; it may be unusable",
            Self::AsItWas => "the disc is as it was",
        })
    }
}

/// Whose fault it is, which decides the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The image or its source.
    Input,
    /// The disc.
    Medium,
    /// The drive or the way to it.
    Drive,
    /// What is on the disc is not what was sent.
    Verification,
    /// Nobody's: it was cancelled.
    Cancelled,
}
