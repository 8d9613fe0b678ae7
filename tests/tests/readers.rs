//! The readers themselves, asked about images that no program of ours wrote. What fails here is the harness, or image-core's
//! reader, which is asked about UDF volumes of every form; not the writer.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;
use tests::cache;
use tests::image::Maker;
use tests::matrix::{self, Case, Source};
use tests::oracle::{Limit, View, What};

const ISO: &[View] = &[View::Plain, View::RockRidge, View::Joliet];
const ROCK_RIDGE: &[View] = &[View::Plain, View::RockRidge];

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let images = Arc::new(cache::scratch()?);
    if matrix::ready()? {
        let mild = Source::mild();
        let mut bridge = Case::new(&mild, Maker::Genisoimage, &View::ALL, 2);
        bridge.faults = &[Limit {
            view: Some(View::Udf),
            what: What::Links,
            reason: "genisoimage writes empty files for links in UDF",
        }];
        trials.extend(bridge.trials(&images, |_| true, true));
        trials.extend(Case::new(&mild, Maker::Xorriso, ISO, 3).trials(&images, |_| true, true));
        trials.extend(Case::new(&mild, Maker::Genisoimage, ROCK_RIDGE, 1).trials(
            &images,
            |_| true,
            false,
        ));
        trials.extend(Case::new(&mild, Maker::Genisoimage, &[View::Plain], 1).trials(
            &images,
            |_| true,
            false,
        ));
        #[cfg(unix)]
        trials.extend(tests::foreign_udf::trials());
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(images);
    Ok(conclusion.exit_code())
}
