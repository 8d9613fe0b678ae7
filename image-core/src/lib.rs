//! Optical disc images, written and read without IO.
#![no_std]
extern crate alloc;
