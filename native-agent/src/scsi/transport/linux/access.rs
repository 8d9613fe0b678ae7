//! What would let a user open a device node.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

/// Read and write for the group.
const GROUP_ACCESS: u32 = 0o060;

/// Who asks.
#[derive(Debug)]
struct User<'a> {
    name: Option<&'a str>,
    groups: &'a [u32],
}

/// What to do about a node that may not be opened.
pub(super) fn remedy(node: &Path) -> String {
    let Ok(metadata) = fs::metadata(node) else {
        return "the folder the device is in cannot be entered".to_owned();
    };
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (passwd, groups_file) = (read("/etc/passwd"), read("/etc/group"));
    let mut groups: Vec<u32> = rustix::process::getgroups()
        .map(|groups| groups.into_iter().map(rustix::process::Gid::as_raw).collect())
        .unwrap_or_default();
    groups.push(rustix::process::getegid().as_raw());
    let name = name_of(&passwd, rustix::process::geteuid().as_raw());
    let user = User { name, groups: &groups };
    advice((metadata.mode(), metadata.gid()), &user, &groups_file)
}

/// The same from what was read.
fn advice((mode, gid): (u32, u32), user: &User<'_>, groups_file: &str) -> String {
    let group =
        name_of(groups_file, gid).filter(|_| gid != 0 && mode & GROUP_ACCESS == GROUP_ACCESS);
    let Some(group) = group else {
        return "install the udev rule 60-discwright.rules, which lets the group `cdrom` and whoever \
                sits at this machine use drives"
            .to_owned();
    };
    if user.groups.contains(&gid) {
        return "the system forbids it although your group may: a container needs the device passed \
                on (`--device`)"
            .to_owned();
    }
    match user.name {
        Some(name) if members(groups_file, gid).any(|member| member == name) => {
            format!("log in again: you are in the group `{group}` since, but this session is not")
        }
        Some(name) => format!(
            "add your user to the group `{group}` (`sudo usermod -aG {group} {name}`), then log in again"
        ),
        None => format!("add your user to the group `{group}`, then log in again"),
    }
}

/// The name that goes with a number, in a file of the form of passwd(5) and group(5).
fn name_of(file: &str, number: u32) -> Option<&str> {
    let entry = |line: &'_ str| line.split(':').nth(2).is_some_and(|id| id.parse() == Ok(number));
    file.lines().find(|line| entry(line))?.split(':').next()
}

/// The members of a group whose first group it is not. group(5).
fn members(file: &str, number: u32) -> impl Iterator<Item = &str> {
    let lines = file
        .lines()
        .filter(move |line| line.split(':').nth(2).is_some_and(|id| id.parse() == Ok(number)));
    lines.filter_map(|line| line.split(':').nth(3)).flat_map(|names| names.split(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = "root:x:0:\ncdrom:x:24:eve,mallory\nbroken\nusers:x:100:";

    fn advise(mode: u32, gid: u32, name: Option<&str>, groups: &[u32]) -> String {
        advice((mode, gid), &User { name, groups }, GROUPS)
    }

    #[test]
    fn each_case_has_its_remedy() {
        let join = advise(0o660, 24, Some("ada"), &[100]);
        assert!(join.contains("`sudo usermod -aG cdrom ada`"), "{join}");
        assert!(advise(0o660, 24, Some("eve"), &[100]).starts_with("log in again"));
        assert!(advise(0o660, 24, None, &[100]).contains("group `cdrom`, then"));
        assert!(advise(0o660, 24, Some("ada"), &[24]).contains("--device"));
        for (mode, gid) in [(0o600, 24), (0o660, 0), (0o660, 4242)] {
            assert!(advise(mode, gid, Some("ada"), &[100]).contains("60-discwright.rules"));
        }
    }

    #[test]
    fn the_node_itself_is_looked_at() {
        assert!(remedy(Path::new("/dev/no/such")).contains("folder"));
        assert!(!remedy(Path::new("/dev/null")).is_empty());
    }
}
