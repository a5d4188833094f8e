#!/usr/bin/env python3
"""How far PyTorch's gradients in float32 lie from its own in float64, for the same EfficientNet, images and labels.

usage: float32_noise_peer.py [VARIANT] [SIZExBATCH ...]     (efficientnet_b3, 32x2 32x8 64x8 128x8)

Errors as `npm run parity -- efficientnet` measures them (src/model/parity.ts): the greatest difference of a tensor over
the greatest value of the float64 gradient, a bias's over that of its weight where that is greater. Nothing of
Dermograph runs here. Needs python3-torch and python3-torchvision.
"""
import copy, os, sys
import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "model"))
from efficientnet_goldens import build


def gradients(net, x, y, dtype):
    net = copy.deepcopy(net).to(dtype).train()
    nn.functional.binary_cross_entropy_with_logits(net(x.to(dtype)), y.to(dtype)).backward()
    return {name: weight.grad.double() for name, weight in net.named_parameters()}


def main():
    variant = sys.argv[1] if len(sys.argv) > 1 else "efficientnet_b3"
    torch.manual_seed(0)
    net = build(variant)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, .7, 1.3)
            nn.init.normal_(module.bias, 0, .1)
    print(f"{variant}, PyTorch {torch.__version__}: gradients in float32 against float64")
    print(f"{'pixels':>6} {'batch':>5} {'median':>8} {'greatest':>8}  over 1e-4")
    for case in sys.argv[2:] or ["32x2", "32x8", "64x8", "128x8"]:
        size, batch = (int(number) for number in case.split("x"))
        x = torch.randn(batch, 3, size, size)
        y = (torch.arange(batch) % 2).float().view(-1, 1)
        single, double = (gradients(net, x, y, dtype) for dtype in (torch.float32, torch.float64))
        errors = []
        for name, reference in double.items():
            scale = reference.abs().max()
            twin = double.get(name[: -len("bias")] + "weight") if name.endswith("bias") else None
            if twin is not None:
                scale = max(scale, twin.abs().max())
            errors.append(((single[name] - reference).abs().max() / scale).item())
        errors.sort()
        over = sum(error > 1e-4 for error in errors)
        middle, most = errors[len(errors) // 2], errors[-1]
        print(f"{size:6} {batch:5} {middle:8.1e} {most:8.1e}  {over} of {len(errors)} tensors", flush=True)


main()
