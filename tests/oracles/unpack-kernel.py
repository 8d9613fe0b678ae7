#!/usr/bin/env python3
"""unpack-kernel.py BZIMAGE OUT - takes the ELF kernel out of a bzImage, so that the emulated machine need not decompress it."""
import lzma
import subprocess
import sys

XZ, ZSTD, ELF = b'\xfd7zXZ\0', b'\x28\xb5\x2f\xfd', b'\x7fELF'


def payloads(image):
    """Whatever decompresses, at every place where a compressed stream may start."""
    at = image.find(XZ)
    if at > 0:
        yield lzma.LZMADecompressor().decompress(image[at:])
    at = image.find(ZSTD)
    while at > 0:
        # Bytes follow the stream, so zstd's exit status says nothing.
        yield subprocess.run(['zstd', '-dcq'], input=image[at:], capture_output=True, check=False).stdout
        at = image.find(ZSTD, at + 1)


with open(sys.argv[1], 'rb') as file:
    kernel = next((found for found in payloads(file.read()) if found.startswith(ELF)), None)
if kernel is None:
    sys.exit('no kernel found in ' + sys.argv[1])
with open(sys.argv[2], 'wb') as file:
    file.write(kernel)
