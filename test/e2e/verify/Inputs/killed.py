"""Kills the child of `dlc verify` as the system does when memory runs out: killed.py DLC MODEL. Ctrl-C ends both, by the signal."""
import os
import signal
import subprocess
import sys
import time


def run(deliver):
    verify = subprocess.Popen([sys.argv[1], "verify", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    children = f"/proc/{verify.pid}/task/{verify.pid}/children"
    deadline = time.monotonic() + 60
    while not (child := open(children).read().split()):
        assert verify.poll() is None and time.monotonic() < deadline, "there is no child process"
        time.sleep(0.01)
    os.kill(int(child[0]), deliver)
    return verify.communicate(timeout=60)[1], verify.returncode


message, status = run(signal.SIGKILL)
assert status == 3 and "was killed from outside" in message and "crashed" not in message, (status, message)
message, status = run(signal.SIGTERM)
assert status == -signal.SIGTERM and not message, (status, message)
