//! What strict planning refuses with the clause, and relaxed planning tells of.

use super::*;

/// What is refused by strict planning, and otherwise written and told.
pub(crate) struct Lenience {
    pub(crate) what: &'static str,
    pub(crate) tree: Tree,
    pub(crate) options: Options,
    pub(crate) is: fn(&Warning) -> bool,
    pub(crate) path: String,
    /// Empty where no standard forbids it: it is told in both modes, and refused in none.
    pub(crate) clause: &'static str,
}

fn row(
    what: &'static str,
    (tree, path): (Tree, &str),
    options: Options,
    is: fn(&Warning) -> bool,
    clause: &'static str,
) -> Lenience {
    Lenience { what, tree, options, is, path: path.to_owned(), clause }
}

pub(crate) fn leniences() -> Vec<Lenience> {
    let deep = "1/2/3/4/5/6/7/8/file";
    // Seven directories and a file of 29 characters, a full stop and ;1 are 256 bytes.
    let long_iso = format!("{}/{}", vec!["d".repeat(31); 7].join("/"), "n".repeat(29));
    let long_joliet = long_path(40, 3);
    let (long_udf, long_linux) = (long_path(200, 6), long_path(250, 17));
    let for_windows = long_path(60, 5);
    let name = "l".repeat(65);
    let joliet = JolietOptions { length: JolietLength::Up103 };
    let of = |path: &str| tree(&[path]);
    let (before, after) = (-2_208_988_801, 5_869_583_999 + 86_400);
    let never = -62_135_596_801;
    let revision = |revision| Options { udf: UdfOptions::of(revision), ..with(UDF) };
    vec![
        row(
            "nine levels",
            (of(deep), "1/2/3/4/5/6/7/8"),
            with(ISO),
            is!(Warning::DeepDirectory { .. }),
            "ECMA-119 6.8.2.1",
        ),
        row(
            "256 bytes",
            (of(&long_iso), &long_iso),
            with(ISO),
            is!(Warning::LongPath { .. }),
            "ECMA-119 6.8.2.1",
        ),
        row(
            "242 bytes",
            (of(&long_joliet), &long_joliet),
            with(JOLIET),
            is!(Warning::LongJolietPath { .. }),
            "Joliet specification",
        ),
        row(
            "a name of 65 characters",
            (of(&name), &name),
            Options { joliet, ..with(JOLIET) },
            is!(Warning::LongJolietName { .. }),
            "Joliet specification",
        ),
        row(
            "1200 bytes",
            (of(&long_udf), &long_udf),
            with(UDF),
            is!(Warning::LongUdfPath { .. }),
            "UDF 2",
        ),
        row(
            "300 characters, for Windows",
            (of(&for_windows), &for_windows),
            with(UDF),
            is!(Warning::UnopenedPath { reader: "Windows", .. }),
            "",
        ),
        row(
            "1200 bytes, for macOS",
            (of(&long_udf), &long_udf),
            with(UDF),
            is!(Warning::UnopenedPath { reader: "macOS", .. }),
            "",
        ),
        row(
            "4266 bytes, for Linux",
            (of(&long_linux), &long_linux),
            with(ROCK_RIDGE),
            is!(Warning::UnopenedPath { reader: "Linux", .. }),
            "",
        ),
        row(
            "1899",
            (dated("d/old", before), "d/old"),
            with(ISO),
            is!(Warning::DateOutOfRange { .. }),
            "ECMA-119 9.1.5",
        ),
        row(
            "2156",
            (dated("d/new", after), "d/new"),
            with(ROCK_RIDGE),
            is!(Warning::DateOutOfRange { .. }),
            "ECMA-119 9.1.5",
        ),
        row(
            "the year 0",
            (dated("d/never", never), "d/never"),
            with(UDF),
            is!(Warning::UdfDateOutOfRange { .. }),
            "ECMA-167 1/7.3",
        ),
        row(
            "a volume of the year 0",
            (of("a"), ""),
            expiring(never),
            is!(Warning::VolumeDateOutOfRange { .. }),
            "ECMA-119 8.4.26.1",
        ),
        row(
            "case alone",
            (tree(&["d/A", "d/a"]), "d/A"),
            with(JOLIET),
            is!(Warning::NamesDifferInCase { file_system: "Joliet", .. }),
            "",
        ),
        row(
            "case alone",
            (tree(&["d/A", "d/a"]), "d/A"),
            with(UDF),
            is!(Warning::NamesDifferInCase { file_system: "UDF", .. }),
            "",
        ),
        row(
            "only forbidden characters",
            (of("d/???"), "d/???"),
            with(UDF),
            is!(Warning::NotForWindows { .. }),
            "",
        ),
        row(
            "a name of a device",
            (of("d/nul.txt"), "d/nul.txt"),
            with(JOLIET),
            is!(Warning::NotForWindows { .. }),
            "",
        ),
        row(
            "several extents",
            (sized("d/big", 5 << 30), "d/big"),
            with(ISO),
            is!(Warning::SeveralExtents { .. }),
            "",
        ),
        row(
            "UDF 1.50 in a player",
            (of("a"), ""),
            revision(UdfRevision::V1_50),
            is!(Warning::NewUdf { readers: "set-top players", .. }),
            "",
        ),
        row(
            "UDF 2.50 in Windows XP",
            (of("a"), ""),
            revision(UdfRevision::V2_50),
            is!(Warning::NewUdf { readers: "Windows XP and earlier", .. }),
            "",
        ),
        row(
            "a long name of an attribute",
            (attributed("user.of more than 23 bytes", 1), "d/known"),
            with(ALL),
            is!(Warning::AttributesNotInUdf { .. }),
            "",
        ),
        row(
            "an attribute in Joliet",
            (attributed("user.known", 1), "d/known"),
            with(JOLIET),
            is!(Warning::NoPlaceFor { what: "extended attributes", .. }),
            "",
        ),
        row(
            "a long attribute",
            (attributed("user.long", 2000), "d/known"),
            with(ALL),
            is!(Warning::AttributesNotInUdf { .. }),
            "",
        ),
        row(
            "a link in Joliet",
            (link("d/link", "to"), "d/link"),
            with(JOLIET),
            is!(Warning::NotRecorded { .. }),
            "",
        ),
    ]
}

fn expiring(seconds: i64) -> Options {
    let expiration = Some(DiscTime::from_unix(seconds, 0, 0));
    let dates = image_core::VolumeDates { expiration, ..image_core::VolumeDates::default() };
    Options { dates, ..with(ALL) }
}
