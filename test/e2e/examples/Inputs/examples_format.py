"""A test format of lit: each program of examples/, and each script of this folder, is a test.

A program requires `dlc` and the data sets whose files it, or what it imports, names.
"""
import os
import subprocess

import lit.Test
import lit.formats
import requirements

HERE = os.path.dirname(os.path.abspath(__file__))


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
        program = os.path.join(self.examples, name)
        test.requires = ["dlc", *requirements.data_sets_of(program)]
        if missing := test.getMissingRequiredFeatures():
            return lit.Test.UNSUPPORTED, f"Test requires the following unavailable features: {', '.join(missing)}"
        command = [self.python, os.path.join(HERE, "example.py"), self.dlc, program, test.getExecPath() + ".folder"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=test.config.environment)
        return (lit.Test.FAIL if done.returncode else lit.Test.PASS), done.stdout
