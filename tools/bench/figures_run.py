"""How tools/bench/figures runs the examples: a folder for each figure, the log of each run, progress lines as they come."""
import os
import shutil
import subprocess

import common


class Missing(Exception):
    """A data set that cannot be had here; the message says why."""


class Run:
    """What the log of a run says."""

    def __init__(self, log):
        events = common.events(log)
        self.epochs = [event for event in events if event["event"] == "epoch"]
        tests = [event for event in events if event["event"] == "test"]
        #: The metrics of the last test block, by name.
        self.metrics = tests[-1]["metrics"] if tests else {}


class Place:
    """An empty folder in which one figure is reached."""

    def __init__(self, folder, threads):
        self.folder = folder
        self.threads = threads
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)

    def say(self, text):
        print(f"    {text}", flush=True)

    def fetch(self, name):
        """Sees to it that a data set is there."""
        try:
            common.dlc("data", name)
        except common.Failed as failure:
            raise Missing(f"the data cannot be had: {failure}") from failure

    def stream(self, words):
        """Runs a command in the folder, shows its lines as they come, and returns them."""
        process = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            self.say(lines[-1])
        if process.wait():
            raise common.Failed(f"`{' '.join(words[:3])}` ended with status {process.returncode}: {lines[-1] if lines else ''}")
        return lines

    def train(self, program, *options, show=False):
        """Trains and tests a program: an example by its name, or a file. `show` copies the progress of the run."""
        file = program if os.path.exists(program) else common.example(program)
        log = os.path.join(self.folder, "log.jsonl")
        words = [common.DLC, "run", file, "--threads", str(self.threads), "--log", log, *map(str, options)]
        if show:
            self.stream(words)
        else:
            common.run([*words, "--quiet"], cwd=self.folder)
        return Run(log)

    def seeds(self, program, count, figure):
        """A figure of each of the runs with the seeds 0, 1, ..."""
        found = []
        for seed in range(count):
            found.append(figure(self.train(program, "--seed", seed)))
        self.say("by seed: " + " ".join(f"{value:.4g}" for value in found))
        return found
