//! GET CONFIGURATION: the feature descriptors and which of them hold for the medium in the drive. MMC-6 5.

use super::{
    disc::{Disc, LAYER_JUMP_PROFILE},
    media::{MEDIA, MediumKind, MediumType},
};

/// Features that hold whatever is in the drive, or nothing. MMC-6 5.1.
const ALWAYS_CURRENT: [u16; 8] = [0x00, 0x01, 0x02, 0x03, 0x100, 0x105, 0x107, 0x108];

/// Every feature of this drive, in ascending order as MMC-6 5.2.1 wants it.
const FEATURES: [u16; 29] = [
    0x00, 0x01, 0x02, 0x03, 0x10, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x23, 0x24, 0x25, 0x2a, 0x2b, 0x2c,
    0x2d, 0x2e, 0x2f, 0x33, 0x37, 0x38, 0x3b, 0x40, 0x41, 0x100, 0x105, 0x107, 0x108,
];

/// What the drive tells as its serial number in feature 0108h and in INQUIRY page 80h.
pub(super) const SERIAL: &[u8; 12] = b"DW0000000001";

/// Request type 1: only features that are current. MMC-6 6.6.2.
const ONLY_CURRENT: u8 = 1;
/// Request type 2: only the feature named. MMC-6 6.6.2.
const ONLY_NAMED: u8 = 2;

/// The whole reply: header and the descriptors asked for.
pub(super) fn configuration(disc: Option<&Disc>, request: u8, start: u16) -> Vec<u8> {
    let mut reply = vec![0; 8];
    for feature in FEATURES.into_iter().filter(|feature| *feature >= start) {
        let current = is_current(disc, feature);
        let wanted = match request {
            ONLY_CURRENT => current,
            ONLY_NAMED => feature == start,
            _ => true,
        };
        if wanted {
            append(&mut reply, feature, current, &descriptor(disc, feature));
        }
    }
    let length = reply.len() as u32 - 4;
    reply[..4].copy_from_slice(&length.to_be_bytes());
    reply[6..8].copy_from_slice(&disc.map_or(0, Disc::profile).to_be_bytes());
    reply
}

fn is_current(disc: Option<&Disc>, feature: u16) -> bool {
    ALWAYS_CURRENT.contains(&feature) || disc.is_some_and(|disc| disc.has_feature(feature))
}

/// Appends one descriptor: code, version with persistent and current bits, additional length. MMC-6 5.2.2.
fn append(reply: &mut Vec<u8>, feature: u16, current: bool, body: &[u8]) {
    let persistent = ALWAYS_CURRENT.contains(&feature);
    reply.extend_from_slice(&feature.to_be_bytes());
    reply.push(version(feature) << 2 | u8::from(persistent) << 1 | u8::from(current));
    reply.push(body.len() as u8);
    reply.extend_from_slice(body);
}

fn version(feature: u16) -> u8 {
    match feature {
        0x01 | 0x1e | 0x2d | 0x2f => 2,
        0x03 | 0x41 => 1,
        0x02 | 0x20 | 0x23 | 0x24 | 0x25 | 0x40 | 0x105 => 1,
        0x21 => 3,
        0x107 => 4,
        _ => 0,
    }
}

/// The feature dependent data. MMC-6 5.3.
fn descriptor(disc: Option<&Disc>, feature: u16) -> Vec<u8> {
    let row = disc.map(Disc::medium);
    match feature {
        0x00 => profile_list(disc),
        // Physical interface standard 2 (ATAPI), DBE.
        0x01 => vec![0, 0, 0, 2, 0x01, 0, 0, 0],
        // Asynchronous events are not sent.
        0x02 => vec![0x02, 0, 0, 0],
        // Tray, load, eject and lock.
        0x03 => vec![0x39, 0, 0, 0],
        0x10 => readable(row),
        0x20 => random_writable(disc),
        // Data block types 0..15 as far as mode 1 goes, buffer underrun protection, one link size: 16.
        0x21 => vec![0x01, 0x00, 0x01, 1, 16, 0, 0, 0],
        // RENoSA, Expand, QCert, Cert.
        0x23 => vec![0x0b, 0, 0, 0, 0, 0, 0, 0],
        0x1f | 0x24 | 0x38 => vec![0, 0, 0, 0],
        0x25 => readable(row),
        0x2a | 0x2b | 0x3b => vec![0x01, 0, 0, 0],
        // Intermediate state with quick formats, and BLANK.
        0x2c => vec![0x03, 0, 0, 0],
        // BUF, RDL (two layers), test write and DVD-RW.
        0x2f => vec![0x4e, 0, 0, 0],
        // C2 flags and CD-Text are read: there are none, and that is told. MMC-6 5.3.6.
        0x1e => vec![0x03, 0, 0, 0],
        // BUF, test write, CD-RW; raw blocks, mode 1 and mode 2 form 1. MMC-6 5.3.21.
        0x2d => vec![0x46, 0, 0x05, 0x01],
        0x2e => cd_mastering(),
        // Every sub-type of CD-RW. MMC-6 5.3.27.
        0x37 => vec![0, 0xff, 0, 0],
        // One link size: 16.
        0x33 => vec![0, 0, 0, 1, 16, 0, 0, 0],
        0x40 => bd_classes(28),
        0x41 => bd_classes(20),
        // Group 3 timeouts are not changeable.
        0x105 => vec![0, 0, 0, 0],
        // RBCB, SCS, WSPD, SW: buffer capacity, speeds and streaming are told and set.
        0x107 => vec![0x1b, 0, 0, 0],
        0x108 => SERIAL.to_vec(),
        _ => Vec::new(),
    }
}

/// BUF, session at once, raw, test write, CD-RW, sub-channels from the host; the longest cue sheet. MMC-6 5.3.22.
fn cd_mastering() -> Vec<u8> {
    let mut body = (super::cd::MOST_CUE_BYTES as u32).to_be_bytes();
    body[0] = 0x6f;
    body.to_vec()
}

/// Profile numbers with the current bit. MMC-6 5.3.1.
fn profile_list(disc: Option<&Disc>) -> Vec<u8> {
    let jumps = |row: &MediumType| (row.kind == MediumKind::DvdRDl).then_some(LAYER_JUMP_PROFILE);
    let of_row = |row: &MediumType| [jumps(row), Some(row.profile), row.formatted_profile];
    let mut profiles: Vec<u16> = MEDIA.iter().flat_map(of_row).flatten().collect();
    profiles.dedup();
    let mut list = Vec::new();
    for profile in profiles {
        let current = disc.is_some_and(|disc| disc.profile() == profile);
        list.extend_from_slice(&profile.to_be_bytes());
        list.extend_from_slice(&[u8::from(current), 0]);
    }
    list
}

/// Block size, blocking and the page-present bit of features 0010h and 0025h. MMC-6 5.3.4, 5.3.13.
fn readable(row: Option<&MediumType>) -> Vec<u8> {
    let blocking = row.map_or(16, |row| row.write_unit as u16).to_be_bytes();
    vec![0, 0, 8, 0, blocking[0], blocking[1], 1, 0]
}

/// Last address, block size and blocking of feature 0020h. MMC-6 5.3.8.
fn random_writable(disc: Option<&Disc>) -> Vec<u8> {
    let last = disc.map_or(0, |disc| disc.readable_blocks().saturating_sub(1));
    let mut body = last.to_be_bytes().to_vec();
    body.extend_from_slice(&readable(disc.map(Disc::medium)));
    body
}

/// Bitmaps of the BD classes and versions read or written: all versions of class 0. MMC-6 5.3.25, 5.3.26.
fn bd_classes(length: usize) -> Vec<u8> {
    let mut body = vec![0; length];
    for class in body[4..].chunks_exact_mut(8) {
        class[..2].copy_from_slice(&[0x00, 0xff]);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks the descriptors: (feature, current).
    fn walk(reply: &[u8]) -> Vec<(u16, bool)> {
        let mut rest = &reply[8..];
        let mut found = Vec::new();
        while let [high, low, flags, length, tail @ ..] = rest {
            found.push((u16::from_be_bytes([*high, *low]), flags & 1 != 0));
            rest = &tail[usize::from(*length)..];
        }
        assert!(rest.is_empty());
        found
    }

    #[test]
    fn lengths_add_up_for_every_medium() {
        for row in MEDIA {
            let disc = Disc::new(row.kind, row.capacity);
            let reply = configuration(Some(&disc), 0, 0);
            assert_eq!(
                u32::from_be_bytes(reply[..4].try_into().unwrap()) as usize,
                reply.len() - 4
            );
            let found = walk(&reply);
            assert!(found.is_sorted(), "{}", row.name);
            for feature in row.features {
                assert!(found.contains(&(*feature, true)), "{} {feature:#x}", row.name);
            }
            let current = configuration(Some(&disc), ONLY_CURRENT, 0);
            assert!(walk(&current).iter().all(|(_, current)| *current));
        }
    }

    #[test]
    fn only_the_medium_inside_is_current() {
        let reply = configuration(None, 0, 0);
        assert_eq!(reply[6..8], [0, 0]);
        assert!(walk(&reply).contains(&(0x2b, false)));
        let disc = Disc::new(MediumKind::DvdPlusR, 3200);
        let reply = configuration(Some(&disc), ONLY_NAMED, 0x2b);
        assert_eq!(reply[6..8], [0, 0x1b]);
        assert_eq!(walk(&reply), [(0x2b, true)]);
        assert!(walk(&configuration(Some(&disc), ONLY_NAMED, 0x3a)).is_empty());
    }
}
