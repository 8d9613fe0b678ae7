//! Discs of others without UDF that are added to: xorriso and isoinfo find all that was there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tests::{cache, packages, run};

use super::{LIMIT, build, says};

fn make_folder(folder: &Path) {
    fs::create_dir_all(folder.join("d")).unwrap();
    for (path, byte) in [("both", 1), ("d/joliet", 2), ("d/rock", 3)] {
        fs::write(folder.join(path), [byte; 5000]).unwrap();
    }
    fs::hard_link(folder.join("both"), folder.join("d/also")).unwrap();
    std::os::unix::fs::symlink("d/rock", folder.join("link")).unwrap();
    let pipe = folder.join("pipe");
    let made = run::output(run::command("mkfifo").arg(&pipe), LIMIT).unwrap();
    assert!(made.status.success(), "{}", made.stderr);
}

fn make_disc(program: &str, arguments: &[&str], folder: &Path, image: &Path) {
    let mut command = run::command(program);
    let made =
        run::output(command.args(arguments).arg("-o").arg(image).arg(folder), LIMIT).unwrap();
    assert!(made.status.success(), "{}", made.stderr);
}

/// Type, permissions, times and targets of all that xorriso shows.
fn shown(image: &Path) -> BTreeSet<String> {
    let image = image.to_str().unwrap();
    let said = says("xorriso", &["-indev", image, "-find", "/", "-exec", "lsdl", "--"]);
    let is_shown = |line: &&str| line.starts_with(['-', 'd', 'l', 'p']) && line.contains(" '/");
    said.lines().filter(is_shown).map(Into::into).collect()
}

/// Paths that isoinfo finds in one of the file systems.
fn paths(image: &Path, view: &str) -> BTreeSet<String> {
    let said = says("isoinfo", &[view, "-f", "-i", image.to_str().unwrap()]);
    said.lines().map(|path| path.trim_end_matches(";1").to_owned()).collect()
}

/// What isoinfo says of how many names a file has.
fn links(image: &Path, name: &str) -> String {
    let said = says("isoinfo", &["-R", "-l", "-i", image.to_str().unwrap()]);
    let line = said.lines().find(|line| line.trim_end().ends_with(&format!(" {name}"))).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn what_is_there_stays_as_rock_ridge_and_joliet_show_it() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (folder, new) = (at("folder"), at("new"));
    make_folder(&folder);
    fs::create_dir(&new).unwrap();
    fs::write(new.join("new"), [9; 3000]).unwrap();

    let hidden = ["-quiet", "-R", "-J", "-hide-joliet", "rock", "-hide", "joliet"];
    let linked = ["-as", "mkisofs", "-quiet", "-R", "-J", "--hardlinks"];
    for (program, arguments) in [("genisoimage", &hidden[..]), ("xorriso", &linked[..])] {
        let (base, grown) = (at(&format!("{program}.iso")), at(&format!("{program}-grown.iso")));
        make_disc(program, arguments, &folder, &base);
        build(&new, &grown, &["--append", base.to_str().unwrap()]);

        let before = shown(&base);
        assert!(before.len() >= 6, "{before:?}");
        let root = |line: &&String| line.ends_with(" '/'");
        let missing: Vec<_> =
            before.difference(&shown(&grown)).filter(|line| !root(line)).cloned().collect();
        assert_eq!(missing, [""; 0], "{program}");
        for view in ["-R", "-J"] {
            let mut wanted = paths(&base, view);
            wanted.insert("/new".to_owned());
            if view == "-J" {
                // genisoimage makes files of what Joliet does not have.
                wanted.retain(|path| path != "/link" && path != "/pipe");
            }
            assert_eq!(paths(&grown, view), wanted, "{program} {view}");
        }
        assert!(paths(&grown, "-J").contains("/d/joliet"), "{program}");
        if program == "xorriso" {
            assert_eq!((links(&base, "also"), links(&grown, "also")), ("2".into(), "2".into()));
        }
    }
}

/// What is not said anew is as it was: xorriso reads the descriptor, isoinfo the names.
#[test]
fn what_is_not_said_anew_is_as_it_was() {
    packages::debian().unwrap();
    let scratch = cache::scratch().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (folder, new) = (at("folder"), at("new"));
    make_folder(&folder);
    fs::create_dir(&new).unwrap();
    fs::create_dir_all(folder.join("1/2/3/4/5/6/7/8/9")).unwrap();
    let long = format!("{}.txt", "n".repeat(85));
    for name in ["copying.txt", "abstract.txt", &long] {
        fs::write(folder.join(name), name).unwrap();
    }
    fs::write(new.join("another long name.text"), "new").unwrap();

    let ours = "--publisher PUBLISHER --preparer PREPARER --application APPLICATION --system-id SYSTEM --volume-set SET \
                --copyright-file copying.txt --abstract-file abstract.txt --expires 2000000000 --effective 1000000000 \
                --iso-level 1 --joliet-long --deep relocate --xa --volume VOLUME";
    let mkisofs = "-quiet -R -J -joliet-long -V VOLUME -publisher PUBLISHER -p PREPARER -A APPLICATION -sysid SYSTEM \
                   -volset SET -copyright copying.txt -abstract abstract.txt";
    for program in ["discwright", "genisoimage"] {
        let (base, grown) = (at(&format!("{program}.iso")), at(&format!("{program}-grown.iso")));
        if program == "discwright" {
            build(&folder, &base, &ours.split_whitespace().collect::<Vec<_>>());
        } else {
            let arguments: Vec<_> = mkisofs.split_whitespace().collect();
            make_disc(program, &arguments, &folder, &base);
        }
        build(&new, &grown, &["--append", base.to_str().unwrap()]);
        assert_eq!(descriptor(&grown), descriptor(&base), "{program}");
        let has = |view, name: &str| paths(&grown, view).iter().any(|path| path.ends_with(name));
        assert!(has("-J", &long) && has("-J", "another long name.text"), "{program}");
        assert!(has("-l", "/ANOTHER_.TEX"), "{program}: {:?}", paths(&grown, "-l"));
        let deep = |image| paths(image, "-l").into_iter().find(|path| path.ends_with("/8/9"));
        assert_eq!(deep(&grown), deep(&base), "{program}");
    }
    let signature = |image: &Path| fs::read(image).unwrap()[16 * 2048 + 1024..][..8].to_vec();
    assert_eq!(signature(&at("discwright-grown.iso")), b"CD-XA001");

    // What is said wins.
    let (base, other) = (at("discwright.iso"), at("other.iso"));
    let said = ["--append", base.to_str().unwrap(), "--publisher", "", "--iso-level", "3"];
    build(&new, &other, &said);
    assert!(descriptor(&other).contains(&"PUBLISHER ID :".to_owned()));
    assert!(descriptor(&other).contains(&"PREPARER ID  : PREPARER".to_owned()));
    assert!(paths(&other, "-l").iter().any(|path| path.ends_with("/ANOTHER_LONG_NAME.TEXT")));
}

/// What xorriso reads in the primary volume descriptor, but for when it was made. genisoimage writes names of files as they were
/// given to it.
fn descriptor(image: &Path) -> Vec<String> {
    let said = says("xorriso", &["-indev", image.to_str().unwrap(), "-pvd_info"]);
    let lines = said.lines().skip_while(|line| !line.starts_with("Volume Id "));
    let lines = lines.take_while(|line| line.contains(':'));
    let is_kept = |line: &&str| !["Creation", "Modif"].iter().any(|part| line.starts_with(part));
    let told = |line: &str| line.trim_end().trim_end_matches(";1").to_uppercase();
    lines.filter(is_kept).map(told).collect()
}
