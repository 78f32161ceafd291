#!/usr/bin/env bash
# Fetches real Redis and Valkey servers for the tests, from Debian packages: no root, no docker.
#
#   scripts/get_servers.sh [id…]
#
# ids: redis-7.0 redis-8.0 redis-8.6 valkey-8.0 valkey-8.1 valkey-9.1 (default: all but valkey-8.0).
# Each is unpacked to <cache>/<id>/bin/<kind>-server, where startServer() of typedis/testing finds it.
# The cache is .cache/servers in the project; the variable TYPEDIS_SERVERS names another folder.
# The packages come from the Debian mirror that this machine's apt is set up with; the variable
# TYPEDIS_DEBIAN_MIRROR names another one. Takes about 20 s once, and a few milliseconds after that.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${TYPEDIS_SERVERS:-$project/.cache/servers}
wanted=("$@")
[ $# -gt 0 ] || wanted=(redis-7.0 redis-8.6 valkey-9.1 valkey-8.1 redis-8.0)

fail() {
  printf 'get_servers: %s\n' "$@" >&2
  exit 1
}

# The Debian suite that has a server.
suite_of() {
  case $1 in
    redis-7.0) echo bookworm ;;
    valkey-8.0) echo bookworm-backports ;;
    redis-8.0 | valkey-8.1) echo trixie ;;
    valkey-9.1 | lib) echo sid ;;
    redis-8.6) echo experimental ;;
    *) return 1 ;;
  esac
}

# The packages of a server. "lib" stands for the shared libraries: all servers run with those of sid.
packages_of() {
  case $1 in
    lib) echo libc6 libssl3t64 libjemalloc2 liblzf1 libatomic1 libstdc++6 libgcc-s1 libsystemd0 \
      libcap2 libzstd1 zlib1g ;;
    *) echo "${1%%-*}-tools ${1%%-*}-server ${1%%-*}-sentinel" ;;
  esac
}

is_present() {
  if [ "$1" = lib ]; then [ -d "$cache/lib" ]; else [ -x "$cache/$1/bin/${1%%-*}-server" ]; fi
}

# Sets `missing` to what has to be fetched.
find_missing() {
  local id
  missing=()
  for id in lib "${wanted[@]}"; do
    is_present "$id" || [[ " ${missing[*]-} " == *" $id "* ]] || missing+=("$id")
  done
}

for id in "${wanted[@]}"; do
  suite_of "$id" >/dev/null && [ "$id" != lib ] ||
    fail "unknown server \"$id\"; there are redis-7.0 redis-8.0 redis-8.6 valkey-8.0 valkey-8.1 valkey-9.1"
done
find_missing
[ ${#missing[@]} -gt 0 ] || exit 0

for tool in apt-get apt-config dpkg dpkg-deb; do
  command -v "$tool" >/dev/null ||
    fail "\"$tool\" is missing: this script needs a Debian-like system." \
      "Elsewhere install a server yourself (macOS: brew install redis; Windows: inside WSL)," \
      "so that redis-server or valkey-server is in the PATH."
done

architecture=$(dpkg --print-architecture)
case $architecture in
  amd64) triple=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
  arm64) triple=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
  *) fail "no recipe for the architecture $architecture, only for amd64 and arm64" ;;
esac

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
if command -v flock >/dev/null; then
  exec 9>"$cache/.lock"
  flock 9
  rm -rf "$cache"/.tmp.* # left by a run that was killed
  find_missing           # another run may have fetched them while this one waited
  [ ${#missing[@]} -gt 0 ] || exit 0
fi
work=$cache/.tmp.$$
mkdir -p "$work"
jobs=()
# Ends what is still being fetched. Each job is a process group (set -m), so its apt-get ends, too.
trap 'for job in "${jobs[@]}"; do kill -- "-$job" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# Prints the address of the Debian mirror.
find_mirror() {
  local uri
  if [ -n "${TYPEDIS_DEBIAN_MIRROR:-}" ]; then
    echo "$TYPEDIS_DEBIAN_MIRROR"
    return
  fi
  uri=$(apt-get --print-uris update 2>/dev/null | sed -n "s#^'\(.*/debian/\)dists/.*#\1#p")
  [ -n "$uri" ] ||
    fail "apt on this machine knows no Debian mirror (is it Ubuntu?)." \
      "Set TYPEDIS_DEBIAN_MIRROR to the address of one, or: apt-get install redis-server"
  echo "${uri%%$'\n'*}"
}

# Prints the path of the keyring that Debian signs with; fetches its package where it is not installed.
find_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    [ ! -r "$file" ] || { echo "$file"; return; }
  done
  if (cd "$work" && apt-get download debian-archive-keyring >/dev/null 2>&1); then
    dpkg-deb -x "$work"/debian-archive-keyring_*.deb "$work/keyring"
    for file in "$work"/keyring/usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
      [ ! -r "$file" ] || { echo "$file"; return; }
    done
  fi
  fail "Debian's signing keys are not installed: apt-get install debian-archive-keyring"
}

# Writes an apt configuration of its own for one suite, which leaves the machine's alone.
configure_apt() { # folder suite
  local d=$1
  mkdir -p "$d"/{lists/partial,cache/archives/partial,state,debs}
  : >"$d/status"
  echo "deb [signed-by=$keyring] $mirror $2 main" >"$d/sources.list"
  # The machine's proxy settings stay; a mirror that is a frozen snapshot is fine.
  cat - <(apt-config dump | grep -iE '^Acquire::https?::' || true) >"$d/apt.conf" <<X
Dir::Etc::sourcelist "$d/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::State "$d/state";
Dir::State::Lists "$d/lists";
Dir::State::status "$d/status";
Dir::Cache "$d/cache";
APT::Architecture "$architecture";
APT::Architectures "$architecture";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "3";
Debug::NoLocking "1";
quiet "2";
X
}

# Writes bin/<name> for each program: it runs the program with the fetched libraries.
write_wrappers() { # folder id
  local file name
  mkdir -p "$1/bin"
  for file in "$1"/usr/bin/*; do
    name=${file##*/}
    # Server, sentinel and check tools may be links to one binary: argv0 tells it which one to be.
    cat >"$1/bin/$name" <<X
#!/bin/sh
cache=\$(cd "\$(dirname "\$0")/../.." && pwd)
lib=\$cache/lib/usr/lib/$triple
exec "\$lib/$loader" --argv0 "\$0" --library-path "\$lib" "\$cache/$2/usr/bin/$name" "\$@"
X
    chmod +x "$1/bin/$name"
  done
}

# Fetches all that is missing from one suite. Nothing appears in the cache before it is complete.
fetch_suite() { # suite id…
  local suite=$1 d=$work/$1 id package packages=()
  shift
  configure_apt "$d" "$suite"
  export APT_CONFIG=$d/apt.conf
  apt-get update >/dev/null
  for id in "$@"; do
    for package in $(packages_of "$id"); do packages+=("$package"); done
  done
  (cd "$d/debs" && apt-get download "${packages[@]}" >/dev/null)
  for id in "$@"; do
    for package in $(packages_of "$id"); do
      dpkg-deb -x "$d/debs/${package}"_*.deb "$work/$id"
    done
    rm -rf "$work/$id"/{etc,var,usr/share} "$work/$id"/usr/lib/{systemd,"$triple"/gconv,"$triple"/audit}
    [ "$id" = lib ] || write_wrappers "$work/$id" "$id"
    rm -rf "${cache:?}/$id"
    mv "$work/$id" "$cache/$id"
  done
}

mirror=$(find_mirror)
keyring=$(find_keyring)
suites=()
set -m
for suite in $(for id in "${missing[@]}"; do suite_of "$id"; done | sort -u); do
  ids=()
  for id in "${missing[@]}"; do
    [ "$(suite_of "$id")" != "$suite" ] || ids+=("$id")
  done
  echo "fetching ${ids[*]} …"
  (
    trap - EXIT INT TERM HUP
    fetch_suite "$suite" "${ids[@]}"
  ) &
  jobs+=($!)
  suites+=("${ids[*]}")
done
failed=()
for i in "${!jobs[@]}"; do wait "${jobs[i]}" || failed+=("${suites[i]}"); done
jobs=()
[ ${#failed[@]} -eq 0 ] || fail "could not fetch ${failed[*]}; apt's own message stands above"

for id in "${missing[@]}"; do
  [ "$id" != lib ] || continue
  version=$("$cache/$id/bin/${id%%-*}-server" --version | sed 's/.* v=\([0-9.]*\).*/\1/')
  note=
  [[ $version == "${id#*-}".* ]] || note=" (the suite has moved on: not what the folder's name says)"
  echo "$id is $version$note"
done
