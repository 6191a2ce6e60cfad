#!/usr/bin/env bash
# Installs an unpacked release under systemd, or upgrades it; run it as root from the release:
#   sudo deploy/systemd/install.sh              # installs or upgrades, starts, waits until predictions are answered
#   sudo deploy/systemd/install.sh --uninstall  # stops it and removes the program; models, data and settings stay
#   sudo deploy/systemd/install.sh --purge      # removes everything, the user too
# Running it twice has the same effect as running it once. The environment may give HOME_DIR (/opt/ml-model-server), UNIT_DIR (/etc/systemd/system).
set -eu
umask 022

name=ml-model-server
home=${HOME_DIR:-/opt/$name}
units=${UNIT_DIR:-/etc/systemd/system}
release=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
mark=.installed-by-install.sh
program=(ml-model-server.jar start_ml_server.sh start_ml_server.bat tools deploy docs README.md README.ru.md LICENSE)

fail() {
  echo "$1" >&2
  exit 1
}

# As root, it removes only folders that the installer created.
check_home() {
  while [ "$home" != "${home%/}" ]; do home=${home%/}; done
  case $home/ in
    *[!A-Za-z0-9._/-]* | */../* | */./* | *//*) fail "HOME_DIR is '$home', expected letters, digits and . _ - between single slashes: the unit names it" ;;
    /home/* | /root/*) fail "HOME_DIR is $home, which the unit hides from the server, like all users' homes." ;;
    /*/*/) ;;
    *) fail "HOME_DIR is '$home', expected a folder two levels down or deeper, such as /opt/$name" ;;
  esac
  [ -d "$home" ] || [ ! -e "$home" ] || fail "$home is not a folder."
  [ ! -L "$home" ] || fail "$home is a link: use the folder that it leads to."
  [ -e "$home/$mark" ] || [ -z "$(find "$home/" -mindepth 1 -maxdepth 1 ! -name data ! -name models ! -name config 2>/dev/null)" ] ||
    fail "$home holds something that this script did not put there: choose an empty HOME_DIR."
}

check_systemd() {
  command -v systemctl >/dev/null || fail "There is no systemctl: this script is for systemd. Elsewhere start_ml_server.sh starts the server."
  [ -d "$units" ] || fail "UNIT_DIR is '$units', which is not a folder."
}

uninstall() {
  systemctl disable --now "$name" 2>/dev/null || true
  rm -f "$units/$name.service"
  systemctl daemon-reload
  for part in "${program[@]}"; do rm -rf "${home:?}/$part"; done
  rm -rf "$home/data/app" "$home/data/engine-libraries"
}

case ${1:-} in
  "") ;;
  --uninstall | --purge)
    [ "$(id -u)" -eq 0 ] || fail "Run this as root: sudo $0 $1"
    check_home
    check_systemd
    uninstall
    if [ "$1" = --purge ]; then
      rm -rf "$home"
      if id "$name" >/dev/null 2>&1; then userdel "$name"; fi
      echo "$name is gone."
    else
      echo "$name is uninstalled. What it left: $home (models, data, config)."
    fi
    exit
    ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    [ "$1" = --help ] || [ "$1" = -h ] || exit 2
    exit
    ;;
esac

[ "$(id -u)" -eq 0 ] || fail "Run this as root: sudo $0"
[ -f "$release/ml-model-server.jar" ] ||
  fail "$release holds no ml-model-server.jar: unpack a release, or make one with ./mvnw -Prelease -DskipTests package"
check_home
check_systemd
[ ! "$release" -ef "$home" ] || fail "Unpack the release elsewhere than in $home, and run its install.sh."
java=$("$release/tools/find_jdk.sh")
# The unit hides the homes of users, so that a Java there is not seen by the server.
case $java in
  /home/* | /root/*) fail "The newest Java is $java, in a user's home: install one for all, for example: apt install openjdk-21-jre-headless" ;;
esac

if ! id "$name" >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --home-dir "$home/data" --shell /usr/sbin/nologin "$name"
fi
mkdir -p "$home/data"
echo "deploy/systemd/install.sh --purge removes this folder." >"$home/$mark"

# The new program is copied next to the old one and replaces it when it is complete: the running server has its own copy.
rm -rf "$home"/.new.*
new=$(mktemp -d "$home/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
for part in "${program[@]}"; do
  if [ -e "$release/$part" ]; then cp -R "$release/$part" "$new/"; fi
done
for part in "${program[@]}"; do
  if [ -e "$new/$part" ]; then
    rm -rf "${home:?}/$part"
    mv "$new/$part" "$home/$part"
  fi
done

# Settings and models are the operator's: existing files stay, and a newer default is placed next to them.
if [ ! -d "$home/config" ]; then
  cp -R "$release/config" "$home/config"
else
  (cd "$release" && find config -type f) | while read -r file; do
    if [ ! -e "$home/$file" ]; then
      mkdir -p "$(dirname -- "$home/$file")"
      cp "$release/$file" "$home/$file"
    elif ! cmp -s "$release/$file" "$home/$file"; then
      cp "$release/$file" "$home/$file.new"
      echo "Your file is kept; the release's is next to it: $home/$file.new"
    fi
  done
fi
if [ ! -d "$home/models" ]; then cp -R "$release/models" "$home/models"; fi
chown -R root:root "$home/config"
chown -R "$name:" "$home/data" "$home/models"

sed "s#/opt/ml-model-server#$home#g" "$release/deploy/systemd/$name.service" >"$units/$name.service"
systemctl daemon-reload
systemctl enable "$name"
systemctl restart "$name"
echo "$name runs from $home: systemctl status $name, journalctl -u $name"
