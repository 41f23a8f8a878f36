#!/usr/bin/env python3
"""What becomes of the store when the world around it fails: a full disk, a read-only one, a file and
a folder that may not be written, a server that goes away in the middle and comes back, a second
writer. Exit code 5 with one line that says what, nothing half written, and the command run again
gives what it gives undisturbed.

usage: surroundings.py INTERCEPTED_PROGRAM PROJECT_FOLDER
"""
import os
import pathlib
import signal
import subprocess
import sys

from stores import LEFT_OUT, Cases, FileStore, MigrationCase, say, stores_to_disturb

USE_CASES = {"init", "import", "genome", "weights"}


def complaints_of(at, case, done, place, expected):
    """Of a run that failed as it should, and of what it left."""
    error = done.stderr.decode()
    failed = []
    if done.returncode != 5 or error.count("adgenome: error: ") != 1 or expected not in error:
        failed.append(f"{at}exit code {done.returncode}: {error[:300]}")
    return failed + [at + what for what in case.complaints(place)]


def complaints_again(at, case, place):
    return [at + what for what in case.complaints_again(place)]


class SmallDisk:
    """A file system in memory of a size; `is_there` is false where this process may not mount one."""

    def __init__(self, folder):
        self.folder = folder
        os.mkdir(folder)
        self.is_there = self.call("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder) == 0

    @staticmethod
    def call(*command):
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode

    def remount(self, options):
        assert self.call("mount", "-o", f"remount,{options}", self.folder) == 0

    def leave(self, kilobytes):
        """So much room beside what is there."""
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize // 1024
        self.remount(f"size={max(used + kilobytes, 4)}k")  # 0 is no limit

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_there:
            self.call("umount", self.folder)


def check_disks(cases, folder):
    failed, count = [], 0
    with SmallDisk(f"{folder}/disk") as disk:
        if not disk.is_there:
            print("skipped full and read-only disk: this process may not mount one")
            return [], 0
        on_disk = FileStore(disk.folder)
        for case in cases:
            for kilobytes in (0, 96):
                at = f"{case.name} with {kilobytes} KiB free: "
                with on_disk.copy_of(case.before) as place:
                    disk.leave(kilobytes)
                    done = case.run(place, {})
                    disk.remount("size=64m")
                    if done.returncode != 0:
                        failed += complaints_of(at, case, done, place, "disk")
                        count += 1
                    failed += complaints_again(at, case, place)
            at = f"{case.name} on a read-only disk: "
            with on_disk.copy_of(case.before) as place:
                disk.remount("ro")
                done = case.run(place, {})
                disk.remount("rw")
                failed += complaints_of(at, case, done, place, "")
                failed += complaints_again(at, case, place)
                count += 1
    return failed, count


def check_permissions(cases, store):
    """As a user who may read the file, but not write it or its folder."""
    failed, count = [], 0
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    for case in cases:
        for what, mode in (("file", 0o444), ("folder", 0o555)):
            at = f"{case.name} with a {what} that may not be written: "
            with store.copy_of(case.before) as place:
                target = place.url if what == "file" else place.folder
                if not os.path.exists(target):
                    continue
                if what == "file":
                    os.chmod(place.folder, 0o777)
                os.chmod(target, mode)
                done = case.run(place, {}, as_nobody)
                os.chmod(target, 0o755)
                failed += complaints_of(at, case, done, place, "")
                failed += complaints_again(at, case, place)
                count += 1
    return failed, count


def stopped(case, place, k, arguments=()):
    """The command as a process that has stopped before statement k."""
    process = case.start(place, {"ADGENOME_TEST_STOP_AT": str(k)}, more=arguments)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return process


def go_on(process):
    process.send_signal(signal.SIGCONT)
    stdout, stderr = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def check_server(cases, store):
    failed, count = [], 0
    for case in cases:
        k = 1 + case.statements // 2
        at = f"{case.name}, the server gone before statement {k}: "
        with store.copy_of(case.before) as place:
            process = stopped(case, place, k)
            store.server.halt()
            done = go_on(process)
            gone = case.run(place, {})
            store.server.start()
            failed += complaints_of(at, case, done, place, "PostgreSQL")
            failed += complaints_of(at + "again, ", case, gone, place, "cannot reach PostgreSQL")
            failed += complaints_again(at, case, place)
            count += 1
    return failed, count


def check_two_writers(cases, store):
    """One is in the middle when the other comes: it gives up after its patience, or both succeed."""
    failed, count = [], 0
    for case in cases:
        k = case.statements  # the commit: everything is written and nothing is there yet
        at = f"{store.kind}: {case.name} twice at once: "
        with store.copy_of(case.before) as place:
            first = stopped(case, place, k)
            second = case.start(place, more=("--busy-timeout", "300"))
            _, error = second.communicate()
            if second.returncode == 5:
                if b"locked by another process" not in error:
                    failed.append(f"{at}{error.decode()[:300]}")
            elif second.returncode != 0:
                failed.append(f"{at}exit code {second.returncode}: {error.decode()[:300]}")
            done = go_on(first)
            if done.returncode != 0:
                failed.append(f"{at}the first: exit code {done.returncode}: {done.stderr.decode()[:300]}")
            failed += [at + what for what in place.complaints()]
            failed += complaints_again(at, case, place)
            count += 1
    return failed, count


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    results = []
    with stores_to_disturb() as stores:
        def cases_on(store):
            cases = [case for case in Cases(program, project, store, without=LEFT_OUT).all() if case.name in USE_CASES]
            return cases + [MigrationCase(program, project, store)]
        files = stores[0]
        cases = cases_on(files)
        results += [check_disks(cases, files.folder), check_permissions(cases, files),
                    check_two_writers(cases[1:], files)]
        for served in stores[1:]:
            cases = cases_on(served)
            results += [check_two_writers(cases[1:], served), check_server(cases[::3], served)]
    failed = [what for found, _ in results for what in found]
    return say(failed, f"{sum(count for _, count in results)} failures around the store left it whole")


if __name__ == "__main__":
    sys.exit(main())
