//! The stream in which the small drivers of libraries (`oracles/walk.c`, `oracles/walk_pycdlib.py`) hand over what they see.
//!
//! `d` path NUL · `l` path NUL target NUL · `f` path NUL chunks · `!` complaint NUL. A chunk is a 32-bit little-endian length
//! and that many bytes; length 0 ends the file. Nothing is written to disk on the way, so a file of 5 GiB costs no space.

use std::io::{BufRead, BufReader, Read};

use anyhow::{Context, Result, bail};

use crate::manifest::{Entry, Hasher, Manifest};

/// Reads the stream to its end: what was seen, and what the driver complained of.
pub fn read(stream: &mut dyn Read) -> Result<(Manifest, Vec<String>)> {
    let mut stream = BufReader::with_capacity(1 << 18, stream);
    let mut manifest = Manifest::default();
    let mut complaints = Vec::new();
    let mut kind = [0];
    while stream.read(&mut kind)? == 1 {
        let text = text(&mut stream)?;
        match kind[0] {
            b'd' => manifest.add(text, Entry::Directory),
            b'l' => {
                let target = self::text(&mut stream)?;
                manifest.add(text, Entry::Link { target });
            }
            b'f' => {
                let entry = chunks(&mut stream)
                    .with_context(|| format!("the stream broke off in {text}"))?;
                manifest.add(text, entry);
            }
            b'!' => complaints.push(text),
            other => bail!("unknown frame {other:#04x} before {text:?}"),
        }
    }
    Ok((manifest, complaints))
}

fn text(stream: &mut impl BufRead) -> Result<String> {
    let mut bytes = Vec::new();
    stream.read_until(0, &mut bytes)?;
    if bytes.pop() != Some(0) {
        bail!("the stream broke off in a name");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn chunks(stream: &mut impl Read) -> Result<Entry> {
    let mut hasher = Hasher::default();
    let mut buffer = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length == 0 {
            return Ok(hasher.finish());
        }
        buffer.resize(length, 0);
        stream.read_exact(&mut buffer)?;
        hasher.update(&buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_frame_arrives() -> Result<()> {
        let stream = b"da\0la/b\0../c\0fa/d\0\x02\0\0\0xy\0\0\0\0!odd\0";
        let (manifest, complaints) = read(&mut stream.as_slice())?;
        assert_eq!(manifest.counts(), (1, 1, 1));
        assert!(matches!(manifest.entries["a/d"], Entry::File { size: 2, .. }));
        assert_eq!(complaints, ["odd"]);
        Ok(())
    }

    #[test]
    fn a_stream_that_breaks_off_is_an_error() {
        assert!(read(&mut b"fa\0\x09\0\0\0xy".as_slice()).is_err());
        assert!(read(&mut b"da".as_slice()).is_err());
    }
}
