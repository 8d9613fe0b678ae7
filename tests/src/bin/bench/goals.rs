//! What discwright has set out to reach, and whether it has.

use tests::measure::Cost;

use crate::table::Row;

/// A figure that may be at most as large as its limit.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) limit: f64,
    /// `None` when a program that it is held against did not run.
    pub(crate) value: fn(&[Row]) -> Option<f64>,
}

impl Goal {
    pub(crate) fn is_missed(&self, rows: &[Row]) -> bool {
        (self.value)(rows).is_some_and(|value| value > self.limit)
    }

    /// The goal with the figure that was measured.
    pub(crate) fn verdict(&self, rows: &[Row]) -> String {
        let what = self.what;
        match (self.value)(rows) {
            None => format!("{what}: not measured"),
            Some(value) => {
                let word = if value > self.limit { "NO" } else { "yes" };
                let digits = if value < 10.0 { 2 } else { 0 };
                format!("{what}: {word} ({value:.digits$})")
            }
        }
    }
}

pub(crate) const MODEST: Goal =
    Goal { what: "under 100 MB of memory", limit: 100.0, value: megabytes };
pub(crate) const FASTEST: Goal = Goal {
    what: "at most 0.6 times the wall time of the fastest peer",
    limit: 0.6,
    value: |rows| Some(find(rows, "discwright")?.cost.wall / least(rows, |cost| cost.wall)?),
};
pub(crate) const CHEAPEST: Goal = Goal {
    what: "at most half the processor time of the cheapest peer",
    limit: 0.5,
    value: |rows| Some(find(rows, "discwright")?.cost.processor() / least(rows, Cost::processor)?),
};
pub(crate) const A_SECOND: Goal =
    Goal { what: "under 1 s", limit: 1.0, value: |rows| Some(find(rows, "discwright")?.cost.wall) };
pub(crate) const AS_CP: Goal = Goal {
    what: "within 1.05 times cp",
    limit: 1.05,
    value: |rows| times(rows, "discwright", "cp"),
};
pub(crate) const CHEAP_SUMS: Goal = Goal {
    what: "checksums in at most 1.3 times the time without",
    limit: 1.3,
    value: |rows| times(rows, "discwright, checksums", "discwright"),
};
pub(crate) const SOON_PLANNED: Goal = Goal {
    what: "planned in under 3 s",
    limit: 3.0,
    value: |rows| Some(find(rows, "image-core")?.cost.wall),
};
pub(crate) const SMALL_PLAN: Goal = Goal {
    what: "at most 400 bytes of memory a file",
    limit: 400.0,
    value: |rows| Some(find(rows, "image-core")?.cost.memory as f64 / 1e6),
};
pub(crate) const SUSTAINED: Goal = Goal {
    what: "at most 1.03 times the time that 72 MB/s take",
    limit: 1.03,
    value: |rows| {
        let row = find(rows, "discwright, burning")?;
        Some(row.cost.wall / (row.size as f64 / 71.936e6))
    },
};
pub(crate) const NO_UNDERRUN: Goal = Goal {
    what: "no underrun",
    limit: 0.0,
    value: |rows| {
        Some(f64::from(u8::from(find(rows, "discwright, burning")?.cost.gave_up.is_some())))
    },
};
pub(crate) const LITTLE_PROCESSOR: Goal = Goal {
    what: "at most a tenth of a core",
    limit: 0.1,
    value: |rows| {
        let cost = &find(rows, "discwright, burning")?.cost;
        Some(cost.processor() / cost.wall)
    },
};
pub(crate) const AS_NATIVE: Goal = Goal {
    what: "WebAssembly in at most 2.5 times the native time",
    limit: 2.5,
    value: |rows| times(rows, "WebAssembly, Node", "image-core"),
};

/// Programs that make the same image.
const PEERS: [&str; 3] = ["genisoimage", "xorriso", "hadris"];

/// The least of what the peers took for the same image, of those that came to an end.
fn least(rows: &[Row], value: fn(&Cost) -> f64) -> Option<f64> {
    let peers = rows.iter().filter(|row| PEERS.contains(&row.program) && row.cost.ended);
    peers
        .filter(|row| row.cost.gave_up.is_none())
        .map(|row| value(&row.cost))
        .min_by(f64::total_cmp)
}

fn times(rows: &[Row], program: &str, other: &str) -> Option<f64> {
    Some(find(rows, program)?.cost.wall / find(rows, other)?.cost.wall)
}

/// The most of what discwright took in any form.
fn megabytes(rows: &[Row]) -> Option<f64> {
    let ours = rows.iter().filter(|row| row.program.starts_with("discwright"));
    ours.map(|row| row.cost.memory as f64 / 1e6).max_by(f64::total_cmp)
}

fn find<'a>(rows: &'a [Row], program: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.program == program)
}
