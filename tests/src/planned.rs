//! Images by image-core alone, in this process: the quickest way from a folder to bytes, with nothing of the agent in it.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use image_core::{
    Attributes, BLOCK_SIZE, DiscTime, FileSystems, Iso9660Options, Lba, Options, Plan, Segment,
    SourceId, Tree,
};

use crate::forms::Form;
use crate::image::Wanted;
use crate::oracle::View;

/// A folder as a tree; the source of a file is its place in the list.
pub fn tree_of(folder: &Path) -> Result<(Tree, Vec<PathBuf>)> {
    let mut tree = Tree::new();
    let mut sources = Vec::new();
    for item in walkdir::WalkDir::new(folder).min_depth(1) {
        let item = item?;
        let relative = item.path().strip_prefix(folder)?.to_string_lossy();
        // Elsewhere a backslash is a character like any other.
        let relative =
            if cfg!(windows) { relative.replace('\\', "/") } else { relative.into_owned() };
        let kind = item.file_type();
        if kind.is_dir() {
            tree.add_directory(&relative, Attributes::default())?;
        } else if kind.is_symlink() {
            let target = std::fs::read_link(item.path())?;
            tree.add_symlink(&relative, &target.to_string_lossy(), Attributes::default())?;
        } else {
            let source = SourceId(u32::try_from(sources.len())?);
            tree.add_file(&relative, source, item.metadata()?.len(), Attributes::default())?;
            sources.push(item.path().to_path_buf());
        }
    }
    Ok((tree, sources))
}

/// The options for what a test wants.
pub fn options(wanted: Wanted) -> Result<Options> {
    let has = |view| wanted.views.contains(&view);
    Ok(Options {
        volume_id: "CORPUS".to_owned(),
        file_systems: FileSystems {
            iso9660: has(View::Plain),
            joliet: has(View::Joliet),
            rock_ridge: has(View::RockRidge),
            udf: has(View::Udf),
        },
        iso9660: Iso9660Options {
            level: wanted.iso_level.try_into().map_err(anyhow::Error::msg)?,
            ..Iso9660Options::default()
        },
        udf: wanted.form.map(Form::options).unwrap_or_default(),
        created: DiscTime::from_unix(1_614_834_367, 0, 0),
        ..Options::default()
    })
}

/// Plans the image of `folder` and writes it.
pub fn build(folder: &Path, image: &Path, wanted: Wanted) -> Result<()> {
    let (tree, sources) = tree_of(folder)?;
    let plan = image_core::plan(tree, &options(wanted)?)?;
    let file = File::create(image).with_context(|| format!("cannot create {}", image.display()))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    stream(&plan, &mut out, |source, start, len, out| {
        let path = sources.get(source.0 as usize).context("a source that was not given")?;
        let mut file =
            File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        file.seek(SeekFrom::Start(start))?;
        ensure!(io::copy(&mut file.take(len), out)? == len, "{} is too short", path.display());
        Ok(())
    })?;
    out.flush().context("cannot write the image")
}

/// Writes the segments of a plan in order, the bytes of files by `file`.
pub fn stream<W: Write>(
    plan: &Plan,
    out: &mut W,
    mut file: impl FnMut(SourceId, u64, u64, &mut W) -> Result<()>,
) -> Result<()> {
    let mut buffer = vec![0; 64 * BLOCK_SIZE];
    for segment in plan.segments() {
        match segment {
            Segment::Metadata { start, blocks } => {
                for first in (0..blocks).step_by(64) {
                    let part = &mut buffer[..(blocks - first).min(64) as usize * BLOCK_SIZE];
                    plan.render(Lba(start.0 + first), part);
                    out.write_all(part)?;
                }
            }
            Segment::File { source, start, len } => file(source, start, len, out)?,
            Segment::Zero { len } => {
                io::copy(&mut io::repeat(0).take(len), out)?;
            }
        }
    }
    Ok(())
}
