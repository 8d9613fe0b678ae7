#!/bin/sh
# Chromium as somebody who may not read everything, also where the tests run as root.
if [ "$(id -u)" = 0 ]; then
  exec unshare --user --map-user=1000 --map-group=1000 "${CHROMIUM:-/usr/bin/chromium}" "$@"
fi
exec "${CHROMIUM:-/usr/bin/chromium}" "$@"
