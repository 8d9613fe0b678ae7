//! How discs are burned and compared: what `burn` and `copy` share.

use core::sync::atomic::AtomicBool;
use std::io::{self, IsTerminal, Write};

use serde_json::json;

use super::{
    super::{
        CliError,
        disc::{self, Bar, open_drive},
        ending,
    },
    replace,
};
use crate::{
    burn::{self, Level, Options, Outcome, Verification, WriteMode},
    identity::hex,
    mmc::{PatientDrive, TrayAction, move_tray},
    scsi::Transport,
    source::ImageSource,
};

/// How to burn.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct How {
    /// Multiple of the base speed, as 4 or 2.4x; the fastest when not given
    #[arg(long, value_name = "X", value_parser = speed)]
    pub(crate) speed: Option<f64>,
    /// What to compare with the image afterwards
    #[arg(long, value_enum, default_value_t = Verify::Full)]
    pub(crate) verify: Verify,
    /// Rehearse with the laser off (CD-R, CD-RW, DVD-R and DVD-RW)
    #[arg(long)]
    pub(crate) simulate: bool,
    /// How a CD is written
    #[arg(long, value_enum, value_name = "MODE", default_value_t = Mode::Auto)]
    pub(crate) write_mode: Mode,
    /// Leave nothing to be added to the disc; the default
    #[arg(long, conflicts_with = "append")]
    pub(crate) close: bool,
    /// Add folders and files to what is on the disc, in place of what has the same names, and leave it open for more; an
    /// image is burned as it is
    #[arg(long)]
    pub(crate) append: bool,
    /// Replace what is on a disc that can be overwritten without asking
    #[arg(long, conflicts_with = "append")]
    pub(crate) overwrite: bool,
    /// Write more than a write-once disc says it holds; its end may be lost
    #[arg(long)]
    pub(crate) overburn: bool,
    /// Write files without the drive's own check of what it wrote, twice as fast (BD-RE and DVD-RAM)
    #[arg(long)]
    pub(crate) stream: bool,
    /// Where the first layer of a DVD+R DL or DVD-R DL ends; in the middle of an image that needs both when not given
    #[arg(long, value_name = "BLOCK")]
    pub(crate) layer_break: Option<u32>,
    /// Record a blank DVD-R DL with layer jumps, so that with --append another session can follow
    #[arg(long)]
    pub(crate) layer_jump: bool,
    /// Discs to burn; the tray opens between them
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) copies: u32,
    /// Open the tray at the end
    #[arg(long)]
    pub(crate) eject: bool,
    /// Print JSON, one line for each disc
    #[arg(long)]
    pub(crate) json: bool,
}

/// How much of a disc is compared.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Verify {
    /// Nothing
    None,
    /// The beginning, the end and samples between
    Quick,
    /// Every block
    Full,
}

impl From<Verify> for Level {
    fn from(verify: Verify) -> Self {
        match verify {
            Verify::None => Self::None,
            Verify::Quick => Self::Quick,
            Verify::Full => Self::Full,
        }
    }
}

/// How a CD is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Mode {
    /// The whole session at once for an empty disc that is to be closed, else track at once
    Auto,
    /// Track at once
    Tao,
    /// Session at once, which takes an empty disc
    Sao,
    /// Session at once, all of it made here down to the sub-channels; takes an empty disc and closes it
    Raw,
}

impl From<Mode> for WriteMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => Self::Automatic,
            Mode::Tao => Self::TrackAtOnce,
            Mode::Sao => Self::SessionAtOnce,
            Mode::Raw => Self::Raw,
        }
    }
}

/// A multiple of 1x: `4`, `2.4x` or `4×`.
pub(crate) fn speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix(['x', 'X', '×']).unwrap_or(text).parse::<f64>();
    match number {
        Ok(speed) if speed > 0.0 && speed.is_finite() => Ok(speed),
        _ => Err("it has to be a number above 0, such as 4 or 2.4".to_owned()),
    }
}

impl How {
    /// The options of the engine for this drive.
    pub(crate) fn options(&self, drive: &str) -> Options {
        Options {
            speed: self.speed,
            simulate: self.simulate,
            write_mode: self.write_mode.into(),
            close: !self.append,
            overburn: self.overburn,
            stream: self.stream,
            layer_break: self.layer_break,
            layer_jump: self.layer_jump,
            check_pace: !drive.starts_with("virtual:"),
            ..Options::default()
        }
    }
}

/// Who changes discs, and says which may be lost.
pub(crate) trait Changer {
    /// Refuses at once what could only be asked later.
    fn check(&self) -> Result<(), CliError>;

    /// Has the disc for this copy put into the drive.
    fn change(&mut self, copy: u32, copies: u32) -> Result<(), CliError>;

    /// Agrees that what this says is lost; fails otherwise.
    fn agree(&mut self, loss: &str) -> Result<(), CliError>;
}

/// The user, who is asked on the terminal.
#[derive(Debug)]
pub(crate) struct User;

impl Changer for User {
    fn check(&self) -> Result<(), CliError> {
        if io::stdin().is_terminal() {
            return Ok(());
        }
        Err(CliError::usage("there is no terminal to ask for the next disc on")
            .hint("run it in a terminal, or burn one disc at a time"))
    }

    fn change(&mut self, copy: u32, copies: u32) -> Result<(), CliError> {
        let question = format!("insert a disc for copy {copy} of {copies} and press Enter: ");
        match ending::ask(&question) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(CliError::failure("no further disc: the input ended")),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                Err(CliError::failure("no further disc: it was cancelled"))
            }
            Err(error) => Err(CliError::other(&error)),
        }
    }

    fn agree(&mut self, loss: &str) -> Result<(), CliError> {
        if !io::stdin().is_terminal() {
            return Err(CliError::unsuitable(loss)
                .hint("--overwrite replaces it; --append adds folders and files to a volume"));
        }
        let refused = || CliError::failure("nothing was written: the disc is as it was");
        match ending::ask(&format!("{loss}. Replace it? [y/N] ")) {
            Ok(Some(line)) if matches!(line.trim(), "y" | "Y" | "yes") => Ok(()),
            Ok(_) => Err(refused()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(refused()),
            Err(error) => Err(CliError::other(&error)),
        }
    }
}

/// The disc for the first copy.
#[derive(Clone, Debug)]
pub(crate) enum First {
    /// It is in the drive.
    Inserted,
    /// It was looked at before, and had this fingerprint: what it holds may be replaced, or is added to.
    Known(String),
    /// It is not in the drive yet.
    Missing,
}

/// Burns all copies of an image.
pub(crate) fn burn_copies(
    drive_name: &str,
    image: &mut dyn ImageSource,
    how: &How,
    first: &First,
    changer: &mut dyn Changer,
) -> Result<(), CliError> {
    for copy in 1..=how.copies {
        let known = match first {
            First::Known(fingerprint) if copy == 1 => Some(fingerprint.as_str()),
            First::Inserted if copy == 1 => None,
            _ => {
                changer.change(copy, how.copies)?;
                None
            }
        };
        let mut drive = open_drive(drive_name)?;
        let medium = if image.continuation().is_some() {
            known.map(str::to_owned)
        } else if how.overwrite {
            None
        } else {
            replace::agree(drive_name, drive.as_mut(), known, changer)?
        };
        let options = Options { medium, ..how.options(drive_name) };
        burn_one(drive.as_mut(), image, how, &options)?;
        if how.eject || copy < how.copies {
            open_tray(drive.as_mut());
        }
    }
    Ok(())
}

fn burn_one(
    drive: &mut dyn Transport,
    image: &mut dyn ImageSource,
    how: &How,
    options: &Options,
) -> Result<(), CliError> {
    let cancel = ending::cancel_unless_hung_up();
    let bar = Bar::new(image.len_blocks(), how.json);
    let tell = &mut |event| bar.show(&event);
    let burned = burn::run(drive, image, options, cancel, tell).map_err(|e| disc::failed(&e))?;
    let level = level(how, &burned);
    let found = read_back(drive, image, &burned, level, cancel, &bar)?;
    bar.clear();
    report(&burned, &found, how.json).map_err(|error| CliError::other(&error))?;
    disc::judge(&found)
}

/// A rehearsal leaves nothing to compare. A drive that cannot have written is not taken at its word.
fn level(how: &How, burned: &Outcome) -> Level {
    let level = burned.level(how.verify.into(), how.simulate);
    if let Some(why) = burned.suspect.as_ref().filter(|_| level == Level::Full) {
        ending::tell(format_args!("note: comparing every block, because {why}"));
    }
    level
}

fn read_back(
    drive: &mut dyn Transport,
    image: &mut dyn ImageSource,
    burned: &Outcome,
    level: Level,
    cancel: &AtomicBool,
    bar: &Bar,
) -> Result<Verification, CliError> {
    let tell = &mut |event| bar.show(&event);
    let sent = Some(burned.sha256);
    let found = burn::verify(drive, image, burned.start, level, sent, cancel, tell);
    found.map_err(|error| disc::failed(&error).hint("the disc was written, but not compared"))
}

fn report(burned: &Outcome, found: &Verification, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let sha256 = hex(&burned.sha256);
    if json {
        let verified = (found.level != Level::None).then(|| found.is_good());
        let done = json!({
            "firstBlock": burned.start, "blocks": burned.blocks, "sha256": sha256,
            "bytesPerSecond": burned.bytes_per_second(), "verified": verified,
            "checkedBlocks": found.checked_blocks, "closed": burned.finalized,
            "suspect": burned.suspect, "different": found.different,
            "unreadable": found.unreadable, "files": found.files, "fault": found.fault,
        });
        return writeln!(out, "{done}");
    }
    let rate = burned.bytes_per_second() as f64 / 1e6;
    writeln!(out, "burned {} blocks at {rate:.1} MB/s", burned.blocks)?;
    if found.level != Level::None && found.is_good() {
        writeln!(out, "compared {} blocks: they are equal", found.checked_blocks)?;
    }
    writeln!(out, "sha256 {sha256}")
}

/// A tray that stays shut does not undo a disc that is good.
pub(crate) fn open_tray(drive: &mut dyn Transport) {
    let drive = &mut PatientDrive::new(drive, disc::TRAY_LIMIT);
    if let Err(error) = move_tray(drive, TrayAction::Eject) {
        ending::tell(format_args!("note: the tray did not open: {error}"));
    }
}

#[cfg(test)]
mod tests {
    use super::speed;

    #[test]
    fn speeds_are_positive_multiples() {
        let speeds = ["4", "2.4x", "8×"].map(|text| speed(text).unwrap());
        assert_eq!(speeds, [4.0, 2.4, 8.0]);
        for bad in ["0", "-1", "fast", "inf", "NaN", "x", ""] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
