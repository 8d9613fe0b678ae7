//! What is thrown: a plain object, which crosses from a worker to its page unharmed.

use core::fmt;

use image_core::{AddError, PlanError};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

/// Why an image cannot be planned, or a call makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageFailure {
    /// Stable name of the cause, for programs.
    pub kind: String,
    /// The entry at fault, as its path was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub path: Option<String>,
    /// The cause in one sentence.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub hint: Option<String>,
}

impl ImageFailure {
    pub(crate) fn new(kind: &str, message: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), path: None, message: message.into(), hint: None }
    }

    pub(crate) fn at(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for ImageFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<ImageFailure> for JsValue {
    fn from(failure: ImageFailure) -> Self {
        serde_wasm_bindgen::to_value(&failure).unwrap_or_else(|_| Self::from_str(&failure.message))
    }
}

impl From<Box<ImageFailure>> for JsValue {
    fn from(failure: Box<ImageFailure>) -> Self {
        (*failure).into()
    }
}

impl From<AddError> for ImageFailure {
    fn from(error: AddError) -> Self {
        let kind = match error {
            AddError::InvalidName { .. } => "invalidName",
            AddError::Exists { .. } => "exists",
            AddError::NotADirectory { .. } => "notADirectory",
            AddError::InvalidTarget { .. } => "invalidTarget",
            AddError::NotLinkable { .. } => "notLinkable",
            AddError::Full { .. } => "full",
            _ => "tree",
        };
        Self::new(kind, error.to_string()).hint(error.hint())
    }
}

impl From<PlanError> for ImageFailure {
    fn from(error: PlanError) -> Self {
        let kind = match error {
            PlanError::InvalidVolumeName { .. } => "invalidVolumeName",
            PlanError::NoFileSystem => "noFileSystem",
            PlanError::NeedsIso9660 { .. } => "needsIso9660",
            PlanError::FileTooLarge { .. } | PlanError::UdfStreamTooLarge { .. } => "fileTooLarge",
            PlanError::InvalidTime { .. } | PlanError::InvalidVolumeTime { .. } => "invalidDate",
            PlanError::LinkTooLong { .. } => "linkTooLong",
            PlanError::UdfForm { .. }
            | PlanError::UdfPacket { .. }
            | PlanError::UdfVirtualMetadata
            | PlanError::UdfPseudoOverwritable => "udfForm",
            PlanError::UdfStreams { .. } | PlanError::UdfRealTime { .. } => "udfRevision",
            PlanError::UdfStreamName { .. }
            | PlanError::UdfAttributeName { .. }
            | PlanError::RockRidgeAttributeName { .. } => "invalidName",
            PlanError::UdfAttributes { .. } | PlanError::RockRidgeAttributes { .. } => {
                "attributesTooLong"
            }
            PlanError::UdfLinks { .. } => "tooManyLinks",
            PlanError::Video { .. } => "video",
            PlanError::TooManyDirectories { .. } => "tooManyDirectories",
            PlanError::DirectoryTooLarge { .. } => "directoryTooLarge",
            PlanError::Boot(_) => "boot",
            PlanError::IdentifierTooLong { .. } => "identifierTooLong",
            PlanError::NotInRoot { .. } => "notInRoot",
            PlanError::RelocationNeedsRockRidge => "needsRockRidge",
            PlanError::Forbidden(_) => "forbidden",
            PlanError::TooManyBlocks { .. } => "tooManyBlocks",
            PlanError::OverBudget { .. } => "overBudget",
            _ => "plan",
        };
        let failure = Self::new(kind, error.to_string()).hint(error.hint());
        match error.path() {
            Some(path) => failure.at(path),
            None => failure,
        }
    }
}
