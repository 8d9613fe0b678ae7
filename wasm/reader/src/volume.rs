//! What a file system says of its volume.

use image_core::read::VolumeInfo;
use serde::Serialize;
use tsify::Tsify;

use crate::entry::milliseconds;

/// What a file system says of its volume.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ReadVolume {
    /// Name of the volume.
    pub volume_id: String,
    /// When it was made, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub created: Option<f64>,
    /// Blocks of the volume as its descriptors have it: of the image for ISO 9660, of the partition for UDF.
    pub blocks: u32,
    /// Revision of UDF: `1.02`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub udf_revision: Option<String>,
}

impl From<VolumeInfo> for ReadVolume {
    fn from(info: VolumeInfo) -> Self {
        Self {
            volume_id: info.volume_id,
            created: info.created.and_then(milliseconds),
            blocks: info.blocks,
            udf_revision: info.udf_revision.map(|revision| {
                // Two digits of BCD stand behind the point. UDF 2.1.5.3.
                format!("{:x}.{:02x}", revision >> 8, revision & 0xFF)
            }),
        }
    }
}
