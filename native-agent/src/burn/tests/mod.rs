//! Whole burns on virtual discs, with a clock that the test moves.

use core::{sync::atomic::AtomicBool, time::Duration};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use image_core::{Lba, session::Piece};
use tempfile::TempDir;

use super::*;
use crate::{
    mmc::{self, BLOCK, MediumFacts, MediumStatus, Probe},
    scsi::{Data, Recording, ScsiError, Transport, fault::Script},
    source::{Continuation, Head, ImageSource, SourceError},
    virtual_drive::{self, MediumKind, VirtualDrive},
};

mod cd;
mod cd_raw;
mod dvd_rw;
mod faults;
mod layer_jumps;
mod layers;
mod media;
mod optional;
mod quirks;
mod reading;
mod refusals;
mod sequences;
mod subjects;
mod upkeep;

/// A disc in a file, and drives to put it into.
struct Bench {
    path: PathBuf,
    _dir: TempDir,
}

impl Bench {
    fn new(kind: MediumKind, blocks: u32) -> Self {
        // In memory where there is such a place: the discs of a test run are synced to it ten thousand times.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let path = dir.path().join("disc.vdisc");
        virtual_drive::create(&path, kind, Some(blocks)).unwrap();
        Self { path, _dir: dir }
    }

    /// Another disc in the same state.
    fn copy(&self) -> Self {
        let dir = TempDir::new_in(self.path.parent().unwrap().parent().unwrap()).unwrap();
        let path = dir.path().join("disc.vdisc");
        copy_sparse(&self.path, &path).unwrap();
        Self { path, _dir: dir }
    }

    fn drive(&self) -> VirtualDrive {
        VirtualDrive::open(&self.path).unwrap()
    }

    fn probe(&self) -> Probe {
        mmc::probe(&mut self.drive()).unwrap()
    }

    /// The answer to a question.
    fn ask(&self, question: &mmc::Command) -> Vec<u8> {
        let mut drive = self.drive();
        mmc::PatientDrive::new(&mut drive, Duration::from_secs(1)).ask(question).unwrap()
    }

    fn medium(&self) -> MediumFacts {
        self.probe().medium.unwrap()
    }

    /// Burns with the real clock, as the product does.
    fn burn(&self, image: &mut Memory, options: &Options) -> Result<Outcome, BurnError> {
        let cancel = AtomicBool::new(false);
        run(&mut self.drive(), image, options, &cancel, &mut |_| {})
    }

    /// Sends a command that changes the disc, and waits for its end.
    fn tell(&self, command: &mmc::Command) {
        let mut drive = self.drive();
        let ready = mmc::test_unit_ready();
        while ready.send(&mut drive).is_err() {}
        command.send(&mut drive).unwrap();
        while ready.send(&mut drive).is_err() {}
    }

    /// Blocks of the disc.
    fn read(&self, lba: u32, blocks: u16) -> Vec<u8> {
        let mut drive = self.drive();
        let ready = mmc::test_unit_ready().send(&mut drive);
        assert!(ready.is_err(), "a new disc is a unit attention");
        mmc::read_10(lba, blocks).send(&mut drive).unwrap()
    }

    fn verify(&self, image: &mut Memory, start: u32, sent: Option<[u8; 32]>) -> Verification {
        let cancel = AtomicBool::new(false);
        let drive = &mut self.drive();
        verify(drive, image, start, Level::Full, sent, &cancel, &mut |_| {}).unwrap()
    }
}

/// Copies what a file holds; its holes stay holes.
#[cfg(target_os = "linux")]
fn copy_sparse(from: &Path, to: &Path) -> std::io::Result<()> {
    use std::{fs::File, os::unix::fs::FileExt as _};

    use rustix::fs::{SeekFrom, seek};
    let (source, target) = (File::open(from)?, File::create_new(to)?);
    target.set_len(source.metadata()?.len())?;
    let mut at = 0;
    // There is no data behind the last.
    while let Ok(start) = seek(&source, SeekFrom::Data(at)) {
        at = seek(&source, SeekFrom::Hole(start))?;
        let mut bytes = vec![0; (at - start) as usize];
        source.read_exact_at(&mut bytes, start)?;
        target.write_all_at(&bytes, start)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn copy_sparse(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(drop)
}

/// A drive in which happens what a script says.
fn following(drive: VirtualDrive, script: Script) -> VirtualDrive {
    drive.control().follow(script);
    drive
}

/// Options that do not hold it against a virtual drive that it is fast.
fn options() -> Options {
    Options { check_pace: false, buffer_bytes: Some(1 << 20), ..Options::default() }
}

/// An image in memory whose blocks all differ.
#[derive(Clone)]
struct Memory {
    bytes: Vec<u8>,
    /// The block that cannot be read.
    broken: Option<u32>,
    /// What it continues.
    continuation: Option<Continuation>,
}

impl Memory {
    fn new(blocks: u32) -> Self {
        let byte = |index: usize| (index / BLOCK * 7 + index % 251) as u8 ^ 0xa5;
        let mut bytes: Vec<u8> = (0..blocks as usize * BLOCK).map(byte).collect();
        for (number, block) in bytes.chunks_exact_mut(BLOCK).enumerate() {
            block[..8].copy_from_slice(&(number as u64).to_be_bytes());
        }
        Self { bytes, broken: None, continuation: None }
    }

    /// The same as a further session behind 64 blocks of a disc with at least 48 of such an image.
    fn behind(blocks: u32) -> Self {
        let known = Self::new(48).bytes;
        let piece = |start, bytes| Piece { start: Lba(start), bytes };
        let before = [16, 32].map(|start| {
            let from = start as usize * BLOCK;
            piece(start, known[from..from + 16 * BLOCK].to_vec())
        });
        let after =
            [(16, 0xcd), (32, 0xab)].map(|(start, byte)| piece(start, vec![byte; 16 * BLOCK]));
        let head = Some(Head { before: before.to_vec(), after: after.to_vec() });
        Self { continuation: Some(Continuation { start: 64, head }), ..Self::new(blocks) }
    }
}

impl ImageSource for Memory {
    fn len_blocks(&self) -> u32 {
        (self.bytes.len() / BLOCK) as u32
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        let from = lba as usize * BLOCK;
        let blocks = (out.len() / BLOCK) as u32;
        if self.broken.is_some_and(|broken| (lba..lba + blocks).contains(&broken)) {
            return Err(SourceError::OutOfRange { lba, blocks: self.len_blocks() });
        }
        out.copy_from_slice(&self.bytes[from..from + out.len()]);
        Ok(())
    }

    fn continuation(&self) -> Option<Continuation> {
        self.continuation.clone()
    }
}

/// Joins a machine and a drive on a clock that jumps to the next wake.
struct Pair<T> {
    machine: Machine,
    drive: T,
    image: Memory,
    now: Instant,
    begun: Instant,
    commands: u32,
    /// How often it told how far it is.
    reports: u32,
}

/// Far more than any burn of these tests needs: past it, the machine hangs.
const MAX_COMMANDS: u32 = 200_000;

impl<T: Transport> Pair<T> {
    /// Probes with the bare drive, then wraps it: only what the machine sends is seen by the wrapper.
    fn new(
        bench: &Bench,
        options: &Options,
        image: &Memory,
        wrap: impl FnOnce(VirtualDrive) -> T,
    ) -> Self {
        let mut drive = bench.drive();
        let probe = mmc::probe(&mut drive).unwrap();
        let mut image = image.clone();
        let facts = check(&probe, &mut image, options).unwrap();
        let blocks = image.len_blocks();
        let blocks = image.continuation.as_ref().map_or(blocks, |it| it.reach(blocks));
        let drive_facts = &probe.drive;
        let recipe = recipe(facts, &drive_facts.configuration, options, blocks).unwrap();
        let recipe = recipe.with_quirks(&drive_facts.quirks, facts.profile);
        let recipe = recipe.continuing(image.continuation());
        Self::with_recipe(recipe, wrap(drive), image)
    }

    /// The same for what is done without an image.
    fn upkeep(bench: &Bench, operation: Operation, wrap: impl FnOnce(VirtualDrive) -> T) -> Self {
        let mut drive = bench.drive();
        let probe = mmc::probe(&mut drive).unwrap();
        let facts = check_upkeep(&probe, None).unwrap();
        let recipe = upkeep_recipe(facts, &probe.drive.configuration, operation).unwrap();
        Self::with_recipe(recipe, wrap(drive), Memory::new(0))
    }

    fn with_recipe(recipe: Recipe, drive: T, image: Memory) -> Self {
        let begun = Instant::now();
        let machine = Machine::new(recipe, begun);
        Self { machine, drive, image, now: begun, begun, commands: 0, reports: 0 }
    }

    /// Sends one command, or lets the time pass until there is one; gives the result at the end.
    fn step(&mut self) -> Option<Result<Recorded, BurnError>> {
        while let Some(event) = self.machine.poll_event() {
            self.reports += u32::from(matches!(event, MachineEvent::Progress(_)));
        }
        if let Some(result) = self.machine.poll_result() {
            return Some(result);
        }
        let Some(command) = self.machine.poll_command(self.now) else {
            self.now = self.machine.poll_wake().expect("neither command nor wake: it hangs");
            return None;
        };
        self.commands += 1;
        assert!(self.commands < MAX_COMMANDS, "it never ends");
        self.now += Duration::from_micros(10);
        let at = self.machine.position() as usize * BLOCK;
        let reply = match command.transfer.image_blocks() {
            Some(blocks) => {
                let mut bytes = vec![0; blocks as usize * BLOCK];
                let rest = self.image.bytes.get(at..).unwrap_or_default();
                let len = bytes.len().min(rest.len());
                bytes[..len].copy_from_slice(&rest[..len]);
                command.send_image(&mut self.drive, &bytes).map(|()| Vec::new())
            }
            None => command.send(&mut self.drive),
        };
        match reply {
            Ok(answer) => self.machine.handle_reply(self.now, Ok(&answer)),
            Err(error) => self.machine.handle_reply(self.now, Err(error)),
        }
        None
    }

    fn drive_to_end(&mut self) -> Result<Recorded, BurnError> {
        loop {
            if let Some(result) = self.step() {
                return result;
            }
        }
    }
}
