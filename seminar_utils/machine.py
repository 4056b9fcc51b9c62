"""How many threads a kernel or a worker process may use, said once for all that start one."""

__all__ = ["ONE_THREAD"]

# Sums of floats come out the same whatever the number of cores, and a kernel takes nothing from
# the workers that train beside it.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
