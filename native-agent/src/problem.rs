//! What went wrong, in the form programs read it: problem details after RFC 9457.

use core::error::Error;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scsi::Sense;

/// A failure with a stable code, and what the drive said where a drive said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI for the kind of problem; `about:blank` where `code` says all there is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words, the same for every occurrence.
    pub title: String,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// What happened this time, with the names of what it happened to.
    pub detail: String,
    /// A name for programs. Part of the contract: it does not change.
    pub code: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What the drive answered. SPC-4 4.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sense: Option<SenseTriple>,
}

/// Sense key, additional sense code and qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SenseTriple {
    /// Sense key.
    pub key: u8,
    /// Additional sense code.
    pub asc: u8,
    /// Additional sense code qualifier.
    pub ascq: u8,
}

impl From<Sense> for SenseTriple {
    fn from(sense: Sense) -> Self {
        Self { key: sense.key, asc: sense.asc, ascq: sense.ascq }
    }
}

impl Problem {
    /// A problem with this status and code. The title is the code in words: `driveTaken` is "Drive taken".
    #[must_use]
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: in_words(code),
            status,
            detail: detail.into(),
            code: code.to_owned(),
            hint: None,
            sense: None,
        }
    }

    /// A problem that tells an error and all that caused it.
    #[must_use]
    pub fn from_error(status: u16, code: &str, error: &(dyn Error + 'static)) -> Self {
        Self::new(status, code, chain(error))
    }

    /// Adds the remedy, where there is one.
    #[must_use]
    pub fn hint(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hint = hint.map(Into::into);
        self
    }

    /// Adds what the drive said, where it said something.
    #[must_use]
    pub fn sense(mut self, sense: Option<Sense>) -> Self {
        self.sense = sense.map(SenseTriple::from);
        self
    }
}

/// An error and everything that caused it, as one line.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

fn in_words(code: &str) -> String {
    let mut words = String::with_capacity(code.len() + 4);
    for letter in code.chars() {
        if words.is_empty() {
            words.extend(letter.to_uppercase());
        } else if letter.is_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_the_sense_triple_and_leaves_out_what_is_not_there() {
        let problem = Problem::new(409, "driveTaken", "drive a is in use");
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "about:blank", "title": "Drive taken", "status": 409,
                "detail": "drive a is in use", "code": "driveTaken",
            })
        );
        let json = serde_json::to_value(problem.sense(Some(Sense::new(3, 0x0c, 0)))).unwrap();
        assert_eq!(json["sense"], serde_json::json!({"key": 3, "asc": 12, "ascq": 0}));
    }
}
