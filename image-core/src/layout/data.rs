//! Where the bytes of the files go, one extent after the other: the weightiest first, equal ones once, large ones on a
//! boundary of the medium.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Side;
use super::content::Content;
use super::cursor::Cursor;
use super::udf::Form;
use crate::address::Lba;
use crate::{BLOCK_SIZE, order};

/// What tells equal files: SHA-256 and length.
type Likeness = ([u8; 32], u64);

/// The items on one side that are to have data of their own and have none yet, in the order in which they are recorded.
pub(super) fn of_side(content: &Content, side: Side) -> Vec<u32> {
    let mut items = in_order(content);
    items.retain(|item| side.has(content, Some(*item)));
    items
}

/// Gives each of these files its extent, and fills in the data addresses of `content`.
pub(super) fn place(content: &mut Content, order: Vec<u32>, cursor: &mut Cursor) {
    let layout = content.options.layout.clone();
    let mut data = core::mem::take(&mut content.data);
    let mut files = core::mem::take(&mut content.files);
    let mut set = |item: u32, start: Lba| {
        if let Some(slot) = data.get_mut(item as usize) {
            *slot = start;
        }
        start
    };
    let mut sharing = core::mem::take(&mut content.sharing);
    let mut placed: BTreeMap<Likeness, Lba> = BTreeMap::new();
    let mut starts: BTreeMap<u32, Lba> = BTreeMap::new();
    for item in order {
        let Some((_, len)) = content.file(item) else { continue };
        let likeness = likeness(content, item, len);
        if let Some(start) = likeness.as_ref().and_then(|likeness| placed.get(likeness)) {
            set(item, *start);
            sharing.push(item);
            continue;
        }
        match content.video.of(item) {
            Some(place) => {
                cursor.align_end(0, place.alignment.into());
                // What it follows comes before it.
                if let Some((first, offset)) = place.follows
                    && let Some(first) = starts.get(&first)
                {
                    cursor.skip_to(first.plus(offset));
                }
            }
            None => cursor.align_end(0, layout.alignment_of(len).into()),
        }
        // What does not fit 32 bits is refused once the image has been measured.
        let start = set(item, cursor.take(len.div_ceil(BLOCK_SIZE as u64)));
        placed.extend(likeness.map(|likeness| (likeness, start)));
        if content.video.of(item).is_some() {
            starts.insert(item, start);
        }
        files.push(item);
    }
    content.data = data;
    content.files = files;
    content.sharing = sharing;
}

/// Says where the files are that are on the disc already.
pub(super) fn place_recorded(content: &mut Content) {
    for item in 0..content.catalog.len() {
        if let Some(start) = content.recorded_at(item) {
            content.set_data(Some(item), start);
        }
    }
}

/// Gives every hard link the data of its file, when all files have theirs.
pub(super) fn place_links(content: &mut Content) {
    for (link, file) in content.catalog.hard_links() {
        let start = content.data_of(file);
        if let Some(slot) = content.data.get_mut(link as usize) {
            *slot = start;
        }
        content.sharing.push(link);
    }
    let mut sharing = core::mem::take(&mut content.sharing);
    order::sort_by_key(&mut sharing, |item| (content.data_of(item), item));
    content.sharing = sharing;
}

/// The items that are to have data of their own, in the order in which they are recorded.
fn in_order(content: &Content) -> Vec<u32> {
    let has_data = |item: &u32| {
        content.file(*item).is_some_and(|(_, len)| len > 0)
            && content.catalog.entry_item(*item) == *item
            && content.is_recorded(*item)
            && !content.is_pinned(*item)
            && content.recorded_at(*item).is_none()
            && !content.is_embedded(*item)
    };
    let mut items: Vec<u32> = (0..content.catalog.len()).filter(has_data).collect();
    if content.tree.detailed().any(|(_, details)| details.weight != 0) {
        order::sort_by_key(&mut items, |item| Reverse(content.file_details(item).weight));
    }
    content.video.sort(&mut items);
    items
}

/// By which a file is the same as others; `None` for one that has to stand alone.
fn likeness(content: &Content, item: u32, len: u64) -> Option<Likeness> {
    let is_in_place = content.options.file_systems.udf && Form::new(&content.options).has_bitmap();
    if !content.options.layout.deduplicate || is_in_place {
        return None;
    }
    let details = content.file_details(item);
    if content.video.of(item).is_some() {
        return None;
    }
    // What the image knows the bytes of, it may change.
    let digest = details.digest.filter(|_| details.content.is_none())?;
    Some((digest, len))
}

impl Content {
    /// All items whose data begin where those of `item` do: itself, its other names and its equals.
    pub(crate) fn sharers(&self, item: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.data_of(item);
        let first = self.sharing.partition_point(|other| self.data_of(*other) < start);
        let others = self.sharing.get(first..).unwrap_or_default();
        let others = others.iter().copied().take_while(move |other| self.data_of(*other) == start);
        core::iter::once(item).chain(others)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::*;
    use crate::options::boot::{
        BootEntry, BootImage, ElTorito, Hybrid, PartitionTable, Platform, SystemPartition,
    };
    use crate::tree::{Details, HiddenIn};
    use crate::{Attributes, LayoutOptions, Options, Plan, PlanError, SourceId, Tree};

    /// Files of a length, a weight and a digest made of one byte; 0 is none.
    fn planned(files: &[(&str, u64, i32, u8)], layout: LayoutOptions) -> Plan {
        let mut tree = Tree::new();
        for (number, (path, len, weight, digest)) in (0..).zip(files) {
            let id = tree.add_file(path, SourceId(number), *len, Attributes::default()).unwrap();
            let digest = (*digest > 0).then_some([*digest; 32]);
            tree.set_details(id, Details { weight: *weight, digest, ..Details::default() });
        }
        crate::plan(tree, &Options { layout, ..Options::default() }).unwrap()
    }

    fn start(plan: &Plan, path: &str) -> u32 {
        plan.extent(plan.tree().find(path).unwrap()).unwrap().0.0
    }

    fn paths_at(plan: &Plan, lba: u32) -> Vec<String> {
        plan.files_at(Lba(lba)).map(|node| plan.tree().path(node)).collect()
    }

    fn deduplicating() -> LayoutOptions {
        LayoutOptions { deduplicate: true, ..LayoutOptions::default() }
    }

    #[test]
    fn weight_comes_before_name() {
        let files = [("a", 10, 0, 0), ("b", 10, -5, 0), ("c", 10, 7, 0), ("d/e", 10, 7, 0)];
        let plan = planned(&files, LayoutOptions::default());
        let order = ["c", "d/e", "a", "b"].map(|path| start(&plan, path));
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn equal_files_share_where_that_is_asked_for() {
        let files = [("a", 5000, 0, 1), ("b", 5000, 0, 2), ("c", 5000, 3, 1), ("d", 4999, 0, 1)];
        let plan = planned(&files, deduplicating());
        let at = |path| start(&plan, path);
        assert_eq!(at("a"), at("c"));
        assert!(at("b") != at("a") && at("d") != at("a"), "another digest, another length");
        assert!(at("c") < at("b"), "the weightiest decides");
        assert_eq!(paths_at(&plan, at("a") + 2), ["c", "a"]);
        assert_eq!(paths_at(&plan, at("b")), ["b"]);
        assert_eq!(paths_at(&plan, at("a") - 1), [""; 0]);
        let apart = planned(&files, LayoutOptions::default());
        assert!(start(&apart, "a") != start(&apart, "c"));
        assert!(apart.size_blocks() >= plan.size_blocks());
    }

    #[test]
    fn equal_files_stand_apart_where_one_may_be_written_to() {
        use crate::options::{UdfOptions, UdfPartition};
        for (partition, shares) in
            [(UdfPartition::ReadOnly, true), (UdfPartition::Overwritable, false)]
        {
            let mut tree = Tree::new();
            for (path, hidden_in) in
                [("a", HiddenIn::empty()), ("b", HiddenIn::empty()), ("c", HiddenIn::UDF)]
            {
                let id = tree.add_file(path, SourceId(0), 5000, Attributes::default()).unwrap();
                let digest = Some([1; 32]);
                tree.set_details(id, Details { digest, hidden_in, ..Details::default() });
            }
            let udf = UdfOptions { partition, ..UdfOptions::default() };
            let options = Options { layout: deduplicating(), udf, ..Options::default() };
            let plan = crate::plan(tree, &options).unwrap();
            for other in ["b", "c"] {
                assert_eq!(start(&plan, other) == start(&plan, "a"), shares, "{other}");
            }
            assert_eq!(start(&plan, "b") == start(&plan, "c"), shares);
        }
    }

    #[test]
    fn names_of_one_file_are_all_found() {
        let mut tree = Tree::new();
        let file = tree.add_file("m", SourceId(0), 3000, Attributes::default()).unwrap();
        let equal = tree.add_file("n", SourceId(1), 3000, Attributes::default()).unwrap();
        for id in [file, equal] {
            tree.set_details(id, Details { digest: Some([9; 32]), ..Details::default() });
        }
        tree.add_hard_link("a", file).unwrap();
        tree.add_hard_link("z", equal).unwrap();
        let options = Options { layout: deduplicating(), ..Options::default() };
        let plan = crate::plan(tree, &options).unwrap();
        let mut found = paths_at(&plan, start(&plan, "z") + 1);
        found.sort();
        assert_eq!(found, ["a", "m", "n", "z"]);
    }

    #[test]
    fn a_boot_image_behind_all_files_has_its_other_names() {
        let mut tree = Tree::new();
        let image = tree.add_file("efi.img", SourceId(0), 9000, Attributes::default()).unwrap();
        tree.add_hard_link("copy", image).unwrap();
        let uefi = BootEntry::new(BootImage::File(String::from("efi.img")));
        let mut options = Options::default();
        options.boot.el_torito = Some(ElTorito::new(Platform::UEFI, uefi));
        let system_partition = SystemPartition::Appended;
        options.boot.hybrid = Some(Hybrid { system_partition, ..Hybrid::new(PartitionTable::Mbr) });
        let plan = crate::plan(tree, &options).unwrap();
        assert!(start(&plan, "efi.img") > 0);
        assert_eq!(start(&plan, "copy"), start(&plan, "efi.img"));
        assert_eq!(paths_at(&plan, start(&plan, "efi.img")), ["efi.img", "copy"]);
    }

    #[test]
    fn bytes_that_the_image_may_change_are_not_shared() {
        let mut tree = Tree::new();
        let content: Arc<[u8]> = [7; 3000].into();
        for (path, content) in [("a", None), ("b", Some(content))] {
            let id = tree.add_file(path, SourceId(0), 3000, Attributes::default()).unwrap();
            let digest = Some([9; 32]);
            tree.set_details(id, Details { digest, content, ..Details::default() });
        }
        let options = Options { layout: deduplicating(), ..Options::default() };
        let plan = crate::plan(tree, &options).unwrap();
        assert!(start(&plan, "a") != start(&plan, "b"));
    }

    #[test]
    fn large_files_begin_on_a_boundary() {
        let files = [("a", 1, 0, 0), ("b", 100_000, 0, 0), ("c", 1, 0, 0), ("d", 99_999, 0, 0)];
        for alignment in [0, 1, 2, 16, 32] {
            let layout =
                LayoutOptions { alignment, align_from: 100_000, ..LayoutOptions::default() };
            let plan = planned(&files, layout);
            assert!(start(&plan, "b").is_multiple_of(alignment.max(1)));
            assert_eq!(start(&plan, "c"), start(&plan, "b") + 49);
            assert_eq!(start(&plan, "d"), start(&plan, "c") + 1, "too short to be aligned");
        }
    }

    #[test]
    fn a_budget_says_by_how_much_it_is_exceeded() {
        let mut tree = Tree::new();
        tree.add_file("a", SourceId(0), 10_000_000, Attributes::default()).unwrap();
        let with = |max_blocks| {
            let layout = LayoutOptions { max_blocks, ..LayoutOptions::default() };
            crate::plan(tree.clone(), &Options { layout, ..Options::default() })
        };
        let blocks = with(None).unwrap().size_blocks();
        assert!(with(Some(blocks)).is_ok());
        let error = with(Some(blocks - 3)).unwrap_err();
        assert_eq!(error, PlanError::OverBudget { blocks, max_blocks: blocks - 3 });
        let words = alloc::format!("{error}");
        assert!(words.contains(" bytes, 6144 more than the "), "{words}");
    }

    #[test]
    fn the_order_of_adding_and_the_sources_change_nothing() {
        let mut files = [("a", 5000, 0, 1), ("b", 5000, 2, 2), ("c", 5000, 0, 1), ("d", 7, 2, 0)];
        let bytes = |plan: &Plan| {
            let mut image = Vec::new();
            for segment in plan.segments() {
                let from = image.len();
                image.resize(from + usize::try_from(segment.len()).unwrap(), 0);
                if let crate::Segment::Metadata { start, .. } = segment {
                    plan.render(start, &mut image[from..]);
                }
            }
            image
        };
        let first = bytes(&planned(&files, deduplicating()));
        files.reverse();
        assert!(bytes(&planned(&files, deduplicating())) == first);
        files[0].2 = -1;
        assert!(bytes(&planned(&files, deduplicating())) != first);
    }
}
