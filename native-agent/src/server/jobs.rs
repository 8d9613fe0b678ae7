//! Jobs: asked for, watched, given up.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AgentState, drives,
    reply::{Body, Id, blocking},
};
use crate::{
    burn::{Certification, FormatKind, FormatOptions, Operation, Spare},
    jobs::{
        agreement::{agree, agree_to_medium},
        block_map::JobMap,
        history::JobHistory,
        job::{BurnOrder, Job, Kind, Order, ReadOrder, UpkeepOrder, VerifyLevel, WriteMode},
    },
    problem::Problem,
};

/// What is to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum NewJob {
    /// Write an image to a disc.
    Burn(NewBurn),
    /// Read a disc into an image.
    Read(NewRead),
    /// Compare a disc with an image.
    Verify {
        /// The drive's id.
        drive: String,
        /// The image's id.
        image: String,
        /// The block of the disc that the image begins at: 0, but for a later session.
        #[serde(default)]
        start: u32,
    },
    /// Take everything off a CD-RW or DVD-RW.
    Erase {
        /// The drive's id.
        drive: String,
        /// Every block, not just what makes the disc look blank.
        #[serde(default)]
        full: bool,
        /// What the user saw and agreed to.
        confirm: Confirmation,
    },
    /// Make a disc writable, or writable in another way; takes everything off it.
    Format(NewFormat),
    /// Have nothing added to a disc any more, so that every player reads it.
    Close {
        /// The drive's id.
        drive: String,
        /// What the user saw and agreed to.
        confirm: Confirmation,
    },
}

/// How to format.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewFormat {
    /// The drive's id.
    drive: String,
    /// What to make of the disc; what suits the medium when absent.
    format: Option<FormatKind>,
    /// Spare areas of a BD; what the drive does by itself when absent.
    #[serde(default)]
    spare: Spare,
    /// How a BD-RE is looked over; what the drive has when absent.
    certification: Option<Certification>,
    /// What the user saw and agreed to.
    confirm: Confirmation,
}

/// How to read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewRead {
    /// The drive's id.
    drive: String,
    /// The session to read, from 1; all of the disc when absent.
    session: Option<u16>,
    /// How often what cannot be read is tried again; 3 when absent.
    retries: Option<u8>,
    /// Multiples of the medium's base speed; the drive's choice when absent.
    speed: Option<f64>,
}

/// How to burn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBurn {
    /// The drive's id.
    drive: String,
    /// The image's id; it has to be complete.
    image: String,
    /// What to compare afterwards.
    #[serde(default)]
    verify: VerifyLevel,
    /// Multiples of the medium's base speed; the drive's choice when absent.
    speed: Option<f64>,
    /// Rehearse without laser power.
    #[serde(default)]
    simulate: bool,
    /// How a CD is written.
    #[serde(default)]
    write_mode: WriteMode,
    /// Leave nothing to be appended; true when absent.
    #[serde(default = "yes")]
    close: bool,
    /// Write more than a write-once medium says it holds. Its end may be lost.
    #[serde(default)]
    overburn: bool,
    /// Blocks of the first layer of a DVD with two; the middle of an image that needs both when absent.
    layer_break: Option<u32>,
    /// Record a blank DVD-R DL with layer jumps, so that another session can follow.
    #[serde(default)]
    layer_jump: bool,
    /// Write files without the drive's own check, twice as fast. BD-RE and DVD-RAM only.
    #[serde(default)]
    stream: bool,
    /// Open the tray at the end.
    #[serde(default)]
    eject: bool,
    /// What the user saw and agreed to.
    confirm: Confirmation,
}

/// What the user saw and agreed to write to.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Confirmation {
    /// The drive's id.
    drive: String,
    /// The medium's fingerprint.
    medium: String,
}

/// All jobs that are remembered, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobList {
    jobs: Vec<Job>,
}

const fn yes() -> bool {
    true
}

impl NewJob {
    fn into_order(self, lease: Option<String>) -> Result<Order, Problem> {
        let order = |kind, drive, image| {
            let read = ReadOrder::default();
            Order { kind, drive, image, burn: None, read, start: 0, upkeep: None, lease }
        };
        let upkeep = |drive: String, operation, confirm: &Confirmation| {
            confirm.check(&drive)?;
            let medium = confirm.medium.clone();
            let kind = match operation {
                Operation::Erase { .. } => Kind::Erase,
                Operation::Format(_) => Kind::Format,
                Operation::Close => Kind::Close,
            };
            let upkeep = Some(UpkeepOrder { operation, medium });
            Ok::<_, Problem>((kind, drive, upkeep))
        };
        Ok(match self {
            Self::Read(new) => {
                let read = new.order()?;
                Order { read, ..order(Kind::Read, new.drive, None) }
            }
            Self::Verify { drive, image, start } => {
                Order { start, ..order(Kind::Verify, drive, Some(image)) }
            }
            Self::Burn(new) => {
                let burn = Some(new.agreed()?);
                Order { burn, ..order(Kind::Burn, new.drive, Some(new.image)) }
            }
            Self::Erase { drive, full, confirm } => {
                let (kind, drive, upkeep) = upkeep(drive, Operation::Erase { full }, &confirm)?;
                Order { upkeep, ..order(kind, drive, None) }
            }
            Self::Close { drive, confirm } => {
                let (kind, drive, upkeep) = upkeep(drive, Operation::Close, &confirm)?;
                Order { upkeep, ..order(kind, drive, None) }
            }
            Self::Format(new) => {
                let operation = Operation::Format(FormatOptions {
                    kind: new.format,
                    spare: new.spare,
                    certification: new.certification,
                });
                let (kind, drive, upkeep) = upkeep(new.drive, operation, &new.confirm)?;
                Order { upkeep, ..order(kind, drive, None) }
            }
        })
    }
}

impl Confirmation {
    /// That it was this drive the user agreed to.
    fn check(&self, drive: &str) -> Result<(), Problem> {
        if self.drive == drive {
            return Ok(());
        }
        let detail = format!("the user agreed to drive {}, not {drive}", self.drive);
        Err(Problem::new(409, "confirmMismatch", detail))
    }
}

impl NewRead {
    fn order(&self) -> Result<ReadOrder, Problem> {
        check_speed(self.speed)?;
        if self.session == Some(0) {
            return Err(Problem::new(400, "badBody", "sessions are counted from 1"));
        }
        let usual = ReadOrder::default();
        let retries = self.retries.unwrap_or(usual.retries);
        Ok(ReadOrder { session: self.session, retries, speed: self.speed })
    }
}

fn check_speed(speed: Option<f64>) -> Result<(), Problem> {
    if speed.is_some_and(|speed| !(speed > 0.0 && speed.is_finite())) {
        return Err(Problem::new(400, "badBody", "speed has to be more than 0"));
    }
    Ok(())
}

impl NewBurn {
    fn agreed(&self) -> Result<BurnOrder, Problem> {
        self.confirm.check(&self.drive)?;
        check_speed(self.speed)?;
        Ok(BurnOrder {
            verify: self.verify,
            speed: self.speed,
            simulate: self.simulate,
            write_mode: self.write_mode,
            close: self.close,
            overburn: self.overburn,
            layer_break: self.layer_break,
            layer_jump: self.layer_jump,
            stream: self.stream,
            eject: self.eject,
            medium: self.confirm.medium.clone(),
        })
    }
}

/// Asks for a job. It goes on whatever becomes of the one who asked.
#[utoipa::path(post, path = "/v1/jobs", tag = "jobs", request_body = NewJob,
    params(("Lease" = Option<String>, Header, description = "the caller's lease of the drive")),
    responses(
        (status = 202, body = Job, headers(("Location" = String))),
        (status = 400, body = Problem, description = "`badBody`"),
        (status = 404, body = Problem, description = "`driveNotFound`, `imageUnknown` or `noMedium`"),
        (status = 409, body = Problem, description = "`driveTaken`, `imageIncomplete`, \
            `confirmMismatch`, `mediumChanged`, `mediumNotWritable` or `imageTooLarge`"),
        (status = 429, body = Problem, description = "`tooManyJobs`"),
    ))]
pub(super) async fn submit(
    State(agent): State<AgentState>,
    headers: HeaderMap,
    Body(new): Body<NewJob>,
) -> Result<Response, Problem> {
    let order = new.into_order(drives::lease(&headers))?;
    let job = blocking(move || {
        check(&agent, &order)?;
        agent.jobs.submit(order).map_err(Problem::from)
    });
    let job = job.await??;
    let location = [(header::LOCATION, format!("/v1/jobs/{}", job.id))];
    Ok((StatusCode::ACCEPTED, location, Json(job)).into_response())
}

/// Refuses at once what could only fail later. The job checks again when its turn comes.
fn check(agent: &AgentState, order: &Order) -> Result<(), Problem> {
    let running = agent.jobs.running_on(&order.drive);
    if let (true, Some(job)) = (order.kind.changes_the_disc(), &running) {
        let detail = format!("drive {} is taken by job {}", order.drive, job.id);
        return Err(Problem::new(409, "driveTaken", detail));
    }
    let drive = agent.drives.drive(&order.drive)?;
    let image = order.image.as_deref().map(|id| {
        drop(agent.spool.pin(id)?);
        agent.spool.info(id)
    });
    let image = image.transpose()?;
    // A lease that a job holds ends with the job, and this one waits for that.
    if let (Some(holder), None, None) = (&drive.leased_by, &running, &order.lease) {
        let detail = format!("drive {} is taken by {holder}", drive.id);
        return Err(Problem::new(409, "driveTaken", detail));
    }
    if !order.kind.changes_the_disc() {
        return Ok(());
    }
    drive.problem.clone().map_or(Ok(()), Err)?;
    let none = || Problem::new(404, "noMedium", format!("drive {} is empty", drive.id));
    let medium = drive.medium.as_ref().ok_or_else(none)?;
    match (&order.burn, &order.upkeep, image) {
        (Some(burn), _, Some(image)) => agree(medium, burn, image.length),
        (_, Some(upkeep), _) => agree_to_medium(medium, &upkeep.medium),
        _ => Ok(()),
    }
}

/// Lists the jobs.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", responses((status = 200, body = JobList)))]
pub(super) async fn list(State(agent): State<AgentState>) -> Json<JobList> {
    Json(JobList { jobs: agent.jobs.all() })
}

/// Describes a job.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses(
        (status = 200, body = Job),
        (status = 404, body = Problem, description = "`jobUnknown`"),
    ))]
pub(super) async fn show(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<Job>, Problem> {
    agent.jobs.get(&id).map(Json).ok_or_else(|| unknown(&id))
}

/// Tells what a job did over time, for a chart and a log.
#[utoipa::path(get, path = "/v1/jobs/{id}/history", tag = "jobs", params(("id" = String, Path)),
    responses(
        (status = 200, body = JobHistory),
        (status = 404, body = Problem, description = "`jobUnknown`"),
    ))]
pub(super) async fn history(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<JobHistory>, Problem> {
    agent.jobs.history(&id).map(Json).ok_or_else(|| unknown(&id))
}

/// Tells what a job knows of the blocks it reads.
#[utoipa::path(get, path = "/v1/jobs/{id}/map", tag = "jobs", params(("id" = String, Path)),
    responses(
        (status = 200, body = JobMap),
        (status = 404, body = Problem, description = "`jobUnknown`"),
    ))]
pub(super) async fn map(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<JobMap>, Problem> {
    agent.jobs.map(&id).map(Json).ok_or_else(|| unknown(&id))
}

/// Gives up a job, as soon as the drive allows.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses(
        (status = 202, body = Job),
        (status = 404, body = Problem, description = "`jobUnknown`"),
    ))]
pub(super) async fn cancel(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<(StatusCode, Json<Job>), Problem> {
    let name = id.clone();
    let job = blocking(move || agent.jobs.cancel(&name)).await?;
    job.map(|job| (StatusCode::ACCEPTED, Json(job))).ok_or_else(|| unknown(&id))
}

fn unknown(id: &str) -> Problem {
    Problem::new(404, "jobUnknown", format!("there is no job {id}"))
}
