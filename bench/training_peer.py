#!/usr/bin/env python3
"""PyTorch's time for EfficientNet training steps, one measurement a line of standard input.

usage: training_peer.py VARIANT BATCH SIDE FROZEN THREADS
needs torch and torchvision. For each line read, "step", "full" or "forward", does it once and prints its milliseconds.
Under "step" the stem and the first blocks get no gradient; batch norm is in training mode everywhere, as under the
policy `statistics`.
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


def freeze(count):
    for parameter in model.parameters():
        parameter.requires_grad = True
    for part in [model.features[0], *blocks[:count]] if count > 0 else []:
        for parameter in part.parameters():
            parameter.requires_grad = False
    return torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 1e-4)


def train(optimiser):
    model.train()
    optimiser.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images), labels).backward()
    optimiser.step()


def forward():
    model.eval()
    with torch.no_grad():
        model(images)


optimisers = {}
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    kind = line.strip()
    if kind != "forward" and optimisers.get("kind") != kind:
        optimisers = {"kind": kind, "adam": freeze(frozen if kind == "step" else 0)}
    start = time.perf_counter()
    forward() if kind == "forward" else train(optimisers["adam"])
    print(round((time.perf_counter() - start) * 1e3, 1), flush=True)
