//! A drive and its medium as programs are told of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Details, DriveError, Location};
use crate::{
    mmc::{MediumFacts, Probe, Survey, probe, survey},
    problem::Problem,
    scsi::Transport,
};

/// A drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drive {
    /// Names the drive as long as it is attached.
    pub id: String,
    /// Who made it.
    pub vendor: String,
    /// Its model.
    pub product: String,
    /// Its firmware level.
    pub revision: String,
    /// Whether the drive is a file.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// The device or the file.
    pub path: String,
    /// Whether it can be used now.
    pub state: DriveState,
    /// Who holds its lease.
    pub leased_by: Option<String>,
    /// The medium last seen in it.
    pub medium: Option<Medium>,
    /// What more there is to know, which lists and events leave out.
    #[serde(skip)]
    pub details: Option<Box<Details>>,
    /// Why it is unavailable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Whether a drive can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DriveState {
    /// A medium is in it.
    Ready,
    /// It is empty, or its tray is open.
    NoMedium,
    /// A job, or another program, uses it.
    Busy,
    /// It cannot be opened, or does not answer; `problem` says why.
    Unavailable,
}

/// A medium in a drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Medium {
    /// Its kind: `dvd+r`, `bd-re`.
    pub kind: String,
    /// The name on the box: `DVD+R`.
    pub label: String,
    /// `blank`, `appendable`, `complete`, `damaged` or `other`.
    pub status: String,
    /// Whether it can be written again.
    pub rewritable: bool,
    /// Blocks of 2048 bytes it holds.
    pub capacity_blocks: u32,
    /// Blocks that can be written now.
    pub free_blocks: u32,
    /// Where the next session begins.
    pub next_writable: Option<u32>,
    /// Sessions with something in them.
    pub sessions: u16,
    /// Tracks with something in them.
    pub tracks: u16,
    /// Fastest first.
    pub write_speeds: Vec<Speed>,
    /// Identifies this disc in this state; agreeing to a burn means naming it.
    pub fingerprint: String,
    /// Whether something can be written to it.
    pub writable: bool,
    /// Why not.
    pub reason: Option<String>,
}

/// A write speed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Speed {
    /// 1000 bytes a second.
    pub kb_per_second: u32,
    /// Multiples of 1x.
    pub times: f64,
    /// Constant angular velocity: the speed grows from inside to outside, and this is the most.
    #[serde(default)]
    pub cav: bool,
}

impl From<&MediumFacts> for Medium {
    fn from(facts: &MediumFacts) -> Self {
        let speed = |speed: &crate::mmc::WriteSpeed| Speed {
            kb_per_second: speed.kb_per_second,
            times: speed.times,
            cav: speed.cav,
        };
        Self {
            kind: facts.kind().to_owned(),
            label: facts.label(),
            status: facts.status.as_str().to_owned(),
            rewritable: facts.rewritable,
            capacity_blocks: facts.capacity_blocks,
            free_blocks: facts.free_blocks,
            next_writable: facts.next_writable,
            sessions: facts.sessions,
            tracks: facts.tracks,
            write_speeds: facts.write_speeds.iter().map(speed).collect(),
            fingerprint: facts.fingerprint.clone(),
            writable: facts.is_writable(),
            reason: facts.refusal.clone(),
        }
    }
}

impl Drive {
    /// A drive nobody has looked at yet.
    pub(super) fn unseen(id: &str, location: &Location) -> Self {
        Self {
            id: id.to_owned(),
            vendor: String::new(),
            product: String::new(),
            revision: String::new(),
            is_virtual: location.is_virtual(),
            path: location.path().display().to_string(),
            state: DriveState::Unavailable,
            leased_by: None,
            medium: None,
            details: None,
            problem: None,
        }
    }

    /// Opens the drive and asks what it is and what it holds; a drive that cannot be asked tells why.
    #[must_use]
    pub fn look(id: &str, location: &Location) -> Self {
        let mut drive = Self::unseen(id, location);
        match location.look() {
            Ok(mut transport) => drive.ask(transport.as_mut()),
            Err(error) => drive.fail(&error),
        }
        drive
    }

    /// The same for a drive that is open already.
    ///
    /// # Errors
    /// [`DriveError::Probe`].
    pub fn ask_open(
        id: &str,
        location: &Location,
        transport: &mut dyn Transport,
    ) -> Result<Self, DriveError> {
        let mut drive = Self::unseen(id, location);
        let found = probe(transport)
            .map_err(|source| DriveError::Probe { drive: id.to_owned(), source })?;
        drive.learn(&found, &survey(transport, &found));
        Ok(drive)
    }

    /// Asks an open drive what it is and what it holds.
    pub(super) fn ask(&mut self, transport: &mut dyn Transport) {
        match probe(transport) {
            Ok(found) => self.learn(&found, &survey(transport, &found)),
            Err(source) => self.fail(&DriveError::Probe { drive: self.id.clone(), source }),
        }
    }

    fn learn(&mut self, found: &Probe, survey: &Survey) {
        let inquiry = &found.drive.inquiry;
        self.vendor.clone_from(&inquiry.vendor);
        self.product.clone_from(&inquiry.product);
        self.revision.clone_from(&inquiry.revision);
        self.medium = found.medium.as_ref().map(Medium::from);
        self.details = Some(Box::new(Details::new(found, survey)));
        self.state = if self.medium.is_some() { DriveState::Ready } else { DriveState::NoMedium };
        self.problem = None;
    }

    /// Notes why it cannot be used; what was known of it before stays.
    pub(super) fn fail(&mut self, error: &DriveError) {
        self.state = if error.is_busy() { DriveState::Busy } else { DriveState::Unavailable };
        if self.state == DriveState::Unavailable {
            self.medium = None;
            self.details = None;
        }
        self.problem = Some(error.problem());
    }
}
