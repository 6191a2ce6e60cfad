#!/usr/bin/env bash
# Tests deploy/systemd/install.sh in a folder of its own: fake systemctl, useradd and chown, a made-up release.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tmp=$(CDPATH='' cd -- "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3"
  fi
}

mkdir -p "$tmp/fakes" "$tmp/jdk/bin" "$tmp/units"
fake() {
  printf '#!/usr/bin/env bash\n%s\n' "$2" >"$tmp/fakes/$1"
  chmod +x "$tmp/fakes/$1"
}
fake id "[ \"\$1\" != -u ] || { echo \"\${FAKE_UID:-0}\"; exit; }; [ -e '$tmp/user' ]"
fake useradd ": >'$tmp/user'; echo \"useradd \$*\" >>'$tmp/calls'"
fake userdel "rm '$tmp/user'"
fake chown "echo \"chown \$*\" >>'$tmp/calls'"
fake systemctl "echo \"systemctl \$*\" >>'$tmp/calls'"
printf '#!/bin/sh\nexit 0\n' >"$tmp/jdk/bin/java"
chmod +x "$tmp/jdk/bin/java"
echo 'JAVA_VERSION="25"' >"$tmp/jdk/release"

release="$tmp/a release"
make_release() {
  mkdir -p "$release/tools" "$release/deploy/systemd" "$release/config" "$release/models/m/1"
  cp "$here/find_jdk.sh" "$release/tools/"
  cp "$here/../deploy/systemd/"* "$release/deploy/systemd/"
  cp "$here/../start_ml_server.sh" "$release/"
  echo "$1" >"$release/ml-model-server.jar"
  echo "$1" >"$release/config/application.yml"
  echo "$1" >"$release/models/m/1/model.pt"
}
home="$tmp/opt/ml-model-server"
install() {
  : >"$tmp/calls"
  env PATH="$tmp/fakes:$PATH" JAVA_HOME="$tmp/jdk" FIND_JDK_ROOT="$tmp/none" HOME="$tmp" HOME_DIR="$home" UNIT_DIR="${units:-$tmp/units}" \
    "$release/deploy/systemd/install.sh" "$@" >"$tmp/out" 2>&1
}
tree() { (cd "$tmp/opt" && find . -type f -exec cksum {} + | sort -k 3); }

make_release one
FAKE_UID=1000 install
check "only root installs" 1 $?
check "nothing is done by others" "" "$(cat "$tmp/calls")"

install
check "it installs" 0 $?
check "the unit lets the server see its processor" "" "$(grep ^ProcSubset= "$tmp/units/ml-model-server.service")"
check "the unit's paths are those of the installation" "ExecStart=$home/start_ml_server.sh" "$(grep ^ExecStart= "$tmp/units/ml-model-server.service")"
check "the server's own are the data and the models" "chown -R ml-model-server: $home/data $home/models" "$(grep 'ml-model-server:' "$tmp/calls")"
check "it starts" "systemctl daemon-reload systemctl enable ml-model-server systemctl restart ml-model-server" "$(grep systemctl "$tmp/calls" | xargs)"
check "a user is made" 1 "$(grep -c '^useradd --system' "$tmp/calls")"

before=$(tree)
install
check "it can be run again" 0 $?
check "and changes nothing" "$before" "$(tree)"
check "nor makes a second user" 0 "$(grep -c useradd "$tmp/calls")"

echo mine >"$home/config/application.yml"
echo mine >"$home/models/m/1/model.pt"
echo kept >"$home/data/windows"
: >"$release/tools/new_tool.sh"
make_release two
install
check "an upgrade brings the program" two "$(cat "$home/ml-model-server.jar")"
check "all of it" yes "$([ -e "$home/tools/new_tool.sh" ] && echo yes)"
check "settings stay" mine "$(cat "$home/config/application.yml")"
check "the new defaults lie beside them" two "$(cat "$home/config/application.yml.new")"
check "models stay" mine "$(cat "$home/models/m/1/model.pt")"
check "data stays" kept "$(cat "$home/data/windows")"

rm "$release/ml-model-server.jar"
install
check "without a jar it says so" 1 $?
check "and leaves what is there" two "$(cat "$home/ml-model-server.jar")"

install --nonsense
check "what it does not know is refused" 2 $?

install --uninstall
check "it uninstalls" 0 $?
check "the program is gone" "" "$(ls "$home/ml-model-server.jar" "$home/tools" "$tmp/units/ml-model-server.service" 2>/dev/null)"
check "models, data and settings stay" "mine kept mine" "$(cat "$home/models/m/1/model.pt" "$home/data/windows" "$home/config/application.yml" | xargs)"
install --uninstall
check "twice, too" 0 $?
install --purge
check "--purge leaves nothing" "" "$(ls -A "$tmp/opt")"
check "nor the user" no "$([ -e "$tmp/user" ] && echo yes || echo no)"

make_release three
refused() {
  local before
  before=$(find "$tmp/opt" "$tmp/units" -exec ls -ld {} +)
  home=$2 install ${3:+"$3"}
  check "$1 is refused" 1 $?
  check "$1 is told" 1 "$(grep -c "$4" "$tmp/out")"
  check "$1 changes nothing" "$before" "$(find "$tmp/opt" "$tmp/units" -exec ls -ld {} +)"
  check "$1 calls nothing" "" "$(cat "$tmp/calls")"
}
mkdir -p "$tmp/opt/other/docs"
echo precious >"$tmp/opt/other/docs/a"
ln -s "$tmp/empty" "$tmp/opt/link"
mkdir "$tmp/empty"
for option in "" --uninstall --purge; do
  refused "another's folder ($option)" "$tmp/opt/other" "$option" "did not put there"
  refused "another's folder by a way around ($option)" "$tmp/opt/x/../other" "$option" "between single slashes"
  refused "a folder of the system ($option)" /opt "$option" "two levels down"
  refused "the root ($option)" / "$option" "two levels down"
  refused "a relative folder ($option)" opt/here "$option" "two levels down"
  refused "a folder with a space ($option)" "$tmp/opt/a b" "$option" "letters, digits"
  refused "a folder with a character of sed's ($option)" "$tmp/opt/a&b#c" "$option" "letters, digits"
  refused "a folder with a specifier of systemd's ($option)" "$tmp/opt/%h" "$option" "letters, digits"
  refused "a user's home ($option)" /home/me/server "$option" "hides from the server"
  refused "a link ($option)" "$tmp/opt/link" "$option" "is a link"
  refused "a file ($option)" "$tmp/opt/other/docs/a" "$option" "not a folder"
done
units=$tmp/nowhere refused "a folder of units that is not there" "$tmp/opt/new" "" "UNIT_DIR"
refused "the release itself" "$(mkdir "$tmp/r" && cp -R "$release/." "$tmp/r" && echo "$tmp/r")" "" "did not put there"
check "what is another's is kept" precious "$(cat "$tmp/opt/other/docs/a")"

home="$tmp/opt/new//"
mkdir -p "$tmp/opt/new/models/mine" "$tmp/opt/new/data"
install
check "models and data may be there before" 0 $?
check "and stay" yes "$([ -d "$tmp/opt/new/models/mine" ] && echo yes)"
check "slashes at the end do not reach the unit" "WorkingDirectory=$tmp/opt/new" "$(grep ^WorkingDirectory= "$tmp/units/ml-model-server.service")"
mkdir "$tmp/opt/new/.new.killed"
install
check "what a killed run left is removed" "" "$(find "$tmp/opt/new" -name '.new.*')"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
