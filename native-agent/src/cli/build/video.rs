//! `build --video`: a folder of films as programs leave it becomes what players look for, as on the page.

mod missing;

use std::path::Path;

use image_core::{NodeId, Tree, VideoProfile};

use crate::{
    cli::CliError,
    source::local::{Graft, Scan},
};

/// Folders and files of fixed names within `BDMV`.
const BD_NAMES: [&str; 12] = [
    "index.bdmv",
    "MovieObject.bdmv",
    "sound.bdmv",
    "PLAYLIST",
    "CLIPINF",
    "STREAM",
    "SSIF",
    "AUXDATA",
    "META",
    "BDJO",
    "JAR",
    "BACKUP",
];
/// Files of BD-Video with five digits for names, by their folder.
const BD_FILES: [(&str, &str); 3] = [("PLAYLIST", "mpls"), ("CLIPINF", "clpi"), ("STREAM", "m2ts")];

const fn folder_of(player: VideoProfile) -> &'static str {
    match player {
        VideoProfile::Dvd => "VIDEO_TS",
        VideoProfile::Bd => "BDMV",
    }
}

/// What players look for beside it, in the root of the disc.
const fn beside(player: VideoProfile) -> &'static [&'static str] {
    match player {
        VideoProfile::Dvd => &["AUDIO_TS", "JACKET_P"],
        VideoProfile::Bd => &["CERTIFICATE"],
    }
}

/// A folder `VIDEO_TS` or `BDMV`, or one that belongs beside it, that is named itself goes on the disc as that, and not what
/// is in it.
pub(super) fn place(graft: Graft, player: VideoProfile) -> Graft {
    let known = [folder_of(player)].into_iter().chain(beside(player).iter().copied());
    let real = graft.path.canonicalize().ok().filter(|real| real.is_dir());
    let called = real.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    let name =
        called.and_then(|called| known.into_iter().find(|it| it.eq_ignore_ascii_case(called)));
    match name {
        Some(name) if graft.target.is_empty() => Graft { target: name.to_owned(), ..graft },
        _ => graft,
    }
}

/// What a player would miss; refuses what none would play.
pub(super) fn missing(scan: &Scan, player: VideoProfile) -> Result<Vec<String>, CliError> {
    missing::notes(scan, player)
}

/// Gives names the case that players look for; returns how many had another. A name that is taken stays as it is.
pub(super) fn mend_names(tree: &mut Tree, player: VideoProfile) -> usize {
    let top = folder_of(player);
    let mut mended = 0;
    let known = [&[top], beside(player)].concat();
    mend(tree, NodeId::ROOT, |name| as_known(name, &known), &mut mended);
    let Some(folder) = tree.find(top) else { return mended };
    match player {
        VideoProfile::Dvd => mend(tree, folder, dvd_file, &mut mended),
        VideoProfile::Bd => {
            mend(tree, folder, |name| as_known(name, &BD_NAMES), &mut mended);
            for (below, extension) in BD_FILES {
                if let Some(folder) = tree.find(&format!("{top}/{below}")) {
                    mend(tree, folder, |name| bd_file(name, extension), &mut mended);
                }
            }
        }
    }
    mended
}

fn mend(
    tree: &mut Tree,
    folder: NodeId,
    known: impl Fn(&str) -> Option<String>,
    mended: &mut usize,
) {
    let children: Vec<NodeId> = tree.children(folder).collect();
    for child in children {
        let name = tree.name(child);
        let Some(wanted) = known(name).filter(|wanted| wanted != name) else {
            continue;
        };
        let (from, within) = (tree.path(child), tree.path(folder));
        *mended += usize::from(tree.rename(&from, &format!("{within}/{wanted}")).is_ok());
    }
}

fn as_known(name: &str, known: &[&str]) -> Option<String> {
    known.iter().find(|known| known.eq_ignore_ascii_case(name)).map(ToString::to_string)
}

/// `VIDEO_TS.IFO`, `VTS_01_0.IFO`, `VTS_01_1.VOB` and the like.
fn dvd_file(name: &str) -> Option<String> {
    let wanted = name.to_ascii_uppercase();
    let (base, extension) = wanted.split_once('.')?;
    let part = match base.strip_prefix("VTS_").and_then(|rest| rest.split_once('_')) {
        Some((set, part)) => {
            let is_set = set.len() == 2 && set.parse().is_ok_and(|set: u8| set > 0);
            part.parse::<u8>().ok().filter(|_| is_set && part.len() == 1)?
        }
        None if base == "VIDEO_TS" => 0,
        None => return None,
    };
    let is_known = match extension {
        "VOB" => true,
        "IFO" | "BUP" => part == 0,
        _ => false,
    };
    is_known.then_some(wanted)
}

/// The title set of a file with such a name; `VIDEO_TS.IFO` and the like belong to none.
fn set_of(name: &str) -> Option<u16> {
    name.strip_prefix("VTS_")?.split_once('_')?.0.parse().ok()
}

/// Five digits, and the extension of the folder.
fn bd_file(name: &str, extension: &str) -> Option<String> {
    let (number, found) = name.split_once('.')?;
    let is_number = number.len() == 5 && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && found.eq_ignore_ascii_case(extension)).then(|| format!("{number}.{extension}"))
}

#[cfg(test)]
mod tests {
    use image_core::{Attributes, SourceId, tree::Kind};

    use super::*;

    fn mended(player: VideoProfile, paths: &[&str]) -> (usize, Vec<String>) {
        let mut tree = Tree::new();
        for path in paths {
            tree.add_file(path, SourceId(0), 1, Attributes::default()).unwrap();
        }
        let count = mend_names(&mut tree, player);
        let mut folders = vec![NodeId::ROOT];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for node in tree.children(folder) {
                match tree.kind(node) {
                    Kind::Directory => folders.push(node),
                    _ => found.push(tree.path(node)),
                }
            }
        }
        found.sort();
        (count, found)
    }

    #[test]
    fn names_get_the_case_that_players_look_for() {
        let (count, found) = mended(
            VideoProfile::Dvd,
            &["video_ts/video_ts.ifo", "video_ts/Vts_01_1.vob", "video_ts/vts_00_0.ifo", "notes/a"],
        );
        let wanted =
            ["VIDEO_TS/VIDEO_TS.IFO", "VIDEO_TS/VTS_01_1.VOB", "VIDEO_TS/vts_00_0.ifo", "notes/a"];
        assert_eq!((count, found), (3, wanted.map(str::to_owned).to_vec()));
        let (count, found) = mended(
            VideoProfile::Bd,
            &["bdmv/INDEX.BDMV", "bdmv/stream/00001.M2TS", "bdmv/stream/x.M2TS", "BDMV/META/A"],
        );
        // The folder that has the name already keeps it.
        let kept =
            ["BDMV/META/A", "bdmv/INDEX.BDMV", "bdmv/stream/00001.M2TS", "bdmv/stream/x.M2TS"];
        assert_eq!((count, found), (0, kept.map(str::to_owned).to_vec()));
        let (count, found) =
            mended(VideoProfile::Bd, &["bdmv/INDEX.BDMV", "bdmv/stream/00001.M2TS"]);
        let wanted = ["BDMV/STREAM/00001.m2ts", "BDMV/index.bdmv"];
        assert_eq!((count, found), (4, wanted.map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_folder_of_films_that_is_named_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Video_ts");
        std::fs::create_dir(&path).unwrap();
        let graft = |target: &str| Graft { target: target.to_owned(), path: path.clone() };
        assert_eq!(place(graft(""), VideoProfile::Dvd), graft("VIDEO_TS"));
        assert_eq!(place(graft(""), VideoProfile::Bd), graft(""));
        assert_eq!(place(graft("x"), VideoProfile::Dvd), graft("x"));
    }
}
