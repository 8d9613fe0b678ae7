//! The thread that joins machine, transport and source.

use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::{
    BurnError, Event, Level, Machine, MachineEvent, Options, Phase, Progress, Recipe, Recorded,
    Refusal, Step, check,
    check::check_head,
    recipe,
    ring::{Ring, Taken},
    stream::stream,
};
use crate::{
    mmc::{self, BLOCK, Command, DiscStatus, MediumFacts, Probe},
    scsi::{AlignedBuffer, ScsiError, Transport},
    source::{Continuation, ImageSource},
};

/// How long cancelling may go unnoticed.
const ATTENTION: Duration = Duration::from_millis(50);
/// How long a source may give nothing: a disk that spins up, a share on a busy network.
const STALL: Duration = Duration::from_secs(3);
/// Bytes read ahead at any speed, and at most: a drive may offer any.
const LEAST_AHEAD: usize = 64 << 20;
const MOST_AHEAD: usize = 256 << 20;
/// A write this much faster than the fastest speed of the medium cannot have happened.
const SUSPECT_FACTOR: u64 = 2;
/// What the buffer of a drive may swallow at any speed.
const SUSPECT_FREE_BYTES: u64 = 16 << 20;

/// A burn that succeeded.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// First block written; where [`verify`](super::verify()) begins.
    pub start: u32,
    /// Blocks of the image.
    pub blocks: u32,
    /// SHA-256 of the image as it was sent.
    pub sha256: [u8; 32],
    /// Whether nothing more can be added to the disc; unknown after a simulation.
    pub finalized: Option<bool>,
    /// From the first WRITE to the end of the flush.
    pub write_time: Duration,
    /// Why it may not be believed although the drive reports success.
    pub suspect: Option<String>,
    /// The medium as it was before.
    pub before: MediumFacts,
}

impl Outcome {
    /// How much is to be read back where `wanted` was asked for. A rehearsal leaves nothing to compare, and a drive that
    /// cannot have written is not taken at its word.
    #[must_use]
    pub const fn level(&self, wanted: Level, simulated: bool) -> Level {
        match &self.suspect {
            _ if simulated => Level::None,
            Some(_) => Level::Full,
            None => wanted,
        }
    }

    /// Average over all of it, in bytes per second.
    #[must_use]
    pub fn bytes_per_second(&self) -> u64 {
        let bytes = u128::from(self.blocks) * BLOCK as u128 * 1_000_000;
        bytes.checked_div(self.write_time.as_micros()).map_or(0, |rate| rate as u64)
    }
}

/// Burns an image: examines drive and medium, checks that it can work, writes, closes, and looks at the result.
///
/// Runs on the calling thread until the end and starts one more that reads the source ahead. `cancel` may be set at
/// any time. While blocks are written, cancelling stops after the current one; while the disc is being closed, it is
/// closed all the same.
///
/// # Errors
/// A [`BurnError`] that says why, and [what became of the disc](BurnError::fate).
pub fn run(
    transport: &mut dyn Transport,
    source: &mut dyn ImageSource,
    options: &Options,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Outcome, BurnError> {
    on_event(Event::Phase(Phase::Preparing));
    let probe = mmc::probe(transport)?;
    let facts = check(&probe, source, options)?;
    if let Some(Continuation { head: Some(head), .. }) = source.continuation() {
        check_head(transport, &head, cancel)?;
    }
    let blocks = source.len_blocks();
    let beyond = blocks.saturating_sub(facts.free_blocks);
    if beyond > 0 {
        on_event(Event::Overburn(beyond));
    }
    let recipe = adapted(&probe, facts, source, options, transport.max_transfer())?;
    let stays_open = recipe.sequential && !recipe.finalizes;
    let bytes = options.buffer_bytes.unwrap_or_else(|| read_ahead(&recipe));
    let ring = Ring::new(bytes, recipe.unit, blocks, recipe.padded_blocks());
    let (recorded, sha256) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| ring.fill_from(source));
        let closing = ring.closing();
        let mut driver = Driver {
            machine: Machine::new(recipe, Instant::now()),
            transport,
            ring: Some(&ring),
            chunk: None,
            primed: false,
            image_left: u64::from(blocks) * BLOCK as u64,
            digest: Sha256::new(),
        };
        let result = driver.drive(cancel, on_event);
        drop(closing);
        // If it panicked, the result says that the source failed.
        let _ = reader.join();
        result.map(|recorded| (recorded, driver.digest.finalize().into()))
    })?;
    let too_fast = || suspicion(facts, &recorded).filter(|_| options.check_pace);
    let overburned =
        || (beyond > 0).then(|| format!("the image reaches {beyond} blocks beyond the disc"));
    let finalized = recorded.disc.map(|disc| disc.status == DiscStatus::Finalized);
    let closed = || {
        let closed = stays_open && finalized == Some(true);
        closed.then(|| "the drive closed the disc, which was to stay open".to_owned())
    };
    let suspect = too_fast().or_else(overburned).or_else(closed);
    Ok(Outcome {
        start: recorded.start,
        blocks: recorded.blocks,
        sha256,
        finalized,
        write_time: recorded.write_time,
        suspect,
        before: facts.clone(),
    })
}

/// The steps for this disc, in this drive, over this adapter.
fn adapted(
    probe: &Probe,
    facts: &MediumFacts,
    source: &mut dyn ImageSource,
    options: &Options,
    max_transfer: Option<u32>,
) -> Result<Recipe, BurnError> {
    let drive = &probe.drive;
    let continuation = source.continuation();
    let blocks = source.len_blocks();
    let reach = continuation.as_ref().map_or(blocks, |it| it.reach(blocks));
    let recipe = recipe(facts, &drive.configuration, options, reach)?
        .continuing(continuation)
        .with_quirks(&drive.quirks, facts.profile);
    let recipe = if options.stream {
        stream(recipe, facts, &drive.quirks, max_transfer, source)?
    } else {
        recipe
    };
    Ok(recipe.within(max_transfer))
}

/// Carries out a recipe that writes no blocks.
pub(super) fn carry_out(
    transport: &mut dyn Transport,
    recipe: Recipe,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Recorded, BurnError> {
    let mut driver = Driver {
        machine: Machine::new(recipe, Instant::now()),
        transport,
        ring: None,
        chunk: None,
        primed: false,
        image_left: 0,
        digest: Sha256::new(),
    };
    driver.drive(cancel, on_event)
}

/// Bytes that outlast a source that gives nothing for [`STALL`].
fn read_ahead(recipe: &Recipe) -> usize {
    let speed = recipe.steps.iter().find_map(|step| match step {
        Step::Speed { kb_per_second, .. } => Some(*kb_per_second),
        _ => None,
    });
    let bytes = u64::from(speed.unwrap_or(0)) * 1000 * STALL.as_secs();
    usize::try_from(bytes).unwrap_or(usize::MAX).clamp(LEAST_AHEAD, MOST_AHEAD)
}

struct Driver<'a> {
    machine: Machine,
    transport: &'a mut dyn Transport,
    /// Where blocks come from, if there are any to write.
    ring: Option<&'a Ring>,
    /// The blocks of the next WRITE, kept until the drive took them.
    chunk: Option<AlignedBuffer>,
    primed: bool,
    /// Bytes of the image not sent yet; zeros behind them are not part of the digest.
    image_left: u64,
    digest: Sha256,
}

impl Driver<'_> {
    fn drive(
        &mut self,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Recorded, BurnError> {
        loop {
            while let Some(event) = self.machine.poll_event() {
                on_event(self.complete(event));
            }
            if let Some(result) = self.machine.poll_result() {
                return result;
            }
            if cancel.load(Ordering::Relaxed) {
                self.machine.cancel(Instant::now());
            }
            if self.machine.wants_blocks() && !self.fetch_chunk() {
                continue;
            }
            let now = Instant::now();
            match self.machine.poll_command(now) {
                Some(command) => self.send(&command, on_event),
                None => std::thread::sleep(self.pause(now)),
            }
        }
    }

    /// Adds what only the driver knows.
    fn complete(&self, event: MachineEvent) -> Event {
        match event {
            MachineEvent::Phase(phase) => Event::Phase(phase),
            MachineEvent::Progress(progress) => {
                let buffer_percent = self.ring.map_or(0, Ring::percent);
                Event::Progress(Progress { buffer_percent, ..progress })
            }
            MachineEvent::Speed(kb_per_second) => Event::Speed(kb_per_second),
        }
    }

    /// Makes sure that there are blocks to write; not so if the source is late or failed.
    fn fetch_chunk(&mut self) -> bool {
        if self.chunk.is_some() {
            return true;
        }
        // The laser is not switched on before the ring is full once.
        let Some(ring) = self.ring else { return true };
        self.primed |= ring.is_primed();
        if !self.primed {
            std::thread::sleep(Duration::from_millis(1));
            return false;
        }
        match ring.take(ATTENTION) {
            Taken::Chunk(chunk) => self.chunk = Some(chunk),
            Taken::Failed(error) => self.machine.fail_source(error, Instant::now()),
            Taken::Pending | Taken::End => {}
        }
        self.chunk.is_some()
    }

    fn send(&mut self, command: &Command, on_event: &mut dyn FnMut(Event)) {
        let block = command.transfer.image_blocks().map(|_| self.machine.next_block());
        let before = self.machine.position();
        let reply = match command.transfer.image_blocks() {
            Some(blocks) => self.send_blocks(command, blocks).map(|()| Vec::new()),
            None => command.send(self.transport),
        };
        if let Err(error) = &reply {
            on_event(Event::Refused(Refusal::new(command.cdb.opcode(), block, error)));
        }
        let now = Instant::now();
        match reply {
            Ok(answer) => self.machine.handle_reply(now, Ok(&answer)),
            Err(error) => self.machine.handle_reply(now, Err(error)),
        }
        if self.machine.position() > before {
            self.release_chunk();
        }
    }

    fn send_blocks(&mut self, command: &Command, blocks: u32) -> Result<(), ScsiError> {
        let len = blocks as usize * BLOCK;
        let bytes = self.chunk.as_deref().and_then(|chunk| chunk.get(..len)).unwrap_or_default();
        command.send_image(self.transport, bytes)
    }

    /// The drive took the blocks.
    fn release_chunk(&mut self) {
        let Some(chunk) = self.chunk.take() else { return };
        let len = (chunk.len() as u64).min(self.image_left);
        self.digest.update(&chunk[..len as usize]);
        self.image_left -= len;
        if let Some(ring) = self.ring {
            ring.give_back(chunk);
        }
    }

    fn pause(&self, now: Instant) -> Duration {
        let wake = self.machine.poll_wake();
        wake.map_or(ATTENTION, |wake| wake.saturating_duration_since(now).min(ATTENTION))
    }
}

/// Compares the time it took with the time it must take: some drives report success and write nothing.
fn suspicion(facts: &MediumFacts, recorded: &Recorded) -> Option<String> {
    let fastest = u64::from(facts.write_speeds.first()?.kb_per_second) * 1000;
    let bytes = u64::from(recorded.blocks) * BLOCK as u64;
    let at_least =
        bytes.saturating_sub(SUSPECT_FREE_BYTES) as f64 / (fastest * SUSPECT_FACTOR) as f64;
    let took = recorded.write_time.as_secs_f64();
    (took < at_least)
        .then(|| format!("writing took {took:.0} s, which is faster than this disc can be written"))
}
