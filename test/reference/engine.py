"""Writes test/fixtures/engine: what float64 PyTorch makes of every case in test/engine/cases.ts.

    .venv/bin/python test/reference/engine.py

`export-cases.ts` (run from here with tsx) gives each case's settings, weights and inputs, which follow from seeds and
so need not be kept. A fixture keeps results: for each tensor the L2 norm of the change and of the value, and a few
dozen entries at places that both sides compute (`places`). Each case is asked for

- `steps`: the figures of three steps in a row;
- `state`: how every tensor has changed after the first of them;
- `updates`: the figures and gradients of a lone update of each network;
- `forward`: pictures, scores and every layer's output, in both modes.
"""

import copy
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from augmentation import augmented
from networks import (
    Losses,
    Network,
    final_sigmoid,
    optimizer_of,
    slot_scales,
    tensors_of,
)
from tutorials import tutorial_parameters

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "test" / "fixtures" / "engine"
ROLES = ("generator", "discriminator")
SAMPLES = 24
GOLDEN = 0.6180339887498949

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


class Case:
    """One case: its description and arrays as exported."""

    def __init__(self, folder, name):
        self.spec = json.loads((folder / f"{name}.json").read_text())
        self.data = np.fromfile(folder / f"{name}.bin", dtype=np.float32)
        self.model = self.spec["model"]
        self.batch = self.spec["batch"]
        self.steps = len(self.spec["generatorUpdates"])

    def array(self, place, shape):
        part = self.data[place["offset"] : place["offset"] + place["length"]]
        return torch.tensor(part.astype(np.float64)).reshape(tuple(shape))

    def state(self):
        return {
            tensor["name"]: self.array(tensor, tensor["shape"])
            for tensor in self.spec["state"]
        }

    def input_shape(self, name):
        if name == "real" or name.startswith("instance."):
            return self.model["discriminator"]["input"]
        if name == "mixture":
            return [1]
        if name.startswith("noise"):
            return self.model["generator"]["input"]
        return None

    def inputs(self, step):
        """The arrays of one step; masks are flat."""
        arrays = {}
        for place in self.spec["inputs"]:
            size = place["length"] // (self.steps * self.batch)
            shape = self.input_shape(place["name"]) or [size]
            whole = self.array(place, [self.steps, self.batch, *shape])
            arrays[place["name"]] = whole[step]
        return arrays


class Trainer:
    """Both networks with their optimisers, in training mode, taking updates as the tutorials write them."""

    def __init__(self, case):
        self.case = case
        self.objective = case.model["objective"]
        self.improvements = case.model["improvements"]
        self.losses = Losses(self.objective, self.improvements["smoothing"])
        self.networks = {role: Network(case.model[role]) for role in ROLES}
        spec = case.model["discriminator"]
        self.skip = final_sigmoid(spec) if self.losses.cross_entropy else None
        self.optimizers = {
            role: optimizer_of(
                case.model["optimizers"][role], self.networks[role].parameters()
            )
            for role in ROLES
        }
        self.load(case.state())

    def normalized_weights(self):
        """D's weights over u W v, whose vectors are constants."""
        weights = {}
        for (index, part), (u, v) in self.spectral.items():
            weight = getattr(self.networks["discriminator"].owners[index], part)
            own = weights.setdefault(index, {})
            own[part] = weight / (u @ weight.flatten(1) @ v)
        return weights

    @torch.no_grad()
    def iterate_spectral(self):
        for (index, part), (u, v) in self.spectral.items():
            weight = getattr(self.networks["discriminator"].owners[index], part)
            matrix = weight.flatten(1)
            v = F.normalize(matrix.T @ u, dim=0, eps=1e-12)
            self.spectral[index, part] = (F.normalize(matrix @ v, dim=0, eps=1e-12), v)

    def load(self, state):
        self.spectral = {}
        if self.improvements["spectralNorm"]:
            for index, layer in enumerate(self.case.model["discriminator"]["layers"]):
                for part in normalized_parts(layer):
                    u, v = (state[f"{spectral_name(layer, part)}.{side}"] for side in "uv")
                    self.spectral[index, part] = (u.clone(), v.flatten().clone())
        if self.improvements["average"]:
            self.average = {
                name: state[f"average.{name}"].clone()
                for name, _ in self.networks["generator"].named_parameters()
            }
        for role in ROLES:
            for name, tensor in tensors_of(self.networks[role]).items():
                tensor.data.copy_(state[f"{role}.{name}"])
            scales = slot_scales(self.case.model["optimizers"][role])
            for name, parameter in self.networks[role].named_parameters():
                memory = self.optimizers[role].state[parameter]
                memory["step"] = state[f"optimizer.{role}.step"].clone()
                for slot, (theirs, scale) in scales.items():
                    ours = state[f"optimizer.{role}.{name}.{slot}"]
                    memory[theirs] = scale * ours

    def state(self):
        state = {}
        for role in ROLES:
            for name, tensor in tensors_of(self.networks[role]).items():
                state[f"{role}.{name}"] = tensor.detach().clone()
        for role in ROLES:
            scales = slot_scales(self.case.model["optimizers"][role])
            for name, parameter in self.networks[role].named_parameters():
                memory = self.optimizers[role].state[parameter]
                for slot, (theirs, scale) in scales.items():
                    state[f"optimizer.{role}.{name}.{slot}"] = memory[theirs] / scale
        if self.improvements["average"]:
            for name, tensor in self.average.items():
                state[f"average.{name}"] = tensor.clone()
        for (index, part), (u, v) in self.spectral.items():
            layer = self.case.model["discriminator"]["layers"][index]
            state[f"{spectral_name(layer, part)}.u"] = u
            state[f"{spectral_name(layer, part)}.v"] = v
        return state

    def masks(self, role, tag, inputs):
        found = {}
        for index, layer in enumerate(self.case.model[role]["layers"]):
            if layer["type"] in ("dropout", "channelDropout"):
                found[index] = inputs[f"mask.{role}.{index}.{tag}"]
        return found

    def generate(self, noise, tag, inputs):
        masks = self.masks("generator", tag, inputs)
        return self.networks["generator"](inputs[noise], masks, labels=inputs.get("labels"))

    def judge(self, images, tag, inputs):
        network = self.networks["discriminator"]
        images = images.reshape(self.case.batch, *self.case.model["discriminator"]["input"])
        masks = self.masks("discriminator", tag, inputs)
        if self.improvements["augmentation"]:
            update = "generator" if tag in ("score", "paired") else "discriminator"
            drawn = {
                name.rsplit(".", 1)[1]: value
                for name, value in inputs.items()
                if name.startswith(f"augmentation.{update}.")
            }
            images = augmented(images, drawn)
        if self.improvements["instanceNoise"]:
            images = images + inputs[f"instance.{tag}"]
        network.weights = self.normalized_weights()
        scores = network(images, masks, self.skip, labels=inputs.get("labels"))
        return scores.reshape(self.case.batch)

    def discriminator_backward(self, fake, inputs):
        """`fake` makes the images after D(real), where the order of the passes wants it."""
        self.iterate_spectral()
        self.zero()
        flat = inputs["real"].reshape(self.case.batch, -1)
        real_images = flat.detach().requires_grad_()
        real = self.judge(real_images, "real", inputs)
        fake_images = fake().detach().reshape(flat.shape).requires_grad_()
        false = self.judge(fake_images, "fake", inputs)
        figures = {}
        if self.objective["loss"] == "relativistic":
            loss = self.losses.both(real, false)
        else:
            loss_real, loss_fake = self.losses.real(real), self.losses.fake(false)
            loss = loss_real + loss_fake
            figures["loss/discriminator"] = loss
            figures["loss/discriminator_real"] = loss_real
            figures["loss/discriminator_fake"] = loss_fake
        penalty = self.penalty((real_images, real), (fake_images, false), inputs)
        (loss if penalty is None else loss + penalty).backward()
        if penalty is not None:
            figures["loss/penalty"] = penalty
        if (self.improvements["augmentation"] or {}).get("adaptive"):
            judged = real - false if self.objective["loss"] == "relativistic" else real
            figures["augmentation/sign"] = judged.sign().mean()
        return figures | {
            "loss/discriminator": loss,
            "score/real": self.losses.score(real),
            "score/fake": self.losses.score(false),
            "gradient/discriminator": self.norm("discriminator"),
        }

    def penalty(self, real, fake, inputs):
        """By double backward; None where none is set."""
        settings = self.improvements["penalties"]
        parts = []
        if settings["interpolated"] is not None:
            share = inputs["mixture"]
            mixed = ((1 - share) * real[0] + share * fake[0]).detach().requires_grad_()
            out = self.judge(mixed, "mixed", inputs)
            norms = squared_norms(mixed, out).add(1e-12).sqrt()
            parts.append(settings["interpolated"] * ((norms - 1) ** 2).mean())
        for name, judged in (("real", real), ("fake", fake)):
            if settings[name] is not None:
                parts.append(settings[name] / 2 * squared_norms(*judged).mean())
        return sum(parts) if parts else None

    def discriminator_step(self):
        self.limit_gradient("discriminator")
        self.optimizers["discriminator"].step()
        if self.objective["clip"] is not None:
            bound = self.objective["clip"]
            for parameter in self.networks["discriminator"].parameters():
                parameter.data.clamp_(-bound, bound)

    def generator_step(self):
        self.limit_gradient("generator")
        self.optimizers["generator"].step()
        if self.improvements["average"]:
            self.update_average()

    def limit_gradient(self, role):
        limit = self.improvements["gradientLimit"]
        if limit is not None:
            torch.nn.utils.clip_grad_norm_(self.networks[role].parameters(), limit)

    def update_average(self):
        """As stylegan2-ada-pytorch's training loop, with its names."""
        settings = self.improvements["average"]
        parameters = dict(self.networks["generator"].named_parameters())
        updates = float(self.optimizers["generator"].state[next(iter(parameters.values()))]["step"])
        ema_nimg = settings["halfLife"]
        if settings["rampUp"] is not None:
            cur_nimg = (updates - 1) * self.case.batch
            ema_nimg = min(ema_nimg, cur_nimg * settings["rampUp"])
        ema_beta = 0.5 ** (self.case.batch / max(ema_nimg, 1e-8))
        for name, p_ema in self.average.items():
            p_ema.copy_(parameters[name].detach().lerp(p_ema, ema_beta))

    def generator_backward(self, fake, inputs):
        self.zero()
        out = self.judge(fake, "score", inputs)
        if self.objective["loss"] == "relativistic":
            real = self.judge(inputs["real"], "paired", inputs)
            loss = F.softplus(real - out).mean()
        else:
            loss = self.losses.generator(out)
        loss.backward()
        return {
            "loss/generator": loss,
            "score/fake_after": self.losses.score(out),
            "gradient/generator": self.norm("generator"),
        }

    def zero(self):
        for optimizer in self.optimizers.values():
            optimizer.zero_grad()

    def norm(self, role):
        return math.sqrt(
            sum(float((p.grad**2).sum()) for p in self.networks[role].parameters())
        )

    def step(self, index):
        inputs = self.case.inputs(index)
        update_generator = self.case.spec["generatorUpdates"][index]
        if self.objective["order"] == "discriminator-first":
            return self.discriminator_first(inputs, update_generator)
        return self.generator_first(inputs, update_generator)

    def discriminator_first(self, inputs, update_generator):
        made = []

        def fake():
            made.append(self.generate("noise.fake", "fake", inputs))
            return made[0]

        figures = self.discriminator_backward(fake, inputs)
        self.discriminator_step()
        if update_generator:
            images = self.second_images(made[0], inputs)
            figures |= self.generator_backward(images, inputs)
            self.generator_step()
        return figures

    def generator_first(self, inputs, update_generator):
        figures = {}
        first = None
        if update_generator:
            first = self.second_images(None, inputs)
            figures |= self.generator_backward(first, inputs)
            self.generator_step()
        shared = self.objective["secondUpdate"] == "same-images" and first is not None

        def fake():
            return first if shared else self.generate("noise.fake", "fake", inputs)

        figures |= self.discriminator_backward(fake, inputs)
        self.discriminator_step()
        return figures

    def second_images(self, made, inputs):
        """What the generator's own update looks at."""
        kind = self.objective["secondUpdate"]
        if kind == "same-images":
            return made if made is not None else self.generate("noise.fake", "fake", inputs)
        noise = "noise.score" if kind == "fresh-noise" else "noise.fake"
        return self.generate(noise, "score", inputs)


def normalized_parts(layer):
    """Which weights of a layer spectral normalisation divides."""
    if layer["type"] == "projection":
        return ("weight", "embedding")
    return ("weight",) if layer["type"] in ("dense", "conv") else ()


def spectral_name(layer, part):
    return f"spectral.{layer['name']}" + ("" if part == "weight" else f".{part}")


def squared_norms(images, out):
    (gradient,) = torch.autograd.grad(out.sum(), images, create_graph=True)
    return gradient.flatten(1).square().sum(1)


def steps_of(case):
    trainer = Trainer(case)
    before = trainer.state()
    figures, changes = [], None
    for index in range(case.steps):
        figures.append(numbers(trainer.step(index)))
        if index == 0:
            after = trainer.state()
            changes = {
                name: change_of(before[name], value) for name, value in after.items()
            }
    return figures, changes


def update_of(case, role):
    """The figures of a lone update and the gradients of both networks, None where no gradient arrived."""
    trainer = Trainer(case)
    inputs = case.inputs(0)
    if role == "discriminator":
        fake = lambda: trainer.generate("noise.fake", "fake", inputs)
        figures = trainer.discriminator_backward(fake, inputs)
    else:
        figures = trainer.generator_backward(trainer.second_images(None, inputs), inputs)
    gradients = {
        f"{owner}.{name}": None if p.grad is None else summary(p.grad)
        for owner in ROLES
        for name, p in trainer.networks[owner].named_parameters()
    }
    return {"figures": numbers(figures), "gradients": gradients}


def forward_of(case, mode):
    trainer = Trainer(case)
    trainer.networks["discriminator"].weights = {
        index: {part: weight.detach() for part, weight in own.items()}
        for index, own in trainer.normalized_weights().items()
    }
    networks = copy.deepcopy(trainer.networks)
    for network in networks.values():
        network.train(mode == "batch")
    place = case.spec["forward"]
    latents = case.array(
        place["latents"], [place["count"], *case.model["generator"]["input"]]
    )
    images = case.array(
        place["images"], [place["count"], *case.model["discriminator"]["input"]]
    )
    labels = None
    if "labels" in place:
        labels = case.array(place["labels"], [place["count"], -1])
    layers = {role: [] for role in ROLES}
    with torch.no_grad():
        pictures = networks["generator"](latents, collect=layers["generator"], labels=labels)
        scores = copy.deepcopy(networks["discriminator"])(
            images, skip=trainer.skip, labels=labels
        )
        networks["discriminator"](images, collect=layers["discriminator"], labels=labels)
    return {
        "generate": summary(pictures),
        "discriminate": [rounded(value) for value in scores.flatten().tolist()],
        "activations": {
            role: [summary(value) for value in values]
            for role, values in layers.items()
        },
    }


def places(count):
    """Where a tensor of `count` entries is looked at: all of a small one, else along the golden ratio."""
    if count <= SAMPLES:
        return range(count)
    return [math.floor((k * GOLDEN) % 1 * count) for k in range(SAMPLES)]


def summary(tensor):
    flat = tensor.detach().flatten()
    return {
        "norm": rounded(float(flat.norm())),
        "at": [rounded(float(flat[place])) for place in places(flat.numel())],
    }


def change_of(before, after):
    return {**summary(after - before), "startNorm": rounded(float(before.norm()))}


def numbers(figures):
    return {
        name: rounded(float(torch.as_tensor(value).detach()))
        for name, value in figures.items()
    }


def rounded(value):
    return float(f"{value:.9g}")


def fixture_of(case):
    figures, changes = steps_of(case)
    return {
        "name": case.spec["name"],
        "torch": torch.__version__.split("+")[0],
        "parameters": {role: list(tensors_of(Network(case.model[role]))) for role in ROLES},
        "steps": figures,
        "state": changes,
        "updates": {role: update_of(case, role) for role in ROLES},
        "forward": {mode: forward_of(case, mode) for mode in ("batch", "evaluation")},
    }


def write(name, value):
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    (FIXTURES / f"{name}.json").write_text(text + "\n")


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["npx", "tsx", "test/reference/export-cases.ts", folder]
        subprocess.run(command, cwd=ROOT, check=True)
        folder = Path(folder)
        index = json.loads((folder / "index.json").read_text())
        wanted = sys.argv[1:] or index["cases"]
        for name in wanted:
            write(name, fixture_of(Case(folder, name)))
            print(name)
        write("tutorial-parameters", tutorial_parameters(index["presets"]))


if __name__ == "__main__":
    main()
