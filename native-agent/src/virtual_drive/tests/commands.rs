//! Every command: a good answer, a truncated one, and the wrong state.

use super::*;

/// Data-in commands with where their allocation length is, and the length of the whole answer on a written DVD+R.
const DATA_IN: [(&str, &[u8], usize, usize); 15] = [
    ("REQUEST SENSE", &[0x03, 0, 0, 0, 0, 0], 4, 18),
    ("INQUIRY", &[0x12, 0, 0, 0, 0, 0], 4, 96),
    ("INQUIRY serial number", &[0x12, 1, 0x80, 0, 0, 0], 4, 16),
    ("READ FORMAT CAPACITIES", &[0x23, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8, 12),
    ("READ TOC", &[0x43, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8, 20),
    ("READ TOC sessions", &[0x43, 0, 1, 0, 0, 0, 0, 0, 0, 0], 8, 12),
    ("GET CONFIGURATION", &[0x46, 2, 0, 0x2b, 0, 0, 0, 0, 0, 0], 8, 16),
    ("GET EVENT STATUS", &[0x4a, 1, 0, 0, 0x10, 0, 0, 0, 0, 0], 8, 8),
    ("READ DISC INFORMATION", &[0x51, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8, 34),
    ("READ TRACK INFORMATION", &[0x52, 1, 0, 0, 0, 1, 0, 0, 0, 0], 8, 48),
    ("MODE SENSE 05h", &[0x5a, 0, 0x05, 0, 0, 0, 0, 0, 0, 0], 8, 60),
    ("MODE SENSE 2Ah", &[0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 0, 0], 8, 56),
    ("READ BUFFER CAPACITY", &[0x5c, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8, 12),
    ("READ DISC STRUCTURE list", &[0xad, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0], 9, 12),
    ("MECHANISM STATUS", &[0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 9, 8),
];

#[test]
fn answers_are_whole_or_cut_at_the_allocation_length() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    bench.write(0, 16, 1).unwrap();
    bench.close(2, 0).unwrap();
    for (name, cdb, at, length) in DATA_IN {
        for allocation in [0, 1, 5, length - 1, length, 250] {
            let mut cdb = cdb.to_vec();
            cdb[at] = allocation as u8;
            let answer = bench.get(&cdb).unwrap_or_else(|sense| panic!("{name}: {sense:x?}"));
            assert_eq!(answer.len(), length.min(allocation), "{name} of {allocation}");
        }
    }
}

#[test]
fn a_buffer_smaller_than_the_allocation_is_not_overrun() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let mut small = [0; 7];
    let inquiry = [0x12, 0, 0, 0, 96, 0];
    assert_eq!(bench.run(&inquiry, Data::In(&mut small)), Ok(7));
    assert_eq!(bench.put(&inquiry, &[0; 96]), Err((0x0b, 0x4b, 0)));
}

#[test]
fn without_a_medium_only_the_drive_answers() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    bench.none(&[0x1b, 0, 0, 0, 2, 0]).unwrap();
    let needs_medium = [0x00, 0x25, 0x35, 0x43, 0x51, 0x52, 0x54, 0x5b];
    for opcode in needs_medium {
        let mut cdb = [0; 10];
        cdb[0] = opcode;
        assert_eq!(bench.get(&cdb), Err((2, 0x3a, 0x02)), "{opcode:#x}");
    }
    assert_eq!(bench.write(0, 1, 1), Err((2, 0x3a, 0x02)));
    for cdb in [[0x46, 0, 0, 0, 0, 0, 0, 0, 252, 0], [0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]] {
        assert!(!bench.get(&cdb).unwrap().is_empty());
    }
    // Media class: removal, nothing present, tray open; the event is told once.
    let event = [0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8, 0];
    assert_eq!(bench.get(&event).unwrap()[3..6], [0x56, 3, 1]);
    assert_eq!(bench.get(&event).unwrap()[4..6], [0, 1]);
}

#[test]
fn a_new_disc_is_told_once() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    bench.none(&[0x1b, 0, 0, 0, 2, 0]).unwrap();
    bench.none(&[0x1b, 0, 0, 0, 3, 0]).unwrap();
    assert!(bench.get(&[0x12, 0, 0, 0, 36, 0]).is_ok(), "INQUIRY does not take the attention");
    assert_eq!(bench.none(&[0; 6]), Err((6, 0x28, 0)));
    assert_eq!(bench.none(&[0; 6]), Ok(0));
    let sense = bench.get(&[0x03, 0, 0, 0, 18, 0]).unwrap();
    assert_eq!((sense[2], sense[12]), (0, 0), "GOOD status clears the sense");
}

#[test]
fn a_locked_tray_stays_closed() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let eject = [0x1b, 0, 0, 0, 2, 0];
    bench.none(&[0x1e, 0, 0, 0, 1, 0]).unwrap();
    assert_eq!(bench.none(&eject), Err((5, 0x53, 0x02)));
    let sense = bench.get(&[0x03, 0, 0, 0, 18, 0]).unwrap();
    assert_eq!((sense[2], sense[12], sense[13]), (5, 0x53, 0x02));
    bench.none(&[0x1e, 0, 0, 0, 0, 0]).unwrap();
    bench.none(&eject).unwrap();
}

#[test]
fn transfers_of_the_wrong_length_change_nothing() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let cdb = transfer_cdb(0x2a, 0, 2);
    assert_eq!(bench.put(&cdb, &[1; 2048]), Err((0x0b, 0x4b, 0)));
    assert_eq!(bench.none(&cdb), Err((0x0b, 0x4b, 0)));
    assert_eq!(bench.last_track().1, Some(0));
    assert_eq!(bench.write(0, 0, 1), Ok(0), "no blocks is no error");
    let mut huge = vec![0xaa, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0];
    assert_eq!(bench.put(&huge, &[]), Err((5, 0x24, 0)));
    huge[0] = 0xa8;
    assert_eq!(bench.none(&huge), Err((5, 0x24, 0)));
}

#[test]
fn fields_out_of_range_are_refused() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let refused: [&[u8]; 11] = [
        &[0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8, 0],
        &[0x51, 7, 0, 0, 0, 0, 0, 0, 34, 0],
        &[0x52, 1, 0, 0, 0, 0, 0, 0, 48, 0],
        &[0x52, 1, 0, 0, 0, 9, 0, 0, 48, 0],
        &[0x52, 3, 0, 0, 0, 1, 0, 0, 48, 0],
        &[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0],
        &[0x5a, 0, 0x0e, 0, 0, 0, 0, 0, 200, 0],
        &[0x12, 0, 5, 0, 96, 0],
        &[0xac, 0, 0, 0, 0, 0, 0, 0, 0, 9, 5, 0],
        &[0xad, 1, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0],
        &[0xad, 0, 0, 0, 0, 0, 1, 0, 0, 200, 0, 0],
    ];
    for cdb in refused {
        assert_eq!(bench.get(cdb), Err((5, 0x24, 0)), "{cdb:x?}");
    }
    assert_eq!(bench.get(&[0x5a, 0, 0xc5, 0, 0, 0, 0, 0, 200, 0]), Err((5, 0x39, 0)));
    assert_eq!(bench.none(&[0x04, 0x11, 0, 0, 0, 0]), Err((5, 0x30, 0x06)));
    assert_eq!(bench.none(&[0xff; 12]), Err((5, 0x20, 0)));
}

#[test]
fn mode_pages_change_together_or_not_at_all() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let before = bench.get(&[0x5a, 0, 0x05, 0, 0, 0, 0, 0, 60, 0]).unwrap();
    let mut list = before.clone();
    list[..8].fill(0);
    list[11] = 0x05;
    let mut with_fixed = list.clone();
    with_fixed.extend_from_slice(&[0x2a, 2, 0, 0]);
    let select = |length: u8| [0x55, 0x10, 0, 0, 0, 0, 0, 0, length, 0];
    assert_eq!(bench.put(&select(64), &with_fixed), Err((5, 0x26, 0)));
    assert_eq!(bench.get(&[0x5a, 0, 0x05, 0, 0, 0, 0, 0, 60, 0]).unwrap(), before);
    assert_eq!(bench.put(&select(59), &list[..59]), Err((5, 0x1a, 0)));
    bench.put(&select(60), &list).unwrap();
    assert_eq!(bench.get(&[0x5a, 0, 0x05, 0, 0, 0, 0, 0, 60, 0]).unwrap()[11], 0x05);
    assert_eq!(bench.get(&[0x5a, 0, 0x85, 0, 0, 0, 0, 0, 60, 0]).unwrap(), before, "the default");
}

#[test]
fn the_write_speed_set_is_the_one_reported() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 8192);
    let current = |bench: &mut Bench| {
        let page = bench.get(&[0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 60, 0]).unwrap();
        u16::from_be_bytes([page[36], page[37]])
    };
    assert_eq!(current(&mut bench), 22160);
    // SET CD SPEED takes the next lower speed.
    bench.none(&[0xbb, 0, 0xff, 0xff, 0x20, 0x00, 0, 0, 0, 0, 0, 0]).unwrap();
    assert_eq!(current(&mut bench), 5540);
    let mut streaming = [0; 28];
    streaming[8..12].copy_from_slice(&8191u32.to_be_bytes());
    streaming[20..24].copy_from_slice(&11080u32.to_be_bytes());
    streaming[24..28].copy_from_slice(&1000u32.to_be_bytes());
    bench.put(&[0xb6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0], &streaming).unwrap();
    assert_eq!(current(&mut bench), 11080);
    let speeds = bench.get(&[0xac, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0]).unwrap();
    assert_eq!((speeds.len(), speeds[3]), (8 + 2 * 16, 4 + 4 * 16));
    assert_eq!(speeds[20..24], 22160u32.to_be_bytes());
    // Overall performance of writing, which is the speed in force, and of reading.
    let written = bench.get(&[0xac, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]).unwrap();
    assert_eq!((written[4], &written[12..16]), (0x02, &11080u32.to_be_bytes()[..]));
    let read = bench.get(&[0xac, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]).unwrap();
    assert_eq!((read[4], &read[12..16]), (0x00, &22160u32.to_be_bytes()[..]));
}
