#!/bin/bash
# unpack-packages.sh FOLDER SUITE APART-FROM PACKAGE... - unpacks Debian packages with their dependencies into FOLDER. With "-"
# for SUITE they come from where the system has its own, and what it has installed of their dependencies is left out, but for
# packages whose names start with APART-FROM ("" for all, "-" for none). With another SUITE they come from that one, and all
# that they need comes along. A PACKAGE "=NAME" comes without what it needs. The system is asked and never changed: apt works on
# a copy of its state.
set -euo pipefail
folder=$1 suite=$2 apart=$3
shift 3
work=$folder.work
rm -rf "$folder" "$work"
mkdir -p "$folder" "$work/archives/partial"
options=()

if [ "$suite" = - ]; then
  awk -v RS= -v ORS='\n\n' -v apart="Package: $apart" 'index($0, apart) != 1' /var/lib/dpkg/status >"$work/status"
else
  # The archive is the one that the system is set up for.
  archive() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sort -u | head -n 1; }
  [ -n "$(archive)" ] || apt-get -qq update
  mkdir -p "$work/state/lists/partial"
  : >"$work/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(archive) $suite main" >"$work/sources.list"
  options=(-o Dir::State="$work/state" -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=-)
fi

apt_aside() {
  apt-get -qq "${options[@]}" -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/archives" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User= -o APT::Install-Recommends=0 -o Dpkg::Use-Pty=0 "$@"
}
fetch() {
  local whole=() bare=() package
  for package in "$@"; do
    case $package in =*) bare+=("${package#=}") ;; *) whole+=("$package") ;; esac
  done
  {
    [ ${#whole[@]} = 0 ] || apt_aside -y --download-only install "${whole[@]}" || return 1
    [ ${#bare[@]} = 0 ] || (cd "$work/archives" && apt_aside download "${bare[@]}") || return 1
  } >"$work/log" 2>&1
}

[ "$suite" = - ] || apt_aside update
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
