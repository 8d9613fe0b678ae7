//! The readers, and where each of them is known to fall short.

use super::{Limit, Reader, View, What, archives, grub, isoinfo, libraries, udf_tools, xorriso};
use crate::any::BOOT_CATALOG;
use crate::corpus::BEYOND_UCS_2;

const fn limit(view: View, what: What, reason: &'static str) -> Limit {
    Limit { view: Some(view), what, reason }
}

const ISO: [View; 3] = [View::Plain, View::RockRidge, View::Joliet];

/// Readers that choose by themselves take the first of these that is there.
fn first_of(order: &[View], view: View, has: &[View]) -> bool {
    order.iter().find(|candidate| has.contains(candidate)) == Some(&view)
}

fn beyond_ascii(name: &str) -> bool {
    !name.is_ascii()
}

fn beyond_latin_1(name: &str) -> bool {
    name.chars().any(|c| c > '\u{ff}')
}

fn beyond_basic_plane(name: &str) -> bool {
    name.chars().any(|c| c > '\u{ffff}')
}

fn decomposed(name: &str) -> bool {
    name.contains(|c| ('\u{300}'..'\u{370}').contains(&c))
}

fn with_backslash(name: &str) -> bool {
    name.contains('\\')
}

fn over_90_bytes(name: &str) -> bool {
    name.len() > 90
}

fn over_150_bytes(name: &str) -> bool {
    name.len() > 150
}

fn in_upper_case(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn boot_catalog(name: &str) -> bool {
    name == "BOOT.CAT" || name.eq_ignore_ascii_case(BOOT_CATALOG)
}

fn boot_images(name: &str) -> bool {
    name == "[BOOT]"
}

fn holds_surrogates(name: &str) -> bool {
    name == BEYOND_UCS_2
}

fn like_plain(name: &str) -> bool {
    name.ends_with('.') || name.ends_with(";1")
}

/// The link whose name and type are both in the continuation area, under either of its names.
fn long_link(name: &str) -> bool {
    name.ends_with("link with a long name too") || name.starts_with("LLLLLLLL")
}

fn to_the_parent(name: &str) -> bool {
    name == "to parent"
}

/// All of them, Linux apart: that reads every view in one go ([`super::mount_all`]).
pub const READERS: &[Reader] = &[
    Reader {
        name: "isoinfo",
        reads: |view, _| ISO.contains(&view),
        limits: &[limit(
            View::Joliet,
            What::Names(beyond_latin_1),
            "it prints Joliet names in 8-bit character sets only",
        )],
        read: isoinfo::read,
    },
    Reader {
        name: "xorriso",
        reads: |view, _| ISO.contains(&view),
        limits: &[
            limit(
                View::Joliet,
                What::Complaint("valid only with character set UTF-16"),
                "it tells of names beyond UCS-2, which it reads",
            ),
            limit(
                View::Joliet,
                What::Complaint("not suitable for Joliet character set UCS-2"),
                "it tells of names beyond UCS-2, which it reads",
            ),
            limit(View::RockRidge, What::LinksUpTo(1023), "it refuses longer targets"),
            Limit {
                view: None,
                what: What::Complaint(
                    "Found hidden El-Torito image. Its size could not be figured out",
                ),
                reason: "it tells of boot images without a name, whose catalog entry counts what is loaded",
            },
            Limit {
                view: None,
                what: What::Complaint(
                    "More than one ISO node has been found for the same boot image",
                ),
                reason: "it tells of boot images with several names",
            },
            limit(
                View::RockRidge,
                What::Complaint("Rock Ridge path too long"),
                "it refuses longer targets",
            ),
            limit(
                View::RockRidge,
                What::Complaint("Error when adding file /links/"),
                "it refuses longer targets",
            ),
        ],
        read: xorriso::read,
    },
    Reader {
        name: "bsdtar",
        reads: |view, _| ISO.contains(&view),
        limits: &[
            limit(
                View::RockRidge,
                What::LinksUpTo(200),
                "it loses the separator between two SL fields",
            ),
            limit(View::Joliet, What::Names(decomposed), "it composes characters"),
        ],
        read: archives::bsdtar,
    },
    Reader {
        name: "pycdlib",
        // It needs an ISO 9660 descriptor to open anything.
        reads: |view, has| has.contains(&View::Plain) && has.contains(&view),
        limits: &[
            limit(View::Udf, What::Links, "it gives no targets"),
            Limit {
                view: None,
                what: What::Lost(boot_catalog),
                reason: "it makes one of what it has read of it",
            },
            Limit {
                view: None,
                what: What::Complaint("BOOT.CAT"),
                reason: "it makes one of what it has read of it",
            },
            Limit {
                view: None,
                what: What::Complaint("boot.catalog: "),
                reason: "it makes one of what it has read of it",
            },
            limit(
                View::RockRidge,
                What::FilesUpTo(0xFFFF_F800),
                "of a file in several extents it finds the last by its Rock Ridge name",
            ),
        ],
        read: libraries::pycdlib,
    },
    Reader {
        name: "libcdio",
        // It uses the Rock Ridge names whenever it finds them.
        reads: |view, has| view != View::Plain || !has.contains(&View::RockRidge),
        limits: &[
            Limit {
                view: None,
                what: What::FilesUpTo((1 << 32) - 1),
                reason: "sizes of 32 bits, one extent",
            },
            limit(
                View::RockRidge,
                What::Names(over_90_bytes),
                "it does not follow continuation areas",
            ),
            limit(View::RockRidge, What::LinksUpTo(90), "it does not follow continuation areas"),
            limit(
                View::Udf,
                What::Names(beyond_ascii),
                "it hands out 8-bit OSTA names as they are, which is Latin-1",
            ),
            limit(View::Udf, What::Links, "it does not read data in the file entry"),
            limit(View::Udf, What::Lost(beyond_basic_plane), "it cannot convert surrogate pairs"),
            limit(
                View::RockRidge,
                What::Lost(long_link),
                "it does not follow continuation areas, which hold the type",
            ),
            limit(
                View::Joliet,
                What::Names(beyond_latin_1),
                "it cuts names at as many bytes in UTF-8 as they have in UCS-2",
            ),
            limit(View::Joliet, What::Lost(holds_surrogates), "it cannot list a folder with them"),
            limit(View::Joliet, What::Complaint(BEYOND_UCS_2), "it cannot list that folder"),
            limit(
                View::Joliet,
                What::Complaint("Invalid directory stat"),
                "it cannot convert surrogate pairs",
            ),
            limit(
                View::Joliet,
                What::Complaint("Iconv failed"),
                "it cannot convert surrogate pairs",
            ),
            limit(View::Udf, What::Complaint("Iconv failed"), "it cannot convert surrogate pairs"),
        ],
        read: libraries::libcdio,
    },
    Reader {
        name: "libudfread",
        reads: |view, _| view == View::Udf,
        limits: &[
            limit(View::Udf, What::Links, "it takes links for files"),
            limit(View::Udf, What::Lost(with_backslash), "it takes a backslash for a separator"),
            limit(
                View::Udf,
                What::Complaint("\\ slash.txt: cannot open"),
                "it takes a backslash for a separator",
            ),
            limit(
                View::Udf,
                What::Names(beyond_basic_plane),
                "it encodes each half of a surrogate pair by itself",
            ),
        ],
        read: libraries::libudfread,
    },
    Reader {
        name: "7-Zip",
        reads: |view, has| {
            view == View::Udf || first_of(&[View::Joliet, View::RockRidge, View::Plain], view, has)
        },
        limits: &[
            limit(
                View::Udf,
                What::NoLinks,
                "it has no support for links of UDF and refuses the image",
            ),
            Limit {
                view: None,
                what: What::Lost(boot_images),
                reason: "it shows what the boot catalog has in a directory of this name",
            },
            limit(
                View::RockRidge,
                What::AbsoluteLinks,
                "it makes absolute targets start at the folder it extracts to",
            ),
            limit(
                View::RockRidge,
                What::Names(over_150_bytes),
                "it does not follow continuation areas",
            ),
            limit(View::RockRidge, What::LinksUpTo(60), "it does not follow continuation areas"),
            limit(
                View::RockRidge,
                What::Lost(long_link),
                "it does not follow continuation areas, which hold the type",
            ),
            limit(
                View::RockRidge,
                What::Names(like_plain),
                "it drops a version number and a final dot from any name",
            ),
            limit(
                View::RockRidge,
                What::Lost(to_the_parent),
                "it takes a link out of its folder for an attack",
            ),
            limit(
                View::RockRidge,
                What::Complaint("Dangerous link path was ignored"),
                "it takes a link out of its folder for an attack",
            ),
            limit(
                View::RockRidge,
                What::Complaint("exit status: 2"),
                "it ends so after a link it took for an attack",
            ),
        ],
        read: archives::seven_zip,
    },
    Reader {
        name: "udfclient",
        reads: |view, _| view == View::Udf,
        limits: &[
            limit(View::Udf, What::Names(beyond_ascii), "it prints other names as OSTA CRC names"),
            limit(View::Udf, What::Links, "it does not extract links"),
        ],
        read: udf_tools::udfclient,
    },
    Reader {
        name: "grub",
        reads: |view, has| {
            first_of(&[View::Udf, View::RockRidge, View::Joliet, View::Plain], view, has)
        },
        limits: &[
            Limit { view: None, what: What::Links, reason: "it follows links" },
            limit(View::Plain, What::Names(in_upper_case), "it shows all names in lower case"),
        ],
        read: grub::read,
    },
];
