"""What a net is like: layers and their price, activations and gradients, conditioning."""
