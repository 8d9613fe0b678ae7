//! What a player would miss in a folder of films, as the page tells it.

use std::sync::Arc;

use image_core::{NodeId, PlanError, SourceId, Tree, VideoProfile, tree::Kind};

use super::{BD_FILES, dvd_file, folder_of, set_of};
use crate::{
    cli::{CliError, build::boot},
    source::local::{Scan, content},
};

/// Bytes of a sector, in which the information of a DVD counts.
const SECTOR: u64 = 2048;
/// Fields in the first sector of the information: what it is, the last sector of its set and its own, how many title sets
/// there are, and where the menu and the titles begin. The DVD-Video specification, part 3; libdvdread's `ifo_types.h`.
const LAST_OF_SET: usize = 12;
const LAST_OF_INFORMATION: usize = 28;
const SETS: usize = 62;
const MENU: usize = 192;
const TITLES: usize = 196;

/// What is amiss; refuses a Blu-ray that no player would play.
pub(super) fn notes(scan: &Scan, player: VideoProfile) -> Result<Vec<String>, CliError> {
    match player {
        VideoProfile::Dvd => Dvd { scan }.notes(),
        VideoProfile::Bd => bd(&scan.tree),
    }
}

/// The files of a folder, by name.
fn files(tree: &Tree, folder: &str) -> Vec<(String, NodeId)> {
    let Some(folder) = tree.find(folder) else { return Vec::new() };
    let files = tree.children(folder).filter(|node| matches!(tree.kind(*node), Kind::File { .. }));
    files.map(|node| (tree.name(node).to_owned(), node)).collect()
}

/// The first of some names, and how many more there are.
fn strangers(folder: &str, names: &[&str]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("no player looks for {folder}/{first}{more}"))
}

/// The bytes of an IFO.
type Information = Arc<[u8]>;

struct Dvd<'s> {
    scan: &'s Scan,
}

impl Dvd<'_> {
    fn notes(&self) -> Result<Vec<String>, CliError> {
        let tree = &self.scan.tree;
        let top = folder_of(VideoProfile::Dvd);
        let found = files(tree, top);
        let (ours, others): (Vec<&str>, Vec<&str>) = found
            .iter()
            .map(|(name, _)| name.as_str())
            .partition(|name| dvd_file(name).as_deref() == Some(name));
        let mut sets: Vec<u16> = ours.iter().filter_map(|name| set_of(name)).collect();
        sets.sort_unstable();
        sets.dedup();
        let mut notes = self.of_manager(&sets)?;
        for set in &sets {
            notes.extend(self.of_set(*set)?);
        }
        let gap = (1..).zip(&sets).find(|(wanted, set)| wanted != *set);
        notes.extend(gap.map(|(wanted, _)| {
            format!("there is no title set {wanted}, but a later one: players count without a gap")
        }));
        notes.extend(strangers(top, &others));
        if tree.find("AUDIO_TS").is_none() {
            notes.push("there is no AUDIO_TS, which some old players look for".to_owned());
        }
        Ok(notes)
    }

    /// The information of the whole disc.
    fn of_manager(&self, sets: &[u16]) -> Result<Vec<String>, CliError> {
        let (notes, information) = self.of_information("VIDEO_TS", b"DVDVIDEO-VMG")?;
        let said = information.and_then(|bytes| number16(&bytes, SETS));
        let other = said.filter(|said| usize::from(*said) != sets.len()).map(|said| {
            let count = sets.len();
            format!("VIDEO_TS/VIDEO_TS.IFO speaks of {said} title sets, and there are {count}")
        });
        Ok(notes.into_iter().chain(other).collect())
    }

    fn of_set(&self, set: u16) -> Result<Vec<String>, CliError> {
        let base = format!("VTS_{set:02}_0");
        let (mut notes, information) = self.of_information(&base, b"DVDVIDEO-VTS")?;
        let blocks = |part: u8| self.len(&format!("VTS_{set:02}_{part}.VOB")).map(sectors);
        if blocks(1).is_none() {
            notes.push(format!("VIDEO_TS/VTS_{set:02}_1.VOB is missing: its titles have no film"));
        }
        let Some(bytes) = information else { return Ok(notes) };
        let field = |at| number32(&bytes, at).map(u64::from);
        if field(MENU).is_some_and(|start| start > 0) && blocks(0).is_none() {
            notes.push(format!("VIDEO_TS/{base}.VOB is missing: its titles have no menu"));
        }
        let (last, own) = (field(LAST_OF_SET), field(LAST_OF_INFORMATION));
        let end = last.zip(own).and_then(|(last, own)| last.checked_sub(own));
        if let Some(said) = end.zip(field(TITLES)).and_then(|(end, start)| end.checked_sub(start)) {
            let there: u64 = (1..=9).filter_map(blocks).sum();
            if (1..said).contains(&there) {
                notes.push(format!(
                    "the films of VIDEO_TS/VTS_{set:02} have {there} sectors, and their IFO says {said}"
                ));
            }
        }
        Ok(notes)
    }

    /// What is to be told of an information and its backup, and its bytes when it is one.
    fn of_information(
        &self,
        base: &str,
        magic: &[u8],
    ) -> Result<(Vec<String>, Option<Information>), CliError> {
        let path = format!("VIDEO_TS/{base}.IFO");
        let Some(bytes) = self.content(&format!("{base}.IFO")) else {
            return Ok((Vec::new(), None));
        };
        if !bytes.starts_with(magic) {
            let note = format!("{path} is not what its name says: players will not play it");
            return Ok((vec![note], None));
        }
        let mut notes = Vec::new();
        let len = bytes.len() as u64;
        let said = number32(&bytes, LAST_OF_INFORMATION).map(|last| (u64::from(last) + 1) * SECTOR);
        if let Some(said) = said.filter(|said| *said != len) {
            notes.push(format!("{path} has {len} bytes, and says {said}: it may be damaged"));
        }
        let backup = format!("VIDEO_TS/{base}.BUP");
        match self.source(&format!("{base}.BUP")) {
            None => notes
                .push(format!("{backup} is missing: it is the copy for when a disc is scratched")),
            Some(source) => {
                let copy = content::read_listed(&self.scan.files, source).map_err(boot::input)?;
                if copy != *bytes {
                    notes.push(format!("{backup} is no copy of the IFO"));
                }
            }
        }
        Ok((notes, Some(bytes)))
    }

    fn node(&self, name: &str) -> Option<NodeId> {
        let node = self.scan.tree.find(&format!("VIDEO_TS/{name}"))?;
        Some(self.scan.tree.link_of(node))
    }

    /// What was read of a file.
    fn content(&self, name: &str) -> Option<Information> {
        self.scan.tree.details(self.node(name)?).content.clone()
    }

    fn source(&self, name: &str) -> Option<SourceId> {
        match self.scan.tree.kind(self.node(name)?) {
            Kind::File { source, .. } => Some(source),
            _ => None,
        }
    }

    fn len(&self, name: &str) -> Option<u64> {
        match self.scan.tree.kind(self.node(name)?) {
            Kind::File { len, .. } => Some(len),
            _ => None,
        }
    }
}

const fn sectors(len: u64) -> u64 {
    len.div_ceil(SECTOR)
}

fn number16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|field| u16::from_be_bytes(*field))
}

fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|field| u32::from_be_bytes(*field))
}

/// A file of Blu-ray, and the name of 8.3 that AVCHD has for it.
const BD_REQUIRED: [[&str; 2]; 2] =
    [["index.bdmv", "INDEX.BDM"], ["MovieObject.bdmv", "MOVIEOBJ.BDM"]];
/// The extensions that AVCHD has for those of [`BD_FILES`].
const AVCHD: [&str; 3] = ["MPL", "CPI", "MTS"];

fn bd(tree: &Tree) -> Result<Vec<String>, CliError> {
    let top = folder_of(VideoProfile::Bd);
    let is_folder =
        |path: &str| tree.find(path).is_some_and(|node| matches!(tree.kind(node), Kind::Directory));
    if !is_folder(top) {
        // There is no image without it anyway.
        return Ok(Vec::new());
    }
    let found = files(tree, top);
    for names in BD_REQUIRED {
        if !found.iter().any(|(name, _)| names.contains(&name.as_str())) {
            return Err(lacks(format!("{top}/{}", names[0])));
        }
    }
    let [playlists, clips, streams] = [0, 1, 2].map(|kind| numbered(tree, kind));
    for (kind, found) in [(0, &playlists), (2, &streams)] {
        let (folder, extension) = BD_FILES[kind];
        if found.is_empty() {
            return Err(lacks(format!("{top}/{folder}/00000.{extension}")));
        }
    }
    let (folder, extension) = BD_FILES[1];
    let mut notes: Vec<String> = streams
        .iter()
        .filter(|number| !clips.contains(number))
        .map(|number| {
            format!("{top}/{folder}/{number}.{extension} is missing: its stream is not played")
        })
        .collect();
    if !is_folder(&format!("{top}/BACKUP")) {
        notes.push(format!("there is no {top}/BACKUP, the copy for when a disc is scratched"));
    }
    Ok(notes)
}

fn lacks(path: String) -> CliError {
    let error = PlanError::Video { path, rule: "it is missing, and no player plays the disc" };
    CliError::input(&error).hint("copy all of it again, or leave --video out")
}

/// The numbers of the files of a kind.
fn numbered(tree: &Tree, kind: usize) -> Vec<String> {
    let (folder, extension) = BD_FILES[kind];
    let found = files(tree, &format!("{}/{folder}", folder_of(VideoProfile::Bd)));
    let number = |name: &str| {
        let (number, found) = name.split_once('.')?;
        let is_one = number.len() == 5 && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_one && (found == extension || found == AVCHD[kind])).then(|| number.to_owned())
    };
    found.iter().filter_map(|(name, _)| number(name)).collect()
}
