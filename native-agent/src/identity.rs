//! Names nobody can guess: identifiers, tokens and the codes people type.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The letters of a code: no I, O, 0 or 1, which people mix up. There are 32, so each is worth five bits.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The system could not give random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system has no random numbers to give")]
pub struct NoRandomness;

/// An identifier for an image, a job or a client: 80 random bits in lower case.
///
/// # Errors
/// When the system has no source of randomness.
pub fn random_id() -> Result<String, NoRandomness> {
    Ok(letters::<16>()?.to_ascii_lowercase())
}

/// A code of eight letters and digits for a person to type.
///
/// # Errors
/// When the system has no source of randomness.
pub fn random_code() -> Result<String, NoRandomness> {
    letters::<8>()
}

/// A secret of 256 bits, as 64 hexadecimal digits.
///
/// # Errors
/// When the system has no source of randomness.
pub fn random_token() -> Result<String, NoRandomness> {
    Ok(hex(&random_bytes::<32>()?))
}

/// What is stored of a token. The token has 256 random bits, so a plain hash is enough.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Compares two secrets in a time that does not depend on where they differ.
#[must_use]
pub fn same_secret(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn letters<const N: usize>() -> Result<String, NoRandomness> {
    let bytes = random_bytes::<N>()?;
    Ok(bytes.iter().map(|byte| char::from(CODE_LETTERS[usize::from(byte % 32)])).collect())
}

fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_eight_unambiguous_letters_and_differ() {
        let codes: Vec<String> = (0..64).map(|_| random_code().unwrap()).collect();
        for code in &codes {
            assert_eq!(code.len(), 8);
            assert!(code.bytes().all(|letter| CODE_LETTERS.contains(&letter)), "{code}");
        }
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), codes.len());
    }

    #[test]
    fn secrets_compare_whole() {
        assert!(same_secret("abc", "abc"));
        assert!(!same_secret("abc", "abd"));
        assert!(!same_secret("abc", "abcd"));
        // `printf abc | sha256sum`
        assert_eq!(
            token_hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
