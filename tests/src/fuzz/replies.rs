//! Drives that answer anything to anything: the decoders of answers, the examination of a drive, a burn, reading back.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::fs::File;
use std::time::Instant;

use image_core::BLOCK_SIZE;
use native_agent::burn::{
    self, BurnError, Level, Machine, ReadMap, ReadOptions, Reading, Recorded, Wanted, WriteMode,
};
use native_agent::mmc::{
    self, Atip, BufferCapacity, Capabilities, Capacity, Configuration, DiscInformation,
    DiscStructure, FormatCapacities, FullToc, MediaEvent, Pma, Probe, SpeedDescriptors, Toc,
    TrackInformation, Transfer, WriteParameters,
};
use native_agent::scsi::{Data, Inquiry, ScsiError, Sense, Transport};
use native_agent::source::{ImageSource, SourceError};

use super::bytes::Bytes;
use super::round_trip;

/// Commands after which a reader is asked to stop, and how many more it may send until it has.
const CANCEL_AFTER: u32 = 100;
const GRACE: u32 = 70;
/// More commands than any burn needs: the longest wait is five hours, asked twice a second.
const MOST: u32 = 100_000;

/// An answer to each command.
pub(super) fn mmc_replies(data: &[u8]) {
    let Some((what, data)) = data.split_first() else { return };
    match what % 4 {
        0 => decode(data),
        1 => examine_and_burn(data),
        2 => read_back(data),
        _ => read_disc(data),
    }
}

/// All decoders take the same bytes, as a drive that mistakes a command gives.
fn decode(data: &[u8]) {
    let _ = Capabilities::parse(data);
    let _ = Capacity::parse(data);
    let _ = DiscInformation::parse(data);
    let _ = MediaEvent::parse(data);
    let _ = SpeedDescriptors::parse(data);
    let _ = Toc::parse(data);
    let _ = FullToc::parse(data);
    let _ = Pma::parse(data);
    if let Ok(atip) = Atip::parse(data) {
        let _ = (atip.media_id(), atip.lead_in());
    }
    let _ = TrackInformation::parse(data);
    let _ = Inquiry::parse(data);
    if let Ok(configuration) = Configuration::parse(data) {
        for feature in &configuration.features {
            let _ = configuration.is_current(feature.code);
        }
        let _ = configuration.profiles();
    }
    if let Ok(structure) = DiscStructure::parse(data) {
        let _ = (structure.adip_media_id(), structure.bd_media_id());
    }
    if let Ok(formats) = FormatCapacities::parse(data) {
        let _ = formats.format(data.first().copied().unwrap_or_default());
    }
    if let Ok(buffer) = BufferCapacity::parse(data) {
        assert!(buffer.percent() <= 100);
    }
    if let Ok(parameters) = WriteParameters::parse(data) {
        let command = mmc::mode_select_write_parameters(parameters);
        let Transfer::Out(list) = command.transfer else { panic!("{:?}", command.transfer) };
        assert_eq!(WriteParameters::parse(&list), Ok(parameters));
    }
    if let Some(sense) = Sense::parse(data) {
        assert!(!sense.text().is_empty());
        let _ = sense.hint();
    }
}

/// Gives what the input says for every command.
struct Replies<'a> {
    bytes: Bytes<'a>,
    /// Set once so many commands came.
    cancel: &'a AtomicBool,
    asked: u32,
    /// Whether whoever asks waits with a clock of its own, so that no drive may ask for time.
    has_clock: bool,
    /// What every further command is answered with.
    always: Option<Reply>,
    /// Blocks that were taken.
    taken: u64,
}

#[derive(Clone, Debug)]
enum Reply {
    Good { bytes: Vec<u8>, whole: bool },
    Check(Sense),
    Status(u8),
    Timeout,
    Gone,
    Broken,
}

impl<'a> Replies<'a> {
    const fn new(bytes: Bytes<'a>, cancel: &'a AtomicBool) -> Self {
        Self { bytes, cancel, asked: 0, has_clock: true, always: None, taken: 0 }
    }

    fn next(&mut self) -> Reply {
        if let Some(always) = &self.always {
            return always.clone();
        }
        let kind = self.bytes.byte();
        let reply = match kind & 0x1f {
            0..=15 => {
                let len = self.bytes.byte();
                Reply::Good { bytes: self.bytes.take(len.into()).to_vec(), whole: kind & 0x40 == 0 }
            }
            16..=24 => {
                let [key, asc, ascq] = [(); 3].map(|()| self.bytes.byte());
                let deferred = key & 0x80 != 0;
                Reply::Check(Sense { deferred, ..Sense::new(key & 0x0f, asc, ascq) })
            }
            25 | 26 => {
                let sense = Sense::parse(self.bytes.take(18));
                Reply::Check(sense.unwrap_or(Sense::new(0, 0, 0)))
            }
            27 | 28 => Reply::Status(self.bytes.byte()),
            29 => Reply::Timeout,
            30 => Reply::Gone,
            _ => Reply::Broken,
        };
        if kind & 0x80 != 0 {
            self.always = Some(reply.clone());
        }
        reply
    }
}

/// Whether the drive asks for time.
fn asks_for_time(reply: &Reply) -> bool {
    match reply {
        Reply::Check(sense) => {
            matches!((sense.key, sense.asc), (2, 4)) || matches!(sense.key, 0 | 1 | 6 | 0xb)
        }
        Reply::Status(status) => matches!(status, 0x08 | 0x28),
        _ => false,
    }
}

impl Transport for Replies<'_> {
    fn execute(&mut self, _: &[u8], data: Data<'_>, timeout: Duration) -> Result<usize, ScsiError> {
        self.asked += 1;
        if self.has_clock {
            assert!(self.asked <= CANCEL_AFTER + GRACE, "it goes on though it was cancelled");
            self.cancel.fetch_or(self.asked == CANCEL_AFTER, Ordering::Relaxed);
        }
        assert!(self.asked < MOST, "it asks for ever");
        let reply = self.next();
        if self.has_clock && asks_for_time(&reply) {
            return Err(ScsiError::Gone);
        }
        match reply {
            Reply::Good { bytes, whole } => match data {
                Data::In(out) => {
                    let len = bytes.len().min(out.len());
                    out[..len].copy_from_slice(&bytes[..len]);
                    Ok(if whole { out.len() } else { len })
                }
                Data::Out(sent) => {
                    self.taken += (sent.len() / BLOCK_SIZE) as u64;
                    Ok(sent.len())
                }
                Data::None => Ok(0),
            },
            Reply::Check(sense) => Err(ScsiError::Check(sense)),
            Reply::Status(status) => Err(ScsiError::Status(status)),
            Reply::Timeout => Err(ScsiError::Timeout(timeout)),
            Reply::Gone => Err(ScsiError::Gone),
            Reply::Broken => Err(ScsiError::Io(std::io::Error::other("no cable"))),
        }
    }
}

/// An image in memory.
struct Memory {
    blocks: u32,
}

impl ImageSource for Memory {
    fn len_blocks(&self) -> u32 {
        self.blocks
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        let blocks = (out.len() / BLOCK_SIZE) as u32;
        assert!(u64::from(lba) + u64::from(blocks) <= u64::from(self.blocks), "block {lba}");
        round_trip::fill(image_core::SourceId(0), u64::from(lba) * BLOCK_SIZE as u64, out);
        Ok(())
    }
}

fn options(bytes: &mut Bytes<'_>) -> burn::Options {
    let bits = bytes.byte();
    burn::Options {
        speed: (bits & 1 != 0).then(|| f64::from(bytes.byte())),
        simulate: bits & 2 != 0,
        close: bits & 4 != 0,
        write_mode: [
            WriteMode::Automatic,
            WriteMode::Raw,
            WriteMode::TrackAtOnce,
            WriteMode::SessionAtOnce,
        ][usize::from(bits >> 6)],
        overburn: bits & 8 != 0,
        stream: bits & 16 != 0,
        ..burn::Options::default()
    }
}

/// Probes a drive and says what every part of the product would make of what was found.
fn examine(replies: &mut Replies<'_>) -> Option<Probe> {
    match mmc::probe(replies) {
        Ok(probe) => {
            if let Some(facts) = &probe.medium {
                let _ = (facts.label(), facts.kind(), facts.is_writable());
                assert_eq!(facts.fingerprint.len(), 32);
            }
            Some(probe)
        }
        Err(error) => {
            let _ = (error.to_string(), error.hint());
            None
        }
    }
}

fn examine_and_burn(data: &[u8]) {
    let (cancel, mut bytes) = (AtomicBool::new(false), Bytes::new(data));
    let options = options(&mut bytes);
    let mut source = Memory { blocks: u32::from(bytes.byte()) };
    let cancel_at = bytes.byte();
    let mut replies = Replies::new(bytes, &cancel);
    let Some(probe) = examine(&mut replies) else { return };
    let Ok(facts) = burn::check(&probe, &mut source, &options) else { return };
    let recipe = burn::recipe(facts, &probe.drive.configuration, &options, source.blocks);
    let Ok(recipe) = recipe else { return };
    let machine = Machine::new(recipe, Instant::now());
    (replies.has_clock, replies.asked, replies.taken) = (false, 0, 0);
    match carry_out(machine, &mut replies, &mut source, cancel_at) {
        Ok(recorded) => {
            assert_eq!(recorded.blocks, source.blocks);
            assert!(replies.taken >= u64::from(source.blocks), "{} blocks", replies.taken);
        }
        Err(error) => {
            let _ = (error.to_string(), error.hint(), error.code(), error.fate(), error.blame());
        }
    }
}

/// Carries a burn out on a clock that jumps to the next wake.
fn carry_out(
    mut machine: Machine,
    replies: &mut Replies<'_>,
    source: &mut Memory,
    cancel_at: u8,
) -> Result<Recorded, BurnError> {
    let mut now = Instant::now();
    loop {
        while machine.poll_event().is_some() {}
        if let Some(result) = machine.poll_result() {
            return result;
        }
        if cancel_at > 0 && replies.asked == u32::from(cancel_at) {
            machine.cancel(now);
        }
        let Some(command) = machine.poll_command(now) else {
            let wake = machine.poll_wake();
            assert!(wake.is_some() || machine.poll_event().is_some(), "neither command nor wake");
            now = wake.unwrap_or(now).max(now);
            continue;
        };
        now += Duration::from_micros(10);
        let reply = match command.transfer.image_blocks() {
            Some(blocks) => {
                let mut image = vec![0; blocks as usize * BLOCK_SIZE];
                let first = machine.position();
                let there = source.blocks.saturating_sub(first).min(blocks) as usize * BLOCK_SIZE;
                source.read(first.min(source.blocks), &mut image[..there]).unwrap();
                command.send_image(replies, &image).map(|()| Vec::new())
            }
            None => command.send(replies),
        };
        match reply {
            Ok(answer) => machine.handle_reply(now, Ok(&answer)),
            Err(error) => machine.handle_reply(now, Err(error)),
        }
    }
}

/// Compares a disc with an image.
fn read_back(data: &[u8]) {
    let (cancel, mut bytes) = (AtomicBool::new(false), Bytes::new(data));
    let what = bytes.byte();
    let level = [Level::None, Level::Quick, Level::Full][usize::from(what >> 1) % 3];
    let start = bytes.number(4) as u32;
    let mut source = Memory { blocks: bytes.number(2) as u32 % 600 };
    let mut replies = Replies::new(bytes, &cancel);
    let checked = burn::verify(&mut replies, &mut source, start, level, None, &cancel, &mut |_| {});
    if let Ok(checked) = checked {
        assert!(checked.checked_blocks <= source.blocks);
    }
}

/// Reads a disc, or a session of it, to an image.
fn read_disc(data: &[u8]) {
    /// Of larger discs only the beginning is looked at: an image of one is not worth its time.
    const MOST_BLOCKS: u32 = 10_000;
    let (cancel, mut bytes) = (AtomicBool::new(false), Bytes::new(data));
    let what = bytes.byte();
    let wanted = match what & 3 {
        0 | 1 => Wanted::Image,
        2 => Wanted::Whole,
        _ => Wanted::Session(u16::from(bytes.byte())),
    };
    let speed = (what & 4 != 0).then_some(2.0);
    let options = ReadOptions { wanted, retries: what >> 5, speed };
    let mut replies = Replies::new(bytes, &cancel);
    let Ok(mut reading) = Reading::open(&mut replies, options) else { return };
    let mut map = reading.new_map();
    let all = reading.first() + reading.blocks();
    assert_eq!(map.bounds(), (reading.first(), all));
    if reading.blocks() > MOST_BLOCKS {
        return;
    }
    let mut file = tempfile::tempfile().unwrap();
    let save = &mut |_: &File, _: &ReadMap, _: u32| Ok(());
    let read = reading.run(&mut file, &mut map, save, &cancel, &mut |_| {});
    let len = file.metadata().unwrap().len();
    assert_eq!(len, u64::from(reading.blocks()) * BLOCK_SIZE as u64);
    if let Ok(read) = read {
        assert_eq!(read.unreadable.is_empty(), map.is_complete());
        assert_eq!(ReadMap::from_mapfile(&map.to_mapfile(0)), Ok(map));
    }
}
