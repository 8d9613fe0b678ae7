//! Times that a structure cannot hold: the nearest that it can takes their place.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::{First, Warning};
use crate::layout::{Content, System};
use crate::time::DiscTime;

/// Years that a directory record can hold, and a short time stamp of Rock Ridge. ECMA-119 9.1.5, RRIP 4.1.6.
const RECORD_YEARS: RangeInclusive<i32> = 1900..=2155;
/// Years that volume descriptors, long time stamps of Rock Ridge and UDF can hold. ECMA-119 8.4.26.1, ECMA-167 1/7.3.2.
const FOUR_DIGITS: RangeInclusive<i32> = 1..=9999;

/// Directory records have the time of modification alone, Rock Ridge all of them.
pub(super) fn iso9660(content: &Content, found: &mut Vec<Warning>) {
    let rock_ridge = content.options.file_systems.rock_ridge;
    let years = if content.options.rock_ridge.long_times { FOUR_DIGITS } else { RECORD_YEARS };
    let outside = |item| {
        let [modified, others @ ..] = times(content, item);
        !in_years(modified, &RECORD_YEARS)
            || rock_ridge && others.iter().any(|time| !in_years(*time, &years))
    };
    let first = first(content, System::Iso9660, outside);
    found.extend(first.report(content, |path, more| Warning::DateOutOfRange { path, more }));
}

pub(super) fn udf(content: &Content, found: &mut Vec<Warning>) {
    let outside = |item| times(content, item).iter().any(|time| !in_years(*time, &FOUR_DIGITS));
    let first = first(content, System::Udf, outside);
    found.extend(first.report(content, |path, more| Warning::UdfDateOutOfRange { path, more }));
}

pub(super) fn volume(content: &Content, found: &mut Vec<Warning>) {
    let dates = &content.options.dates;
    let times = [
        ("creation", dates.creation.or(Some(content.options.created))),
        ("modification", dates.modification),
        ("expiration", dates.expiration),
        ("effective", dates.effective),
    ];
    let outside = times.into_iter().filter(|(_, time)| !in_years(*time, &FOUR_DIGITS));
    found.extend(outside.map(|(field, _)| Warning::VolumeDateOutOfRange { field }));
}

/// Of modification first.
fn times(content: &Content, item: u32) -> [Option<DiscTime>; 4] {
    let details = content.file_details(item);
    [Some(content.modified(item)), details.accessed, details.created, details.changed]
}

fn in_years(time: Option<DiscTime>, years: &RangeInclusive<i32>) -> bool {
    time.is_none_or(|time| years.contains(&time.year))
}

fn first(content: &Content, system: System, outside: impl Fn(u32) -> bool) -> First {
    let mut first = First::default();
    for item in 0..content.catalog.len() {
        if outside(item) && content.is_in(item, system) {
            first.add(item);
        }
    }
    first
}
