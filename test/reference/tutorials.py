"""The networks as the tutorials build them, to prove that the presets own the same parameters under the same names.

The structure is the tutorials' own (attribute names decide the names in a state dict); `tutorials.md`'s sources are
the seeds 002 to 004, and for the two comparisons of seed 004 the repository that it links.
"""

import torch
from torch import nn

from networks import Network, tensors_of


class LectureGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(100, 128)
        self.nonlin1 = nn.LeakyReLU(0.2)
        self.fc2 = nn.Linear(128, 784)

    def forward(self, z):
        return torch.tanh(self.fc2(self.nonlin1(self.fc1(z)))).view(-1, 1, 28, 28)


class LectureDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.nonlin1 = nn.LeakyReLU(0.2)
        self.fc2 = nn.Linear(128, 1)

    def forward(self, images):
        return torch.sigmoid(self.fc2(self.nonlin1(self.fc1(images.view(-1, 784)))))


class Main(nn.Module):
    """Both networks of the lecture's DCGAN are one Sequential called `main`."""

    def __init__(self, *layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


def dcgan_generator(nc, ngf=64, nz=100):
    widths = [ngf * 8, ngf * 4, ngf * 2, ngf]
    layers, before = [], nz
    for index, width in enumerate(widths):
        geometry = (4, 1, 0) if index == 0 else (4, 2, 1)
        layers += [
            nn.ConvTranspose2d(before, width, *geometry, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(True),
        ]
        before = width
    return Main(*layers, nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False), nn.Tanh())


def dcgan_discriminator(nc, ndf=64):
    layers = [nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
    for factor in (1, 2, 4):
        layers += [
            nn.Conv2d(ndf * factor, ndf * factor * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * factor * 2),
            nn.LeakyReLU(0.2),
        ]
    return Main(*layers, nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False), nn.Sigmoid())


class DenseGenerator(nn.Module):
    """Seed 004's generator; the comparison's WGAN has the same at 28 pixels."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        layers = [nn.Linear(100, 128), nn.LeakyReLU(0.2)]
        for before, after in ((128, 256), (256, 512), (512, 1024)):
            layers += [
                nn.Linear(before, after),
                nn.BatchNorm1d(after, 0.8),
                nn.LeakyReLU(0.2),
            ]
        self.model = nn.Sequential(*layers, nn.Linear(1024, size * size), nn.Tanh())

    def forward(self, z):
        return self.model(z).view(-1, 1, self.size, self.size)


class DenseDiscriminator(nn.Module):
    def __init__(self, size, probability):
        super().__init__()
        layers = [nn.Linear(size * size, 512), nn.LeakyReLU(0.2)]
        layers += [nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1)]
        self.model = nn.Sequential(*layers, *([nn.Sigmoid()] if probability else []))

    def forward(self, images):
        return self.model(images.flatten(1))


class SmallDcganGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Sequential(nn.Linear(100, 128 * 8 * 8))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(128),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 128, 3, stride=1, padding=1),
            nn.BatchNorm2d(128, 0.8),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 64, 3, stride=1, padding=1),
            nn.BatchNorm2d(64, 0.8),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 1, 3, stride=1, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.conv_blocks(self.l1(z).view(-1, 128, 8, 8))


class SmallDcganDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        layers, before = [], 1
        for filters in (16, 32, 64, 128):
            layers += [
                nn.Conv2d(before, filters, 3, 2, 1),
                nn.LeakyReLU(0.2),
                nn.Dropout2d(0.25),
            ]
            if filters > 16:
                layers.append(nn.BatchNorm2d(filters, 0.8))
            before = filters
        self.model = nn.Sequential(*layers)
        self.adv_layer = nn.Sequential(nn.Linear(128 * 2 * 2, 1), nn.Sigmoid())

    def forward(self, images):
        return self.adv_layer(self.model(images).flatten(1))


def jaketae_generator():
    return nn.Sequential(
        nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 784), nn.Tanh()
    )


def jaketae_discriminator():
    return nn.Sequential(
        nn.Linear(784, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 1),
        nn.Sigmoid(),
    )


TUTORIALS = {
    "jaketae-mlp": lambda: (jaketae_generator(), jaketae_discriminator()),
    "lecture-mlp": lambda: (LectureGenerator(), LectureDiscriminator()),
    "lecture-dcgan": lambda: (dcgan_generator(1), dcgan_discriminator(1)),
    "jrtechs-gan": lambda: (DenseGenerator(32), DenseDiscriminator(32, True)),
    "jrtechs-dcgan": lambda: (SmallDcganGenerator(), SmallDcganDiscriminator()),
    "jrtechs-wgan": lambda: (DenseGenerator(28), DenseDiscriminator(28, False)),
}


def tutorial_parameters(presets):
    """Names, shapes and counts of every tutorial's own modules; fails where a preset's network gives other values."""
    settings = {preset["id"]: preset["settings"] for preset in presets}
    described = {}
    for preset, make in TUTORIALS.items():
        described[preset] = {}
        for role, module in zip(("generator", "discriminator"), make()):
            check_same_values(module, settings[preset][role])
            described[preset][role] = describe(module)
    return described


def describe(module):
    return {
        "tensors": [[name, list(value.shape)] for name, value in tensors_of(module).items()],
        "count": sum(p.numel() for p in module.parameters() if p.requires_grad),
    }


def check_same_values(module, spec):
    network = Network(spec)
    network.load_state_dict(module.state_dict())
    x = torch.randn(4, *spec["input"])
    module.eval(), network.eval()
    theirs, ours = module(x), network(x)
    assert torch.allclose(theirs.flatten(), ours.flatten(), rtol=0, atol=1e-12)
