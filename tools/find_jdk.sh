#!/usr/bin/env bash
# Prints the home of the newest Java >= 21 on this machine, or what to install if there is none. Of several that are
# equally new it takes the first, so JAVA_HOME comes before PATH and PATH before all others.
#   tools/find_jdk.sh [--javac]      --javac: only one that can compile, a JDK and no JRE
set -u

readonly OLDEST=21
# Tests put machines of their own here.
readonly ROOT=${FIND_JDK_ROOT:-}
readonly USER_HOME=${HOME:-}

# The major version of a Java home, or 0 if it is none: from its release file where it has one, since starting a JVM
# takes longer.
major() {
  local version=""
  [ -x "$1/bin/java" ] || { echo 0; return; }
  if [ -f "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
  echo "${version:-0}"
}

candidates() {
  local java home
  if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME"; fi
  if [ -x "$ROOT/usr/libexec/java_home" ]; then "$ROOT/usr/libexec/java_home" -v "$OLDEST+" 2>/dev/null; fi
  java=$(command -v java 2>/dev/null) && {
    # A package manager's java is a chain of links into the real home; macOS has no readlink -f before 12.3.
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    # On macOS, /usr/bin/java stands for what java_home has named, or opens a window where there is none.
    if [ "$java" != /usr/bin/java ] || [ ! -x /usr/libexec/java_home ]; then dirname "$(dirname "$java")"; fi
  }
  for home in "$ROOT"/usr/lib/jvm/* "$ROOT"/usr/lib64/jvm/* "$ROOT"/usr/java/* "$ROOT"/opt/* "$ROOT"/opt/*/jdk* \
    "$ROOT"/usr/local/*jdk* "$ROOT"/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$ROOT"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$ROOT"/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec "$ROOT"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$USER_HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home "$USER_HOME"/.sdkman/candidates/java/* \
    "$USER_HOME"/.jdks/* "$USER_HOME"/.jdks/*/Contents/Home "$USER_HOME"/.gradle/jdks/* \
    "$USER_HOME"/.gradle/jdks/*/Contents/Home "$USER_HOME"/.gradle/jdks/*/*/Contents/Home "$USER_HOME"/.m2/jdks/* \
    "$USER_HOME"/.local/share/mise/installs/java/* "$USER_HOME"/.asdf/installs/java/*; do
    echo "$home"
  done
}

need=Java tool=java
if [ "${1:-}" = "--javac" ]; then need="JDK (with javac)" tool=javac; fi

best="" best_major=0
while IFS= read -r home; do
  [ -x "$home/bin/$tool" ] || continue
  found=$(major "$home")
  if [ "$found" -ge "$OLDEST" ] && [ "$found" -gt "$best_major" ]; then
    best=$home best_major=$found
  fi
done < <(candidates)

if [ -z "$best" ]; then
  cat >&2 <<MESSAGE
No $need $OLDEST or newer was found (looked at JAVA_HOME, PATH and where JDKs are usually installed). Install one, for example:
  Debian 13, Ubuntu   sudo apt install openjdk-21-jdk
  Fedora, RHEL        sudo dnf install java-21-openjdk-devel
  macOS               brew install openjdk
  Windows             winget install EclipseAdoptium.Temurin.25.JDK
  others, Debian 12   Temurin 25 from https://adoptium.net, unpacked into /opt or ~/.jdks
MESSAGE
  exit 1
fi
printf '%s\n' "$best"
