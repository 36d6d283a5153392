# How lit runs the tests in this folder.
#
# Substitutions: %dlc, %dlc-opt and every other program of the build by its name with % in front; %source, the root of the
# repository; %std, the standard library; FileCheck, not, count and split-file.
# Features: a program's name where it is built; `sanitize`; `cuda`; `round_trip`; `thorough`; and what a machine may not have, of
# requirements.py: the data sets `mnist` and `boston`, which are fetched when lit starts if they are not there, `ptxas`,
# `cuda_headers`, the shells `zsh` and `fish`, and `tmpfs`, the right to mount one. What is missing is said, and a test that needs it is unsupported.
# Parameter `round_trip=1` (lit -D round_trip=1), or DLC_ROUND_TRIP=1 in the environment: dlc-opt prints and parses
# the module again before each run, and every tool that runs the pipeline does so between passes and between the stages of code.
# Parameter `thorough=1`: tests of random inputs try many more, and slow comparisons run; DLC_THOROUGH tells scripts.
import os
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import requirements  # noqa: E402

config.name = "dlc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".dl", ".test"]
config.excludes = ["Inputs", "unit", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.dlc_build, "test")

for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "TMPDIR", "DLC_ROUND_TRIP"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["NO_COLOR"] = "1"
# Data sets are those of the machine: a test that needs one fetches it to where `dlc data` puts it for its user.
user_cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
config.environment["DLC_DATA"] = os.environ.get("DLC_DATA") or os.path.join(user_cache, "dlc", "data")
# Each run of the suite has caches of its own, so that no test sees what an older compiler left.
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")

if lit_config.params.get("round_trip"):
    config.environment["DLC_ROUND_TRIP"] = "1"
if "DLC_ROUND_TRIP" in config.environment:
    config.available_features.add("round_trip")
if lit_config.params.get("thorough"):
    config.environment["DLC_THOROUGH"] = "1"
    config.available_features.add("thorough")
round_trip = " --verify-roundtrip" if "DLC_ROUND_TRIP" in config.environment else ""


def program(path):
    return path if path and os.path.exists(path) else None


tools = {"FileCheck": config.file_check, "not": config.tool_not, "count": config.tool_count, "split-file": config.split_file}
for name, path in tools.items():
    if not program(path):
        lit_config.fatal(f"{name} was not found; it is in Debian's llvm-22-tools")

# Longer names first: %dlc is the beginning of %dlc-opt.
built = sorted(os.listdir(config.dlc_bin) if os.path.isdir(config.dlc_bin) else [], key=len, reverse=True)
for name in built:
    path = os.path.join(config.dlc_bin, name)
    if os.path.isfile(path) and os.access(path, os.X_OK):
        config.available_features.add(name)
        config.substitutions.append((rf"%{name}\b", path + (round_trip if name == "dlc-opt" else "")))
for name in ("dlc-opt", "dlc"):
    if name not in built:
        config.substitutions.append((rf"%{name}\b", f"echo {name} is not built; false"))

config.substitutions.append(("%bin", config.dlc_bin))
config.substitutions.append(("%source", config.dlc_source))
config.substitutions.append(("%build", config.dlc_build))
config.substitutions.append(("%std", os.path.join(config.dlc_source, "frontend", "std")))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%mlir-headers", config.mlir_headers))
for name, path in tools.items():
    config.substitutions.append((rf"(?<![\w%/.-]){name}(?![\w/.-])", path))

if config.sanitize:
    config.available_features.add("sanitize")
if os.path.exists("/dev/nvidiactl"):
    config.available_features.add("cuda")


def require(name, is_there, why):
    """A feature, or a line that says why it is none."""
    if is_there:
        config.available_features.add(name)
    else:
        lit_config.note(f"{name} is not there ({why}): tests that need it are unsupported")


if "dlc" in built:
    # What npm needs to fetch a set is the user's own.
    missing = requirements.missing_data(os.path.join(config.dlc_bin, "dlc"), {**os.environ, "DLC_DATA": config.environment["DLC_DATA"]})
    for name in requirements.DATA_SETS:
        require(name, name not in missing, missing.get(name))
for name in requirements.SHELLS:
    require(name, shutil.which(name), "the shell is not installed")
ptxas = requirements.ptxas()
require("ptxas", ptxas, "it is neither on the path nor in /usr/local/cuda/bin; CUDA's toolkit has it")
config.substitutions.append(("%ptxas", ptxas or "ptxas"))
cuda_headers = requirements.cuda_headers()
require("cuda_headers", cuda_headers, "CUDA's toolkit has cuda.h and cublasLt.h, in /usr/local/cuda/include or below CUDA_HOME")
config.substitutions.append(("%cuda-headers", cuda_headers or "/usr/include"))
config.substitutions.append(("%cxx", config.cxx))
tmpfs = requirements.tmpfs()
require("tmpfs", tmpfs, "none can be mounted, not even in a namespace of its own")
config.substitutions.append(("%tmpfs", tmpfs or "unshare"))
