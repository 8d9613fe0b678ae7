//! `discwright format`: a disc made writable, or writable in another way.

use super::{
    CliError,
    upkeep::{self, On},
};
use crate::burn::{Certification, FormatKind, FormatOptions, Operation, Spare};

const EXAMPLES: &str = "\
Examples:
  discwright format /dev/sr0                        as suits the medium
  discwright format sr0 --kind full                 DVD-RW, DVD-RAM, BD-RE: every block
  discwright format sr0 --spare none                BD-RE: faster, without replacement of bad blocks
  discwright format sr0 --spare 512M --certify full
  discwright format sr0 --kind pow                  BD-R: blocks can be overwritten

Formatting takes everything off the disc.

Exit status: 0 done, 2 wrong usage, 4 medium, 5 drive, 6 the disc is not formatted afterwards.";

/// Format a DVD-RW, DVD+RW, DVD-RAM, BD-RE or BD-R
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    on: On,
    /// What to make of the disc; what suits the medium when not given
    #[arg(long, value_enum)]
    kind: Option<FormatKind>,
    /// Spare areas of a BD: none, default, or a size such as 256M or 1G
    #[arg(long, value_name = "none|default|SIZE", default_value = "default", value_parser = spare)]
    spare: Spare,
    /// How a BD-RE is looked over; quick where the drive can, when not given
    #[arg(long, value_enum)]
    certify: Option<Certification>,
}

/// `none`, `default`, or bytes with a binary unit.
fn spare(text: &str) -> Result<Spare, String> {
    let bad = || "it has to be none, default, or a size such as 256M or 1G".to_owned();
    let (number, shift) = match text.as_bytes().last() {
        _ if text == "none" => return Ok(Spare::None),
        _ if text == "default" => return Ok(Spare::Default),
        Some(b'k' | b'K') => (&text[..text.len() - 1], 10),
        Some(b'm' | b'M') => (&text[..text.len() - 1], 20),
        Some(b'g' | b'G') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: u64 = number.parse().map_err(|_| bad())?;
    let bytes = number.checked_mul(1 << shift).filter(|bytes| *bytes > 0);
    bytes.map(Spare::Bytes).ok_or_else(bad)
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let options = FormatOptions { kind: args.kind, spare: args.spare, certification: args.certify };
    upkeep::run(&args.on, Operation::Format(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_spare_areas() {
        assert_eq!(spare("none"), Ok(Spare::None));
        assert_eq!(spare("default"), Ok(Spare::Default));
        assert_eq!(spare("256M"), Ok(Spare::Bytes(256 << 20)));
        assert_eq!(spare("1g"), Ok(Spare::Bytes(1 << 30)));
        assert_eq!(spare("65536"), Ok(Spare::Bytes(65536)));
        for bad in ["", "M", "0", "-1", "1.5G", "99999999999G", "much", "1T"] {
            assert!(spare(bad).is_err(), "{bad}");
        }
    }
}
