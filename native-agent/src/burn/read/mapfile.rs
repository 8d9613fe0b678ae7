//! Map files, as GNU ddrescue reads and writes them ("Mapfile structure" in its manual): either program can go on with what
//! the other began.
//!
//! Lines that begin with `#` are comments. The first other line tells where reading stopped and in which phase; each line
//! after it is a run of blocks: position and size in bytes, and the character of their state. Positions are those on the
//! disc.

use core::fmt::Write as _;

use super::map::{BlockState, ReadMap, Run};
use crate::mmc::BLOCK;

const BLOCK_BYTES: u64 = BLOCK as u64;

/// Why a map file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not one of a map file: {expected} is missing")]
pub struct MapError {
    /// Counted from 1.
    pub line: usize,
    /// What should be there.
    pub expected: &'static str,
}

impl ReadMap {
    /// The text of a map file. `position` is the block that reading came to.
    #[must_use]
    pub fn to_mapfile(&self, position: u32) -> String {
        let bytes = |blocks: u32| u64::from(blocks) * BLOCK_BYTES;
        let phase = BlockState::ALL.into_iter().find(|state| self.count(*state) > 0);
        let phase = phase.unwrap_or(BlockState::Read).as_char();
        let mut text = "# Mapfile. Created by discwright; GNU ddrescue can go on with it\n\
            # current_pos  current_status  current_pass\n"
            .to_owned();
        let _ = writeln!(text, "0x{:08X}     {phase}               1", bytes(position));
        text.push_str("#      pos        size  status\n");
        for run in self.runs() {
            let (first, size) = (bytes(run.first), bytes(run.blocks()));
            let _ = writeln!(text, "0x{first:08X}  0x{size:08X}  {}", run.state.as_char());
        }
        text
    }

    /// Reads a map file. A block of which only a part was read counts as missing.
    ///
    /// # Errors
    /// [`MapError`] names the first line that is not as it should be.
    pub fn from_mapfile(text: &str) -> Result<Self, MapError> {
        let lines = text.lines().map(str::trim).zip(1..);
        let mut lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        let end = text.lines().count() + 1;
        let (status, line) = lines.next().ok_or(MapError { line: end, expected: "the status" })?;
        check_status(status).ok_or(MapError { line, expected: "a position and a status" })?;
        let mut joined = Joined::default();
        for (text, line) in lines {
            let malformed = |expected| MapError { line, expected };
            let (first, size, state) =
                extent(text).ok_or_else(|| malformed("position, size and state"))?;
            joined.add(first, size, state).map_err(malformed)?;
        }
        let map = joined.finish().map_err(|expected| MapError { line: end, expected })?;
        if map.runs().is_empty() {
            return Err(MapError { line: end, expected: "a run of blocks" });
        }
        Ok(map)
    }
}

/// `current_pos current_status [current_pass]`; the pass came with ddrescue 1.22.
fn check_status(line: &str) -> Option<()> {
    let mut words = line.split_whitespace();
    number(words.next()?)?;
    let status = words.next()?;
    (status.len() == 1 && "?*/-FG+".contains(status)).then_some(())
}

fn extent(line: &str) -> Option<(u64, u64, BlockState)> {
    let mut words = line.split_whitespace();
    let (first, size) = (number(words.next()?)?, number(words.next()?)?);
    let mut characters = words.next()?.chars();
    let state = BlockState::from_char(characters.next()?)?;
    (size > 0 && characters.next().is_none()).then_some((first, size, state))
}

/// Decimal, octal behind `0`, hexadecimal behind `0x`.
fn number(word: &str) -> Option<u64> {
    let hexadecimal = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    match (hexadecimal, word.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
        _ => word.parse().ok(),
    }
}

/// Runs of bytes, which need not end where a block does, joined to blocks.
#[derive(Default)]
struct Joined {
    map: Option<ReadMap>,
    /// Where the next run has to begin, in bytes.
    next: Option<u64>,
    /// The block that is not all told of yet.
    open: Option<(u32, BlockState)>,
}

impl Joined {
    fn add(&mut self, first: u64, size: u64, state: BlockState) -> Result<(), &'static str> {
        if self.next.is_some_and(|next| next != first) {
            return Err("the run that follows the one before");
        }
        let end = first.checked_add(size).ok_or("a size that can be")?;
        let block = |byte: u64| u32::try_from(byte / BLOCK_BYTES).map_err(|_| "a disc that can be");
        let (mut from, upto) = (block(first)?, block(end)?);
        if let Some((open, before)) = self.open.take() {
            let state = before.joined(state);
            if upto == open {
                self.open = Some((open, state));
                self.next = Some(end);
                return Ok(());
            }
            self.push(open, open + 1, state);
            from = open + 1;
        } else if !first.is_multiple_of(BLOCK_BYTES) {
            // A map that begins within a block: nobody knows of the rest.
            self.open = Some((from, BlockState::Untried));
            return self.add(first, size, state);
        }
        self.push(from, upto, state);
        self.open = (!end.is_multiple_of(BLOCK_BYTES)).then_some((upto, state));
        self.next = Some(end);
        Ok(())
    }

    fn push(&mut self, first: u32, end: u32, state: BlockState) {
        self.map.get_or_insert_with(ReadMap::empty).push(Run { first, end, state });
    }

    /// An image may end within a block.
    fn finish(mut self) -> Result<ReadMap, &'static str> {
        if let Some((open, state)) = self.open.take() {
            let end = open.checked_add(1).ok_or("a disc that can be")?;
            self.push(open, end, state);
        }
        Ok(self.map.unwrap_or_else(ReadMap::empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the manual, whose sectors have 512 bytes.
    const MANUAL: &str = "\
# Mapfile. Created by GNU ddrescue version 1.27
# Command line: ddrescue -d -c18 /dev/fd0 fdimage mapfile
# current_pos  current_status  current_pass
0x00120000     ?               1
#      pos        size  status
0x00000000  0x00117000  +
0x00117000  0x00000200  -
0x00117200  0x00001000  /
0x00118200  0x00007E00  *
0x00120000  0x00048000  ?
";

    #[test]
    fn blocks_of_which_a_part_is_missing_are_missing() {
        let map = ReadMap::from_mapfile(MANUAL).unwrap();
        let run = |first, end, state| Run { first, end, state };
        let expected = [
            run(0, 0x22e, BlockState::Read),
            run(0x22e, 0x230, BlockState::Unscraped),
            run(0x230, 0x240, BlockState::Untrimmed),
            run(0x240, 0x2d0, BlockState::Untried),
        ];
        assert_eq!(map.runs(), expected);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut map = ReadMap::new(96, 5000);
        map.set(96, 200, BlockState::Read);
        map.set(200, 201, BlockState::Bad);
        map.set(201, 300, BlockState::Unscraped);
        let text = map.to_mapfile(300);
        assert_eq!(ReadMap::from_mapfile(&text), Ok(map));
        assert!(text.contains("\n0x00096000     ?               1\n"), "{text}");
        assert!(text.contains("\n0x00030000  0x00034000  +\n"), "{text}");
    }

    #[test]
    fn numbers_are_those_of_c() {
        let text = "0 + 1\n0 2048 +\n04000 0x800 -\n4096 100 ?\n";
        let map = ReadMap::from_mapfile(text).unwrap();
        assert_eq!(map.bounds(), (0, 3));
        assert_eq!(map.count(BlockState::Untried), 1);
    }

    #[test]
    fn what_is_no_map_is_told_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("# only a comment\n", 2),
            ("0 ?\n", 2),
            ("0 x\n0 2048 +\n", 1),
            ("0 ? 1\n0 0 +\n", 2),
            ("0 ? 1\n0 2048 F\n", 2),
            ("0 ? 1\n0 2048 +\n4096 2048 +\n", 3),
            ("0 ? 1\n0 0xffffffffffffffff +\n1 1 +\n", 2),
            ("0 ? 1\n\n# x\n0 2048\n", 4),
        ] {
            let error = ReadMap::from_mapfile(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text: String) {
            let _ = ReadMap::from_mapfile(&text);
        }

        #[test]
        fn never_panics_on_numbers(first: u64, size: u64, then: u64) {
            let _ = ReadMap::from_mapfile(&format!("0 ?\n{first} {size} +\n{then} {size} -\n"));
        }
    }
}
