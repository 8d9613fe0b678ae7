//! Change points: what was done since can be undone. Nothing is remembered while there is none.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::node::{Content, Link, Text};
use super::{Attributes, Counts, Details, NodeId, PointGone, Tree};

/// A state of a tree that it can be rolled back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangePoint(u32);

/// What undoes one change.
#[derive(Clone, Debug)]
pub(super) enum Undo {
    Appended { count: u32 },
    Detached { id: NodeId, parent: NodeId, previous: Link },
    Attached { id: NodeId, name: Text },
    Attributes { id: NodeId, attributes: Attributes },
    Content { id: NodeId, content: Content },
    Details { id: NodeId, details: Option<Box<Details>> },
    Links { target: NodeId, names: Option<Vec<NodeId>> },
}

/// Where a change point stands in the journal, and what is not journalled.
#[derive(Clone, Copy, Debug)]
struct Point {
    number: u32,
    journal: usize,
    text: usize,
    counts: Counts,
    /// It belongs to a batch, which must be able to undo itself.
    is_batch: bool,
}

/// The changes since the earliest point that is left.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    undo: Vec<Undo>,
    points: Vec<Point>,
    last_number: u32,
}

impl Tree {
    /// Remembers this state, for [`Tree::roll_back`].
    pub fn change_point(&mut self) -> ChangePoint {
        self.open_point(false)
    }

    /// Takes the tree back to a change point, which stays; later ones are gone.
    ///
    /// # Errors
    /// When the point was rolled back over or locked in. The tree is as it was before.
    pub fn roll_back(&mut self, point: ChangePoint) -> Result<(), PointGone> {
        let at = self.journal.points.iter().position(|found| found.number == point.0);
        let at = at.ok_or(PointGone)?;
        let Some(point) = self.journal.points.get(at).copied() else { return Err(PointGone) };
        self.journal.points.truncate(at + 1);
        for undo in self.journal.undo.split_off(point.journal).into_iter().rev() {
            self.undo(undo);
        }
        self.text.truncate(point.text);
        self.counts = point.counts;
        self.last = (String::new(), NodeId::ROOT);
        Ok(())
    }

    /// Makes all changes so far final: no change point is left, and none of the memory they took. Within a batch, those
    /// of the batch can still be undone by it.
    pub fn lock_in(&mut self) {
        let first = self.journal.points.iter().find(|point| point.is_batch);
        let kept_from = first.map_or(self.journal.undo.len(), |point| point.journal);
        self.journal.undo.drain(..kept_from);
        self.journal.undo.shrink_to_fit();
        self.journal.points.retain(|point| point.is_batch);
        for point in &mut self.journal.points {
            point.journal -= kept_from;
        }
    }

    /// Does all of `work` or, when that fails, none of it.
    ///
    /// # Errors
    /// What `work` returns; the tree is then as it was before.
    pub fn batch<R, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        let point = self.open_point(true);
        let result = work(self);
        if result.is_err() {
            // Gone only where the work rolled back beyond its own start, which leaves nothing to undo.
            let _ = self.roll_back(point);
        }
        self.journal.points.retain(|found| found.number != point.0);
        if self.journal.points.is_empty() {
            self.journal.undo = Vec::new();
        }
        result
    }

    fn open_point(&mut self, is_batch: bool) -> ChangePoint {
        let number = self.journal.last_number.wrapping_add(1);
        self.journal.last_number = number;
        self.journal.points.push(Point {
            number,
            journal: self.journal.undo.len(),
            text: self.text.len(),
            counts: self.counts,
            is_batch,
        });
        ChangePoint(number)
    }

    /// Remembers how to undo a change that was just made.
    pub(super) fn record(&mut self, undo: Undo) {
        let Some(point) = self.journal.points.last() else { return };
        // Entries come in long runs; those since the last point are one change.
        if let (Undo::Appended { .. }, true) = (&undo, self.journal.undo.len() > point.journal)
            && let Some(Undo::Appended { count }) = self.journal.undo.last_mut()
        {
            *count += 1;
            return;
        }
        self.journal.undo.push(undo);
    }

    fn undo(&mut self, undo: Undo) {
        let node = |id: NodeId| id.0 as usize;
        match undo {
            Undo::Appended { count } => {
                for _ in 0..count {
                    let last = self.nodes.len().saturating_sub(1);
                    self.unlink(NodeId(u32::try_from(last).unwrap_or(u32::MAX)));
                    self.nodes.truncate(last);
                }
            }
            Undo::Detached { id, parent, previous } => {
                self.link_after(parent, previous, id);
                self.index.insert(super::hash_of(&self.nodes, &self.text, id), id);
            }
            Undo::Attached { id, name } => {
                self.unlink(id);
                if let Some(node) = self.nodes.get_mut(node(id)) {
                    node.name = name;
                }
            }
            Undo::Attributes { id, attributes } => {
                if let Some(node) = self.nodes.get_mut(node(id)) {
                    node.attributes = attributes;
                }
            }
            Undo::Content { id, content } => {
                if let Some(node) = self.nodes.get_mut(node(id)) {
                    node.content = content;
                }
            }
            Undo::Details { id, details } => {
                match details {
                    Some(details) => self.details.insert(id, *details),
                    None => self.details.remove(&id),
                };
            }
            Undo::Links { target, names } => {
                match names {
                    Some(names) => self.links.insert(target, names),
                    None => self.links.remove(&target),
                };
            }
        }
    }
}
