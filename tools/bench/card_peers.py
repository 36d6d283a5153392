"""PyTorch's times for what tools/bench/card measures, on the card of this machine: card_peers.py. One JSON object a line: name, way, seconds.

Medians of runs of calls between two events of the card; steps of a network by the clock, as a training sees them.
"""
import json
import statistics
import time

import torch
import torch.nn.functional as F

torch.manual_seed(0)
DEVICE = "cuda"
ROWS, COLUMNS = 8192, 4096


def report(name, way, seconds, **more):
    print(json.dumps({"name": name, "way": way, "seconds": seconds, **more}), flush=True)


def timed(call, repeat=7):
    """Seconds of a call: the median over runs of some 20 ms each."""
    for _ in range(3):
        call()
    torch.cuda.synchronize()
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)

    def run(count):
        begin.record()
        for _ in range(count):
            call()
        end.record()
        torch.cuda.synchronize()
        return begin.elapsed_time(end) * 1e-3 / count

    count = max(3, min(500, int(0.02 / max(run(3), 1e-6))))
    return statistics.median(run(count) for _ in range(repeat))


def copies():
    source = torch.randn(1 << 28, device=DEVICE)
    target = torch.empty_like(source)
    seconds = timed(lambda: target.copy_(source))
    report("copy", "device to device", seconds, bytes_per_second=2 * source.numel() * 4 / seconds)


def products():
    for size in (1024, 4096, 8192):
        for precision in ("f32", "tf32", "bf16"):
            torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
            kind = torch.bfloat16 if precision == "bf16" else torch.float32
            a, b = (torch.randn(size, size, device=DEVICE).to(kind) for _ in range(2))
            out = torch.empty(size, size, device=DEVICE, dtype=kind)
            report(f"product_{size}_{precision}", "eager", timed(lambda: torch.mm(a, b, out=out)))
            compiled = torch.compile(torch.mm)
            report(f"product_{size}_{precision}", "torch.compile", timed(lambda: compiled(a, b)))
    torch.backends.cuda.matmul.allow_tf32 = False


def fused():
    x = torch.randn(ROWS, COLUMNS, device=DEVICE)
    bias, gain = torch.randn(COLUMNS, device=DEVICE), torch.randn(COLUMNS, device=DEVICE)
    calls = {"bias_gelu": lambda t: F.gelu(t + bias), "softmax": lambda t: torch.softmax(t, 1),
             "layer_norm": lambda t: F.layer_norm(t, (COLUMNS,), gain, bias)}
    for name, call in calls.items():
        report(name, "eager", timed(lambda: call(x)))
        compiled = torch.compile(call)
        report(name, "torch.compile", timed(lambda: compiled(x)))


def batch_norms():
    """Of as many elements as the others, 512 images of 32 x 32 places and 64 channels, which lie side by side."""
    images = lambda: torch.randn(512, 64, 32, 32, device=DEVICE).to(memory_format=torch.channels_last)
    x, gradient = images().requires_grad_(), images()
    gain, bias = (torch.randn(64, device=DEVICE, requires_grad=True) for _ in range(2))
    call = lambda t: F.batch_norm(t, None, None, gain, bias, training=True)

    def both_ways(function):
        return lambda: torch.autograd.grad(function(x), (x, gain, bias), gradient)

    compiled = torch.compile(call)
    for way, function in (("eager", call), ("torch.compile", compiled)):
        with torch.no_grad():
            forward = timed(lambda: function(x))
        report("batch_norm", way, forward)
        report("batch_norm_gradient", way, timed(both_ways(function)) - forward)


class Cnn(torch.nn.Module):
    """As examples/mnist_cnn.dl."""

    def __init__(self):
        super().__init__()
        self.convolutions = torch.nn.ModuleList([torch.nn.Conv2d(1, 32, 3), torch.nn.Conv2d(32, 64, 3), torch.nn.Conv2d(64, 64, 3)])
        self.hidden, self.out = torch.nn.Linear(576, 64), torch.nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.convolutions[0](x)), 2)
        x = F.max_pool2d(F.relu(self.convolutions[1](x)), 2)
        x = F.relu(self.convolutions[2](x)).flatten(1)
        return self.out(F.relu(self.hidden(x)))


def median_of(step, warm=20, count=200):
    """By the clock, as a training sees it: each ends with a number on the host."""
    for _ in range(warm):
        step()
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def wide():
    """As tools/bench/wide.dl; bf16 by autocast, as one would."""
    for precision in ("f32", "tf32", "bf16"):
        torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        for way in ("eager", "torch.compile", "torch.compile, CUDA graphs"):
            net = torch.nn.Sequential(torch.nn.Linear(1024, 4096), torch.nn.ReLU(), torch.nn.Linear(4096, 4096), torch.nn.ReLU(), torch.nn.Linear(4096, 1024)).to(DEVICE)
            optimizer = torch.optim.SGD(net.parameters(), lr=0.01, fused=True)

            def loss_of(x):
                with torch.autocast("cuda", torch.bfloat16, enabled=precision == "bf16"):
                    y = net(x)
                return F.mse_loss(y.float(), x)

            if way != "eager":
                loss_of = torch.compile(loss_of, mode="reduce-overhead" if way.endswith("graphs") else "default")

            def step():
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(torch.randn(2048, 1024, device=DEVICE))
                loss.backward()
                optimizer.step()
                return loss.item()

            report(f"wide batch 2048 {precision}", way, median_of(step, count=50))
    torch.backends.cuda.matmul.allow_tf32 = False


def steps():
    torch.backends.cudnn.allow_tf32 = False
    for batch in (32, 1024):
        images = torch.randint(0, 256, (batch, 1, 28, 28), dtype=torch.uint8)
        labels = torch.randint(0, 10, (batch,))
        for way in ("eager", "torch.compile", "torch.compile, CUDA graphs"):
            net = Cnn().to(DEVICE)
            optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True, capturable=way.endswith("graphs"))
            mode = "reduce-overhead" if way.endswith("graphs") else "default"
            loss_of = lambda x, y: F.cross_entropy(net(x.float() / 255), y)
            if way != "eager":
                loss_of = torch.compile(loss_of, mode=mode)

            def step():
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(images.to(DEVICE, non_blocking=True), labels.to(DEVICE, non_blocking=True))
                loss.backward()
                optimizer.step()
                return loss.item()  # what a training reports

            report(f"mnist_cnn batch {batch}", way, median_of(step))


print(json.dumps({"version": torch.__version__, "cuda": torch.version.cuda, "card": torch.cuda.get_device_name() if torch.cuda.is_available() else "none"}), flush=True)
for part in (copies, products, fused, batch_norms, steps, wide):
    try:
        part()
    except Exception as error:  # one part that this PyTorch cannot do is no reason to lose the others
        print(json.dumps({"name": part.__name__, "error": str(error)[:300]}), flush=True)
