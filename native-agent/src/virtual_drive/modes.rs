//! Mode pages: error recovery 01h, write parameters 05h, caching 08h, power 1Ah, timeout 1Dh, capabilities 2Ah. MMC-6 7.

use super::{
    cd::{CdTrack, Form, PQ_BLOCKS, PW_BLOCKS},
    media::{MediumKind, MediumType},
    sense,
};
use crate::scsi::Sense;

/// The changeable pages as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Modes {
    pages: Vec<Vec<u8>>,
}

/// Pages with their defaults, header bytes included. MMC-6 7.2.
const DEFAULTS: [&[u8]; 5] = [
    &[0x01, 0x0a, 0x80, 5, 0, 0, 0, 0, 5, 0, 0, 0],
    &WRITE_PARAMETERS,
    &[0x08, 0x0a, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0x1a, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    &[0x1d, 0x08, 0, 0, 0, 0, 0, 7, 0, 120],
];

/// BUFE, write type 0 (incremental), multi-session 11b, track mode 5, block type 8, packets of 16. MMC-6 7.5.
const WRITE_PARAMETERS: [u8; 52] = {
    let mut page = [0; 52];
    page[0] = 0x05;
    page[1] = 50;
    page[2] = 0x40;
    page[3] = 0xc5;
    page[4] = 8;
    page[13] = 16;
    page[15] = 150;
    page
};

const CAPABILITIES: u8 = 0x2a;
const ALL_PAGES: u8 = 0x3f;
/// Page control: 0 current, 1 changeable, 2 default, 3 saved. SPC-4 6.11.1.
const CHANGEABLE: u8 = 1;
const DEFAULT: u8 = 2;
const SAVED: u8 = 3;

impl Modes {
    /// Pages as after power on.
    pub(super) fn new() -> Self {
        Self { pages: DEFAULTS.iter().map(|page| page.to_vec()).collect() }
    }

    /// Whether page 05h asks for a write without laser. MMC-6 7.5.4.3.
    pub(super) fn test_write(&self) -> bool {
        self.pages[1][2] & 0x10 != 0
    }

    /// Whether page 05h writes a DVD-R or DVD-RW at once, write type 2. MMC-6 7.5.4.4.
    pub(super) fn disc_at_once(&self) -> bool {
        self.pages[1][2] & 0x0f == 2
    }

    /// Whether page 08h lets the drive say GOOD before blocks are on the disc: WCE. MMC-6 7.6.
    pub(super) fn caches_writes(&self) -> bool {
        self.pages[2][2] & 0x04 != 0
    }

    /// The write type of page 05h. MMC-6 7.5.4.4.
    pub(super) fn write_type(&self) -> u8 {
        self.pages[1][2] & 0x0f
    }

    /// The data block type of page 05h. MMC-6 7.5.4.9.
    pub(super) fn raw_blocks(&self) -> u8 {
        self.pages[1][4] & 0x0f
    }

    /// The track of a CD that page 05h describes: track mode and data block type. MMC-6 7.5.4.8, 7.5.4.9.
    pub(super) fn cd_track(&self) -> CdTrack {
        let page = &self.pages[1];
        let form = match page[4] & 0x0f {
            RAW_BLOCKS => Form::Raw,
            MODE_2_FORM_1_BLOCKS => Form::Mode2Form1,
            _ => Form::Mode1,
        };
        let sub_header = [page[48], page[49], page[50], page[51]];
        CdTrack { control: page[3] & 0x0f, form, at_once: false, sub_header }
    }

    /// Whether page 05h leaves the disc open for another session. MMC-6 7.5.4.5.
    pub(super) fn multi_session(&self) -> bool {
        self.pages[1][3] & 0xc0 == 0xc0
    }

    /// MODE SENSE(10) data. MMC-6 7.2.3.
    pub(super) fn sense(
        &self,
        control: u8,
        page: u8,
        row: Option<&MediumType>,
        speed: u32,
    ) -> Result<Vec<u8>, Sense> {
        if control == SAVED {
            return Err(sense::SAVING_NOT_SUPPORTED);
        }
        let mut reply = vec![0; 8];
        for (index, current) in self.pages.iter().enumerate() {
            if page == current[0] || page == ALL_PAGES {
                reply.extend_from_slice(&match control {
                    CHANGEABLE => changeable(DEFAULTS[index]),
                    DEFAULT => DEFAULTS[index].to_vec(),
                    _ => current.clone(),
                });
            }
        }
        if page == CAPABILITIES || page == ALL_PAGES {
            let page = capabilities(row, speed);
            reply.extend_from_slice(&if control == CHANGEABLE { fixed(&page) } else { page });
        }
        if reply.len() == 8 {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let length = reply.len() as u16 - 2;
        reply[..2].copy_from_slice(&length.to_be_bytes());
        Ok(reply)
    }

    /// MODE SELECT(10): takes all pages of the list or none. MMC-6 7.2.2.
    pub(super) fn select(&mut self, list: &[u8], row: Option<&MediumType>) -> Result<(), Sense> {
        let Some((header, mut rest)) = list.split_at_checked(8) else {
            return Err(sense::PARAMETER_LIST_LENGTH);
        };
        if header[6..8] != [0, 0] {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        let mut changed = self.clone();
        while !rest.is_empty() {
            let length = rest.get(1).map(|length| usize::from(*length) + 2);
            let length = length.ok_or(sense::PARAMETER_LIST_LENGTH)?;
            let (page, tail) = rest.split_at_checked(length).ok_or(sense::PARAMETER_LIST_LENGTH)?;
            changed.replace(page, row)?;
            rest = tail;
        }
        *self = changed;
        Ok(())
    }

    fn replace(&mut self, page: &[u8], row: Option<&MediumType>) -> Result<(), Sense> {
        let code = page[0] & 0x3f;
        let known = self.pages.iter_mut().find(|known| known[0] == code);
        let known = known.ok_or(sense::INVALID_FIELD_IN_PARAMETER_LIST)?;
        if known.len() != page.len() || (code == 0x05 && !plausible_write_parameters(page, row)) {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        known[2..].copy_from_slice(&page[2..]);
        Ok(())
    }
}

/// Write type of a DVD-R DL: layer jump. MMC-6 7.5.4.4.
pub(super) const LAYER_JUMP: u8 = 4;

/// Data block types: raw sectors of 2352 bytes, and user data of mode 1 and of mode 2 form 1. MMC-6 7.5.4.9.
const RAW_BLOCKS: u8 = 0;
const MODE_1_BLOCKS: u8 = 8;
const MODE_2_FORM_1_BLOCKS: u8 = 10;

/// What the medium takes, or with none in the drive any of them. Write types: 0 incremental, 1 track at once, 2 session or disc
/// at once, 3 raw with sub-channels. Audio comes raw, and user data are of a data track. MMC-6 7.5.4.
fn plausible_write_parameters(page: &[u8], row: Option<&MediumType>) -> bool {
    const TRACK_AT_ONCE: u8 = 1;
    const RAW: u8 = 3;
    let (write_type, block_type) = (page[2] & 0x0f, page[4] & 0x0f);
    let is_data = page[3] & 0x04 != 0;
    let cd = match (write_type, block_type) {
        (RAW, block_type) => matches!(block_type, PQ_BLOCKS | PW_BLOCKS),
        (0 | 4.., _) => false,
        (_, MODE_1_BLOCKS | MODE_2_FORM_1_BLOCKS) => is_data || write_type != TRACK_AT_ONCE,
        (_, block_type) => block_type == RAW_BLOCKS,
    };
    let jumps = write_type == LAYER_JUMP && row.is_none_or(|row| row.kind == MediumKind::DvdRDl);
    let others = (matches!(write_type, 0 | 2) || jumps) && block_type == MODE_1_BLOCKS;
    match row {
        Some(row) if row.is_cd() => cd,
        Some(_) => others,
        None => cd || others,
    }
}

/// The mask of a page: everything after its header can change.
fn changeable(page: &[u8]) -> Vec<u8> {
    let mut mask = vec![0xff; page.len()];
    mask[..2].copy_from_slice(&page[..2]);
    mask
}

/// The mask of a page in which nothing can change.
fn fixed(page: &[u8]) -> Vec<u8> {
    let mut mask = vec![0; page.len()];
    mask[..2].copy_from_slice(&page[..2]);
    mask
}

/// Capabilities and mechanical status, with a write speed descriptor for each speed. MMC-6 7.8 (legacy, but read by all).
fn capabilities(row: Option<&MediumType>, speed: u32) -> Vec<u8> {
    let speeds: Vec<u16> = row
        .into_iter()
        .flat_map(MediumType::write_speeds)
        .map(|speed| u16::try_from(speed).unwrap_or(u16::MAX))
        .collect();
    let mut page = vec![0; 32];
    page[0] = CAPABILITIES;
    // Reads CD-R, CD-RW, DVD-ROM, DVD-R and DVD-RAM; writes CD-R, CD-RW, DVD-R and DVD-RAM, test write.
    page[2] = 0x3b;
    page[3] = 0x37;
    // Multi-session, mode 2 in both forms; audio sectors are read, and without a gap, with sub-channels and C2 flags; lock,
    // eject, tray.
    page[4] = 0x70;
    page[5] = 0x17;
    page[6] = 0x29;
    let mut put = |at: usize, value: u16| page[at..at + 2].copy_from_slice(&value.to_be_bytes());
    let fastest = speeds.first().copied().unwrap_or(0);
    put(8, fastest);
    put(12, super::BUFFER_BYTES.div_ceil(1024) as u16);
    put(14, fastest);
    put(18, fastest);
    put(20, u16::try_from(speed).unwrap_or(u16::MAX));
    put(28, u16::try_from(speed).unwrap_or(u16::MAX));
    put(30, speeds.len() as u16);
    for speed in speeds {
        page.extend_from_slice(&[0, 0]);
        page.extend_from_slice(&speed.to_be_bytes());
    }
    page[1] = page.len() as u8 - 2;
    page
}
