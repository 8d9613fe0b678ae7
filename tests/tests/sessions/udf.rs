//! Discs with UDF, alone and bridged, that we add to twice.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use native_agent::virtual_drive::MediumKind::{
    self, BdR, BdRe, CdR, CdRw, DvdPlusR, DvdPlusRw, DvdR, DvdRam, DvdRw,
};
use native_agent::virtual_drive::{self, VirtualDrive};
use tests::burning;
use tests::scripts::{self, Report};

use crate::linux::{KINDS, Part, add};

/// A disc whose sessions show in UDF.
pub(crate) struct Volume {
    name: String,
    kind: MediumKind,
    is_bridge: bool,
    path: PathBuf,
}

impl Volume {
    /// How the first session records UDF; the others go on with that.
    const fn form(&self) -> &'static [&'static str] {
        match self.kind {
            CdR => &["--udf=1.50", "--udf-partition=vat"],
            CdRw | DvdR => &["--udf=2.01", "--udf-partition=vat"],
            DvdRw => &["--udf=2.00"],
            DvdPlusR | DvdRam => &["--udf=2.01"],
            BdR => &["--udf=2.60"],
            BdRe => &["--udf=2.50", "--udf-metadata=separate"],
            _ => &["--udf=1.02"],
        }
    }

    /// Whether the first session can be had by its address: what is overwritten points to the last, and the table that is
    /// recorded last speaks for all sessions.
    const fn keeps_first(&self) -> bool {
        !matches!(self.kind, CdR | CdRw | DvdR | DvdPlusRw | DvdRam | BdRe)
    }

    /// What the kernel is asked.
    fn look(&self, number: usize) -> String {
        let Self { name, .. } = self;
        let mut script = format!("drive {number}\nmkdir /mnt{number}\n");
        let mut view = |what: &str, how: &str, parts: &[&str]| {
            script += &format!(
                "step '{name}: {what}' 60 mount {how} -o ro /dev/sr{number} /mnt{number}\n"
            );
            for part in parts {
                script += &format!(
                    "step '{name}: {what}: {part}' 60 sha256sum /mnt{number}/{part}.bin\n"
                );
            }
            script +=
                &format!("step '{name}: {what}: list' 60 ls /mnt{number}\numount /mnt{number}\n");
        };
        view("udf", "-t udf", &PARTS);
        if self.keeps_first() {
            view("first", "-t udf -o session=0", &PARTS[..1]);
        }
        if self.is_bridge {
            view("iso", "-t iso9660", &PARTS);
        }
        script
    }

    fn check(&self, seen: &Report, hashes: &[String; 3]) -> Result<()> {
        let step = |what: &str| -> Result<String> {
            let step = seen.step(&format!("{}: {what}", self.name))?;
            step.succeeded().with_context(|| format!("the kernel said {:?}", seen.kernel))?;
            Ok(step.text())
        };
        let shows = |what: &str, count: usize| -> Result<()> {
            step(what)?;
            for (part, hash) in PARTS.into_iter().zip(hashes).take(count) {
                let text = step(&format!("{what}: {part}"))?;
                ensure!(text.starts_with(hash.as_str()), "{what}: {part} is another: {text}");
            }
            let listed = step(&format!("{what}: list"))?;
            let found = listed.lines().filter(|name| name.ends_with(".bin")).count();
            ensure!(found == count, "{what}: {listed}");
            Ok(())
        };
        shows("udf", 3)?;
        if self.keeps_first() {
            shows("first", 1)?;
        }
        if self.is_bridge {
            shows("iso", 3)?;
        }
        Ok(())
    }
}

const PARTS: [&str; 3] = ["first", "second", "third"];

/// The discs that are asked for, blank.
pub(crate) fn volumes(folder: &Path, arguments: &Arguments) -> Result<Vec<Volume>> {
    let mut volumes = Vec::new();
    for kind in KINDS {
        for (is_bridge, words) in [(false, "UDF alone"), (true, "UDF with ISO 9660")] {
            let name = format!("{kind}: we add to {words} twice");
            if arguments.filter.as_ref().is_some_and(|part| !name.contains(part)) {
                continue;
            }
            let path = folder.join(format!("udf{}", volumes.len())).with_extension("vdisc");
            virtual_drive::create(&path, kind, None)?;
            volumes.push(Volume { name, kind, is_bridge, path });
        }
    }
    Ok(volumes)
}

/// Records the sessions, has the kernel look at all discs, and gives a test for each.
pub(crate) fn trials(
    volumes: Vec<Volume>,
    scratch: &Path,
    [first, second]: [&Part; 2],
) -> Result<Vec<Trial>> {
    if volumes.is_empty() {
        return Ok(Vec::new());
    }
    let third = Part::new(scratch, "third", 3_266_489_917)?;
    for volume in &volumes {
        let systems = if volume.is_bridge { "iso,joliet,rockridge,udf" } else { "udf" };
        let how = [&["--fs", systems], volume.form()].concat();
        add(&volume.path, &first.folder, &how)?;
        for part in [second, &third] {
            add(&volume.path, &part.folder, &[])?;
        }
    }
    let tasks: Vec<String> =
        volumes.iter().enumerate().map(|(number, volume)| volume.look(number)).collect();
    let drives: Result<Vec<VirtualDrive>> =
        volumes.iter().map(|volume| Ok(VirtualDrive::open(&volume.path)?)).collect();
    let (seen, _) = burning::run(&scripts::side_by_side(&tasks), drives?, &[])?;
    let hashes = [first, second, &third].map(|part| part.hash.clone());
    let (seen, hashes) = (Arc::new(seen), Arc::new(hashes));
    let trial = |volume: Volume| {
        let (seen, hashes) = (Arc::clone(&seen), Arc::clone(&hashes));
        Trial::test(volume.name.clone(), move || {
            volume.check(&seen, &hashes).map_err(|error| format!("{error:#}").into())
        })
    };
    Ok(volumes.into_iter().map(trial).collect())
}
