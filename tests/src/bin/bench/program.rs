//! The programs that are measured, and how each is called.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use tests::image::{self, Maker, Wanted};
use tests::run::command;

use crate::planning::How;

pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) makes: Makes,
}

#[derive(Clone, Copy)]
pub(crate) enum Makes {
    Image(Maker, Wanted),
    /// An image by discwright that is on the disk, not only in memory, when the time ends.
    Stored(Wanted),
    /// A copy of the one file that is in the folder.
    Copy,
    /// The same, on the disk.
    StoredCopy,
    /// A sum of that file, by this program with these arguments: what one core can do.
    Sum(&'static [&'static str]),
    /// A plan for this many files.
    Plan(How, u32),
    /// A BD-R at 16x.
    Burn,
}

impl Program {
    pub(crate) const fn new(name: &'static str, makes: Makes) -> Self {
        Self { name, makes }
    }

    pub(crate) const fn image(name: &'static str, maker: Maker, wanted: Wanted) -> Self {
        Self::new(name, Makes::Image(maker, wanted))
    }

    /// Whether it may fail without failing the measurement.
    pub(crate) fn is_peer(&self) -> bool {
        matches!(self.makes, Makes::Image(Maker::Genisoimage | Maker::Xorriso | Maker::Hadris, _))
    }

    pub(crate) const fn makes_a_file(&self) -> bool {
        self.reads_the_folder() && !matches!(self.makes, Makes::Sum(_))
    }

    pub(crate) const fn reads_the_folder(&self) -> bool {
        !matches!(self.makes, Makes::Plan(..) | Makes::Burn)
    }

    pub(crate) fn command(&self, folder: &Path, out: &Path) -> Result<Command> {
        let large = folder.join("large.bin");
        let copying = || {
            let mut cp = command("cp");
            cp.arg(&large).arg(out);
            cp
        };
        Ok(match self.makes {
            Makes::Image(maker, wanted) => image::making(maker, folder, out, wanted)?,
            Makes::Stored(wanted) => {
                stored(&image::making(Maker::Discwright, folder, out, wanted)?, out)
            }
            Makes::Copy => copying(),
            Makes::StoredCopy => stored(&copying(), out),
            Makes::Sum(words) => {
                let mut sum = command(words.first().copied().unwrap_or_default());
                sum.args(words.get(1..).unwrap_or_default()).arg(large);
                sum
            }
            Makes::Plan(..) | Makes::Burn => bail!("it is measured by the process that does it"),
        })
    }
}

/// The command, and then `out` written to the disk.
fn stored(making: &Command, out: &Path) -> Command {
    let mut shell = command("sh");
    shell.args(["-c", r#"out=$1; shift; "$@" && sync "$out""#, "sh"]).arg(out);
    shell.arg(making.get_program()).args(making.get_args());
    shell
}
