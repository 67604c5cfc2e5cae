#!/bin/sh
# Installs what is missing on Debian or Ubuntu and builds situ: sh tool/setup.sh [samples|tests|ci].
#   samples   the program, its probe and the samples (the default)
#   tests     and the tests with what they compare against: gdb, valgrind, strace, clang
#   ci        and the tools that check the sources
# The build goes to build/dev, or to what SITU_BUILD names; SITU_CMAKE holds further arguments for cmake.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=${SITU_BUILD:-$top/build/dev}
level=${1:-samples}

packages="g++ cmake ninja-build pkg-config binutils
  libunwind-dev libdw-dev libcli11-dev libfmt-dev libiberty-dev libzydis-dev libutf8proc-dev
  nlohmann-json3-dev libgtest-dev libgmock-dev libvalijson-dev"
targets="situ situ-probe samples"
case $level in
  samples) ;;
  tests) packages="$packages clang gdb valgrind strace git" targets=all ;;
  ci) packages="$packages clang gdb valgrind strace git clang-format clang-tidy" targets=all ;;
  *) echo "usage: sh tool/setup.sh [samples|tests|ci]" >&2; exit 2 ;;
esac

say() { echo "situ: $*" >&2; }

# The article's programs are Rust. Debian's own rustc 1.63 will do where somebody chose it; where there is none, the
# newer rustc-web is taken, which cannot be installed beside it.
have_rustc() {
  for rustc in rustc "$HOME/.cargo/bin/rustc"; do
    minor=$("$rustc" --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\)\..*/\1/p')
    if [ -n "$minor" ] && { [ "$minor" -ge 70 ] || installed rustc; }; then return 0; fi
  done
  return 1
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=""
if command -v dpkg-query >/dev/null; then
  for package in $packages; do
    installed "$package" || missing="$missing $package"
  done
  have_rustc || missing="$missing rustc-web"
else
  say "this is not Debian or Ubuntu; what is needed goes there by the names: $(echo $packages) rustc"
fi

install="apt-get install -y --no-install-recommends$missing"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root="sudo"
  else
    say "some packages are missing, and only root can install them. Ask root to run:"
    say "  $install"
    exit 1
  fi
  say "installing:$missing"
  log=$(mktemp)
  if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive $install -q; } </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    say "apt-get failed"
    exit 1
  fi
  rm "$log"
fi

launcher=""
command -v ccache >/dev/null && launcher="-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"
say "building in $build"
mkdir -p "$build"
log=$build/setup.log
cmake -G Ninja -S "$top" -B "$build" $launcher ${SITU_CMAKE:-} >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cmake --build "$build" --target $targets >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
