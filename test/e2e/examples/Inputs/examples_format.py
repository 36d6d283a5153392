"""A test format of lit: each program of examples/, and each script of this folder, is a test.

A test is a command whose status is 0 where it passed and 77 where it was skipped; the last line then says why, and is also
written to the terminal, because lit shows the output of failed tests only.
"""
import os
import subprocess
import sys

import lit.Test
import lit.formats

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


class ExamplesFormat(lit.formats.ShTest):
    def __init__(self, config):
        super().__init__(execute_external=False)
        self.dlc = os.path.join(config.dlc_bin, "dlc")
        self.examples = os.path.join(config.dlc_source, "examples")
        self.python = config.python

    def getTestsInDirectory(self, testSuite, path_in_suite, litConfig, localConfig):
        for name in sorted(os.listdir(self.examples)):
            if name.endswith(".dl"):
                yield lit.Test.Test(testSuite, path_in_suite + (name,), localConfig)
        yield from super().getTestsInDirectory(testSuite, path_in_suite, litConfig, localConfig)

    def execute(self, test, litConfig):
        name = test.path_in_suite[-1]
        if not name.endswith(".dl"):
            return super().execute(test, litConfig)
        if not os.access(self.dlc, os.X_OK):
            return lit.Test.UNSUPPORTED, "dlc is not built"
        # The environment of the test, and what npm needs to fetch a data set.
        environment = {**test.config.environment, "HOME": os.path.expanduser("~")}
        command = [self.python, os.path.join(HERE, "example.py"), self.dlc, os.path.join(self.examples, name),
                   test.getExecPath() + ".folder"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        if done.returncode == SKIPPED:
            reason = done.stdout.rstrip().split("\n")[-1]
            print(f"skipped {name}: {reason}", file=sys.stderr, flush=True)
            return lit.Test.UNSUPPORTED, reason
        return (lit.Test.FAIL if done.returncode else lit.Test.PASS), done.stdout
