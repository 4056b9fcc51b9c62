"""The papers' own experiments, for whoever has the images and the machines."""
