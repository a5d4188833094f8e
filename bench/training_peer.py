#!/usr/bin/env python3
"""PyTorch's time for EfficientNet training steps, one measurement a line of standard input.

usage: training_peer.py VARIANT BATCH SIDE FROZEN THREADS
needs torch and torchvision. For each line read prints the milliseconds of doing it once: "step", "affine", "adapt",
"inference" (a training step under that batch-norm policy, "step" being `statistics`), "full" (nothing frozen),
"forward", or "finetuning BATCHES EPOCHS" (steps under `adapt`). Under all but "full" and "affine" the stem and the first
blocks get no gradient; under "affine" only their batch norms do; under "adapt" and "inference" those compute with
running statistics, elsewhere batch norm is in training mode.
"""
import sys
import time

import torch
import torchvision

variant, (batch, side, frozen, threads) = sys.argv[1], map(int, sys.argv[2:6])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = getattr(torchvision.models, "efficientnet_" + variant)()
model.classifier[-1] = torch.nn.Linear(model.classifier[-1].in_features, 1)
images = torch.randn(batch, 3, side, side)
labels = (torch.arange(batch) % 2).float().view(-1, 1)
blocks = [block for stage in list(model.features)[1:-1] for block in stage]


trunk = [model.features[0], *blocks[:frozen]] if frozen > 0 else []
optimisers = {}


def prepare(kind):
    """Sets what trains and how; keeps the optimiser of the kind."""
    if optimisers.get("kind") == kind:
        return
    for parameter in model.parameters():
        parameter.requires_grad = True
    model.train()
    for part in [] if kind == "full" else trunk:
        for module in part.modules():
            trains = kind == "affine" and isinstance(module, torch.nn.BatchNorm2d)
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad = trains
        part.train(kind not in ("adapt", "inference"))
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimisers.update(kind=kind, adam=torch.optim.Adam(parameters, 1e-4))


def train(kind):
    prepare(kind)
    optimisers["adam"].zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images), labels).backward()
    optimisers["adam"].step()


def forward():
    optimisers.pop("kind", None)
    model.eval()
    with torch.no_grad():
        model(images)


def finetuning(batches, epochs):
    for _ in range(batches * epochs):
        train("adapt")


print(torch.__version__, flush=True)
for line in sys.stdin:
    kind, *numbers = line.split()
    start = time.perf_counter()
    if kind == "forward":
        forward()
    elif kind == "finetuning":
        finetuning(*map(int, numbers))
    else:
        train(kind)
    print(round((time.perf_counter() - start) * 1e3, 1), flush=True)
