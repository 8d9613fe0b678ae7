#!/usr/bin/env python3
"""walk_pycdlib.py VIEW IMAGE - hands over the tree that pycdlib sees, as the frames of tests/src/frames.rs.

VIEW: plain, rock-ridge, joliet, udf. Exit status: 0 all read, 1 an entry failed, 3 the image has no such view.
"""
import re
import struct
import sys

import pycdlib

PATH_KEY = {'plain': 'iso_path', 'rock-ridge': 'rr_path', 'joliet': 'joliet_path', 'udf': 'udf_path'}
out = sys.stdout.buffer


def frame(kind, *texts):
    out.write(kind + b''.join(text.encode('utf-8', 'surrogateescape') + b'\0' for text in texts))


class Chunks:
    """A file to write to that passes the bytes on."""

    def write(self, data):
        if data:
            out.write(struct.pack('<I', len(data)) + data)
        return len(data)


class Walk:
    def __init__(self, view, image):
        self.view, self.failed = view, False
        self.iso = pycdlib.PyCdlib()
        self.iso.open(image)

    def has_view(self):
        has = {'plain': lambda: True, 'rock-ridge': self.iso.has_rock_ridge,
               'joliet': self.iso.has_joliet, 'udf': self.iso.has_udf}
        return has[self.view]()

    def raw_name(self, child):
        """The name by which pycdlib is asked for the entry."""
        if self.view == 'udf':
            return child.file_ident.fi.decode(child.file_ident.encoding or 'latin-1')
        if self.view == 'rock-ridge':
            return child.rock_ridge.name().decode('utf-8', 'surrogateescape')
        return child.file_identifier().decode('utf-16_be' if self.view == 'joliet' else 'latin-1')

    def shown_name(self, raw):
        if self.view in ('udf', 'rock-ridge'):
            return raw
        name = re.sub(r';\d+$', '', raw)
        return name[:-1] if name.endswith('.') else name

    def is_bare_link(self, child):
        """Whether it is a link of which this view, or pycdlib, has no target."""
        if self.view == 'udf':
            return not child.is_file()
        return self.view != 'rock-ridge' and bool(child.rock_ridge) and child.rock_ridge.is_symlink()

    def file(self, raw, shown, child):
        if self.is_bare_link(child):
            frame(b'f', shown)
            out.write(b'\0\0\0\0')
            return
        frame(b'f', shown)
        problem = None
        try:
            self.iso.get_file_from_iso_fp(Chunks(), **{PATH_KEY[self.view]: raw})
        except Exception as error:      # whatever it is, it belongs to this file
            problem = error
        out.write(b'\0\0\0\0')
        if problem is not None:
            self.failed = True
            frame(b'!', f'{shown}: {problem!r}')

    def directory(self, raw, shown):
        for child in list(self.iso.list_children(**{PATH_KEY[self.view]: raw or '/'})):
            if child is None or child.is_dot() or child.is_dotdot():
                continue
            name = self.raw_name(child)
            below = f'{raw}/{name}'
            path = f'{shown}/{self.shown_name(name)}' if shown else self.shown_name(name)
            if self.view == 'rock-ridge' and child.rock_ridge.is_symlink():
                frame(b'l', path, child.rock_ridge.symlink_path().decode('utf-8', 'surrogateescape'))
            elif child.is_dir():
                frame(b'd', path)
                self.directory(below, path)
            else:
                self.file(below, path, child)


def main():
    walk = Walk(sys.argv[1], sys.argv[2])
    if not walk.has_view():
        sys.exit(3)
    walk.directory('', '')
    out.flush()
    sys.exit(1 if walk.failed else 0)


main()
