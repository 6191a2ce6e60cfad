#!/usr/bin/env bash
# Prints the home of the newest Java >= 21 on this machine; says what to install where there is none.
set -u

readonly OLDEST=21

# The major version of a Java home, or 0 if it is none: from its release file where it has one, since starting a JVM
# takes longer.
major() {
  local version=""
  [ -x "$1/bin/java" ] || { echo 0; return; }
  if [ -f "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
  echo "${version:-0}"
}

candidates() {
  local java
  if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME"; fi
  java=$(command -v java 2>/dev/null) && {
    # A package manager's java is a chain of links into the real home; macOS has no readlink -f before 12.3.
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    dirname "$(dirname "$java")"
  }
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v "$OLDEST+" 2>/dev/null; fi
  local home
  for home in /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/jdk* /usr/local/*jdk* /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.gradle/jdks/* "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/*; do
    echo "$home"
  done
}

best="" best_major=0
while IFS= read -r home; do
  found=$(major "$home")
  if [ "$found" -ge "$OLDEST" ] && [ "$found" -gt "$best_major" ]; then
    best=$home best_major=$found
  fi
done < <(candidates)

if [ -z "$best" ]; then
  cat >&2 <<MESSAGE
No Java $OLDEST or newer was found (looked at JAVA_HOME, PATH and where JDKs usually lie). Install one, for example:
  Debian, Ubuntu   sudo apt install openjdk-21-jdk     (or Temurin 25: https://adoptium.net)
  Fedora, RHEL     sudo dnf install java-21-openjdk-devel
  macOS            brew install openjdk
MESSAGE
  exit 1
fi
printf '%s\n' "$best"
