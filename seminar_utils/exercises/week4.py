"""The exercises on week 4, from one line of a pipeline to the size of a patch.

Each file named here holds one or two solutions.
"""

from seminar_utils.exercises import cutting, mirroring, normalizing
from seminar_utils.exercises.exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES = {
    "W-1": Exercise(
        begin="Begin with images / 255, so that pixels go from 0 to 1; then take off the mean and "
        "divide by std, each reshaped to (C, 1, 1).",
        right="(x - mean) / std, each channel by its own numbers. v2.Normalize does the same with "
        "numbers that you hand over.",
        solution=normalizing.normalize,
        find_mistake=normalizing.normalize_mistake,
    ),
    "W-2": Exercise(
        begin="Begin with images / 255; three of the four axes have to go, so that (C,) is left.",
        right="all pixels at once. The mean of the images' own deviations is smaller: deep dive 3 "
        "shows how such a number got around.",
        solution=normalizing.channel_std,
        find_mistake=normalizing.std_mistake,
    ),
    "W-3": Exercise(
        begin="Begin with images.flip(3), which mirrors all of them; then choose image by image, "
        "with torch.where, say.",
        right="every image keeps its place, and so its label.",
        solution=mirroring.mirror_some,
        find_mistake=mirroring.mirror_mistake,
    ),
    "W-4": Exercise(
        begin="Begin with F.pad(image, (4, 4, 4, 4)); then cut rows and columns out of it with two "
        "slices.",
        right="with top and left from 0 to 8 there are 81 crops, 162 with their mirror images, of "
        "one small picture.",
        solution=cutting.pad_and_crop,
        find_mistake=cutting.pad_mistake,
    ),
    "W-5": Exercise(
        begin="Begin with two equations: height x width = share x area of the picture, and "
        "width / height = ratio. Solve for both and round.",
        right="a patch of 8 % of a square picture is only about 28 % as high and as wide, "
        "the root of 0.08.",
        solution=cutting.patch_size,
        find_mistake=cutting.patch_mistake,
    ),
}
