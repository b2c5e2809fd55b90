"""PyTorch modules from the plain data of `src/shared/settings/network.ts`, and the settings' losses and optimisers.

Written against PyTorch's documentation alone: nothing here knows how the engines work.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Network(nn.Module):
    """A network as its layers describe it; parameters are registered under the layers' own dotted names.

    `weights[i]` holds what takes the place of weights of layer i, by their names.
    """

    def __init__(self, spec):
        super().__init__()
        self.layers = spec["layers"]
        self.owners = []
        self.weights = {}
        shape = tuple(spec["input"])
        for layer in self.layers:
            module, shape = build(layer, shape)
            self.owners.append(module)
            if "name" in layer:
                attach(self, layer["name"], module)

    def forward(self, x, masks=None, skip=None, collect=None, labels=None):
        """`masks[i]` multiplies at dropout layer i (absent: nothing is dropped); layer `skip` is left out.

        `labels` are rows over the classes, one-hot in training.
        """
        self.labels = labels
        for index, layer in enumerate(self.layers):
            if index == skip:
                continue
            x = self.apply_layer(index, layer, x, masks or {})
            if collect is not None:
                collect.append(x)
        return x

    def apply_layer(self, index, layer, x, masks):
        kind = layer["type"]
        if kind in LABELLED:
            return self.owners[index](x, self.labels, **self.weights.get(index, {}))
        if index in self.weights:
            return with_weight(self.owners[index], x, **self.weights[index])
        if self.owners[index] is not None:
            return self.owners[index](x)
        if kind == "leakyRelu":
            return F.leaky_relu(x, layer["slope"])
        if kind in ("relu", "tanh", "sigmoid"):
            return getattr(torch, kind)(x)
        if kind == "upsample":
            return F.interpolate(x, scale_factor=layer["factor"], mode="nearest")
        if kind in ("dropout", "channelDropout"):
            return x * masks[index].reshape(mask_shape(kind, x)) if index in masks else x
        if kind == "reshape":
            return x.reshape(x.shape[0], *layer["shape"])
        if kind == "flatten":
            return x.flatten(1)
        raise ValueError(kind)


def with_weight(module, x, weight):
    if isinstance(module, nn.Linear):
        return F.linear(x, weight, module.bias)
    return F.conv2d(x, weight, module.bias, module.stride, module.padding)


class LabelConcat(nn.Module):
    """A channel of ones and zeros for each class (Mirza and Osindero 2014), or a learnt vector for each."""

    def __init__(self, classes, size=None):
        super().__init__()
        if size is None:
            self.weight = None
        else:
            self.weight = nn.Parameter(torch.randn(classes, size))

    def forward(self, x, labels):
        rows = labels if self.weight is None else labels @ self.weight
        for _ in x.shape[2:]:
            rows = rows.unsqueeze(-1)
        return torch.cat([x, rows.expand(*rows.shape[:2], *x.shape[2:])], dim=1)


class ClassNorm(nn.Module):
    """A norm without affine parameters, then a gain and a bias looked up by class (Miyato and Koyama 2018)."""

    def __init__(self, classes, shape, eps, momentum):
        super().__init__()
        norm = nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d
        plain = norm(shape[0], eps=eps, momentum=momentum, affine=False)
        self.weight = nn.Parameter(torch.ones(classes, shape[0]))
        self.bias = nn.Parameter(torch.zeros(classes, shape[0]))
        self.register_buffer("running_mean", plain.running_mean)
        self.register_buffer("running_var", plain.running_var)
        self.eps, self.momentum = eps, momentum

    def forward(self, x, labels):
        x = F.batch_norm(
            x, self.running_mean, self.running_var, None, None, self.training, self.momentum, self.eps
        )
        gain, bias = labels @ self.weight, labels @ self.bias
        if x.dim() == 4:
            gain, bias = gain[:, :, None, None], bias[:, :, None, None]
        return gain * x + bias


class Projection(nn.Module):
    """Miyato and Koyama 2018, equation 3, with their sum over pixels."""

    def __init__(self, classes, features):
        super().__init__()
        linear = nn.Linear(features, 1)
        self.weight, self.bias = linear.weight, linear.bias
        self.embedding = nn.Parameter(torch.randn(classes, features))

    def forward(self, x, labels, weight=None, embedding=None):
        weight = self.weight if weight is None else weight
        embedding = self.embedding if embedding is None else embedding
        if x.dim() == 4:
            x = x.sum(dim=(2, 3))
        return F.linear(x, weight, self.bias) + torch.einsum(
            "bc,cf,bf->b", labels, embedding, x
        ).unsqueeze(1)


LABELLED = ("labelConcat", "labelEmbedding", "classNorm", "projection")


def mask_shape(kind, x):
    return x.shape if kind == "dropout" else (*x.shape[:2], 1, 1)


def build(layer, shape):
    """The module of a layer (None where it owns nothing), and the shape that it gives."""
    kind = layer["type"]
    if kind == "dense":
        return nn.Linear(shape[0], layer["units"], bias=layer["bias"]), (layer["units"],)
    if kind in ("conv", "convTranspose"):
        module = (nn.Conv2d if kind == "conv" else nn.ConvTranspose2d)(
            shape[0],
            layer["filters"],
            layer["kernel"],
            layer["stride"],
            layer["padding"],
            bias=layer["bias"],
        )
        with torch.no_grad():
            return module, tuple(module(torch.zeros(1, *shape)).shape[1:])
    if kind == "batchNorm":
        norm = nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d
        return norm(shape[0], eps=layer["eps"], momentum=layer["momentum"]), shape
    if kind in ("labelConcat", "labelEmbedding"):
        size = layer.get("size")
        added = layer["classes"] if size is None else size
        return LabelConcat(layer["classes"], size), (shape[0] + added, *shape[1:])
    if kind == "classNorm":
        return ClassNorm(layer["classes"], shape, layer["eps"], layer["momentum"]), shape
    if kind == "projection":
        return Projection(layer["classes"], shape[0]), (1,)
    if kind == "upsample":
        return None, (shape[0], *(extent * layer["factor"] for extent in shape[1:]))
    if kind == "reshape":
        return None, tuple(layer["shape"])
    if kind == "flatten":
        return None, (torch.Size(shape).numel(),)
    return None, shape


def attach(root, path, module):
    """Registers `module` as `root.<path>`, with empty modules in between."""
    *parents, last = path.split(".")
    for parent in parents:
        if parent not in root._modules:
            root.add_module(parent, nn.Module())
        root = root._modules[parent]
    root.add_module(last, module)


def tensors_of(network):
    """Parameters and running statistics by name, in state-dict order."""
    return {
        name: value
        for name, value in network.state_dict(keep_vars=True).items()
        if not name.endswith("num_batches_tracked")
    }


def final_sigmoid(spec):
    """The index of the sigmoid that turns the logits into probabilities, or None."""
    for index in reversed(range(len(spec["layers"]))):
        kind = spec["layers"][index]["type"]
        if kind not in ("flatten", "reshape"):
            return index if kind == "sigmoid" else None
    return None


class Losses:
    """The losses of an objective as functions of what the discriminator gives."""

    def __init__(self, objective, smoothing=0.0):
        self.target = 1 - smoothing
        self.loss = objective["loss"]
        self.factor = 0.5 if objective["reduction"] == "mean" else 1.0
        self.cross_entropy = self.loss in ("non-saturating", "minimax")

    def both(self, real, fake):
        """Of pairs: Jolicoeur-Martineau 2018."""
        return self.factor * F.softplus(fake - real).mean()

    def real(self, out):
        return self.factor * {
            "wasserstein": lambda: -out.mean(),
            "least-squares": lambda: ((out - self.target) ** 2).mean(),
            "hinge": lambda: F.relu(1 - out).mean(),
        }.get(self.loss, lambda: bce(out, self.target))()

    def fake(self, out):
        return self.factor * {
            "wasserstein": lambda: out.mean(),
            "least-squares": lambda: (out**2).mean(),
            "hinge": lambda: F.relu(1 + out).mean(),
        }.get(self.loss, lambda: bce(out, 0))()

    def generator(self, out):
        return {
            "non-saturating": lambda: bce(out, 1),
            "minimax": lambda: -bce(out, 0),
            "wasserstein": lambda: -out.mean(),
            "least-squares": lambda: ((out - 1) ** 2).mean(),
            "hinge": lambda: -out.mean(),
        }[self.loss]()

    def score(self, out):
        return (torch.sigmoid(out) if self.cross_entropy else out).mean()


def bce(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def optimizer_of(settings, parameters):
    rate = settings["learningRate"]
    if settings["type"] == "adam":
        betas = (settings["beta1"], settings["beta2"])
        return torch.optim.Adam(parameters, lr=rate, betas=betas, eps=settings["eps"])
    if settings["type"] == "rmsprop":
        return torch.optim.RMSprop(
            parameters, lr=rate, alpha=settings["alpha"], eps=settings["eps"]
        )
    return torch.optim.SGD(parameters, lr=rate, momentum=settings["momentum"])


def slot_scales(settings):
    """How PyTorch calls each slot of ours, and what ours is to be multiplied with to become PyTorch's."""
    if settings["type"] == "adam":
        return {
            "gradient_sum": ("exp_avg", 1 - settings["beta1"]),
            "square_sum": ("exp_avg_sq", 1 - settings["beta2"]),
        }
    if settings["type"] == "rmsprop":
        return {"square_sum": ("square_avg", 1 - settings["alpha"])}
    return {"momentum_buffer": ("momentum_buffer", 1.0)} if settings["momentum"] else {}
