//! GRUB's file system drivers, which have to find a kernel on a disc before anything else runs. They choose the view
//! themselves: UDF, else Rock Ridge, else Joliet, else plain.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::{Seen, View};
use crate::manifest::{self, Entry};
use crate::run::{command, output, streaming, tail};

/// It looks at every entry by its path, so that a directory of thousands takes minutes on a busy machine.
const LIMIT: Duration = Duration::from_secs(1200);
/// It is started once for every file; of larger trees it reads this many evenly spread, and lists the others.
const READ: usize = 600;

pub(super) fn read(image: &Path, _: View) -> Result<Seen> {
    let mut grub = Grub { image, seen: Seen::default() };
    let mut files = Vec::new();
    grub.directory("", &mut files)?;
    let step = files.len() / READ + 1;
    for (index, (path, size)) in files.into_iter().enumerate() {
        let entry = if index % step == 0 { grub.file(&path)? } else { Entry::Unread { size } };
        grub.seen.manifest.add(path, entry);
    }
    Ok(grub.seen)
}

struct Grub<'a> {
    image: &'a Path,
    seen: Seen,
}

impl Grub<'_> {
    fn directory(&mut self, path: &str, files: &mut Vec<(String, u64)>) -> Result<()> {
        let mut ls = self.command();
        let done = output(ls.args(["ls", "-l", "-a"]).arg(on_image(&format!("{path}/"))), LIMIT)?;
        if !done.status.success() {
            self.seen.complaints.push(format!("{path}: {}", tail(&done.stderr)));
        }
        for (kind, name) in done.text().lines().filter_map(line) {
            let below = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            match kind.parse() {
                Ok(size) => files.push((below, size)),
                Err(_) => {
                    let below = below.trim_end_matches('/').to_owned();
                    self.seen.manifest.add(below.clone(), Entry::Directory);
                    self.directory(&below, files)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &str) -> Result<Entry> {
        let mut cat = self.command();
        cat.arg("cat").arg(on_image(path));
        let (entry, status, stderr) =
            streaming(&mut cat, Duration::from_secs(1800), |stream| Ok(manifest::file(stream)?))?;
        if !status.success() {
            self.seen.complaints.push(format!("{path}: {status}: {}", tail(&stderr)));
        }
        Ok(entry)
    }

    fn command(&self) -> std::process::Command {
        let mut grub = command("grub-fstest");
        grub.arg(self.image).arg("--");
        grub
    }
}

fn on_image(path: &str) -> String {
    format!("(loop0)/{}", path.trim_start_matches('/'))
}

/// `DIR          20261124075325 name/` or `17           20261124075325 name`; the time is left out when there is none.
fn line(line: &str) -> Option<(&str, &str)> {
    let kind =
        line.split(' ').next().filter(|kind| *kind == "DIR" || kind.parse::<u64>().is_ok())?;
    let rest = line.get(12..)?;
    let is_time =
        |time: &str| time.trim().len() == 14 && time.trim().bytes().all(|b| b.is_ascii_digit());
    let name = if rest.get(..16).is_some_and(is_time) { rest.get(16..)? } else { rest };
    (!["", "./", "../", ".", ".."].contains(&name)).then_some((kind, name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_keep_their_spaces() {
        assert_eq!(super::line("3            20261124075325  a  b "), Some(("3", " a  b ")));
        assert_eq!(super::line("DIR          20261124075325 sub/"), Some(("DIR", "sub/")));
        assert_eq!(super::line("4097        IMG_0042.TXT"), Some(("4097", "IMG_0042.TXT")));
        assert_eq!(super::line("DIR         ./"), None);
    }
}
