//! Each model that differs, with its fault: it is burned with as it must be, and another drive with the same fault is not.

use super::*;
use crate::scsi::{Sense, fault::Effect, opcode};

/// A virtual drive that says it is another model, and refuses what that one refuses.
struct Model {
    drive: VirtualDrive,
    /// Vendor, product and revision as INQUIRY has them.
    name: &'static [u8; 28],
    refuses: fn(&[u8], &[u8]) -> bool,
}

const VIRTUAL: &[u8; 28] = b"DISCWRT Virtual Burner  0100";

impl Transport for Model {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let parameters = if let Data::Out(bytes) = &data { bytes } else { &[][..] };
        if (self.refuses)(cdb, parameters) {
            return Err(ScsiError::Check(Sense::new(5, 0x24, 0)));
        }
        let Data::In(buffer) = data else { return self.drive.execute(cdb, data, timeout) };
        let moved = self.drive.execute(cdb, Data::In(&mut *buffer), timeout)?;
        if cdb[0] == opcode::INQUIRY && moved >= 36 {
            buffer[8..36].copy_from_slice(self.name);
        }
        Ok(moved)
    }
}

fn burned(
    kind: MediumKind,
    name: &'static [u8; 28],
    refuses: fn(&[u8], &[u8]) -> bool,
    options: &Options,
) -> Result<(), BurnError> {
    let bench = Bench::new(kind, 1600);
    let mut drive = Model { drive: bench.drive(), name, refuses };
    let mut image = Memory::new(100);
    run(&mut drive, &mut image, options, &AtomicBool::new(false), &mut |_| {})?;
    drop(drive);
    assert!(bench.verify(&mut image, 0, None).is_good());
    Ok(())
}

#[test]
fn hp_520n_finalizes_two_layers_at_the_minimum_radius() {
    let refuses = |cdb: &[u8], _: &[u8]| cdb[0] == opcode::CLOSE_TRACK_SESSION && cdb[2] == 6;
    let close = Options { close: true, ..options() };
    let hp = b"hp      DVD Writer 520n 0.84";
    burned(MediumKind::DvdPlusRDl, hp, refuses, &close).unwrap();
    burned(MediumKind::DvdPlusRDl, VIRTUAL, refuses, &close).unwrap_err();
    // A single layer is finalized as ever.
    burned(MediumKind::DvdPlusR, hp, refuses, &close).unwrap_err();
}

#[test]
fn lg_ggw_h20l_formats_without_quick_certification() {
    let refuses = |cdb: &[u8], list: &[u8]| cdb[0] == opcode::FORMAT_UNIT && list[8] & 3 == 3;
    let lg = b"HL-DT-STBD-RE  GGW-H20L YL03";
    burned(MediumKind::BdRe, lg, refuses, &options()).unwrap();
    burned(MediumKind::BdRe, VIRTUAL, refuses, &options()).unwrap_err();
}

#[test]
fn matsushita_drives_are_asked_for_no_stream() {
    let refuses = |_: &[u8], _: &[u8]| false;
    let stream = Options { stream: true, ..options() };
    let matsushita = b"MATSHITABD-MLT UJ240AS  1.20";
    let error = burned(MediumKind::BdRe, matsushita, refuses, &stream).unwrap_err();
    assert_eq!((error.code(), error.fate()), ("cannotStream", DiscFate::Untouched));
    burned(MediumKind::BdRe, matsushita, refuses, &options()).unwrap();
    burned(MediumKind::BdRe, VIRTUAL, refuses, &stream).unwrap();
}

/// Operation codes of a burn in which each command takes most of a second and the third WRITE finds the buffer full.
fn slow_burn(name: &'static [u8; 28]) -> Vec<String> {
    let bench = Bench::new(MediumKind::DvdR, 1600);
    let mut model = Model { drive: bench.drive(), name, refuses: |_, _| false };
    let probe = mmc::probe(&mut model).unwrap();
    let (image, options) = (Memory::new(160), options());
    let facts = probe.medium.as_ref().unwrap();
    let recipe = recipe(facts, &probe.drive.configuration, &options, 160).unwrap();
    let full = Effect::Refuse(Sense::new(2, 4, 8));
    model.drive.control().follow(Script::default().at(opcode::WRITE_10, 3, full));
    let recipe = recipe.with_quirks(&probe.drive.quirks, facts.profile);
    let mut pair = Pair::with_recipe(recipe, Recording::new(model), image);
    loop {
        pair.now += Duration::from_millis(700);
        if let Some(result) = pair.step() {
            result.unwrap();
            return pair.drive.lines().iter().map(|line| line[..2].to_owned()).collect();
        }
    }
}

#[test]
fn pioneer_dvr_216d_is_not_asked_for_its_buffer_before_that_was_full() {
    let asked_after = |commands: &[String]| {
        let asked = commands.iter().position(|code| code == "5c").unwrap();
        commands[..asked].iter().filter(|code| *code == "2a").count()
    };
    let pioneer = slow_burn(b"PIONEER DVD-RW  DVR-216D1.09");
    assert!(asked_after(&pioneer) >= 3, "{pioneer:?}");
    assert!(asked_after(&slow_burn(VIRTUAL)) < 3);
}
