use std::fs;

use clap::Parser as _;
use image_core::{
    DeepDirectories, DiscTime, EnhancedTree, FileSystems, Iso9660Options, IsoLevel, IsoNameRules,
    JolietLength, Options, RockRidgeVersion, SourceId, Tree, UdfOptions, UdfRevision,
};

use super::*;

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn options(line: &[&str]) -> Options {
    args(line).unwrap().image.options(&["x".into()], &Target::default()).unwrap()
}

fn args(line: &[&str]) -> Result<Args, clap::Error> {
    Line::try_parse_from(["build"].iter().chain(line)).map(|line| line.args)
}

#[test]
fn an_output_or_a_question_is_needed() {
    assert!(args(&["-o", "a.iso", "folder"]).is_ok());
    assert!(args(&["--size", "folder"]).is_ok());
    assert!(args(&["folder"]).is_err());
    assert!(args(&["-o", "a.iso"]).is_err());
    assert!(args(&["--size", "--iso-level", "5", "folder"]).is_err());
    assert!(args(&["--size", "--iso-level", "4", "folder"]).is_ok());
    assert!(args(&["--size", "--media", "floppy", "folder"]).is_err());
    assert!(args(&["--size", "--udf", "2.60", "folder"]).is_ok());
    assert!(args(&["--size", "--udf", "3.00", "folder"]).is_err());
}

#[test]
fn options_are_taken_over() {
    let line =
        ["--size", "--fs", "iso,udf", "--iso-level", "1", "--volume", "V", "--epoch", "-1", "x"];
    let options = options(&line);
    let systems = FileSystems { iso9660: true, joliet: false, rock_ridge: false, udf: true };
    assert_eq!((options.file_systems, options.iso9660.level), (systems, IsoLevel::One));
    assert_eq!((options.volume_id.as_str(), options.created.to_unix()), ("V", -1));
}

#[test]
fn options_of_iso_9660_are_taken_over() {
    let line = [
        "--size",
        "--iso-level",
        "4",
        "--iso-enhanced",
        "shared",
        "--iso-names",
        "allow-lowercase,omit-period",
        "--deep",
        "relocate",
        "--xa",
        "--joliet-long",
        "--rock-ridge",
        "1.10",
        "--long-times",
        "--publisher",
        "Me",
        "--expires",
        "9",
        "--strict",
        "x",
    ];
    let options = options(&line);
    let names = IsoNameRules { lower_case: true, omit_period: true, ..IsoNameRules::default() };
    let iso9660 = Iso9660Options {
        level: IsoLevel::Four,
        names,
        enhanced: EnhancedTree::Shared,
        deep_directories: DeepDirectories::Relocate,
        xa: true,
    };
    assert_eq!(options.iso9660, iso9660);
    assert_eq!(options.joliet.length, JolietLength::Up103);
    assert_eq!(options.rock_ridge.version, RockRidgeVersion::V1_10);
    assert!(options.rock_ridge.long_times && options.strict);
    assert_eq!(options.identifiers.publisher, "Me");
    assert_eq!(options.dates.expiration.map(DiscTime::to_unix), Some(9));
}

#[test]
fn a_player_has_its_revision_of_udf() {
    let udf = |line: &[&str]| options(&[&["--size"], line, &["x"]].concat()).udf;
    let (dvd, bd) = (UdfOptions::of(UdfRevision::V1_02), UdfOptions::of(UdfRevision::V2_50));
    assert_eq!(udf(&["--video", "bd"]), bd);
    assert_eq!(udf(&["--video", "bd", "--media", "dvd"]), bd);
    assert_eq!(udf(&["--video", "dvd"]), dvd);
    assert_eq!(udf(&["--video", "dvd", "--media", "bd"]), dvd);
    for (line, is_read) in [
        (["--video", "bd", "--udf", "2.50"], true),
        (["--video", "bd", "--udf", "2.60"], false),
        (["--video", "bd", "--udf", "2.01"], false),
        (["--video", "dvd", "--udf", "1.02"], true),
        (["--video", "dvd", "--udf", "2.50"], false),
    ] {
        let args = args(&[&["--size"], line.as_slice(), &["x"]].concat()).unwrap();
        let planned =
            args.image.plan(&args.paths, None, Target::default(), &AtomicBool::new(false));
        let Err(error) = planned else { panic!("{line:?}: x is not there") };
        let said = format!("{error:?}");
        assert_eq!(said.contains("Usage") && said.contains("leave --udf out"), !is_read, "{said}");
    }
}

#[test]
fn one_folder_gives_the_volume_its_name() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("photos");
    fs::create_dir(&folder).unwrap();
    let folder = folder.into_os_string();
    assert_eq!(image::default_volume(core::slice::from_ref(&folder)), "photos");
    let inside = format!("x={}/.", folder.display()).into();
    assert_eq!(image::default_volume(&[inside]), "photos");
    assert_eq!(image::default_volume(&[folder.clone(), folder]), "DISC");
}

#[test]
fn what_does_not_fit_is_told_what_it_fits_on() {
    let mut tree = Tree::new();
    tree.add_file("a", SourceId(0), 5_000_000_000, image_core::Attributes::default()).unwrap();
    let plan = image_core::plan(tree, &Options::default()).unwrap();
    let error = format!("{:?}", check_fits(&plan, Medium::Dvd).unwrap_err());
    assert!(error.contains("Medium") && error.contains("--media dvd-dl"), "{error}");
    assert!(check_fits(&plan, Medium::DvdDl).is_ok());
}

#[test]
fn options_are_given_that_say_something_else_than_usual() {
    let given = |line: &[&str]| {
        let args = args(&[&["--size"], line, &["x"]].concat()).unwrap();
        (args.image.is_default(), args.image.of_contents().join(" "))
    };
    assert_eq!(given(&[]), (true, String::new()));
    assert_eq!(given(&["--reflink", "never", "--json"]), (true, String::new()));
    assert_eq!(given(&["--rock-ridge", "1.12", "--attributes", "full"]), (true, String::new()));
    assert_eq!(given(&["--warnings", "--max-size", "7"]), (false, String::new()));
    let line = ["--dedup", "--fs", "iso,udf", "--hide-udf", "a", "--hide-udf", "b", "--epoch=-1"];
    let (is_default, names) = given(&line);
    assert!(!is_default);
    for name in ["--dedup", "--fs", "--hide-udf", "--epoch"] {
        assert_eq!(names.split(' ').filter(|found| *found == name).count(), 1, "{names}");
    }
}

/// A misspelt name in the table would never be refused.
#[test]
fn all_that_is_looked_for_is_an_option() {
    use clap::CommandFactory as _;
    let line = Line::command();
    let known: Vec<String> =
        line.get_arguments().filter_map(|arg| Some(format!("--{}", arg.get_long()?))).collect();
    for name in needs::names().chain(image::OF_NO_CONTENTS) {
        assert!(known.iter().any(|known| known == name), "{name}");
    }
}
