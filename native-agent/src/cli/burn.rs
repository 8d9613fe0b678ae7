//! `discwright burn`: an image, or files, straight to a disc.

use core::sync::atomic::AtomicBool;
use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::json;

use super::{
    CliError,
    build::ImageArgs,
    disc::{self, Bar, open_drive},
};
use crate::{
    burn::{self, Level, Options, Outcome, Verification},
    identity::hex,
    mmc::{PatientDrive, TrayAction, start_stop},
    scsi::Transport,
    source::ImageSource,
};

const EXAMPLES: &str = "\
Examples:
  discwright burn /dev/sr0 image.iso                        burn, and compare every block
  discwright burn virtual:demo.vdisc image.iso --verify quick
  discwright burn sr0 - < image.iso                         from standard input
  discwright burn sr0 photos/                               the contents of a folder
  discwright burn sr0 2026=photos/ map.pdf                  a folder as /2026, and a file
  discwright burn sr0 --media dvd --dedup backup/           laid out as `build` does it
  discwright burn sr0 =map.pdf                              one file that is not an image
  discwright burn sr0 image.iso --speed 4 --copies 3        asks for the next disc between copies

Exit status: 0 done, 2 wrong usage, 3 input, 4 medium, 5 drive, 6 the disc differs from the image.";

/// Burn an image, or folders and files, to a disc
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc
    drive: String,
    /// One image file or - for standard input; else folders and files to put on the disc, as `build` takes them
    #[arg(required = true, value_name = "IMAGE|[TARGET=]PATH")]
    paths: Vec<String>,
    /// Multiple of the base speed; the fastest when not given
    #[arg(long, value_name = "X", value_parser = speed)]
    speed: Option<f64>,
    /// What to compare with the image afterwards
    #[arg(long, value_enum, default_value_t = Verify::Full)]
    verify: Verify,
    /// Rehearse with the laser off (DVD-R and DVD-RW)
    #[arg(long)]
    simulate: bool,
    /// Leave nothing to be added to the disc; the default
    #[arg(long, conflicts_with = "append")]
    close: bool,
    /// Leave the disc open, so that a session can be added
    #[arg(long)]
    append: bool,
    /// Discs to burn; the tray opens between them
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    copies: u32,
    /// Open the tray at the end
    #[arg(long)]
    eject: bool,
    /// Print JSON, one line for each disc
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    image: ImageArgs,
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

fn speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix(['x', 'X']).unwrap_or(text).parse::<f64>();
    match number {
        Ok(speed) if speed > 0.0 && speed.is_finite() => Ok(speed),
        _ => Err("it has to be a number above 0, such as 4 or 2.4".to_owned()),
    }
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    if args.copies > 1 && !io::stdin().is_terminal() {
        return Err(CliError::usage("copies need a terminal to ask for the next disc on"));
    }
    let mut image = disc::open_paths(&args.paths, &args.image)?;
    for copy in 1..=args.copies {
        if copy > 1 {
            ask_for_disc(copy, args.copies)?;
        }
        let mut drive = open_drive(&args.drive)?;
        burn_one(drive.as_mut(), image.as_mut(), args)?;
        if args.eject || copy < args.copies {
            open_tray(drive.as_mut());
        }
    }
    Ok(())
}

fn burn_one(
    drive: &mut dyn Transport,
    image: &mut dyn ImageSource,
    args: &Args,
) -> Result<(), CliError> {
    let options = Options {
        speed: args.speed,
        simulate: args.simulate,
        close: !args.append,
        check_pace: !args.drive.starts_with("virtual:"),
        ..Options::default()
    };
    let cancel = disc::cancel_on_ctrl_c();
    let bar = Bar::new(image.len_blocks(), args.json);
    let tell = &mut |event| bar.show(&event);
    let burned = burn::run(drive, image, &options, cancel, tell).map_err(|e| disc::failed(&e))?;
    let level = level(args, &burned);
    let found = read_back(drive, image, &burned, level, cancel, &bar)?;
    bar.clear();
    report(&burned, &found, args.json).map_err(|error| CliError::other(&error))?;
    disc::judge(&found)
}

/// A rehearsal leaves nothing to compare. A drive that cannot have written is not taken at its word.
fn level(args: &Args, burned: &Outcome) -> Level {
    match &burned.suspect {
        _ if args.simulate => Level::None,
        Some(why) => {
            eprintln!("note: comparing every block, because {why}");
            Level::Full
        }
        None => args.verify.into(),
    }
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

fn ask_for_disc(copy: u32, copies: u32) -> Result<(), CliError> {
    eprint!("insert a disc for copy {copy} of {copies} and press Enter: ");
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) => Err(CliError::failure("no further disc: the input ended")),
        Ok(_) => Ok(()),
        Err(error) => Err(CliError::other(&error)),
    }
}

/// A tray that stays shut does not undo a disc that is good.
fn open_tray(drive: &mut dyn Transport) {
    let command = start_stop(TrayAction::Eject);
    if let Err(error) = PatientDrive::new(drive, disc::TRAY_LIMIT).ask(&command) {
        eprintln!("note: the tray did not open: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::speed;

    #[test]
    fn speeds_are_positive_multiples() {
        assert_eq!((speed("4"), speed("2.4x")), (Ok(4.0), Ok(2.4)));
        for bad in ["0", "-1", "fast", "inf", "NaN", "x", ""] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
