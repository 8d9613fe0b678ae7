//! GET PERFORMANCE, SET STREAMING and the pace at which a paced drive writes.

use core::time::Duration;
use std::time::Instant;

use super::{disc::Disc, sense};
use crate::scsi::Sense;

/// Type 00h, nominal performance. MMC-6 6.8.3.
const PERFORMANCE: u8 = 0x00;
/// Type 03h, write speed descriptors. MMC-6 6.8.3.6.
const WRITE_SPEEDS: u8 = 0x03;

/// GET PERFORMANCE. Of writing the speed in force is told, if there is one; of reading the highest. MMC-6 6.8.
pub(super) fn performance(
    disc: &Disc,
    data_type: u8,
    writing: Option<u32>,
    most: usize,
) -> Result<Vec<u8>, Sense> {
    /// The data are about writing. MMC-6 6.8.3.2.
    const WRITE: u8 = 0x02;
    let last = disc.capacity - 1;
    let speeds: Vec<u32> = disc.medium().write_speeds().collect();
    let descriptors: Vec<[u32; 4]> = match data_type {
        PERFORMANCE => {
            let speed = writing.or_else(|| speeds.first().copied());
            speed.map(|speed| [0, speed, last, speed]).into_iter().collect()
        }
        WRITE_SPEEDS => speeds.iter().map(|speed| [0, last, speeds[0], *speed]).collect(),
        _ => return Err(sense::INVALID_FIELD_IN_CDB),
    };
    let mut reply = vec![0; 8];
    reply[4] = if data_type == PERFORMANCE && writing.is_some() { WRITE } else { 0 };
    // The length counts all there is, even where fewer descriptors were asked for. MMC-6 6.8.3.1.
    let length = 4 + 16 * descriptors.len() as u32;
    reply[..4].copy_from_slice(&length.to_be_bytes());
    for descriptor in descriptors.iter().take(most) {
        reply.extend(descriptor.iter().flat_map(|word| word.to_be_bytes()));
    }
    Ok(reply)
}

/// The write speed in 1000 bytes a second that a SET STREAMING descriptor asks for; none restores the default. MMC-6 6.39.
pub(super) fn streaming_write_speed(descriptor: &[u8]) -> Result<Option<u32>, Sense> {
    let Ok(descriptor) = <&[u8; 28]>::try_from(descriptor) else {
        return Err(sense::PARAMETER_LIST_LENGTH);
    };
    let word = |at: usize| {
        u32::from_be_bytes([
            descriptor[at],
            descriptor[at + 1],
            descriptor[at + 2],
            descriptor[at + 3],
        ])
    };
    // RDD: restore the drive's defaults.
    if descriptor[0] & 0x04 != 0 {
        return Ok(None);
    }
    let (size, time) = (word(20), word(24));
    let speed = u64::from(size) * 1000 / u64::from(time.max(1));
    if time == 0 || word(4) > word(8) {
        return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
    }
    Ok(Some(u32::try_from(speed).unwrap_or(u32::MAX)))
}

/// The fastest speed of the medium that is not above the one asked for, else its slowest. MMC-6 6.37.
pub(super) fn nearest_speed(disc: &Disc, wanted: u32) -> u32 {
    let row = disc.medium();
    let slowest = row.write_speeds().last().unwrap_or(row.base_speed / 10);
    row.write_speeds().find(|speed| *speed <= wanted).unwrap_or(slowest)
}

/// The buffer of a drive that writes in real time. Without a rate everything is on the disc at once.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// The factor of 1x the mechanism cannot exceed; none for no pacing.
    limit: Option<f64>,
    /// Bytes waiting for the laser.
    waiting: f64,
    /// When `waiting` was right.
    since: Instant,
    /// Whether more is to come after what waits.
    recording: bool,
    /// Since when the laser has nothing to write in the middle of a recording.
    starved: Option<Instant>,
    underruns: Underruns,
}

/// How often a paced drive had nothing to write in the middle of a recording, and for how long altogether. A real one
/// stops its laser then, and begins again where it was. MMC-6 7.5.4.9, BUFE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Underruns {
    /// How often.
    pub times: u32,
    /// For how long.
    pub duration: Duration,
}

impl Pace {
    pub(super) fn new(limit: Option<f64>) -> Self {
        Self {
            limit,
            waiting: 0.0,
            since: Instant::now(),
            recording: false,
            starved: None,
            underruns: Underruns::default(),
        }
    }

    /// Bytes a second for this disc at the selected speed.
    fn rate(&self, disc: &Disc, selected: u32) -> Option<f64> {
        let limit = self.limit? * f64::from(disc.medium().base_speed) / 10.0;
        Some(limit.min(f64::from(selected)).max(1.0) * 1000.0)
    }

    /// Lets the laser catch up.
    fn drain(&mut self, rate: f64) {
        let now = Instant::now();
        let passed = now.duration_since(self.since).as_secs_f64();
        if self.recording && self.waiting > 0.0 && self.waiting < passed * rate {
            self.starved = Some(self.since + Duration::from_secs_f64(self.waiting / rate));
        }
        self.waiting = (self.waiting - passed * rate).max(0.0);
        self.since = now;
    }

    /// Takes bytes into the buffer; a full one is 2/04/08 and takes nothing.
    pub(super) fn take(&mut self, disc: &Disc, selected: u32, bytes: usize) -> Result<(), Sense> {
        let Some(rate) = self.rate(disc, selected) else { return Ok(()) };
        self.drain(rate);
        let after = self.waiting + bytes as f64;
        // One transfer larger than the buffer goes in when the buffer is empty, or it never would.
        if after > f64::from(super::BUFFER_BYTES) && self.waiting > 0.0 {
            return Err(sense::LONG_WRITE_IN_PROGRESS);
        }
        if let Some(starved) = self.starved.take() {
            self.underruns.times += 1;
            self.underruns.duration += self.since.duration_since(starved);
        }
        self.waiting = after;
        self.recording = true;
        Ok(())
    }

    /// How long until the buffer is empty.
    pub(super) fn until_empty(&mut self, disc: &Disc, selected: u32) -> Duration {
        let Some(rate) = self.rate(disc, selected) else { return Duration::ZERO };
        self.drain(rate);
        Duration::from_secs_f64(self.waiting / rate)
    }

    /// Bytes free in the buffer.
    pub(super) fn blank_bytes(&mut self, disc: Option<&Disc>, selected: u32) -> u32 {
        if let Some(rate) = disc.and_then(|disc| self.rate(disc, selected)) {
            self.drain(rate);
        }
        super::BUFFER_BYTES.saturating_sub(self.waiting as u32)
    }

    /// Nothing more is to come for now: the laser may rest.
    pub(super) const fn rest(&mut self) {
        self.recording = false;
        self.starved = None;
    }

    /// How often there was nothing to write.
    pub(super) const fn underruns(&self) -> Underruns {
        self.underruns
    }

    /// Forgets what waits: the disc it was for is gone.
    pub(super) fn discard(&mut self) {
        self.waiting = 0.0;
        self.rest();
    }
}
