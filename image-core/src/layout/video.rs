//! Where a player expects the files of a DVD-Video or a BD-Video: an order, a boundary, and for title sets how far they are
//! from the first file of all and their files from the first of theirs.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Content, System};
use crate::BLOCK_SIZE;
use crate::address::blocks_for;
use crate::options::{Options, UdfRevision, VideoProfile};
use crate::order;
use crate::plan::PlanError;
use crate::tree::{Kind, NodeId, Tree};
use crate::wire::udf::SHORT_AD_MAX;

/// Blocks of an ECC block of a DVD.
const ECC_BLOCKS: u32 = 16;
/// Blocks of the largest DVD, which has two layers. ECMA-267.
const DVD_BLOCKS: u32 = 4_171_712;
/// Blocks of a cluster of a BD.
const CLUSTER_BLOCKS: u32 = 32;

/// Where in the order a file comes: groups of files, then title sets, then the files of one.
type Key = (u8, u16, u8);

/// The group of files that no player looks for.
const OTHERS: u8 = 2;

/// What is asked of one file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    key: Key,
    /// Its first block is a multiple of this.
    pub(crate) alignment: u32,
    /// The item that it has to follow, and at how many blocks from its start.
    pub(crate) follows: Option<(u32, u32)>,
}

/// What is asked of the files of an image; nothing of most.
#[derive(Clone, Debug, Default)]
pub(crate) struct VideoOrder {
    places: BTreeMap<u32, Place>,
}

/// The tree with files by themselves where a player looks for them, not other names of some that are elsewhere: one extent is
/// at one place, and a backup that is what it backs up is none.
pub(crate) fn prepare(tree: Arc<Tree>, options: &Options) -> Arc<Tree> {
    let folders: &[&str] = match options.video {
        None => return tree,
        Some(VideoProfile::Dvd) => &["VIDEO_TS"],
        Some(VideoProfile::Bd) => &["BDMV", "CERTIFICATE"],
    };
    let found = folders.iter().filter_map(|folder| tree.find(folder));
    let files = found.flat_map(|folder| files_below(&tree, folder));
    let links: Vec<NodeId> = files.filter(|file| tree.is_hard_link(*file)).collect();
    if links.is_empty() {
        return tree;
    }
    let mut tree = Arc::unwrap_or_clone(tree);
    for link in links {
        tree.part(link);
    }
    Arc::new(tree)
}

/// All files below a folder.
fn files_below(tree: &Tree, folder: NodeId) -> Vec<NodeId> {
    let mut files = Vec::new();
    let mut folders = alloc::vec![folder];
    while let Some(folder) = folders.pop() {
        for node in tree.children(folder) {
            match tree.kind(node) {
                Kind::Directory => folders.push(node),
                Kind::File { .. } => files.push(node),
                _ => {}
            }
        }
    }
    files
}

/// A player follows no symbolic link. UDF 2.01 6.9.1.
fn refuse_links(content: &Content, folder: NodeId) -> Result<(), PlanError> {
    let mut folders = alloc::vec![folder];
    while let Some(folder) = folders.pop() {
        for node in content.tree.children(folder) {
            match content.tree.kind(node) {
                Kind::Directory => folders.push(node),
                Kind::File { .. } => {}
                _ => {
                    let rule = "a player reads files alone, and follows no symbolic links";
                    return Err(PlanError::Video { path: content.tree.path(node), rule });
                }
            }
        }
    }
    Ok(())
}

impl VideoOrder {
    pub(super) fn new(content: &Content) -> Result<Self, PlanError> {
        match content.options.video {
            None => Ok(Self::default()),
            Some(VideoProfile::Dvd) => dvd(content),
            Some(VideoProfile::Bd) => bd(content),
        }
    }

    pub(super) fn of(&self, item: u32) -> Option<Place> {
        self.places.get(&item).copied()
    }

    /// Brings items into the order; those that nothing is asked of keep theirs, between the others.
    pub(super) fn sort(&self, items: &mut [u32]) {
        if !self.places.is_empty() {
            order::sort_by_key(items, |item| {
                self.of(item).map_or((OTHERS, 0, 0), |place| place.key)
            });
        }
    }
}

/// A file of a title set.
#[derive(Clone, Copy)]
struct Member {
    item: u32,
    set: u16,
    /// 0 the information, 1 to 10 video, 11 the backup.
    role: u8,
    blocks: u32,
}

const BACKUP: u8 = 11;
/// The files that stand for the whole disc are the set of this number.
const MANAGER: u16 = 0;
/// Sets there can be, that one among them.
const MOST_SETS: usize = 100;

/// Reads `VIDEO_TS.IFO`, `VTS_01_0.IFO`, `VTS_01_1.VOB` and the like.
fn role(name: &str) -> Option<(u16, u8)> {
    let (base, extension) = name.split_once('.')?;
    let (set, part) = match base.strip_prefix("VTS_").and_then(|rest| rest.split_once('_')) {
        Some((set, part)) => (set.parse().ok().filter(|set| (1..100).contains(set))?, part),
        None if base == "VIDEO_TS" => (MANAGER, "0"),
        None => return None,
    };
    let part: u8 = part.parse().ok().filter(|part| *part < 10)?;
    match (extension, part) {
        ("IFO", 0) => Some((set, 0)),
        ("VOB", _) => Some((set, 1 + part)),
        ("BUP", 0) => Some((set, BACKUP)),
        _ => None,
    }
}

fn refused(rule: &'static str) -> PlanError {
    PlanError::Video { path: String::from("VIDEO_TS"), rule }
}

fn dvd(content: &Content) -> Result<VideoOrder, PlanError> {
    let options = &content.options;
    let is_bridge = options.file_systems.iso9660 && options.file_systems.udf;
    if !is_bridge || options.udf.revision != UdfRevision::V1_02 {
        return Err(refused("a DVD-Video has ISO 9660 and UDF 1.02"));
    }
    if options.session.is_some() {
        return Err(refused("a DVD-Video is in the first session: programs look no further"));
    }
    if let Some(folder) = content.tree.find("VIDEO_TS") {
        refuse_links(content, folder)?;
    }
    let members = members(content)?;
    let manager = members.first().filter(|first| (first.set, first.role) == (MANAGER, 0));
    let Some(manager) = manager.map(|first| first.item) else {
        return Err(refused("a DVD-Video has a VIDEO_TS/VIDEO_TS.IFO"));
    };
    let starts = starts_of_sets(content, manager)?;
    let sets: Vec<&[Member]> = members.chunk_by(|a, b| a.set == b.set).collect();
    let first = |set: u32| sets.get(set as usize).and_then(|set| set.first());
    let start = |set| match first(set)?.set {
        MANAGER => Some(0),
        set => *starts.get(usize::from(set))?,
    };
    let mut numbers: Vec<u32> = (0..).take(sets.len()).collect();
    // Where a set without a title begins nothing says: it has room behind all others.
    order::sort_by_key(&mut numbers, |set| start(set).unwrap_or(u32::MAX));
    let mut order = VideoOrder::default();
    let mut end = 0;
    for (rank, set) in (0..).zip(numbers) {
        let (Some(first), start) = (first(set), start(set)) else { continue };
        let set = sets.get(set as usize).copied().unwrap_or_default();
        if start.is_some_and(|start| start < end || start > DVD_BLOCKS) {
            let path = content.path(first.item);
            return Err(PlanError::Video { path, rule: "it would not be where VIDEO_TS.IFO says" });
        }
        let follows = start.filter(|_| first.set != MANAGER).map(|start| (manager, start));
        let blocks = title_set(content, set, (rank, follows), &mut order)?;
        end = start.unwrap_or(end).saturating_add(blocks);
    }
    Ok(order)
}

/// How far from the start of `VIDEO_TS.IFO` each title set begins, as far as that is known.
type Starts = [Option<u32>; MOST_SETS];

/// How far from the start of `VIDEO_TS.IFO` each title set begins, by the table of titles there (TT_SRPT), whose sector is
/// at byte 196: a count of titles, and from byte 8 on for each 12 bytes with the set's number at 6 and its sector at 8.
fn starts_of_sets(content: &Content, manager: u32) -> Result<Starts, PlanError> {
    let mut starts = [None; MOST_SETS];
    let known = content.file_details(manager).content.as_deref().unwrap_or_default();
    let table = number(known, 196).and_then(|sector| usize::try_from(sector).ok());
    let table = table.and_then(|sector| known.get(sector.checked_mul(BLOCK_SIZE)?..));
    let table = table.unwrap_or_default();
    let count = table.first_chunk().map_or(0, |count| u16::from_be_bytes(*count));
    let titles = table.get(8..).unwrap_or_default().chunks_exact(12).take(count.into());
    for title in titles {
        let set = title.get(6).copied().filter(|set| u16::from(*set) != MANAGER);
        let slot = set.and_then(|set| starts.get_mut(usize::from(set)));
        if let (Some(slot), Some(start)) = (slot, number(title, 8))
            && slot.replace(start).is_some_and(|other| other != start)
        {
            let (path, rule) = (content.path(manager), "its titles disagree on where a set begins");
            return Err(PlanError::Video { path, rule });
        }
    }
    Ok(starts)
}

/// A number in the information of a title set; 0 says nothing.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*field)).filter(|number| *number > 0)
}

/// The files of `VIDEO_TS` that belong to title sets, set by set.
fn members(content: &Content) -> Result<Vec<Member>, PlanError> {
    let Some(folder) = content.tree.find("VIDEO_TS") else { return Ok(Vec::new()) };
    let mut members = Vec::new();
    for node in content.tree.children(folder) {
        let Kind::File { len, .. } = content.tree.kind(node) else { continue };
        let Some((set, role)) = role(content.tree.name(node)) else { continue };
        let path = || content.tree.path(node);
        if len == 0 || len > SHORT_AD_MAX.into() {
            let rule = "a file of a DVD-Video has 1 byte to 1 GiB less 2 KiB";
            return Err(PlanError::Video { path: path(), rule });
        }
        let item = movable(content, node)?;
        if [System::Iso9660, System::Udf].iter().any(|system| !content.is_in(item, *system)) {
            let rule = "it is hidden where a player looks for it";
            return Err(PlanError::Video { path: path(), rule });
        }
        let blocks = blocks_for(len).unwrap_or(u32::MAX);
        members.push(Member { item, set, role, blocks });
    }
    let mut numbers: Vec<u32> = (0..).take(members.len()).collect();
    let member = |number: u32| members.get(number as usize).copied();
    order::sort_by_key(&mut numbers, |number| member(number).map(|each| (each.set, each.role)));
    Ok(numbers.into_iter().filter_map(member).collect())
}

/// The item of a file that has no place yet.
fn movable(content: &Content, node: NodeId) -> Result<u32, PlanError> {
    let item = content.catalog.item_of(node).unwrap_or_default();
    if content.recorded_at(item).is_some() || content.is_pinned(item) {
        let rule = "an earlier session or the boot set-up has it elsewhere";
        return Err(PlanError::Video { path: content.tree.path(node), rule });
    }
    Ok(item)
}

/// Gives the files of one title set their distances from its first, by what its information says where that is known, and
/// the first what it follows, or else a boundary. Returns how many blocks they take.
fn title_set(
    content: &Content,
    set: &[Member],
    (rank, follows): (u16, Option<(u32, u32)>),
    order: &mut VideoOrder,
) -> Result<u32, PlanError> {
    let path = |member: &Member| content.path(member.item);
    let Some(first) = set.first().filter(|first| first.role == 0) else {
        let path = set.first().map_or_else(|| "VIDEO_TS".to_string(), path);
        return Err(PlanError::Video { path, rule: "the IFO of its title set is missing" });
    };
    let alignment = if follows.is_some() { 1 } else { ECC_BLOCKS };
    order.places.insert(first.item, Place { key: (0, rank, 0), alignment, follows });
    let mut next = first.blocks;
    for member in set.iter().skip(1) {
        let least = match member.role {
            BACKUP => next.max(first.blocks.next_multiple_of(ECC_BLOCKS)),
            _ => next,
        };
        let offset = stated(content, first.item, member).unwrap_or(least);
        if offset < next || offset > DVD_BLOCKS || member.role == BACKUP && offset < least {
            let rule = "it would not be where the IFO of its title set says";
            return Err(PlanError::Video { path: path(member), rule });
        }
        let key = (0, rank, member.role);
        let follows = Some((first.item, offset));
        order.places.insert(member.item, Place { key, alignment: 1, follows });
        next = offset.saturating_add(member.blocks);
    }
    Ok(next)
}

/// How far from the start of its title set the information says that a file is: the last sector of the set at byte 12, the
/// menu at 192 and the titles at 196.
fn stated(content: &Content, information: u32, member: &Member) -> Option<u32> {
    let bytes = content.file_details(information).content.as_ref()?;
    match member.role {
        1 => number(bytes, 192),
        2 => number(bytes, 196),
        BACKUP => number(bytes, 12)?.checked_add(1)?.checked_sub(member.blocks),
        _ => None,
    }
}

fn bd(content: &Content) -> Result<VideoOrder, PlanError> {
    let form = super::udf::Form::new(&content.options);
    if !content.options.file_systems.udf || !form.has_metadata() {
        let rule = "a BD-Video has UDF 2.50 with a metadata partition";
        return Err(PlanError::Video { path: String::from("BDMV"), rule });
    }
    let mut order = VideoOrder::default();
    let folder = content.tree.find("BDMV");
    let is_folder = |node: &NodeId| matches!(content.tree.kind(*node), Kind::Directory);
    let Some(folder) = folder.filter(is_folder) else {
        return Err(PlanError::Video { path: "BDMV".into(), rule: "a BD-Video has this folder" });
    };
    refuse_links(content, folder)?;
    visit(content, folder, 0, &mut order)?;
    for child in content.tree.children(folder) {
        match content.tree.name(child) {
            "STREAM" => visit(content, child, 3, &mut order)?,
            "BACKUP" => visit(content, child, 4, &mut order)?,
            _ => {}
        }
    }
    if let Some(certificate) = content.tree.find("CERTIFICATE") {
        visit(content, certificate, 1, &mut order)?;
    }
    Ok(order)
}

/// Puts the files below a folder into a group; what is in several is in the last.
fn visit(
    content: &Content,
    folder: NodeId,
    group: u8,
    order: &mut VideoOrder,
) -> Result<(), PlanError> {
    for node in files_below(&content.tree, folder) {
        let item = movable(content, node)?;
        let name = content.tree.name(node).to_ascii_lowercase();
        // AVCHD has names of 8.3.
        let is_stream = name.ends_with(".m2ts") || name.ends_with(".mts");
        let alignment = if is_stream { CLUSTER_BLOCKS } else { 1 };
        order.places.insert(item, Place { key: (group, 0, 0), alignment, follows: None });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;
    use crate::tree::{Details, HiddenIn};
    use crate::{Attributes, Lba, Plan, SessionOptions, SourceId, UdfOptions, plan};

    fn dvd_tree(files: &[(&str, u64)]) -> Tree {
        let mut tree = Tree::new();
        for (name, blocks) in files {
            let path = std::format!("VIDEO_TS/{name}");
            tree.add_file(&path, SourceId(0), blocks * 2048, Attributes::default()).unwrap();
        }
        tree.add_file("AAA.TXT", SourceId(0), 5, Attributes::default()).unwrap();
        tree
    }

    fn start(plan: &Plan, path: &str) -> u32 {
        let node = plan.tree().find(path).unwrap();
        plan.extent(node).unwrap().0.0
    }

    fn options(video: VideoProfile) -> Options {
        Options { video: Some(video), ..Options::default() }
    }

    const SET: [(&str, u64); 6] = [
        ("VIDEO_TS.BUP", 3),
        ("VIDEO_TS.IFO", 3),
        ("VTS_01_0.BUP", 7),
        ("VTS_01_0.IFO", 7),
        ("VTS_01_1.VOB", 100),
        ("VTS_01_2.VOB", 50),
    ];

    #[test]
    fn title_sets_are_whole_and_backups_in_other_ecc_blocks() {
        let plan = plan(dvd_tree(&SET), &options(VideoProfile::Dvd)).unwrap();
        let at = |name| start(&plan, &std::format!("VIDEO_TS/{name}"));
        assert_eq!(at("VIDEO_TS.IFO") % 16, 0);
        assert_eq!(at("VIDEO_TS.BUP"), at("VIDEO_TS.IFO") + 16);
        let ifo = at("VTS_01_0.IFO");
        assert_eq!(ifo % 16, 0);
        assert_eq!(at("VTS_01_1.VOB"), ifo + 7);
        assert_eq!(at("VTS_01_2.VOB"), ifo + 107);
        assert_eq!(at("VTS_01_0.BUP"), ifo + 157);
        assert!(start(&plan, "AAA.TXT") > at("VTS_01_0.BUP"));
    }

    #[test]
    fn the_information_says_where_files_are() {
        let mut tree = dvd_tree(&SET);
        let mut bytes = vec![0; 7 * 2048];
        bytes[12..16].copy_from_slice(&199u32.to_be_bytes());
        bytes[196..200].copy_from_slice(&20u32.to_be_bytes());
        let ifo = tree.find("VIDEO_TS/VTS_01_0.IFO").unwrap();
        let content = Some(Arc::from(bytes));
        tree.set_details(ifo, Details { content, ..Details::default() });
        let planned = plan(tree.clone(), &options(VideoProfile::Dvd)).unwrap();
        let at = |name| start(&planned, &std::format!("VIDEO_TS/{name}"));
        assert_eq!(at("VTS_01_1.VOB"), at("VTS_01_0.IFO") + 20);
        assert_eq!(at("VTS_01_0.BUP"), at("VTS_01_0.IFO") + 193);
        let mut bytes = vec![0; 7 * 2048];
        bytes[12..16].copy_from_slice(&100u32.to_be_bytes());
        let content = Some(Arc::from(bytes));
        tree.set_details(ifo, Details { content, ..Details::default() });
        let error = plan(tree, &options(VideoProfile::Dvd)).unwrap_err();
        assert_eq!(error.path(), Some("VIDEO_TS/VTS_01_0.BUP"));
    }

    /// Titles of sets, each with the sector that `VIDEO_TS.IFO` says.
    fn with_titles(tree: &mut Tree, titles: &[(u8, u32)]) {
        let mut bytes = vec![0; 3 * 2048];
        bytes[196..200].copy_from_slice(&1u32.to_be_bytes());
        bytes[2048..2050].copy_from_slice(&u16::try_from(titles.len()).unwrap().to_be_bytes());
        for (title, (set, sector)) in bytes[2056..].chunks_exact_mut(12).zip(titles) {
            title[6] = *set;
            title[8..].copy_from_slice(&sector.to_be_bytes());
        }
        let manager = tree.find("VIDEO_TS/VIDEO_TS.IFO").unwrap();
        let content = Some(Arc::from(bytes));
        tree.set_details(manager, Details { content, ..Details::default() });
    }

    #[test]
    fn title_sets_are_where_the_titles_of_the_manager_say() {
        let mut files = SET.to_vec();
        files.extend([("VTS_02_0.IFO", 6), ("VTS_02_1.VOB", 20), ("VTS_02_0.BUP", 6)]);
        files.extend([("VTS_03_0.IFO", 1), ("VTS_03_1.VOB", 20), ("VTS_03_0.BUP", 1)]);
        let mut tree = dvd_tree(&files);
        // The second set comes first, between two ECC blocks; nothing says where the third is.
        with_titles(&mut tree, &[(1, 70), (2, 37), (2, 37)]);
        let planned = plan(tree.clone(), &options(VideoProfile::Dvd)).unwrap();
        let at = |name| start(&planned, &std::format!("VIDEO_TS/{name}"));
        let manager = at("VIDEO_TS.IFO");
        assert_eq!(manager % 16, 0);
        assert_eq!(at("VTS_02_0.IFO"), manager + 37);
        assert_eq!(at("VTS_02_0.BUP"), manager + 37 + 26);
        assert_eq!(at("VTS_01_0.IFO"), manager + 70);
        assert_eq!(at("VTS_03_0.IFO"), (manager + 70 + 164).next_multiple_of(16));

        with_titles(&mut tree, &[(1, 68), (2, 37)]);
        let error = plan(tree.clone(), &options(VideoProfile::Dvd)).unwrap_err();
        assert_eq!(error.path(), Some("VIDEO_TS/VTS_01_0.IFO"), "one block too early");
        with_titles(&mut tree, &[(1, 70), (2, 37), (2, 38)]);
        let error = plan(tree, &options(VideoProfile::Dvd)).unwrap_err();
        assert_eq!(error.path(), Some("VIDEO_TS/VIDEO_TS.IFO"));
    }

    #[test]
    fn other_names_of_files_are_files_of_their_own() {
        let mut tree = dvd_tree(&SET[1..]);
        let file = |tree: &Tree, name: &str| tree.find(&std::format!("VIDEO_TS/{name}")).unwrap();
        // The backup comes first, and what is elsewhere holds the video.
        let manager = file(&tree, "VIDEO_TS.IFO");
        tree.add_hard_link("VIDEO_TS/VIDEO_TS.BUP", manager).unwrap();
        tree.remove("VIDEO_TS/VTS_01_0.IFO").unwrap();
        let backup = file(&tree, "VTS_01_0.BUP");
        tree.add_hard_link("VIDEO_TS/VTS_01_0.IFO", backup).unwrap();
        tree.remove("VIDEO_TS/VTS_01_1.VOB").unwrap();
        let video =
            tree.add_file("A/film", SourceId(5), 100 * 2048, Attributes::default()).unwrap();
        tree.add_hard_link("VIDEO_TS/VTS_01_1.VOB", video).unwrap();
        tree.add_hard_link("B/film", video).unwrap();
        let linked = plan(tree, &options(VideoProfile::Dvd)).unwrap();
        let apart = plan(dvd_tree(&SET), &options(VideoProfile::Dvd)).unwrap();
        let places = |plan: &Plan| {
            let first = start(plan, "VIDEO_TS/VIDEO_TS.IFO");
            SET.map(|(name, _)| start(plan, &std::format!("VIDEO_TS/{name}")) - first)
        };
        assert_eq!(places(&linked), places(&apart));
        assert_eq!(start(&linked, "A/film"), start(&linked, "B/film"));
        assert_ne!(start(&linked, "A/film"), start(&linked, "VIDEO_TS/VTS_01_1.VOB"));
    }

    #[test]
    fn what_would_be_elsewhere_is_refused() {
        let refused = |details: &Details, options: &Options| {
            let mut tree = dvd_tree(&SET);
            let node = tree.find("VIDEO_TS/VTS_01_0.IFO").unwrap();
            tree.set_details(node, details.clone());
            plan(tree, options).unwrap_err()
        };
        let dvd = options(VideoProfile::Dvd);
        for hidden_in in [HiddenIn::all(), HiddenIn::UDF, HiddenIn::ISO9660] {
            let error = refused(&Details { hidden_in, ..Details::default() }, &dvd);
            assert_eq!(error.path(), Some("VIDEO_TS/VTS_01_0.IFO"), "{hidden_in:?}");
        }
        let session = SessionOptions { start: Lba(640), boot_catalog: None, udf: None };
        let session = Options { session: Some(session), ..dvd };
        let error = plan(dvd_tree(&SET), &session).unwrap_err();
        assert_eq!(error.path(), Some("VIDEO_TS"), "libdvdread reads the first session");
    }

    #[test]
    fn what_an_earlier_session_has_elsewhere_is_refused() {
        let udf = UdfOptions::of(UdfRevision::V2_50);
        let session = SessionOptions { start: Lba(640), boot_catalog: None, udf: None };
        let session = Options { udf, session: Some(session), ..options(VideoProfile::Bd) };
        let mut tree = Tree::new();
        let stream = "BDMV/STREAM/00000.m2ts";
        let node = tree.add_file(stream, SourceId(0), 6144, Attributes::default()).unwrap();
        assert!(plan(tree.clone(), &session).is_ok());
        let recorded = Some(Lba(500));
        tree.set_details(node, Details { recorded, ..Details::default() });
        assert_eq!(plan(tree, &session).unwrap_err().path(), Some(stream));
    }

    #[test]
    fn links_and_what_no_disc_has_room_for_are_refused() {
        let link = |tree: &mut Tree, path: &str| {
            tree.add_symlink(path, "../film", Attributes::default()).unwrap();
        };
        let mut linked = dvd_tree(&SET);
        link(&mut linked, "VIDEO_TS/VTS_01_3.VOB");
        let error = plan(linked, &options(VideoProfile::Dvd)).unwrap_err();
        assert_eq!(error.path(), Some("VIDEO_TS/VTS_01_3.VOB"));
        let udf = UdfOptions::of(UdfRevision::V2_50);
        let bd = Options { udf, ..options(VideoProfile::Bd) };
        let mut linked = Tree::new();
        link(&mut linked, "BDMV/STREAM/00000.m2ts");
        assert_eq!(plan(linked, &bd).unwrap_err().path(), Some("BDMV/STREAM/00000.m2ts"));
        let mut file = Tree::new();
        file.add_file("BDMV", SourceId(0), 5, Attributes::default()).unwrap();
        assert_eq!(plan(file, &bd).unwrap_err().path(), Some("BDMV"));
        let mut files = SET.to_vec();
        files.extend([("VTS_02_0.IFO", 6)]);
        let mut tree = dvd_tree(&files);
        for (sector, is_possible) in [(4_000_000, true), (2_000_000_000, false)] {
            with_titles(&mut tree, &[(2, sector)]);
            let planned = plan(tree.clone(), &options(VideoProfile::Dvd));
            assert_eq!(planned.is_ok(), is_possible, "{sector}");
        }
    }

    #[test]
    fn streams_of_a_bd_begin_with_a_cluster() {
        let mut tree = Tree::new();
        for (path, len) in [
            ("BDMV/index.bdmv", 100),
            ("BDMV/BACKUP/index.bdmv", 100),
            ("BDMV/STREAM/00000.m2ts", 50_000),
            ("BDMV/STREAM/00001.m2ts", 6144),
            ("zzz", 1),
        ] {
            tree.add_file(path, SourceId(0), len, Attributes::default()).unwrap();
        }
        let backed_up = tree.find("BDMV/index.bdmv").unwrap();
        tree.add_hard_link("BDMV/BACKUP/MovieObject.bdmv", backed_up).unwrap();
        let film = tree.add_file("A/film", SourceId(0), 6144, Attributes::default()).unwrap();
        tree.add_hard_link("BDMV/STREAM/00002.m2ts", film).unwrap();
        let udf = UdfOptions::of(UdfRevision::V2_50);
        let options = Options { udf, ..options(VideoProfile::Bd) };
        let plan = plan(tree, &options).unwrap();
        let at = |path| start(&plan, path);
        assert_eq!(at("BDMV/STREAM/00000.m2ts") % 32, 0);
        assert_eq!(at("BDMV/STREAM/00001.m2ts") % 32, 0);
        assert_eq!(at("BDMV/STREAM/00002.m2ts") % 32, 0);
        assert!(at("BDMV/BACKUP/MovieObject.bdmv") > at("BDMV/STREAM/00002.m2ts"));
        assert!(at("BDMV/index.bdmv") < at("zzz") && at("zzz") < at("BDMV/STREAM/00000.m2ts"));
        assert!(at("BDMV/BACKUP/index.bdmv") > at("BDMV/STREAM/00001.m2ts"));
    }

    #[test]
    fn what_no_player_reads_is_refused() {
        let refused = |tree, options: &Options| plan(tree, options).is_err();
        assert!(refused(Tree::new(), &options(VideoProfile::Dvd)));
        assert!(refused(Tree::new(), &options(VideoProfile::Bd)));
        assert!(refused(dvd_tree(&[("VTS_01_1.VOB", 5)]), &options(VideoProfile::Dvd)));
        assert!(refused(dvd_tree(&[("VTS_01_0.IFO", 5)]), &options(VideoProfile::Dvd)));
        let later = UdfOptions::of(UdfRevision::V2_01);
        assert!(refused(dvd_tree(&SET), &Options { udf: later, ..options(VideoProfile::Dvd) }));
    }
}
