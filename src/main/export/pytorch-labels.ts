/** The PyTorch modules of layers that read labels, which PyTorch has not. */
import type { LayerType } from "../../shared/layers";
import type { Network } from "../../shared/settings/network";

/** Lines of Python for those that these networks have; empty where they read no labels. */
export function labelModules(networks: readonly Network[]): string {
  const used = new Set(
    networks.flatMap(({ layers }) => layers.map((it) => it.type)),
  );
  const found = Object.entries(modules).flatMap(([type, text]) =>
    used.has(type as LayerType) ? [text] : [],
  );
  return found.length === 0 ? "" : [spread, ...found].join("\n\n") + "\n\n";
}

const spread = `
def spread(rows, x):
    """Rows [batch, n] as [batch, n, 1, 1], where x is an image."""
    return rows.reshape(*rows.shape, *[1] * (x.dim() - 2))
`;

const modules: Partial<Record<LayerType, string>> = {
  labelConcat: `class LabelConcat(nn.Module):
    """Each class is a number, or a channel, of its own behind x. labels: one-hot rows [batch, classes]."""

    def forward(self, x, labels):
        return torch.cat([x, spread(labels, x).expand(-1, -1, *x.shape[2:])], 1)
`,
  labelEmbedding: `class LabelEmbedding(nn.Module):
    """Each class has a learnt vector behind x."""

    def __init__(self, classes, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, size))

    def forward(self, x, labels):
        return torch.cat([x, spread(labels @ self.weight, x).expand(-1, -1, *x.shape[2:])], 1)
`,
  classNorm: `class ClassNorm(nn.Module):
    """Batch normalization with a gain and a bias for each class."""

    def __init__(self, classes, channels, eps, momentum):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(classes, channels))
        self.bias = nn.Parameter(torch.zeros(classes, channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x, labels):
        y = F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            training=self.training,
            momentum=self.momentum,
            eps=self.eps,
        )
        return y * spread(labels @ self.weight, x) + spread(labels @ self.bias, x)
`,
  projection: `class Projection(nn.Module):
    """The end of a projection discriminator (Miyato and Koyama 2018); pixels are summed up first."""

    def __init__(self, classes, features):
        super().__init__()
        bound = features**-0.5
        self.weight = nn.Parameter(torch.empty(1, features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(1).uniform_(-bound, bound))
        self.embedding = nn.Parameter(torch.empty(classes, features).uniform_(-bound, bound))

    def forward(self, x, labels):
        if x.dim() > 2:
            x = x.flatten(2).sum(2)
        return F.linear(x, self.weight, self.bias) + (x * (labels @ self.embedding)).sum(1, keepdim=True)
`,
};
