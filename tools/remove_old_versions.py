#!/usr/bin/env python3
"""Removes old versions of models: of each model the newest stay, and whatever else is in use.

    tools/remove_old_versions.py --keep 5                   prints what would be removed
    tools/remove_old_versions.py --keep 5 --delete          removes it

Never removed: the versions in PRODUCTION and STAGING, the one that a rollback would bring back, versions that an ensemble.json names, those of
running experiments and those that the server has loaded. The last two are asked of the server, so it has to run; --without-server
says that none does. A folder that is not a version, is a link, or changed within the last hour is left alone too."""
import argparse
import functools
import json
import os
import pathlib
import re
import shutil
import sys
import time
import urllib.error
import urllib.request

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
RESERVED = {"production", "staging", "latest"}
STAGES = ("production", "staging")
# Of a folder that is being removed; the server ignores names that begin with a dot.
REMOVED = ".removed-"
SETTLED_SECONDS = 3600


class Unclear(Exception):
    """What may be removed can't be told."""


def compare(first, second):
    """As the server orders versions: runs of digits by their value, and 1.0.0-rc1 before 1.0.0."""
    for left, right in zip(parts(first), parts(second)):
        if left != right:
            if left.isdigit() and right.isdigit() and len(left) != len(right):
                return len(left) - len(right)
            return -1 if left < right else 1
    return (first > second) - (first < second)


def parts(version):
    return [re.sub(r"^0+(?=[0-9])", "", part)
            for part in re.findall(r"[0-9]+|[^0-9]", re.sub(r"-(?=[A-Za-z])", "\0", version) + "\1")]


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as broken:
        raise Unclear(f"{path} can't be read: {broken}") from broken


class Model:
    """The folder of one model."""

    def __init__(self, folder):
        self.folder = folder

    def versions(self):
        """Those of its folders that can be versions, the newest first."""
        return sorted((path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name) and path.name not in RESERVED
                       and path.is_dir() and not path.is_symlink()), key=functools.cmp_to_key(compare), reverse=True)

    def staged(self):
        """The versions in PRODUCTION and STAGING with the reason to keep them; of one without a marker, all that claim it."""
        found = {}
        for stage in STAGES:
            marker, link = self.folder / f".{stage}", self.folder / stage
            if marker.exists():
                lines = marker.read_text(encoding="utf-8-sig").splitlines()
                names = [lines[0].strip()] if lines and lines[0].strip() else []
            elif link.is_symlink():
                names = [pathlib.Path(os.readlink(link)).name]
            else:
                names = [version for version in self.versions() if self.claims(version, stage)]
            for name in names:
                found.setdefault(name, stage.upper())
        return found

    def claims(self, version, stage):
        metadata = self.folder / version / "metadata.json"
        return metadata.exists() and str(read_json(metadata).get("stage", "")).strip().lower() == stage

    def previous(self):
        """What a rollback, or a start without the version in PRODUCTION, would bring back."""
        history = self.folder / "history.jsonl"
        found = set()
        if not history.exists():
            return found
        for line in reversed(history.read_text(encoding="utf-8", errors="replace").splitlines()):
            try:
                change = json.loads(line)
                version, before, to, source = change["version"], change.get("previous_version"), change["to"], change["from"]
            except (ValueError, KeyError, TypeError, AttributeError):
                # A crash cut it short.
                continue
            if "PRODUCTION" in (to, source):
                found.update(name for name in (version, before) if name)
                # The line before it counts if this change was undone.
                if change.get("action") != "undone":
                    break
        return found


def ensemble_members(registry):
    """The versions that any ensemble names, by model."""
    found = {}
    for file in registry.glob("*/*/ensemble.json"):
        members = read_json(file).get("members", [])
        for member in members:
            if isinstance(member, dict) and member.get("version"):
                found.setdefault(member.get("model"), set()).add(str(member["version"]))
    return found


class Server:
    """What is in use beyond what the folder tells."""

    def __init__(self, address, key):
        self.address, self.key = address.rstrip("/"), key

    def get(self, path):
        request = urllib.request.Request(self.address + path, headers={"Authorization": f"Bearer {self.key}"} if self.key else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except (OSError, ValueError) as broken:
            raise Unclear(f"the server does not tell what is in use ({self.address}{path}: {broken}); start it, correct --server, or say "
                          "--without-server if none uses this folder") from broken

    def in_use(self):
        """Versions with the reason to keep them, by model."""
        found = {}
        for version in self.get("/api/ml/models?loaded=true"):
            found.setdefault(version["name"], {})[version["version"]] = "loaded"
        for experiment in self.get("/api/ml/ab-test"):
            if experiment["status"] == "running":
                for variant in experiment["variants"]:
                    found.setdefault(variant["model_name"], {})[variant["model_version"]] = f"in experiment {experiment['experiment_id']}"
        return found


def to_remove(model, keep, in_use, members, now):
    """The versions that can go, the oldest first, and those beyond the newest that stay, with the reasons."""
    reasons = {version: "before PRODUCTION" for version in model.previous()}
    reasons.update({version: "in an ensemble" for version in members})
    reasons.update(in_use)
    reasons.update(model.staged())
    gone, kept = [], {}
    for version in reversed(model.versions()[keep:]):
        folder = model.folder / version
        if version in reasons:
            kept[version] = reasons[version]
        elif now - newest_change(folder) < SETTLED_SECONDS:
            kept[version] = "changed within the last hour"
        else:
            gone.append(version)
    return gone, kept


def newest_change(folder):
    return max(path.lstat().st_mtime for path in (folder, *folder.rglob("*")))


def size(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def remove(folder):
    """Out of the server's sight at once, so that it never sees half a version."""
    hidden = folder.with_name(REMOVED + folder.name)
    shutil.rmtree(hidden, ignore_errors=True)
    folder.rename(hidden)
    shutil.rmtree(hidden)


def arguments(given):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=int, required=True, metavar="N", help="how many of the newest versions of each model stay, at least 1")
    parser.add_argument("--registry", type=pathlib.Path, default=pathlib.Path("models"), help="the registry folder (default: models)")
    parser.add_argument("--model", action="append", metavar="NAME", help="only this model; can be given again")
    parser.add_argument("--server", default="http://127.0.0.1:8001", help="the server that uses the folder (default: %(default)s)")
    parser.add_argument("--without-server", action="store_true", help="no server uses the folder, and no experiment is to be continued")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--delete", action="store_true", help="remove; without it, only print")
    action.add_argument("--dry-run", action="store_true", help="only print (default)")
    options = parser.parse_args(given)
    if options.keep < 1:
        parser.error(f"--keep must be at least 1, not {options.keep}")
    return options


def models(registry, names):
    if not registry.is_dir():
        raise Unclear(f"there is no registry folder {registry}: run this where models/ lies, or give --registry")
    found = {path.name: Model(path) for path in sorted(registry.iterdir()) if NAME.fullmatch(path.name) and path.is_dir()
             and not path.is_symlink()}
    for name in names or []:
        if name not in found:
            raise Unclear(f"there is no model '{name}' in {registry}")
    return {name: model for name, model in found.items() if not names or name in names}


def main(given, out=sys.stdout):
    options = arguments(given)
    server = None if options.without_server else Server(options.server, os.environ.get("MODELSERVER_API_KEY"))
    freed = count = 0
    try:
        for name, model in models(options.registry, options.model).items():
            # Asked for each model, since promotions go on meanwhile.
            in_use = server.in_use().get(name, {}) if server else {}
            gone, kept = to_remove(model, options.keep, in_use, ensemble_members(options.registry).get(name, set()), time.time())
            for version, reason in kept.items():
                print(f"keeping  {name}:{version}  {reason}", file=out)
            for version in gone:
                bytes_ = size(model.folder / version)
                if options.delete:
                    remove(model.folder / version)
                print(f"{'removed ' if options.delete else 'would remove'} {name}:{version}  {bytes_ / 1e6:.1f} MB", file=out)
                freed, count = freed + bytes_, count + 1
    except Unclear as unclear:
        print(f"{unclear}; nothing more was removed" if count and options.delete else unclear, file=sys.stderr)
        return 1
    except OSError as broken:
        print(f"{broken}; removed so far: {count if options.delete else 0}", file=sys.stderr)
        return 1
    print(f"{count} versions, {freed / 1e6:.1f} MB{'' if options.delete else '; nothing was removed, --delete removes them'}", file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
