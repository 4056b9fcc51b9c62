"""G-5: Inception (3a) (Szegedy et al. 2015, Fig. 2b and Table 1), judged by what it does."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.exercises.exercise import NO_MODULE, Exercise, Watch, build, call

_IMAGE = (1, 192, 28, 28)
_KERNELS = 163_328  # parameters in the six kernels
_BIASES = 368  # 64 + 96 + 128 + 16 + 32 + 32
_UNREDUCED = (128 * 192 * 3**2, 32 * 192 * 5**2)  # a 3x3 or 5x5 that reads all input channels

_CHAINED = (
    "Your branches stand one behind the other: each of the four starts from the module's input, "
    "so that no pixel reaches further than a 5x5."
)


class Inception3a(nn.Module):
    """Inception (3a). (N, 192, H, W) -> (N, 256, H, W)."""

    def __init__(self):
        super().__init__()
        self.n1x1 = nn.Conv2d(192, 64, 1)
        self.n3x3_reduce = nn.Conv2d(192, 96, 1)
        self.n3x3 = nn.Conv2d(96, 128, 3, padding=1)
        self.n5x5_reduce = nn.Conv2d(192, 16, 1)
        self.n5x5 = nn.Conv2d(16, 32, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pool_proj = nn.Conv2d(192, 32, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Join the four branches along the channels; every convolution is followed by ReLU."""
        branches = [
            self.n1x1(x),  # (N, 64, H, W)
            self.n3x3(F.relu(self.n3x3_reduce(x))),  # (N, 128, H, W)
            self.n5x5(F.relu(self.n5x5_reduce(x))),  # (N, 32, H, W)
            self.pool_proj(self.pool(x)),  # (N, 32, H, W)
        ]
        return F.relu(torch.cat(branches, dim=1))  # (N, 256, H, W)


def _find_mistake(answer: object) -> str:
    """Run the module, and ask one question after the other until one has a bad answer."""
    if (module := build(answer)) is None:
        return NO_MODULE
    watch, module = Watch(), module.eval()
    try:
        with watch:
            output = call(module, torch.rand(2, *_IMAGE[1:]))
    except RuntimeError:
        if hint := _joining_mistake(watch.failed, watch.shapes):
            return hint
        raise
    if not isinstance(output, Tensor):
        return "forward returns the branches as they are: join them with torch.cat(..., dim=1)."
    with torch.no_grad():
        questions = (_shape_mistake, _weight_mistake, _activation_mistake, _pooling_mistake)
        return next(filter(None, (question(module) for question in questions)), "")


def _joining_mistake(failed: str, shapes: list[tuple[int, ...]]) -> str:
    """Say why the branches could not be joined, if that is what failed."""
    if "conv" in failed and shapes[0][1] in (64, 128, 32) and shapes[1][1] == 192:
        return _CHAINED  # a convolution made for the input was given the output of a branch
    if failed.strip("_") in ("add", "radd", "iadd"):
        return (
            "You add the branches: they have different numbers of channels, so lay them one "
            "behind the other with torch.cat(..., dim=1)."
        )
    if not any(word in failed for word in ("cat", "stack")):
        return ""
    sizes = {28}.union(*(shape[2:] for shape in shapes))
    if min(sizes) <= 14:
        return (
            "A pool makes its map smaller, so the branches do not fit together: it needs "
            "stride=1, because in PyTorch the stride of a pool is its kernel unless you say so."
        )
    if min(sizes) < 28:
        return (
            "A branch loses its border, so the branches do not fit together: of 28 pixels a 3x3 "
            "leaves 26 unless it has padding=1, pools included, and a 5x5 leaves 24 unless it has "
            "padding=2."
        )
    if max(sizes) > 28:
        return "A branch has too much padding: a 1x1 needs none, a 3x3 needs 1 and a 5x5 needs 2."
    return "The branches fit together, but not this way: join them in dimension 1, the channels."


def _shape_mistake(module: nn.Module) -> str:
    """Look at the shape of the output, and at how many pixels one pixel reaches."""
    images, channels, *size = module(torch.rand(2, *_IMAGE[1:])).shape
    facts = f"The output should be (2, 256, 28, 28); yours is {(images, channels, *size)}"
    if (images, *size) != (2, 28, 28):
        return f"{facts}: the number of images and of pixels stays as it was."
    reached = _pixels_reached(module)
    if reached > 25:
        return _CHAINED
    if channels == 416:
        return (
            "Your output has 416 channels in place of 256: the pool hands on all its 192, and a "
            "1x1 behind it makes 32 of them."
        )
    if channels != 256:
        return f"{facts}: the four branches give 64, 128, 32 and 32 channels."
    if reached == 9:
        return (
            "One pixel reaches only the 3x3 around it: the third branch has a 5x5 in the paper, "
            "and a 3x3 in torchvision's GoogLeNet, a difference known for years."
        )
    return "" if reached == 25 else f"One pixel should reach 25 pixels; in yours it is {reached}."


def _pixels_reached(module: nn.Module) -> int:
    """Count the pixels of the output that change with one pixel of the input."""
    _fill(module, 0.01, 0.02)  # all positive, so that no ReLU stops a change
    image = torch.rand(_IMAGE)
    changed = image.clone()
    changed[:, :, 14, 14] += 1
    change = (module(changed) - module(image)).abs().amax(dim=(0, 1))  # (28, 28)
    return int((change > 1e-3 * change.max()).sum())


def _weight_mistake(module: nn.Module) -> str:
    """Count the parameters, kernels and the rest apart."""
    kernels = [p for p in module.parameters() if p.ndim > 1]
    in_kernels = sum(kernel.numel() for kernel in kernels)
    total = sum(p.numel() for p in module.parameters())
    if any(kernel.numel() in _UNREDUCED for kernel in kernels):
        return (
            "A 3x3 or 5x5 of yours reads all 192 channels: a 1x1 comes first and makes 96 or 16 "
            "of them. Without both, the module has 393,472 parameters in place of 163,696."
        )
    if in_kernels != _KERNELS:
        known = {kernel.numel() for kernel in Inception3a().parameters()}
        odd = [str(tuple(kernel.shape)) for kernel in kernels if kernel.numel() not in known]
        return (
            f"Your kernels hold {in_kernels:,} weights in place of {_KERNELS:,}. "
            f"Not in Table 1: {', '.join(odd) or 'one too many or too few'}."
        )
    if total - in_kernels in (2 * _BIASES, 3 * _BIASES):
        return "This has batch norm, which is younger than this net: here only ReLU follows."
    if total - in_kernels not in (0, _BIASES):
        return "Some convolutions have a bias and some have none: take the same for all six."
    return ""


def _activation_mistake(module: nn.Module) -> str:
    """Look for the ReLUs, with weights that make their absence visible."""
    _fill(module, -1, 1)
    if module(torch.rand(_IMAGE)).min() < 0:
        return "Some outputs are negative: ReLU follows the last convolution of every branch."
    _fill(module, -1, 0)  # a ReLU behind the reduction leaves zeros, of which nothing can grow
    if module(torch.rand(_IMAGE)).max() > 0:
        return (
            "There is no ReLU between a reduction and the 3x3 or 5x5 behind it: without it two "
            "convolutions in a row are no more than one."
        )
    return ""


def _pooling_mistake(module: nn.Module) -> str:
    """Compare with the solution under equal weights, whatever the order of the branches."""
    solution = Inception3a()
    _fill(solution, -0.1, 0.1)
    by_size = {p.numel(): p for p in solution.parameters() if p.ndim > 1}  # six different sizes
    if {p.numel() for p in module.parameters() if p.ndim > 1} != set(by_size):
        return ""  # two kernels made into one, say
    for p in module.parameters():
        if p.ndim > 1:
            p.copy_(by_size[p.numel()].view_as(p))
    for p in (*module.parameters(), *solution.parameters()):
        if p.ndim == 1:
            p.zero_()
    image = torch.randn(_IMAGE)
    ours, yours = (x[:, x.mean(dim=(0, 2, 3)).argsort()] for x in (solution(image), module(image)))
    if torch.allclose(ours, yours, atol=1e-3):
        return ""
    return (
        "With equal weights, your output differs from the paper's: look at the pool, which takes "
        "the maximum of 3x3 pixels and stands before its 1x1."
    )


def _fill(module: nn.Module, low: float, high: float) -> None:
    """Give every parameter a random number between the two."""
    for p in module.parameters():
        p.uniform_(low, high)


EXERCISE = Exercise(
    begin="Begin with the simplest of the four branches, nn.Conv2d(192, 64, 1) with ReLU. "
    "Every branch starts from x, and forward returns all four, joined with torch.cat.",
    right="64 + 128 + 32 + 32 = 256 channels from 163,696 parameters (368 less without "
    "biases). Without the two reductions it would be 393,472.",
    solution=Inception3a,
    find_mistake=_find_mistake,
)
