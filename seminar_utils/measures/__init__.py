"""What a net is like: its layers and their price, its activations and gradients, its conditioning."""
