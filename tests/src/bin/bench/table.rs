//! What is shown of a job.

use std::fmt::Write as _;

use tests::measure::Cost;

pub(crate) struct Row {
    pub(crate) program: &'static str,
    pub(crate) cost: Cost,
    pub(crate) size: u64,
    runs: usize,
}

impl Row {
    /// The median of every column on its own.
    pub(crate) fn of(program: &'static str, runs: &[(Cost, u64)]) -> Self {
        let middle = |value: fn(&Cost) -> f64| {
            let mut values: Vec<f64> = runs.iter().map(|(cost, _)| value(cost)).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        let cost = Cost {
            wall: middle(|cost| cost.wall),
            user: middle(|cost| cost.user),
            system: middle(|cost| cost.system),
            memory: middle(|cost| cost.memory as f64) as u64,
            ended: runs.iter().all(|(cost, _)| cost.ended),
            gave_up: runs.iter().find_map(|(cost, _)| cost.gave_up.clone()),
        };
        Self { program, cost, size: runs.last().map_or(0, |(_, size)| *size), runs: runs.len() }
    }

    fn line(&self, first: &Cost) -> String {
        let cost = &self.cost;
        let more = if cost.ended { "" } else { "> " };
        let times =
            |value: fn(&Cost) -> f64| format!("{more}{:.2}", value(cost) / value(first).max(1e-3));
        let size = match self.size {
            0 => "-".to_owned(),
            size => format!("{:.1} MB", size as f64 / 1e6),
        };
        format!(
            "  {:<26}{:>10}{:>10}{:>10}{:>12}{:>14}{:>9}{:>9}",
            self.program,
            format!("{more}{:.2} s", cost.wall),
            format!("{more}{:.2} s", cost.user),
            format!("{more}{:.2} s", cost.system),
            format!("{:.1} MB", cost.memory as f64 / 1e6),
            size,
            times(|cost| cost.wall),
            times(Cost::processor),
        )
    }
}

pub(crate) fn table(name: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "\n{name}\n  {:<26}{:>10}{:>10}{:>10}{:>12}{:>14}{:>9}{:>9}\n",
        "", "wall", "user", "system", "memory", "image", "wall x", "CPU x"
    );
    let Some(first) = rows.first() else { return text };
    for row in rows {
        let _ = writeln!(text, "{}", row.line(&first.cost));
    }
    for row in rows {
        if let Some(words) = &row.cost.gave_up {
            let _ = writeln!(text, "  {} gave up: {words}", row.program);
        }
    }
    let runs: Vec<String> = rows.iter().map(|row| row.runs.to_string()).collect();
    let _ = writeln!(
        text,
        "  medians of {} runs; x is how many times what {} takes",
        runs.join("/"),
        first.program
    );
    text
}
