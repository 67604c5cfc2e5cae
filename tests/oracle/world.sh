# The world that a program gets in every comparison, sourced by the scripts here: few variables, always the same.
world="env -i PATH=/usr/bin:/bin HOME=/ LANG=C"
oracle=$(cd "$(dirname "$0")" && pwd)

# record SITU PROGRAM FOLDER
record() {
  mkdir -p "$3"
  $world "$1" run --json -o "$3/recording.json" -- "$2" >"$3/traced.out" 2>"$3/traced.err" </dev/null || {
    status=$?
    # 4: the program died of a signal.
    [ "$status" != 4 ] || return 0
    echo "situ ended with status $status" && cat "$3/traced.err"
    return 1
  }
}

# ask_gdb SCRIPT PROGRAM FOLDER
ask_gdb() {
  status=0
  printers=$(rustc --print sysroot 2>/dev/null || true)/lib/rustlib/etc
  $world SITU_RECORDING="$3/recording.json" SITU_ORACLE="$oracle" SITU_PROGRAM="$2" SITU_RUST_PRINTERS="$printers" gdb -batch -nx -iex "set debuginfod enabled off" \
    -iex "set auto-load no" -x "$oracle/$1" "$2" </dev/null >"$3/gdb.txt" 2>&1 || status=$?
  grep -v -e '^\[' -e '^$' -e '^Program stopped' -e '^Stopped due' -e '^0x[0-9a-f]* in ' -e '^Temporary breakpoint' \
    -e '^ *Inferior loaded' -e '^ */lib' "$3/gdb.txt" || true
  return $status
}
