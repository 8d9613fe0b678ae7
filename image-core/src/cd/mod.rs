//! Compact discs below the logical block: addresses in minutes, seconds and frames, raw sectors, and the sub-channels that tell
//! what a session holds.
//!
//! ```
//! use image_core::cd::{Msf, mode_1_sector};
//!
//! let address = Msf::from_lba(16).unwrap();
//! assert_eq!((address.minute, address.second, address.frame), (0, 2, 16));
//! let sector = mode_1_sector(address, &[0; 2048]);
//! assert_eq!(sector[12..16], [0x00, 0x02, 0x16, 0x01]);
//! ```

mod ecc;
mod lead_in;
mod msf;
mod scrambler;
mod sector;
mod session;
mod sub_channel;

pub use lead_in::{LeadIn, LeadInTrack, point};
pub use msf::Msf;
pub use scrambler::scramble;
pub use sector::{RAW_SECTOR, edc, mode_1_sector, mode_2_form_1_sector};
pub use session::{SessionLayout, TrackLayout};
pub use sub_channel::{LEAD_OUT, P_AND_Q, Position, SUB_CHANNELS, SubChannel};
