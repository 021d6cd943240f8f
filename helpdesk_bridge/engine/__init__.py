"""The shell around the pure core: receive, advance, deliver, tick, reconcile, each hop one transaction."""
