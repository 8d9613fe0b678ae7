//! READ DISC STRUCTURE: what is pressed into the disc, and what the lead-in says. MMC-6 6.22.

use super::{disc::Disc, media::MediumKind, sense};
use crate::scsi::Sense;

/// READ DISC STRUCTURE. MMC-6 6.22.
pub(super) fn structure(disc: &Disc, media: u8, format: u8) -> Result<Vec<u8>, Sense> {
    if disc.medium().is_cd() {
        return Err(sense::CANNOT_READ_MEDIUM);
    }
    let (is_bd, book) = (disc.medium().is_bd(), Book::of(disc));
    if u8::from(is_bd) != media {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    let body = match (is_bd, format) {
        (false, 0x00) => dvd_physical_format(disc),
        (false, 0x0e) if book == Book::Minus => dvd_prerecorded(),
        (false, 0x10) if book == Book::Minus => dvd_control_data(disc),
        (false, 0x11) if book == Book::Plus => dvd_adip(disc),
        (false, _) if layer_break_format(disc) == Some(format) => layer_break(disc),
        (true, 0x00) => bd_disc_information(disc),
        (_, 0xff) => structure_list(disc, book),
        _ => {
            let number = layer_jump(disc, format).ok_or(sense::INVALID_FIELD_IN_CDB)?;
            numbered(false, number)
        }
    };
    let mut reply = vec![0, 0, 0, 0];
    reply[..2].copy_from_slice(&(body.len() as u16 + 2).to_be_bytes());
    reply.extend_from_slice(&body);
    Ok(reply)
}

/// The families of media whose structures differ, by the book they follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Book {
    Bd,
    /// DVD-R and DVD-RW.
    Minus,
    /// DVD+R and DVD+RW.
    Plus,
    Ram,
}

impl Book {
    /// By the book type in bits 7-4. MMC-6 table 404.
    fn of(disc: &Disc) -> Self {
        match disc.medium().book >> 4 {
            0x0 => Self::Bd,
            0x2 | 0x3 => Self::Minus,
            0x9 | 0xa | 0xe => Self::Plus,
            _ => Self::Ram,
        }
    }
}

/// Physical sector number of block 0. ECMA-349 16.1.
const FIRST_SECTOR: u32 = 0x03_0000;

/// Physical format information of a DVD, up to the last block that is recorded. MMC-6 6.22.3.2.1.
fn dvd_physical_format(disc: &Disc) -> Vec<u8> {
    physical_format(disc, disc.readable_blocks())
}

/// The same as it is in the control data zone, where it speaks of all the disc. MMC-6 6.22.3.2.14.
fn dvd_control_data(disc: &Disc) -> Vec<u8> {
    physical_format(disc, disc.capacity)
}

fn physical_format(disc: &Disc, blocks: u32) -> Vec<u8> {
    let row = disc.medium();
    let mut body = vec![0; 2048];
    // Book type and version; 120 mm, maximum rate not given; layers, one side, rewritable or recordable; 0.74 and 0.267 um.
    body[0] = row.book;
    body[1] = 0x0f;
    body[2] = (row.layers - 1) << 5 | if row.rewritable() { 0x04 } else { 0x02 };
    if row.layers == 2 {
        // Opposite track path, and the end of layer 0.
        body[2] |= 0x10;
        let end = FIRST_SECTOR.saturating_add(disc.first_layer().saturating_sub(1));
        body[12..16].copy_from_slice(&end.to_be_bytes());
    }
    let end = FIRST_SECTOR.saturating_add(blocks.saturating_sub(1));
    body[4..8].copy_from_slice(&FIRST_SECTOR.to_be_bytes());
    body[8..12].copy_from_slice(&end.to_be_bytes());
    body
}

/// The pre-recorded information of a DVD-R or DVD-RW: five fields that begin with their number, the manufacturer in the
/// third and fourth. ECMA-359, MMC-6 6.22.3.2.13.
fn dvd_prerecorded() -> Vec<u8> {
    let fields: [(u8, &[u8; 6]); 5] =
        [(1, &[0; 6]), (2, &[0; 6]), (3, b"DISCWR"), (4, b"T-V01\0"), (5, &[0; 6])];
    fields.iter().flat_map(|(id, text)| [&[*id], text.as_slice(), &[0]].concat()).collect()
}

/// ADIP information of DVD+ media: the physical format with manufacturer and media type. ECMA-349 14.4.2.
fn dvd_adip(disc: &Disc) -> Vec<u8> {
    let mut body = dvd_physical_format(disc);
    body.truncate(256);
    body[19..27].copy_from_slice(b"DISCWRT\0");
    body[27..30].copy_from_slice(b"V01");
    body
}

/// One disc information unit of a BD. MMC-6 6.22.3.3.1.
fn bd_disc_information(disc: &Disc) -> Vec<u8> {
    let row = disc.medium();
    let mut body = vec![0; 4096];
    body[..2].copy_from_slice(b"DI");
    body[2] = 1;
    body[5] = 0;
    body[6] = 98;
    body[8..11].copy_from_slice(if row.rewritable() { b"BDW" } else { b"BDR" });
    body[12] = row.layers << 4 | 1;
    body[100..106].copy_from_slice(b"DSCWRT");
    body[106..109].copy_from_slice(b"V01");
    body
}

/// The structures that can be read, and the one that can be sent. MMC-6 6.22.3.4.
fn structure_list(disc: &Disc, book: Book) -> Vec<u8> {
    let formats: &[(u8, u16)] = match book {
        Book::Bd => &[(0, 4100)],
        Book::Minus => &[(0, 2052), (0x0e, 44), (0x10, 2052)],
        Book::Plus => &[(0, 2052), (0x11, 260)],
        Book::Ram => &[(0, 2052)],
    };
    let entry = |(format, length): &(u8, u16)| {
        let length = length.to_be_bytes();
        [*format, 0x40, length[0], length[1]]
    };
    let jumps = [0x22, 0x23].into_iter().filter(|format| layer_jump(disc, *format).is_some());
    let sent = layer_break_format(disc).into_iter().chain(jumps);
    let sent = sent.map(|format| [format, 0xc0, 0, 12]);
    formats.iter().map(entry).chain(sent).flatten().collect()
}

/// The structure that tells and takes the layer break. MMC-6 6.22.3.2.
fn layer_break_format(disc: &Disc) -> Option<u8> {
    match disc.kind {
        MediumKind::DvdPlusRDl => Some(0x20),
        MediumKind::DvdRDl => Some(0x21),
        _ => None,
    }
}

/// Blocks of layer 0, and whether that can be set no more. MMC-6 6.22.3.2.16.
fn layer_break(disc: &Disc) -> Vec<u8> {
    numbered(disc.layer_break.is_some() || !disc.is_blank(), disc.first_layer())
}

/// Bit 7 tells that the number behind can be set no more.
fn numbered(fixed: bool, number: u32) -> Vec<u8> {
    [&[u8::from(fixed) << 7, 0, 0, 0], number.to_be_bytes().as_slice()].concat()
}

/// What a disc that is, or can be, recorded with layer jumps tells of them: no regular interval, and the last block before the
/// next jump. MMC-6 6.22.3.2.18, 6.22.3.2.19.
pub(super) fn layer_jump(disc: &Disc, format: u8) -> Option<u32> {
    const INTERVAL: u8 = 0x22;
    const NEXT_JUMP: u8 = 0x23;
    let jumps = disc.kind == MediumKind::DvdRDl && (disc.layer_jump || disc.is_blank());
    match format {
        INTERVAL if jumps => Some(0),
        NEXT_JUMP if jumps => Some(disc.first_layer().saturating_sub(1)),
        _ => None,
    }
}

/// SEND DISC STRUCTURE: the blocks of layer 0, or the jump that the host wants. MMC-6 6.36.3.
pub(super) fn sent_number(disc: &Disc, media: u8, format: u8, list: &[u8]) -> Result<u32, Sense> {
    let known = layer_break_format(disc) == Some(format) || layer_jump(disc, format).is_some();
    if media != 0 || !known {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    match list {
        [0, 10, _, _, _, _, _, _, a, b, c, d] => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(sense::PARAMETER_LIST_LENGTH),
    }
}
