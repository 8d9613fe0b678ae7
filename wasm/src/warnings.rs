//! What one should know of an image before it is written, in words for a person.

use image_core::Warning;
use serde::Serialize;
use tsify::Tsify;

/// Something that is written although a standard forbids it, or although some system is known not to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageWarning {
    /// What programs call it.
    pub kind: &'static str,
    /// What it is, in one sentence. Of many entries the first is named.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
    /// The first of the entries, if it is about some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub path: Option<String>,
    /// Who does not read it, where it is some readers that mind: `macOS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub reader: Option<&'static str>,
    /// The clause of the standard that forbids it, if one does: `strict` refuses such an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub clause: Option<&'static str>,
}

impl From<Warning> for ImageWarning {
    fn from(warning: Warning) -> Self {
        Self {
            kind: warning.kind(),
            message: warning.to_string(),
            hint: warning.hint(),
            path: warning.path().map(Into::into),
            reader: warning.reader(),
            clause: warning.clause(),
        }
    }
}
