#!/usr/bin/env python3
"""albumentations on the original project's list: JPEG bytes to a 128 x 128 augmented image, one thread, processor time.

usage: augment_peer.py ALBUMENTATIONS_PARENT_DIR JPEG REPEAT
needs OpenCV, Pillow and what the given albumentations (0.5.2 to 1.1.0) imports. Prints {"secondsPerImage": ...}.
"""
import io
import json
import sys
import time
import types

parent, path, repeat = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, parent)
qudida = types.ModuleType("qudida")
qudida.DomainAdapter = object
sys.modules.setdefault("qudida", qudida)
import cv2
import numpy as np

for name, value in (("float", float), ("int", int), ("bool", bool), ("object", object)):
    if name not in np.__dict__:
        setattr(np, name, value)
import albumentations as A
from PIL import Image

cv2.setNumThreads(1)
brightness = [A.RandomBrightnessContrast(brightness_limit=limit, contrast_limit=limit) for limit in (0.3, 0.1)]
transform = A.Compose(
    [
        A.Transpose(p=0.5),
        A.RandomContrast(p=0.5),
        A.VerticalFlip(p=0.5),
        A.Flip(p=0.5),
        A.Cutout(p=1),
        A.ShiftScaleRotate(p=0.5),
        A.OneOf(brightness, p=1),
        A.HueSaturationValue(p=0.5),
        A.Resize(128, 128),
    ]
)
raw = open(path, "rb").read()


def once():
    return transform(image=np.array(Image.open(io.BytesIO(raw)).convert("RGB")))


for _ in range(10):
    once()
rounds = []
for _ in range(5):
    start = time.process_time()
    for _ in range(repeat):
        once()
    rounds.append((time.process_time() - start) / repeat)
print(json.dumps({"secondsPerImage": sorted(rounds)[2]}))
