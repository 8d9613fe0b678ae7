//! One piece of work, as it is told and as it is written down.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    burn::Operation,
    problem::Problem,
    source::{BlockRange, DamagedFile},
};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Burn, read, verify, erase, format or close.
    pub kind: Kind,
    /// The drive's id.
    pub drive: String,
    /// The image's id in the spool, for burning and verifying.
    pub image: Option<String>,
    /// How to burn; only for burning.
    pub burn: Option<BurnOrder>,
    /// How to read; only for reading.
    #[serde(default)]
    pub read: ReadOrder,
    /// The block of the disc that the image begins at; only for verifying.
    #[serde(default)]
    pub start: u32,
    /// What to do to the disc; only for erasing, formatting and closing.
    #[serde(default)]
    pub upkeep: Option<UpkeepOrder>,
    /// The lease of the drive that whoever asked holds.
    pub lease: Option<String>,
}

/// What to do to a disc without an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpkeepOrder {
    /// Erase, format or close it.
    pub operation: Operation,
    /// The medium the user agreed to do it to, by its fingerprint.
    pub medium: String,
}

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadOrder {
    /// The session to read, from 1; all of the disc when absent.
    pub session: Option<u16>,
    /// How often what cannot be read is tried again.
    pub retries: u8,
    /// Multiples of the medium's base speed; the drive's choice when absent.
    pub speed: Option<f64>,
}

impl Default for ReadOrder {
    fn default() -> Self {
        Self { session: None, retries: 3, speed: None }
    }
}

/// How to burn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BurnOrder {
    /// What to compare afterwards.
    pub verify: VerifyLevel,
    /// Multiples of the medium's base speed; the drive's choice when absent.
    pub speed: Option<f64>,
    /// Rehearse without laser power, where the medium can.
    pub simulate: bool,
    /// How a CD is written.
    #[serde(default)]
    pub write_mode: WriteMode,
    /// Leave nothing to be appended.
    pub close: bool,
    /// Write more than the medium says it holds.
    #[serde(default)]
    pub overburn: bool,
    /// Blocks of the first layer of a DVD with two; the middle of an image that needs both when absent.
    #[serde(default)]
    pub layer_break: Option<u32>,
    /// Record a blank DVD-R DL with layer jumps, so that another session can follow.
    #[serde(default)]
    pub layer_jump: bool,
    /// Write files without the drive's own check.
    #[serde(default)]
    pub stream: bool,
    /// Open the tray at the end.
    pub eject: bool,
    /// The medium the user agreed to write to, by its fingerprint.
    pub medium: String,
}

/// How much of a disc is compared with its image after burning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum VerifyLevel {
    /// Nothing.
    None,
    /// The beginning, the end and samples between.
    Quick,
    /// Every block.
    #[default]
    Full,
}

/// How a CD is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WriteMode {
    /// The whole session at once for a blank disc that is to be closed, else track at once.
    #[default]
    Auto,
    /// Track at once.
    Tao,
    /// Session at once, which takes a blank disc.
    Sao,
    /// The same with every sector made by the host, sub-channels included; takes a blank disc and closes it.
    Raw,
}

/// The kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Write an image to a disc.
    Burn,
    /// Read a disc into an image.
    Read,
    /// Compare a disc with an image.
    Verify,
    /// Take everything off a disc.
    Erase,
    /// Make a disc writable, or writable in another way.
    Format,
    /// Have nothing added to a disc any more.
    Close,
}

impl Kind {
    /// Whether the disc is another afterwards, so that the user has to have agreed to this very disc.
    #[must_use]
    pub const fn changes_the_disc(self) -> bool {
        matches!(self, Self::Burn | Self::Erase | Self::Format | Self::Close)
    }
}

/// How far a job's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Waits for the drive.
    Queued,
    /// Is being done.
    Running,
    /// Did all that was asked.
    Succeeded,
    /// Did not; `error` says why.
    Failed,
    /// Was given up on request.
    Cancelled,
}

impl State {
    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// What a job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Nothing yet.
    Waiting,
    /// Looks at drive, medium and image.
    Preparing,
    /// Formats the medium.
    Formatting,
    /// Erases the medium.
    Erasing,
    /// Writes.
    Writing,
    /// Closes track, session or disc.
    Closing,
    /// Compares the disc with the image.
    Verifying,
    /// Reads the disc.
    Reading,
    /// Nothing more.
    Done,
}

impl Phase {
    /// Whether stopping now may cost the disc.
    #[must_use]
    pub const fn risks_the_disc(self) -> bool {
        matches!(self, Self::Formatting | Self::Erasing | Self::Writing | Self::Closing)
    }
}

/// How far the phase has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Blocks written, read or compared.
    pub done_blocks: u64,
    /// Blocks in all.
    pub total_blocks: u64,
    /// Blocks that could not be read so far, or that differ from the image.
    #[serde(default)]
    pub bad_blocks: u64,
    /// How full the agent's buffer is.
    pub buffer_percent: u8,
    /// How full the drive's buffer is, where it tells.
    pub drive_buffer_percent: Option<u8>,
    /// Over the last seconds.
    pub bytes_per_second: u64,
    /// Until the phase ends, at this rate.
    pub seconds_left: Option<u64>,
}

/// What came of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// SHA-256 of what was burned or read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Whether the disc was compared with the image, and is equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// The image a disc was read into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What can be done with the disc now: `blank`, `appendable` or `complete`; `other` where blocks are overwritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disc_state: Option<String>,
    /// Why writing is not believed on the word of the drive: every block was compared therefore.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspect: Option<String>,
    /// What is wrong with the disc, or missing in the image that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damage: Option<Damage>,
}

/// Blocks of an image that are not on the disc, or that the disc does not give back. Long lists are cut short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Damage {
    /// How many blocks, listed or not.
    pub blocks: u64,
    /// Blocks that cannot be read.
    pub unreadable: Vec<BlockRange>,
    /// Blocks that are not those of the image.
    pub different: Vec<BlockRange>,
    /// Files that have such blocks, as far as the image tells.
    pub files: Vec<DamagedFile>,
    /// How many files, listed or not.
    pub file_count: u64,
}

impl Damage {
    /// Entries of a list: a job is told again and again, and is written down.
    const MOST: usize = 1000;

    /// With all that is known.
    #[must_use]
    pub fn new(
        blocks: u64,
        mut unreadable: Vec<BlockRange>,
        mut different: Vec<BlockRange>,
        mut files: Vec<DamagedFile>,
    ) -> Self {
        let file_count = files.len() as u64;
        unreadable.truncate(Self::MOST);
        different.truncate(Self::MOST);
        files.truncate(Self::MOST);
        Self { blocks, unreadable, different, files, file_count }
    }
}

/// A piece of work and what has become of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Names it.
    pub id: String,
    /// Burn, read, verify, erase, format or close.
    pub kind: Kind,
    /// The drive's id.
    pub drive: String,
    /// The image burned or compared with.
    pub image: Option<String>,
    /// How far its life has come.
    pub state: State,
    /// What it is doing.
    pub phase: Phase,
    /// How far the phase has come.
    pub progress: Progress,
    /// What came of it, also of a job that failed because that is not as it should be.
    pub result: Option<Outcome>,
    /// Why it failed, or what cancelling it cost.
    pub error: Option<Problem>,
    /// When it was asked for, RFC 3339.
    pub created: String,
    /// When it ended, RFC 3339.
    pub finished: Option<String>,
}

impl Job {
    /// A job that waits.
    #[must_use]
    pub fn new(id: String, order: &Order, created: String) -> Self {
        Self {
            id,
            kind: order.kind,
            drive: order.drive.clone(),
            image: order.image.clone(),
            state: State::Queued,
            phase: Phase::Waiting,
            progress: Progress::default(),
            result: None,
            error: None,
            created,
            finished: None,
        }
    }

    /// Puts down how it ended.
    pub fn finish(&mut self, end: Result<Outcome, Failure>, finished: String) {
        self.finished = Some(finished);
        self.phase = Phase::Done;
        match end {
            Ok(outcome) => {
                self.state = State::Succeeded;
                self.result = Some(outcome);
            }
            Err(Failure::Cancelled(problem)) => {
                self.state = State::Cancelled;
                self.error = problem.map(|problem| *problem);
            }
            Err(Failure::Failed(problem)) => {
                self.state = State::Failed;
                self.error = Some(*problem);
            }
            Err(Failure::Faulty(problem, outcome)) => {
                self.state = State::Failed;
                self.error = Some(*problem);
                self.result = Some(*outcome);
            }
        }
    }
}

/// Why a job did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was given up on request; what that cost, where it cost something.
    Cancelled(Option<Box<Problem>>),
    /// It could not be done.
    Failed(Box<Problem>),
    /// It was done, but what came of it is not what was wanted.
    Faulty(Box<Problem>, Box<Outcome>),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Failed(Box::new(problem))
    }
}
