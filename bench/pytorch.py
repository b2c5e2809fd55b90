"""The same training steps in PyTorch, timed in blocks that the caller asks for one at a time, so that both sides can
take turns on the machine.

Each line of standard input is a JSON request, each line of standard output its answer:
  {"open": ID, "settings": {...}, "batch": 64, "setting": {"device": "cpu", "threads": 2, "fused": true, "compile": false, "channelsLast": false}}
  On the device "cuda" a compiled step is captured in CUDA graphs.
      -> {"opened": ID, "torch": "2.13.0+cpu"} or {"failed": "reason"}
  {"block": ID, "steps": 100} -> {"ms": 1.23, "cpuMs": 2.3} a step: by the clock, and in processor time of all threads
Batches, noise and masks are made before the clock starts, as for the engine; losses and scores are kept as tensors.
"""

import json
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "reference"))
from networks import Losses, build, final_sigmoid  # noqa: E402

prepared = 8


def sequential(spec, without_sigmoid):
    """The network as a tutorial would write it."""
    shape = tuple(spec["input"])
    left_out = final_sigmoid(spec) if without_sigmoid else None
    modules = []
    for index, layer in enumerate(spec["layers"]):
        module, shape = build(layer, shape)
        if index != left_out:
            modules.append(module or plain(layer))
    return nn.Sequential(*modules)


def plain(layer):
    kind = layer["type"]
    return {
        "leakyRelu": lambda: nn.LeakyReLU(layer["slope"], inplace=True),
        "relu": lambda: nn.ReLU(inplace=True),
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "upsample": lambda: nn.Upsample(scale_factor=layer["factor"]),
        "dropout": lambda: nn.Dropout(layer["rate"]),
        "channelDropout": lambda: nn.Dropout2d(layer["rate"]),
        "reshape": lambda: nn.Unflatten(1, tuple(layer["shape"])),
        "flatten": nn.Flatten,
    }[kind]()


def optimizer(settings, parameters, fused):
    rate = settings["learningRate"]
    if settings["type"] == "adam":
        return torch.optim.Adam(
            parameters,
            lr=rate,
            betas=(settings["beta1"], settings["beta2"]),
            eps=settings["eps"],
            fused=fused,
        )
    if settings["type"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=settings["alpha"], eps=settings["eps"])
    return torch.optim.SGD(parameters, lr=rate, momentum=settings["momentum"], fused=fused)


class Training:
    def __init__(self, settings, batch, setting):
        self.device = torch.device(setting["device"])
        if self.device.type == "cuda" and not torch.cuda.is_available():
            raise RuntimeError("there is no CUDA device")
        # As the engines: float32 throughout.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        self.threads = setting["threads"]
        torch.set_num_threads(self.threads)
        torch.manual_seed(0)
        self.objective = settings["objective"]
        self.losses = Losses(self.objective)
        cross_entropy = self.losses.cross_entropy
        self.generator = sequential(settings["generator"], False)
        self.discriminator = sequential(settings["discriminator"], cross_entropy)
        real_shape = settings["discriminator"]["input"]
        self.real = torch.rand(prepared, batch, *real_shape) * 2 - 1
        self.noise = torch.randn(prepared, 2, batch, *settings["generator"]["input"])
        self.real, self.noise = self.real.to(self.device), self.noise.to(self.device)
        self.generator.to(self.device)
        self.discriminator.to(self.device)
        if setting["channelsLast"]:
            self.generator.to(memory_format=torch.channels_last)
            self.discriminator.to(memory_format=torch.channels_last)
        optimizers = settings["optimizers"]
        fused = setting["fused"]
        self.generator_optimizer = optimizer(optimizers["generator"], self.generator.parameters(), fused)
        self.discriminator_optimizer = optimizer(
            optimizers["discriminator"], self.discriminator.parameters(), fused
        )
        self.g, self.d = self.generator, self.discriminator
        if setting["compile"]:
            mode = "reduce-overhead" if self.device.type == "cuda" else "default"
            self.g = torch.compile(self.generator, mode=mode)
            self.d = torch.compile(self.discriminator, mode=mode)
        self.count = 0

    def block(self, steps):
        torch.set_num_threads(self.threads)
        start, cpu_start = time.perf_counter(), time.process_time()
        for _ in range(steps):
            self.step()
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        end, cpu_end = time.perf_counter(), time.process_time()
        return {
            "ms": (end - start) * 1000 / steps,
            "cpuMs": (cpu_end - cpu_start) * 1000 / steps,
        }

    def step(self):
        if self.device.type == "cuda":
            torch.compiler.cudagraph_mark_step_begin()
        at = self.count % prepared
        update_generator = self.count % self.objective["generatorEvery"] == 0
        self.count += 1
        self.update(self.real[at], self.noise[at], update_generator)

    def update(self, real, noise, update_generator):
        """One step; gives (D's loss, D on real, D on fake) and (G's loss, D in G's update), None where G has none."""
        second = self.objective["secondUpdate"]
        of_g = None
        images = self.g(noise[0])
        if self.objective["order"] == "discriminator-first":
            of_d = self.update_discriminator(real, images)
            if update_generator:
                if second != "same-images":
                    images = self.g(noise[1] if second == "fresh-noise" else noise[0])
                of_g = self.update_generator(images)
        else:
            if update_generator:
                of_g = self.update_generator(images)
            if second != "same-images":
                images = self.g(noise[1] if second == "fresh-noise" else noise[0])
            of_d = self.update_discriminator(real, images)
        return of_d, of_g

    def update_discriminator(self, real, images):
        self.discriminator_optimizer.zero_grad()
        on_real, on_fake = self.d(real), self.d(images.detach())
        loss = self.losses.real(on_real) + self.losses.fake(on_fake)
        loss.backward()
        self.discriminator_optimizer.step()
        if self.objective["clip"] is not None:
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.objective["clip"], self.objective["clip"])
        return loss.detach(), self.losses.score(on_real.detach()), self.losses.score(on_fake.detach())

    def update_generator(self, images):
        self.generator_optimizer.zero_grad()
        out = self.d(images)
        loss = self.losses.generator(out)
        loss.backward()
        self.generator_optimizer.step()
        return loss.detach(), self.losses.score(out.detach())


def main():
    trainings = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "open" in request:
            try:
                training = Training(request["settings"], request["batch"], request["setting"])
                training.block(2)
                trainings[request["open"]] = training
                answer = {"opened": request["open"], "torch": torch.__version__}
            except Exception as error:  # a setting that this machine cannot do is an answer
                answer = {"failed": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
        else:
            answer = trainings[request["block"]].block(request["steps"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
