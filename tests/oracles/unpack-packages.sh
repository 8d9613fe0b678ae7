#!/bin/bash
# unpack-packages.sh FOLDER APART-FROM PACKAGE... - unpacks Debian packages, with what the system lacks of their dependencies,
# into FOLDER. Installed packages whose names start with APART-FROM do not count as installed ("-" for none).
# The system is asked and never changed: apt works on a copy of its list of installed packages.
set -euo pipefail
folder=$1 apart=$2
shift 2
work=$folder.work
rm -rf "$folder" "$work"
mkdir -p "$folder" "$work/archives/partial"
awk -v RS= -v ORS='\n\n' -v apart="Package: $apart" 'index($0, apart) != 1' /var/lib/dpkg/status >"$work/status"

apt_aside() {
  apt-get -qq -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/archives" -o Debug::NoLocking=1 \
    -o APT::Sandbox::User= -o APT::Install-Recommends=0 -o Dpkg::Use-Pty=0 "$@"
}
fetch() { apt_aside -y --download-only install "$@" >"$work/log" 2>&1; }

if ! fetch "$@"; then
  # The lists of packages may be missing or old.
  [ "$(id -u)" = 0 ] && apt-get -qq update
  fetch "$@" || { cat "$work/log" >&2; exit 1; }
fi
for package in "$work"/archives/*.deb; do
  dpkg-deb -x "$package" "$folder"
done
rm -rf "$work"
touch "$folder/.complete"
