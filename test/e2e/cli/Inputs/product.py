"""The program under test in a folder of its own: `Product(dlc, folder)`."""
import os
import re
import shutil
import subprocess
import time


def wait_until_caught(going, number, text="", seconds=120):
    """Waits until the program catches a signal and has said `text`; returns what it said, in whole lines.

    A machine that is busy, or a build with sanitizers, is slow to begin, and a signal before that is another test."""
    end = time.monotonic() + seconds
    said = b""
    while text.encode() not in said or not said.endswith(b"\n" * bool(text)):
        byte = os.read(going.stdout.fileno(), 1)
        assert byte, f"ended without `{text}`: {said.decode()}"
        said += byte
    while True:
        with open(f"/proc/{going.pid}/status") as file:
            caught = int(re.search(r"SigCgt:\s*(\w+)", file.read())[1], 16)
        if caught >> (number - 1) & 1:
            return said.decode()
        assert going.poll() is None and time.monotonic() < end, f"signal {number} is not caught"
        time.sleep(0.02)


class Product:
    def __init__(self, dlc, folder):
        self.dlc, self.folder = dlc, os.path.abspath(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def at(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.at(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def read(self, name):
        with open(self.at(name), "rb") as file:
            return file.read()

    def run(self, *words, status=0, **more):
        """Standard output and errors together; the exit status must be `status`."""
        done = subprocess.run([self.dlc, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder, timeout=300, **more)
        said = done.stdout.decode("utf8", "replace")
        assert done.returncode == status, f"{words}: status {done.returncode} instead of {status}:\n{said}"
        return said

    def expect(self, status, words, *texts, **more):
        """Runs and wants every text in what is said."""
        said = self.run(*words, status=status, **more)
        for text in texts:
            assert text in said, f"{words}: no `{text}` in:\n{said}"
        return said

    def start(self, *words, **more):
        return subprocess.Popen([self.dlc, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder, text=True, **more)
