"""Images, batches and transforms; the loop that trains on them; what is kept of a run; crops."""
