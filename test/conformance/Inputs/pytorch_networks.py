"""The networks of `networks.py` in PyTorch: each is a generator of the losses of its steps, {name: value}."""
import torch
from torch import nn
from torch.nn import functional as F

from networks import LAST
from pytorch_inputs import batch, fill, pairs


class Channels(nn.Module):
    """[B, C, H, W] to [B, H * W * C]: dlc flattens images whose channels come last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def mnist_cnn(inputs):
    net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Conv2d(64, 64, 3), nn.ReLU(), Channels(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10)).to(inputs.kind)
    fill(net, pairs(inputs.weights, *(f"net.layers.{i}" for i in (0, 3, 6, 9, 11))))
    images, labels = inputs.pixels()[:, None] / 255, inputs.idx("train-labels-idx1-ubyte").long()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for step in range(1, LAST + 1):
        image, label = batch((images, labels), step, 32)
        loss = F.cross_entropy(net(image), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield {"loss": loss}


def mlp_classifier(inputs):
    net = nn.Sequential(nn.Linear(2, 10), nn.ReLU(), nn.Linear(10, 1)).to(inputs.kind)
    fill(net, pairs(inputs.weights, "net.0", "net.2"))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    columns = inputs.npy("points.npy"), inputs.npy("inside.npy")
    for step in range(1, LAST + 1):
        x, inside = batch(columns, step, 16)
        loss = F.binary_cross_entropy_with_logits(net(x)[:, 0], inside)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield {"loss": loss}


def generator_and_critic(inputs):
    generator = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 784), nn.Tanh()).to(inputs.kind)
    critic = nn.Sequential(nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1)).to(inputs.kind)
    fill(generator, pairs(inputs.weights, "generator.0", "generator.2"))
    fill(critic, pairs(inputs.weights, "critic.0", "critic.2"))
    return generator, critic


def gan_mnist(inputs):
    generator, critic = generator_and_critic(inputs)
    settings = {"lr": 2e-4, "betas": (0.5, 0.999)}
    of_critic, of_generator = torch.optim.Adam(critic.parameters(), **settings), torch.optim.Adam(generator.parameters(), **settings)
    columns = inputs.pixels().flatten(1) / 127.5 - 1, inputs.npy("noise.npy")
    yes, no = torch.ones(64, 1, dtype=inputs.kind), torch.zeros(64, 1, dtype=inputs.kind)
    bce = F.binary_cross_entropy_with_logits
    for step in range(1, LAST + 1):
        real, z = batch(columns, step, 64)
        fake = generator(z)
        critic_loss = bce(critic(real), yes) + bce(critic(fake.detach()), no)
        of_critic.zero_grad()
        critic_loss.backward()
        of_critic.step()
        generator_loss = bce(critic(fake), yes)
        of_generator.zero_grad()
        generator_loss.backward()
        of_generator.step()
        yield {"critic_loss": critic_loss, "generator_loss": generator_loss}


def wgan_gp(inputs):
    generator, critic = generator_and_critic(inputs)
    settings = {"lr": 1e-4, "betas": (0, 0.9)}
    of_critic, of_generator = torch.optim.Adam(critic.parameters(), **settings), torch.optim.Adam(generator.parameters(), **settings)
    columns = inputs.pixels().flatten(1) / 127.5 - 1, inputs.npy("noise.npy"), inputs.npy("part.npy")
    for step in range(1, LAST + 1):
        real, z, t = batch(columns, step, 64)
        fake = generator(z)
        mix = torch.lerp(real, fake.detach(), t).requires_grad_()
        slope = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)[0]
        critic_loss = critic(fake.detach()).mean() - critic(real).mean() + 10 * (slope.norm(dim=-1) - 1).square().mean()
        of_critic.zero_grad()
        critic_loss.backward()
        of_critic.step()
        losses = {"critic_loss": critic_loss}
        if step % 5 == 0:
            generator_loss = -critic(fake).mean()
            of_generator.zero_grad()
            generator_loss.backward()
            of_generator.step()
            losses["generator_loss"] = generator_loss
        yield losses


def adding_problem(inputs):
    memory, head = nn.LSTM(2, 64, batch_first=True).to(inputs.kind), nn.Linear(64, 1).to(inputs.kind)
    weights = inputs.weights
    bias = weights["net.memory.bias"].clone()
    bias[64:128] += 1  # gates i, f, g, o on both sides; dlc's forget gate adds 1 by itself
    # nn.LSTM has two biases where one is enough: the other stays 0 and is not trained.
    fill(memory, [weights["net.memory.wx"].T, weights["net.memory.wh"].T, bias, torch.zeros_like(bias)])
    memory.bias_hh_l0.requires_grad_(False)
    fill(head, pairs(weights, "net.head"))
    trained = [p for p in [*memory.parameters(), *head.parameters()] if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=2e-3)
    columns = inputs.npy("sequences.npy"), inputs.npy("sums.npy")
    for step in range(1, LAST + 1):
        x, y = batch(columns, step, 64)
        loss = F.mse_loss(head(memory(x)[0][:, -1])[:, 0], y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        yield {"loss": loss}


TRAIN = {"mnist_cnn": mnist_cnn, "mlp_classifier": mlp_classifier, "gan_mnist": gan_mnist, "wgan_gp": wgan_gp, "adding_problem": adding_problem}
