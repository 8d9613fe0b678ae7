//! Scripts as text, a fault a line; `docs/virtual-drives.md` describes them.
//!
//! ```text
//! COMMAND [NUMBER] [blocks FIRST[-LAST]] [after SIZE]: EFFECT [for TIME] [times NUMBER|always]
//! ```

use core::{ops::Range, str::SplitWhitespace, time::Duration};

use super::{Effect, Fault, Lasting, Script, Target};
use crate::scsi::{Sense, opcode};

/// The longest script.
const MOST_BYTES: usize = 64 << 10;
/// Letters of a word that are told again in an error.
const MOST_LETTERS: usize = 40;

/// Why a script cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ScriptError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: ScriptProblem,
}

/// What is wrong with a line of a script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptProblem {
    /// Split it, or leave something out.
    #[error("a script has no more than {MOST_BYTES} bytes")]
    TooLong,
    /// Write it as UTF-8.
    #[error("it is no text")]
    NotText,
    /// The command goes before a colon, what happens behind it.
    #[error("there is no `:` between the command and what happens")]
    NoColon,
    /// The names of commands are those of the standard, with `-` for spaces; or `read`, `write`, `any`; or `0x2a`.
    #[error("`{0}` is no command")]
    UnknownCommand(String),
    /// Something has to happen.
    #[error("it does not say what happens")]
    NoEffect,
    /// The effects there are.
    #[error("`{0}` is nothing that can happen")]
    UnknownEffect(String),
    /// Another word was expected, or none.
    #[error("`{0}` is not expected here")]
    Unexpected(String),
    /// The line ends too early.
    #[error("something has to follow `{0}`")]
    Missing(String),
    /// It has to be a number that is not too large, and of commands and times not zero.
    #[error("`{0}` is no number that can be used here")]
    BadNumber(String),
    /// The last block comes before the first.
    #[error("blocks {0} to {1} are the wrong way round")]
    BadRange(u32, u32),
    /// Sense is written as `3/0C/00`: key, code and qualifier, in hexadecimal digits.
    #[error("`{0}` is no sense")]
    BadSense(String),
    /// Only commands that read or write blocks have some.
    #[error("only commands that read or write blocks have any")]
    NoBlocks,
    /// Only a drive that is not ready is so for a time.
    #[error("only a drive that is not ready is so for a time")]
    NotForATime,
    /// Only commands that write, or that end what is written, can fail later.
    #[error("only what is written can fail later")]
    NotDeferrable,
}

impl ScriptError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        "a line is like `write blocks 100-115: medium-error always`; docs/virtual-drives.md has all that there is"
    }
}

type Parsed<T> = Result<T, ScriptProblem>;

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// [`ScriptError`] for the first line that is not understood.
    pub fn parse(text: &[u8]) -> Result<Self, ScriptError> {
        if text.len() > MOST_BYTES {
            return Err(ScriptError { line: 1, problem: ScriptProblem::TooLong });
        }
        let mut script = Self::default();
        for (line, bytes) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            let fault = core::str::from_utf8(bytes)
                .map_err(|_| ScriptProblem::NotText)
                .and_then(parse_line)
                .map_err(|problem| ScriptError { line, problem })?;
            if let Some(fault) = fault {
                script = script.with(fault);
            }
        }
        Ok(script)
    }
}

/// A line without its comment; none if nothing else is on it.
fn parse_line(line: &str) -> Parsed<Option<Fault>> {
    let line = line.split_once('#').map_or(line, |(before, _)| before).trim();
    if line.is_empty() {
        return Ok(None);
    }
    let (place, event) = line.split_once(':').ok_or(ScriptProblem::NoColon)?;
    let words = &mut place.split_whitespace();
    let target = words.next().ok_or(ScriptProblem::UnknownCommand(String::new()))?;
    let target = parse_target(target)?;
    let mut fault =
        Fault { target, blocks: None, after: 0, first: 1, times: 1, effect: Effect::Gone };
    while let Some(word) = words.next() {
        match word {
            "blocks" if !target.has_blocks() => return Err(ScriptProblem::NoBlocks),
            "blocks" => fault.blocks = Some(parse_range(must(words, word)?)?),
            "after" => fault.after = parse_size(must(words, word)?)?,
            number if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
                fault.first = parse_count(number)?;
            }
            other => return Err(ScriptProblem::Unexpected(short(other))),
        }
    }
    parse_event(event, &mut fault)?;
    Ok(Some(fault))
}

/// What happens, how long and how often.
fn parse_event(event: &str, fault: &mut Fault) -> Parsed<()> {
    let words = &mut event.split_whitespace();
    let mut name = words.next().ok_or(ScriptProblem::NoEffect)?;
    let deferred = name == "deferred";
    if deferred {
        name = must(words, name)?;
    }
    let end = parse_end(name, fault.target, words)?;
    let mut lasting = None;
    while let Some(word) = words.next() {
        match word {
            "for" => lasting = Some(parse_lasting(must(words, word)?, words)?),
            "times" => fault.times = parse_count(must(words, word)?)?,
            "always" => fault.times = u32::MAX,
            other => return Err(ScriptProblem::Unexpected(short(other))),
        }
    }
    fault.effect = match (end, lasting) {
        (End::Sense(sense), None) if deferred => defer(sense, fault.target)?,
        // A recovered error is one of a command that was carried out.
        (End::Sense(sense), None) if sense.key == 1 => Effect::Report(sense),
        (End::Sense(sense), None) => Effect::Refuse(sense),
        (End::Sense(sense), Some(lasting)) if !deferred && sense.key == 2 => {
            Effect::Busy(sense, lasting)
        }
        (End::Other(effect), None) if !deferred => effect,
        (_, Some(_)) => return Err(ScriptProblem::NotForATime),
        (End::Other(_), None) => return Err(ScriptProblem::NotDeferrable),
    };
    Ok(())
}

/// How a command ends.
enum End {
    Sense(Sense),
    Other(Effect),
}

fn parse_end(name: &str, target: Target, words: &mut Words<'_>) -> Parsed<End> {
    let sense = |key, asc, ascq| Ok(End::Sense(Sense::new(key, asc, ascq)));
    match name {
        "medium-error" => parse_medium_error(target),
        "power-calibration" => sense(3, 0x73, 0x03),
        "loss-of-streaming" => sense(3, 0x0c, 0x09),
        "becoming-ready" => sense(2, 0x04, 0x01),
        "operation-in-progress" => sense(2, 0x04, 0x07),
        "long-write" => sense(2, 0x04, 0x08),
        "no-medium" => sense(2, 0x3a, 0x00),
        "medium-changed" => sense(6, 0x28, 0x00),
        "reset" => sense(6, 0x29, 0x00),
        "sense" => parse_sense(must(words, name)?).map(End::Sense),
        "status" => {
            parse_status(must(words, name)?).map(|status| End::Other(Effect::Status(status)))
        }
        "timeout" => Ok(End::Other(Effect::Timeout)),
        "gone" => Ok(End::Other(Effect::Gone)),
        other => Err(ScriptProblem::UnknownEffect(short(other))),
    }
}

/// Unrecovered read error, or write error. MMC-6 annex F.
fn parse_medium_error(target: Target) -> Parsed<End> {
    match target {
        _ if !target.has_blocks() => Err(ScriptProblem::NoBlocks),
        _ if is_writing(target) => Ok(End::Sense(Sense::new(3, 0x0c, 0x00))),
        _ => Ok(End::Sense(Sense::new(3, 0x11, 0x00))),
    }
}

fn is_writing(target: Target) -> bool {
    match target {
        Target::Opcode(opcode) => Target::Writing.meets(opcode),
        other => other == Target::Writing,
    }
}

/// What waits in the buffer can fail once the command is over: blocks, and what ends them.
fn defer(sense: Sense, target: Target) -> Parsed<Effect> {
    let ends =
        matches!(target, Target::Opcode(opcode::SYNCHRONIZE_CACHE | opcode::CLOSE_TRACK_SESSION));
    if !ends && !is_writing(target) {
        return Err(ScriptProblem::NotDeferrable);
    }
    Ok(Effect::Defer(Sense { deferred: true, ..sense }))
}

/// `any`, `read`, `write`, the standard's name with `-` for spaces, or the operation code.
fn parse_target(word: &str) -> Parsed<Target> {
    let code = word.strip_prefix("0x").map(|digits| u8::from_str_radix(digits, 16));
    match (word, code) {
        ("any", _) => Ok(Target::Any),
        ("read", _) => Ok(Target::Reading),
        ("write", _) => Ok(Target::Writing),
        (_, Some(Ok(opcode))) => Ok(Target::Opcode(opcode)),
        _ => {
            let is_named =
                |opcode: &u8| opcode::name(*opcode).replace(' ', "-").eq_ignore_ascii_case(word);
            let known = (0..=u8::MAX).filter(|opcode| opcode::is_known(*opcode)).find(is_named);
            known.map(Target::Opcode).ok_or_else(|| ScriptProblem::UnknownCommand(short(word)))
        }
    }
}

fn parse_range(word: &str) -> Parsed<Range<u32>> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last) = (parse_block(first)?, parse_block(last)?);
    if last < first {
        return Err(ScriptProblem::BadRange(first, last));
    }
    Ok(first..last + 1)
}

/// One less than the last there can be, so that there is one behind it.
fn parse_block(word: &str) -> Parsed<u32> {
    let block = word.parse().ok().filter(|block| *block < u32::MAX);
    block.ok_or_else(|| ScriptProblem::BadNumber(short(word)))
}

fn parse_count(word: &str) -> Parsed<u32> {
    let count = word.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| ScriptProblem::BadNumber(short(word)))
}

/// Bytes, KiB, MiB or GiB.
fn parse_size(word: &str) -> Parsed<u64> {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match &word[digits.len()..] {
        "" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        _ => None,
    };
    let size =
        unit.zip(digits.parse().ok()).and_then(|(unit, size): (u64, u64)| size.checked_mul(unit));
    size.ok_or_else(|| ScriptProblem::BadNumber(short(word)))
}

/// `200ms`, `3s`, or `4 commands`.
fn parse_lasting(word: &str, words: &mut Words<'_>) -> Parsed<Lasting> {
    /// A day: longer than anything waits.
    const MOST: u64 = 86_400_000;
    let bad = || ScriptProblem::BadNumber(short(word));
    let millis = match word.strip_suffix("ms") {
        Some(digits) => digits.parse().ok(),
        None => word
            .strip_suffix('s')
            .and_then(|digits| digits.parse::<u64>().ok())
            .and_then(|seconds| seconds.checked_mul(1000)),
    };
    if let Some(millis) = millis {
        let time = Some(millis).filter(|millis| *millis <= MOST).map(Duration::from_millis);
        return time.map(Lasting::Time).ok_or_else(bad);
    }
    let count = word.parse().ok().filter(|count| *count > 0).ok_or_else(bad)?;
    match must(words, word)? {
        "command" | "commands" => Ok(Lasting::Commands(count)),
        other => Err(ScriptProblem::Unexpected(short(other))),
    }
}

/// Key, code and qualifier, as errors tell them.
fn parse_sense(word: &str) -> Parsed<Sense> {
    let bad = || ScriptProblem::BadSense(short(word));
    let mut parts = word.split('/').map(|digits| u8::from_str_radix(digits, 16));
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(key)), Some(Ok(asc)), Some(Ok(ascq)), None) if key <= 0x0f => {
            Ok(Sense::new(key, asc, ascq))
        }
        _ => Err(bad()),
    }
}

/// A status other than GOOD and CHECK CONDITION. SAM-5 5.3.1.
fn parse_status(word: &str) -> Parsed<u8> {
    let status = u8::from_str_radix(word, 16).ok().filter(|status| !matches!(status, 0x00 | 0x02));
    status.ok_or_else(|| ScriptProblem::BadNumber(short(word)))
}

/// A word for an error, cut short, with nothing in it that a terminal obeys.
fn short(word: &str) -> String {
    word.chars().take(MOST_LETTERS).flat_map(char::escape_debug).collect()
}

type Words<'a> = SplitWhitespace<'a>;

/// The word behind this one.
fn must<'a>(words: &mut Words<'a>, before: &str) -> Parsed<&'a str> {
    words.next().ok_or_else(|| ScriptProblem::Missing(short(before)))
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
