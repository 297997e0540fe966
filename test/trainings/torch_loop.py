"""The same with PyTorch and its SummaryWriter."""

import sys
import time

import torch
from torch.utils.tensorboard import SummaryWriter

given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
writer = SummaryWriter(given.get("output_dir", "out"), flush_secs=1)
weight = torch.ones(1, requires_grad=True)
for step in range(50):
    time.sleep(float(given.get("seconds", 3)) / 50)
    loss = (weight**2).sum()
    loss.backward()
    with torch.no_grad():
        weight -= float(given.get("learning_rate", 0.1)) * weight.grad
        weight.grad.zero_()
    writer.add_scalar("loss", loss.item(), step)
writer.close()
