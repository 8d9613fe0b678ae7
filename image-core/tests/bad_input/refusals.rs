//! What no image can hold.

use super::*;

/// What is refused in every mode.
pub(crate) struct Refusal {
    pub(crate) what: &'static str,
    pub(crate) tree: Tree,
    pub(crate) options: Options,
    pub(crate) is: fn(&PlanError) -> bool,
    pub(crate) path: String,
    pub(crate) clause: &'static str,
}

fn boot(image: &str, len: usize, emulation: Emulation, info_table: bool) -> (Tree, Options) {
    let mut tree = Tree::new();
    let id = tree.add_file(image, SourceId(0), len as u64, Attributes::default()).unwrap();
    let content: Option<Arc<[u8]>> = Some(vec![0; len].into());
    tree.set_details(id, Details { content, ..Details::default() });
    let entry =
        BootEntry { emulation, info_table, ..BootEntry::new(BootImage::File(image.to_owned())) };
    let el_torito = Some(ElTorito::new(Platform::BIOS, entry));
    let boot = BootOptions { el_torito, ..BootOptions::default() };
    (tree, Options { boot, ..with(ISO) })
}

pub(crate) fn refusals() -> Vec<Refusal> {
    use image_core::BootError;
    let at_level = |level| Options {
        iso9660: Iso9660Options { level, ..Iso9660Options::default() },
        ..with(ISO)
    };
    let refusal = |what, (tree, options), is, path: &str, clause| Refusal {
        what,
        tree,
        options,
        is,
        path: path.to_owned(),
        clause,
    };
    let impossible = DiscTime { month: 13, ..DiscTime::from_unix(0, 0, 0) };
    let far = DiscTime { offset_minutes: 1441, ..DiscTime::from_unix(0, 0, 0) };
    let timed = |modified| {
        let mut tree = Tree::new();
        let attributes = Attributes { modified: Some(modified), ..Attributes::default() };
        tree.add_file("d/when", SourceId(0), 1, attributes).unwrap();
        tree
    };
    let mut accessed = tree(&["d/when"]);
    let details = Details { accessed: Some(impossible), ..Details::default() };
    accessed.set_details(accessed.find("d/when").unwrap(), details);
    let mut many = Tree::new();
    for number in 0..=65_535 {
        many.add_directory(&format!("d{number:05}"), Attributes::default()).unwrap();
    }
    let component = "x".repeat(300);
    let blocks = u64::from(u32::MAX);
    let floppy = || boot("boot/disk.img", 1_474_561, Emulation::Floppy1440, false);
    let no_period = Options { volume_id: String::new(), ..with(ALL) };
    let mut rows = vec![
        refusal(
            "4 GiB at level 1",
            (sized("d/big", 1 << 32), at_level(IsoLevel::One)),
            is!(PlanError::FileTooLarge { .. }),
            "d/big",
            "ECMA-119 9.1.4",
        ),
        refusal(
            "4 GiB at level 2",
            (sized("d/big", 1 << 32), at_level(IsoLevel::Two)),
            is!(PlanError::FileTooLarge { .. }),
            "d/big",
            "ECMA-119 9.1.4",
        ),
        refusal(
            "a part of a link of 300 bytes",
            (link("d/link", &component), with(UDF)),
            is!(PlanError::LinkTooLong { .. }),
            "d/link",
            "ECMA-167 4/14.16",
        ),
        refusal(
            "an attribute whose name is longer than an identifier",
            (attributed("user.of more than 23 bytes", 1), with(UDF)),
            is!(PlanError::UdfAttributeName { .. }),
            "d/known",
            "ECMA-167 1/7.4",
        ),
        refusal(
            "an attribute that no file entry has room for",
            (attributed("user.long", 2000), with(UDF)),
            is!(PlanError::UdfAttributes { .. }),
            "d/known",
            "UDF 3.3.4",
        ),
        refusal(
            "an attribute with a NUL in its name",
            (attributed("user.a\0b", 1), with(ALL)),
            is!(PlanError::RockRidgeAttributeName { .. }),
            "d/known",
            "AAIP 2.0",
        ),
        refusal(
            "an attribute of more continuation areas than Linux follows",
            (attributed("user.long", 50_000), with(ROCK_RIDGE)),
            is!(PlanError::RockRidgeAttributes { .. }),
            "d/known",
            "",
        ),
        refusal(
            "65537 directories",
            (many, with(ISO)),
            is!(PlanError::TooManyDirectories { .. }),
            "d65534",
            "ECMA-119 9.4.4",
        ),
        refusal(
            "month 13",
            (timed(impossible), with(ISO)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-119 8.4.26.1 and 9.1.5",
        ),
        refusal(
            "month 13",
            (timed(impossible), with(UDF)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "an offset of 1441 minutes",
            (timed(far), with(UDF)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "accessed in month 13",
            (accessed, with(ALL)),
            is!(PlanError::InvalidTime { .. }),
            "d/when",
            "ECMA-167 1/7.3",
        ),
        refusal(
            "a volume of month 13",
            (tree(&["a"]), Options { created: impossible, ..with(ALL) }),
            is!(PlanError::InvalidVolumeTime { .. }),
            "",
            "ECMA-119 8.4.26.1",
        ),
        refusal(
            "a volume without a name",
            (tree(&["a"]), no_period),
            is!(PlanError::InvalidVolumeName { .. }),
            "",
            "ECMA-167 1/7.2.12",
        ),
        refusal(
            "a diskette of one byte more",
            floppy(),
            is!(PlanError::Boot(BootError::FloppySize { .. })),
            "boot/disk.img",
            "El Torito 1.0, figure 3",
        ),
        refusal(
            "a hard disk without a table",
            boot("hd.img", 4096, Emulation::HardDisk, false),
            is!(PlanError::Boot(BootError::NoMasterBootRecord { .. })),
            "hd.img",
            "El Torito 1.0, figure 3",
        ),
        refusal(
            "an empty boot image",
            boot("none.img", 0, Emulation::None, false),
            is!(PlanError::Boot(BootError::Empty { .. })),
            "none.img",
            "",
        ),
        refusal(
            "no room for the table",
            boot("short.bin", 63, Emulation::None, true),
            is!(PlanError::Boot(BootError::TooShort { .. })),
            "short.bin",
            "",
        ),
    ];
    for (what, systems) in [
        ("2^32 blocks of ISO 9660", ISO),
        ("2^32 blocks of Joliet", JOLIET),
        ("2^32 blocks of UDF", UDF),
    ] {
        let mut tree = sized("d/half", blocks / 2 * 2048);
        tree.add_file("d/more", SourceId(1), (blocks / 2 + 1) * 2048, Attributes::default())
            .unwrap();
        rows.push(refusal(
            what,
            (tree, with(systems)),
            is!(PlanError::TooManyBlocks { .. }),
            "d/more",
            "ECMA-119 8.4.8, ECMA-167 4/7.1",
        ));
    }
    rows
}
