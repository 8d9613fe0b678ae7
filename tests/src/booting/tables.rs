//! What programs of others say of the boot catalog and the partition tables of an image.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::run::{Output, command, output, tail};

const LIMIT: Duration = Duration::from_secs(60);

/// What xorriso says of what starts machines.
#[derive(Debug)]
pub struct Report {
    /// Its reports, line by line.
    pub lines: Vec<String>,
    /// What it holds for more than a note.
    pub complaints: Vec<String>,
}

impl Report {
    /// The options of mkisofs by which xorriso would do the same: those of the boot catalog, and of code and partition tables by
    /// their names.
    pub fn options(&self) -> Vec<String> {
        const CATALOG: [&str; 7] = [
            "-c ",
            "-b ",
            "-e ",
            "-no-emul-boot",
            "-boot-",
            "-eltorito-alt-boot",
            "--grub2-boot-info",
        ];
        const AREA: [&str; 4] =
            ["-isohybrid-mbr", "--grub2-mbr", "--protective-msdos-label", "-efi-boot-part"];
        let starts = |line: &str, with: &[&str]| with.iter().any(|start| line.starts_with(start));
        let option = |line: &String| {
            if starts(line, &CATALOG) {
                Some(line.clone())
            } else if starts(line, &AREA) {
                line.split(' ').next().map(str::to_owned)
            } else {
                None
            }
        };
        self.lines.iter().filter_map(option).collect()
    }
}

/// Asks xorriso.
pub fn xorriso(image: &Path) -> Result<Report> {
    let mut ask = command("xorriso");
    ask.args(["-no_rc", "-abort_on", "NEVER", "-indev"]).arg(image);
    for form in ["plain", "as_mkisofs"] {
        ask.args(["-report_el_torito", form]);
    }
    ask.args(["-report_system_area", "plain"]);
    let done = output(&mut ask, LIMIT)?;
    let severe = ["WARNING", "SORRY", "MISHAP", "FAILURE", "FATAL"];
    let said = |line: &&str| {
        severe.iter().any(|word| {
            line.contains(&format!(" : {word} : ")) || line.contains(&format!(": {word} :"))
        })
    };
    let complaints = done.stderr.lines().filter(said).map(str::to_owned).collect();
    Ok(Report { lines: done.text().lines().map(str::to_owned).collect(), complaints })
}

/// Asks sgdisk to check a GUID partition table; anything but its approval is an error.
pub fn sgdisk(image: &Path) -> Result<()> {
    let said = words(command("/usr/sbin/sgdisk").arg("-v").arg(image))?;
    let wrong = ["Warning", "Caution", "Problem:", "nvalid"];
    ensure!(
        said.contains("No problems found") && !wrong.iter().any(|word| said.contains(word)),
        "sgdisk: {said}"
    );
    Ok(())
}

/// The partitions as fdisk lists them, one a line, without a complaint.
pub fn fdisk(image: &Path) -> Result<Vec<String>> {
    let done = answer(command("/usr/sbin/fdisk").arg("-l").arg(image))?;
    ensure!(done.stderr.is_empty(), "fdisk: {}", done.stderr);
    let name = image.to_string_lossy().into_owned();
    let text = done.text();
    let rows = text.lines().filter_map(|line| line.strip_prefix(&name));
    Ok(rows.map(str::to_owned).collect())
}

/// What parted says. Its program ends well even when it warns.
pub fn parted(image: &Path) -> Result<Output> {
    answer(command("/usr/sbin/parted").args(["-s"]).arg(image).args(["unit", "s", "print"]))
}

/// Has 7-Zip list the image, which it takes for UDF where it can; what it warns of is an error.
pub fn seven_zip(image: &Path) -> Result<()> {
    let said = words(command("7zz").arg("l").arg(image))?;
    let wrong = ["ERROR", "WARNING", "Error", "Warning", "Tail Size"];
    ensure!(!wrong.iter().any(|word| said.contains(word)), "7-Zip: {said}");
    Ok(())
}

/// What isoinfo says of the volume descriptors.
pub fn isoinfo(image: &Path) -> Result<String> {
    words(command("isoinfo").arg("-d").arg("-i").arg(image))
}

/// What `file` takes the image for.
pub fn file(image: &Path) -> Result<String> {
    words(command("file").arg("-b").arg(image))
}

fn answer(command: &mut Command) -> Result<Output> {
    let done = output(command, LIMIT)?;
    let name = command.get_program().to_string_lossy();
    ensure!(done.status.success(), "{name}: {} {}", tail(&done.stderr), tail(&done.text()));
    Ok(done)
}

fn words(command: &mut Command) -> Result<String> {
    let done = answer(command)?;
    Ok(format!("{}{}", done.text(), done.stderr))
}
