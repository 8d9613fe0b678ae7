use std::format;

use super::*;

#[test]
fn parents_are_made_and_found() {
    let mut tree = Tree::new();
    let file = tree.add_file("a/b/c.txt", SourceId(7), 3, Attributes::default()).unwrap();
    assert_eq!(tree.path(file), "a/b/c.txt");
    assert_eq!(tree.find("/a/b/c.txt"), Some(file));
    assert_eq!(tree.find(""), Some(NodeId::ROOT));
    assert_eq!(tree.kind(file), Kind::File { source: SourceId(7), len: 3 });
    assert_eq!((tree.len(), tree.file_count(), tree.directory_count()), (4, 1, 3));
}

#[test]
fn directories_take_new_attributes() {
    let mut tree = Tree::new();
    let made = tree.add_directory("a", Attributes::default()).unwrap();
    let mode = Attributes { mode: Some(0o700), ..Attributes::default() };
    assert_eq!(tree.add_directory("a", mode), Ok(made));
    assert_eq!(tree.attributes(made), mode);
}

#[test]
fn refusals_leave_the_tree_alone() {
    let mut tree = Tree::new();
    tree.add_file("a", SourceId(0), 0, Attributes::default()).unwrap();
    for path in ["", "/", "x//y", "x/./y", "x/..", "nul\0"] {
        let refused = tree.add_file(path, SourceId(1), 0, Attributes::default());
        assert!(matches!(refused, Err(AddError::InvalidName { .. })), "{path:?}: {refused:?}");
    }
    let again = tree.add_symlink("a", "b", Attributes::default());
    assert_eq!(again, Err(AddError::Exists { path: "a".into() }));
    let below = tree.add_file("a/b", SourceId(1), 0, Attributes::default());
    assert!(matches!(below, Err(AddError::NotADirectory { .. })));
    let empty = tree.add_symlink("l", "", Attributes::default());
    assert!(matches!(empty, Err(AddError::InvalidTarget { .. })));
    assert_eq!(tree.file_count(), 1);
    assert_eq!(tree.text, "a");
}

#[test]
fn many_children_are_found() {
    let mut tree = Tree::new();
    for i in 0..5000 {
        tree.add_file(&format!("d/f{i}"), SourceId(i), 1, Attributes::default()).unwrap();
    }
    for i in 0..5000 {
        let id = tree.find(&format!("d/f{i}")).unwrap();
        assert_eq!(tree.name(id), format!("f{i}"));
    }
    assert_eq!(tree.find("d/f5000"), None);
    assert_eq!(tree.children(tree.find("d").unwrap()).count(), 5000);
}

/// Paths with what they are, in order.
fn listing(tree: &Tree) -> Vec<String> {
    let mut lines = Vec::new();
    let mut pending = Vec::from([NodeId::ROOT]);
    while let Some(at) = pending.pop() {
        for child in tree.children(at) {
            pending.push(child);
            let details = tree.details(child).weight;
            let mode = tree.attributes(child).mode;
            lines.push(format!("{} {:?} {details} {mode:?}", tree.path(child), tree.kind(child)));
            assert_eq!(tree.find(&tree.path(child)), Some(child));
        }
    }
    lines.push(format!("{} {} {}", tree.len(), tree.file_count(), tree.directory_count()));
    lines
}

fn sample() -> Tree {
    let mut tree = Tree::new();
    for path in ["a/1", "a/2", "a/b/3", "c/4", "5"] {
        tree.add_file(path, SourceId(0), 1, Attributes::default()).unwrap();
    }
    tree
}

#[test]
fn entries_are_removed_with_what_is_below() {
    let mut tree = sample();
    tree.remove("a").unwrap();
    assert_eq!((tree.len(), tree.file_count(), tree.directory_count()), (4, 2, 2));
    assert_eq!((tree.find("a"), tree.find("a/b/3")), (None, None));
    assert!(tree.find("c/4").is_some());
    tree.add_file("a", SourceId(9), 0, Attributes::default()).unwrap();
    assert_eq!(tree.remove("nothing"), Err(EditError::NotFound { path: "nothing".into() }));
    assert_eq!(tree.remove("/"), Err(EditError::Root));
}

#[test]
fn entries_are_renamed_with_what_is_below() {
    let mut tree = sample();
    let deep = tree.find("a/b/3").unwrap();
    tree.rename("a", "new/place").unwrap();
    assert_eq!(tree.path(deep), "new/place/b/3");
    assert_eq!(tree.find("new/place/b/3"), Some(deep));
    assert_eq!(tree.find("a/b/3"), None);
    let before = listing(&tree);
    let taken = tree.rename("5", "c/4");
    assert_eq!(taken, Err(EditError::Place(AddError::Exists { path: "c/4".into() })));
    assert!(matches!(tree.rename("new", "new/place/x"), Err(EditError::IntoItself { .. })));
    assert!(matches!(tree.rename("5", "fresh/.."), Err(EditError::Place(_))));
    assert_eq!(tree.rename("5", "/5"), Ok(()));
    assert_eq!(listing(&tree), before);
}

#[test]
fn many_removals_leave_the_rest_to_be_found() {
    let mut tree = Tree::new();
    for i in 0..4000 {
        tree.add_file(&format!("d/f{i}"), SourceId(i), 1, Attributes::default()).unwrap();
    }
    for i in (0..4000).filter(|i| i % 3 != 0) {
        tree.remove(&format!("d/f{i}")).unwrap();
    }
    for i in 0..4000 {
        assert_eq!(tree.find(&format!("d/f{i}")).is_some(), i % 3 == 0, "{i}");
    }
    assert_eq!(tree.children(tree.find("d").unwrap()).count(), 1334);
}

#[test]
fn a_hard_link_is_what_it_names() {
    let mut tree = sample();
    let mode = Attributes { mode: Some(0o600), ..Attributes::default() };
    let file = tree.add_file("file", SourceId(3), 8, mode).unwrap();
    let link = tree.add_hard_link("x/link", file).unwrap();
    let second = tree.add_hard_link("x/second", link).unwrap();
    assert_eq!((tree.link_of(second), tree.is_hard_link(second)), (file, true));
    assert_eq!(tree.kind(link), Kind::File { source: SourceId(3), len: 8 });
    assert_eq!(tree.attributes(link), mode);
    assert_eq!(tree.file_count(), 6, "a second name is not a second file");
    let directory = tree.find("a").unwrap();
    let refused = tree.add_hard_link("y", directory);
    assert!(matches!(refused, Err(AddError::NotLinkable { .. })));
    assert_eq!(tree.find("y"), None);
}

#[test]
fn a_file_outlives_its_first_name() {
    let mut tree = Tree::new();
    let file = tree.add_file("d/file", SourceId(3), 8, Attributes::default()).unwrap();
    tree.set_details(file, Details { weight: 5, hidden: true, ..Details::default() });
    let inside = tree.add_hard_link("d/inside", file).unwrap();
    let heir = tree.add_hard_link("heir", file).unwrap();
    let other = tree.add_hard_link("other", file).unwrap();
    let before = listing(&tree);
    let point = tree.change_point();
    tree.remove("d").unwrap();
    assert_eq!((tree.len(), tree.file_count()), (3, 1));
    assert_eq!((tree.link_of(heir), tree.link_of(other)), (heir, heir));
    assert_eq!(tree.kind(other), Kind::File { source: SourceId(3), len: 8 });
    assert_eq!((tree.details(heir).weight, tree.details(heir).hidden), (5, false));
    tree.remove("heir").unwrap();
    assert_eq!((tree.link_of(other), tree.file_count()), (other, 1));
    tree.roll_back(point).unwrap();
    assert_eq!(listing(&tree), before);
    assert_eq!((tree.link_of(inside), tree.link_of(heir)), (file, file));
}

#[test]
fn change_points_take_everything_back() {
    let mut tree = sample();
    let before = listing(&tree);
    let first = tree.change_point();
    tree.add_symlink("a/link", "1", Attributes::default()).unwrap();
    tree.rename("a/b", "moved").unwrap();
    tree.rename("a/link", "moved/link").unwrap();
    let between = listing(&tree);
    let second = tree.change_point();
    tree.remove("moved").unwrap();
    tree.set_details(tree.find("5").unwrap(), Details { weight: 3, ..Details::default() });
    tree.add_directory("c", Attributes { mode: Some(0), ..Attributes::default() }).unwrap();
    for i in 0..200 {
        tree.add_file(&format!("more/{i}"), SourceId(i), 1, Attributes::default()).unwrap();
    }
    tree.roll_back(second).unwrap();
    assert_eq!(listing(&tree), between);
    tree.remove("c").unwrap();
    tree.roll_back(first).unwrap();
    assert_eq!(listing(&tree), before);
    assert_eq!(tree.roll_back(second), Err(PointGone));
    tree.remove("5").unwrap();
    tree.lock_in();
    assert_eq!(tree.roll_back(first), Err(PointGone));
    assert_eq!(tree.find("5"), None);
}

#[test]
fn a_batch_is_added_whole_or_not_at_all() {
    let mut tree = sample();
    let before = listing(&tree);
    let failed = tree.batch(|tree| {
        tree.add_file("new/1", SourceId(1), 1, Attributes::default())?;
        tree.lock_in();
        tree.batch(|tree| tree.add_file("new/2", SourceId(1), 1, Attributes::default()))?;
        tree.add_file("5", SourceId(1), 1, Attributes::default())
    });
    assert_eq!(failed, Err(AddError::Exists { path: "5".into() }));
    assert_eq!(listing(&tree), before);
    let text = tree.text.len();
    let made = tree.batch(|tree| tree.add_file("new/1", SourceId(1), 1, Attributes::default()));
    assert_eq!(tree.find("new/1"), made.ok());
    assert_eq!(tree.text.len(), text + "new1".len());
}
