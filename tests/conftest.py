"""What every test starts from."""

import pytest
import torch


@pytest.fixture(autouse=True)
def same_random_numbers_in_every_run():
    torch.manual_seed(0)
