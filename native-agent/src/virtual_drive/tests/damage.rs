//! What no host and no crash may do to a disc.

use std::fs;

use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn files_that_are_no_discs_are_told_apart() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.vdisc");
    fs::write(&path, vec![0; 2 << 20]).unwrap();
    assert!(matches!(VirtualDrive::open(&path), Err(DiscFileError::Foreign(_))));
    fs::write(&path, b"short").unwrap();
    assert!(matches!(VirtualDrive::open(&path), Err(DiscFileError::Foreign(_))));
    assert!(matches!(create(&path, MediumKind::BdRe, Some(64)), Err(DiscFileError::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), b"short");
    assert!(matches!(
        create(&dir.path().join("b"), MediumKind::BdRe, Some(33)),
        Err(DiscFileError::Capacity { unit: 32, .. })
    ));
}

#[test]
fn a_disc_is_in_one_drive_at_a_time() {
    let bench = Bench::new(MediumKind::BdRe, 64);
    assert!(matches!(VirtualDrive::open(&bench.path), Err(DiscFileError::Busy(_))));
    bench.drive.control().eject();
    assert!(VirtualDrive::open(&bench.path).is_ok());
}

#[test]
fn a_torn_header_leaves_the_one_before_it() {
    let mut bench = Bench::new(MediumKind::DvdPlusR, 4096);
    for lba in [0, 16] {
        bench.write(lba, 16, 1).unwrap();
        bench.sync();
    }
    bench.drive.control().eject();
    let whole = fs::read(&bench.path).unwrap();
    let slot = |at: usize| u64::from_le_bytes(whole[at + 16..at + 24].try_into().unwrap());
    let (older, newer) = if slot(0) < slot(524_288) { (0, 524_288) } else { (524_288, 0) };
    for torn in [newer, newer + 9, newer + 16, newer + 30, newer + 56, newer + 100] {
        let mut bytes = whole.clone();
        bytes[torn] ^= 0xff;
        fs::write(&bench.path, &bytes).unwrap();
        bench.reopen();
        assert_eq!(bench.last_track().1, Some(16), "byte {torn}");
        bench.drive.control().eject();
    }
    let mut bytes = whole.clone();
    bytes[newer + 60] ^= 1;
    bytes[older + 60] ^= 1;
    fs::write(&bench.path, &bytes).unwrap();
    assert!(matches!(VirtualDrive::open(&bench.path), Err(DiscFileError::Damaged(_))));
}

#[cfg(unix)]
#[test]
fn a_blank_disc_takes_no_space() {
    use std::os::unix::fs::MetadataExt;

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("big.vdisc");
    create(&path, MediumKind::BdRe, None).unwrap();
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.len(), 1_048_576 + 12_219_392 * 2048);
    assert!(metadata.blocks() * 512 < 65536, "{} sectors", metadata.blocks());
}

/// CDBs that are mostly of known opcodes, so that the fields get exercised and not only the first byte.
fn any_cdb() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(command::OPCODES.to_vec());
    let small = prop_oneof![3 => Just(0u8), 2 => 0u8..40, 1 => any::<u8>()];
    let plausible = (known, vec(small, 11)).prop_map(|(opcode, mut rest)| {
        rest.insert(0, opcode);
        rest
    });
    prop_oneof![9 => plausible, 1 => vec(any::<u8>(), 0..20)]
}

#[derive(Clone, Debug)]
enum Phase {
    None,
    In(usize),
    Out(Vec<u8>),
}

fn any_phase() -> impl Strategy<Value = Phase> {
    prop_oneof![
        Just(Phase::None),
        (0usize..90_000).prop_map(Phase::In),
        (0usize..40, any::<u8>()).prop_map(|(blocks, fill)| Phase::Out(vec![fill; blocks * 2048])),
        vec(any::<u8>(), 0..64).prop_map(Phase::Out),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_sequence_of_commands_harms_the_drive(
        row in prop::sample::select(MEDIA),
        commands in vec((any_cdb(), any_phase()), 1..120),
    ) {
        let mut bench = Bench::new(row.kind, 6400);
        for (cdb, phase) in commands {
            let mut buffer;
            let data = match &phase {
                Phase::None => Data::None,
                Phase::In(length) => {
                    buffer = vec![0; *length];
                    Data::In(&mut buffer)
                }
                Phase::Out(bytes) => Data::Out(bytes),
            };
            let room = match &data { Data::In(out) => out.len(), Data::Out(out) => out.len(), Data::None => 0 };
            if let Ok(moved) = bench.run(&cdb, data) {
                prop_assert!(moved <= room, "{cdb:x?} moved {moved}");
            }
            if let Some(loaded) = &lock(&bench.drive.burner).loaded {
                prop_assert!(loaded.disc.is_consistent(), "{cdb:x?} left {:?}", loaded.disc);
            }
        }
        let disc = lock(&bench.drive.burner).loaded.as_ref().map(|loaded| loaded.disc.clone());
        let control = bench.drive.control();
        control.eject();
        control.load().unwrap();
        let again = lock(&bench.drive.burner).loaded.as_ref().map(|loaded| loaded.disc.clone());
        prop_assert!(disc.is_none() || disc == again, "the header has to tell the same");
    }
}
