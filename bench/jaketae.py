"""The control of `reproduce.ts`: the same networks, data and number of steps in PyTorch itself, as JSON lines.

    python bench/jaketae.py IMAGES.gz SEED   ->   [epoch, step, d_loss, g_loss, D(x), D(G(z))] a line
"""

import gzip
import json
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional

latent, hidden, batch, epochs, steps = 64, 256, 64, 20, 937

path, seed = sys.argv[1], int(sys.argv[2])
torch.manual_seed(seed)
torch.set_num_threads(1)
with gzip.open(path) as file:
    pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16)
digits = torch.from_numpy(pixels.reshape(-1, 784).astype(numpy.float32)) / 127.5 - 1


def network(sizes, between, last):
    layers = []
    for size, following in zip(sizes, sizes[1:]):
        layers += [nn.Linear(size, following), between]
    return nn.Sequential(*layers[:-1], last)


discriminator = network([784, hidden, hidden, 1], nn.LeakyReLU(0.2), nn.Sigmoid())
generator = network([latent, hidden, hidden, 784], nn.ReLU(), nn.Tanh())
for_d = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
for_g = torch.optim.Adam(generator.parameters(), lr=2e-4)
ones, zeros = torch.ones(batch, 1), torch.zeros(batch, 1)

order, at = torch.randperm(len(digits)), 0
for taken in range(epochs * steps):
    if at + batch > len(digits):
        order, at = torch.randperm(len(digits)), 0
    real = digits[order[at : at + batch]]
    at += batch

    on_real = discriminator(real)
    on_fake = discriminator(generator(torch.randn(batch, latent)).detach())
    d_loss = functional.binary_cross_entropy(on_real, ones) + functional.binary_cross_entropy(on_fake, zeros)
    for_d.zero_grad()
    d_loss.backward()
    for_d.step()

    g_loss = functional.binary_cross_entropy(discriminator(generator(torch.randn(batch, latent))), ones)
    for_g.zero_grad()
    g_loss.backward()
    for_g.step()

    epoch, step = taken // steps + 1, taken % steps + 1
    if step in (400, 800):
        figures = [d_loss.item(), g_loss.item(), on_real.mean().item(), on_fake.mean().item()]
        print(json.dumps([epoch, step, *figures]), flush=True)
