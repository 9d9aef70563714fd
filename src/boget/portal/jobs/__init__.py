"""Background work that survives the death of its worker: one table, claimed by compare-and-set with a lease."""
