//! Chains of blocks that name their next: they must end.

/// Notices when a chain comes back to where it was, in constant space: every step is compared with a mark, which is moved
/// forward after 1, 2, 4, 8 ... steps.
#[derive(Debug)]
pub(super) struct Chain<T> {
    mark: T,
    steps: u32,
    until: u32,
}

impl<T: PartialEq + Copy> Chain<T> {
    pub(super) const fn new(first: T) -> Self {
        Self { mark: first, steps: 0, until: 1 }
    }

    /// Goes on to `next`; `false` when the chain has been there before.
    pub(super) fn step(&mut self, next: T) -> bool {
        if next == self.mark {
            return false;
        }
        self.steps += 1;
        if self.steps == self.until {
            (self.mark, self.steps) = (next, 0);
            self.until = self.until.saturating_mul(2);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_noticed_and_long_chains_are_not_taken_for_loops() {
        let mut chain = Chain::new(0);
        assert!((1..1000).all(|next| chain.step(next)));
        for (tail, period) in [(0, 1), (0, 7), (5, 1), (9, 30)] {
            let mut chain = Chain::new(0);
            let at = |step: u32| if step < tail { step } else { tail + (step - tail) % period };
            let noticed = (1..500).position(|step| !chain.step(at(step)));
            assert!(noticed.is_some_and(|steps| steps < 200), "{tail} {period}: {noticed:?}");
        }
    }
}
