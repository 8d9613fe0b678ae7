//! Names that Windows has not, in the file systems that it reads and that hold them.

use alloc::vec::Vec;

use super::{First, Warning};
use crate::layout::{Content, System, View};

/// Names of devices, in every directory and with every extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// UDF where it is written, since Windows prefers it, else Joliet.
pub(super) fn names(content: &Content, found: &mut Vec<Warning>) {
    let systems = content.options.file_systems;
    if systems.udf {
        let udf = |item| content.names.udf.name(item, content.original_name(item));
        found.extend(names_in(content, System::Udf, "UDF", udf));
    } else if systems.joliet {
        let joliet = |item| content.recorded_name(View::Joliet, item);
        found.extend(names_in(content, System::Joliet, "Joliet", joliet));
    }
}

fn names_in<'c>(
    content: &'c Content,
    system: System,
    file_system: &'static str,
    name: impl Fn(u32) -> &'c str,
) -> Option<Warning> {
    let (mut first, mut rule) = (First::default(), "");
    for item in 1..content.catalog.len() {
        let Some(broken) = broken_rule(name(item)) else { continue };
        if !content.is_in(item, system) {
            continue;
        }
        if first.item.is_none() {
            rule = broken;
        }
        first.add(item);
    }
    first.report(content, |path, more| Warning::NotForWindows { path, more, file_system, rule })
}

/// What of Windows' rules for names this one breaks.
fn broken_rule(name: &str) -> Option<&'static str> {
    let forbidden = |c: char| c < ' ' || "\"*/:<>?\\|".contains(c);
    if name.contains(forbidden) {
        return Some("it has one of \" * / : < > ? \\ | or a control character in it");
    }
    if name.ends_with(['.', ' ']) {
        return Some("it ends with a full stop or a space");
    }
    let base = name.split('.').next().unwrap_or_default().trim_end();
    let device = DEVICES.iter().find(|device| {
        let head = base.get(..device.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(device))
    })?;
    let number = base.get(device.len()..).unwrap_or_default();
    let is_device = match *device {
        "COM" | "LPT" => matches!(number.as_bytes(), [b'1'..=b'9']),
        _ => number.is_empty(),
    };
    is_device.then_some("it is the name of a device")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_windows_are_known() {
        for fine in ["a", "com", "COM0", "com10.txt", "null", "console", ".x", "a b", "\u{e9}"] {
            assert_eq!(broken_rule(fine), None, "{fine}");
        }
        for broken in ["a:b", "x\u{1}", "a.", "a ", "nul", "Con.txt", "COM1.a.b", "lpt9", "aux .c"]
        {
            assert!(broken_rule(broken).is_some(), "{broken}");
        }
    }
}
