//! What the caller may choose.

use image_core::media::Medium;
use image_core::{FileSystems, Iso9660Options, IsoLevel, Options};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::entries::date;
use crate::failure::ImageFailure;
use crate::plan::disc_time;

/// How an image is made.
#[derive(Clone, Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageOptions {
    /// Name of the volume, as a file manager will show it.
    pub volume_id: String,
    pub file_systems: ImageFileSystems,
    /// Level of interchange of ISO 9660: 1, 2 or 3. ECMA-119 10.
    #[tsify(type = "1 | 2 | 3")]
    pub iso_level: u8,
    /// The medium it is for, by its name on the command line: that takes the revision of UDF, the alignment and the padding of
    /// [`mediumDefaults`](crate::media::medium_defaults). Without one, the image suits every medium.
    #[serde(default)]
    #[tsify(optional)]
    pub medium: Option<String>,
    /// When the image is made, in milliseconds since 1970. The clock is the caller's: same input, same image.
    pub created: f64,
}

/// Which file systems the image has. All of them share one copy of the contents of files.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageFileSystems {
    pub iso9660: bool,
    pub joliet: bool,
    pub rock_ridge: bool,
    pub udf: bool,
}

impl TryFrom<ImageOptions> for Options {
    type Error = ImageFailure;

    fn try_from(options: ImageOptions) -> Result<Self, ImageFailure> {
        let created = date(options.created)
            .ok()
            .flatten()
            .ok_or_else(|| refused(format!("created is {}, which is no date", options.created)))?;
        let level = IsoLevel::try_from(options.iso_level)
            .map_err(|error| refused(format!("isoLevel is {}, but {error}", options.iso_level)))?;
        let base = match options.medium {
            None => Self::default(),
            Some(id) => Medium::from_id(&id)
                .ok_or_else(|| refused(format!("medium is {id:?}, which is none")))?
                .options(),
        };
        Ok(Self {
            volume_id: options.volume_id,
            file_systems: FileSystems {
                iso9660: options.file_systems.iso9660,
                joliet: options.file_systems.joliet,
                rock_ridge: options.file_systems.rock_ridge,
                udf: options.file_systems.udf,
            },
            iso9660: Iso9660Options { level, ..Iso9660Options::default() },
            created: disc_time(created),
            ..base
        })
    }
}

fn refused(message: String) -> ImageFailure {
    ImageFailure::new("invalidOptions", message)
}
