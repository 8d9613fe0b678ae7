//! What xorriso finds out about a disc, beside what we do.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use native_agent::mmc::{self, MediumFacts, MediumStatus, WriteMethod};
use native_agent::virtual_drive::VirtualDrive;

/// Lines of `xorriso -outdev DRIVE -toc`, by what stands before their colon.
struct Told<'a>(&'a str);

impl<'a> Told<'a> {
    fn line(&self, name: &str) -> Option<&'a str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(before, _)| before.trim() == name).map(|(_, after)| after.trim()).next()
    }

    fn must(&self, name: &str) -> Result<&'a str> {
        self.line(name).with_context(|| format!("xorriso tells no {name:?}: {}", self.0))
    }

    /// The number before this word in the line of the blocks.
    fn blocks(&self, word: &str) -> Result<u32> {
        let parts = self.must("Media blocks")?.split(',').map(str::trim);
        let part = parts.filter_map(|part| part.strip_suffix(word)).next();
        let number = part.and_then(|number| number.trim().parse().ok());
        number.with_context(|| format!("xorriso tells no {word} blocks: {}", self.0))
    }
}

/// Holds what xorriso told of a disc against what we tell of it.
pub fn check(told: &str, disc: &Path) -> Result<()> {
    let told = Told(told);
    let probe = mmc::probe(&mut VirtualDrive::open(disc)?).context("we cannot examine the disc")?;
    let ours = probe.medium.context("we find no disc")?;
    let all = || format!("xorriso: {}\nwe: {ours:?}", told.0);
    let media = told.must("Media current")?;
    ensure!(media.starts_with(name(&ours)), "kind of disc: {}", all());
    let status = told.must("Media status")?;
    if status.contains("POW formatted") {
        // xorriso knows such a disc, and leaves it alone.
        let appendable = ours.formatted && ours.status == MediumStatus::Appendable;
        let readable = Some(told.blocks("readable")?);
        ensure!(appendable && ours.next_writable == readable, "next writable address: {}", all());
        ensure!(told.blocks("unused")? == ours.free_blocks, "free blocks: {}", all());
        return Ok(());
    }
    ensure!(is_same_status(status, &ours), "status: {}", all());
    if ours.profile.write_method() == Some(WriteMethod::Sequential) {
        let sessions = told.must("Media summary")?.split(' ').next().and_then(|n| n.parse().ok());
        ensure!(sessions == Some(ours.sessions), "sessions: {}", all());
        if ours.status == MediumStatus::Appendable {
            let next = told.must("Media nwa")?.trim_end_matches('s').parse().ok();
            ensure!(next == ours.next_writable, "next writable address: {}", all());
            ensure!(told.blocks("writable")? == ours.free_blocks, "free blocks: {}", all());
        }
    } else {
        ensure!(told.blocks("overall")? == ours.capacity_blocks, "capacity: {}", all());
    }
    Ok(())
}

/// What libburn calls a profile, as far as it tells one from others.
fn name(medium: &MediumFacts) -> &'static str {
    match medium.kind() {
        "cd-r" => "CD-R",
        "cd-rw" => "CD-RW",
        "dvd-r" => "DVD-R sequential recording",
        "dvd-r-dl" => "DVD-R/DL",
        "dvd-rw" => "DVD-RW",
        "dvd-ram" => "DVD-RAM",
        "dvd+r" => "DVD+R",
        "dvd+r-dl" => "DVD+R/DL",
        "dvd+rw" => "DVD+RW",
        "bd-re" => "BD-RE",
        _ => "BD-R",
    }
}

fn is_same_status(told: &str, medium: &MediumFacts) -> bool {
    let has = |words| told.contains(words);
    match medium.status {
        MediumStatus::Blank => has("is blank"),
        MediumStatus::Appendable => has("is written") && has("is appendable"),
        MediumStatus::Complete
            if medium.profile.write_method() == Some(WriteMethod::Sequential) =>
        {
            has("is written") && has("is closed")
        }
        MediumStatus::Complete | MediumStatus::Other => {
            has("is overwriteable") || has("is written")
        }
        MediumStatus::Damaged => false,
    }
}
