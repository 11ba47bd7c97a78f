"""``make bench-long``: measure, print, and write docs/benchmarks.md."""

if __name__ == "__main__":  # measured processes import this module too, and must stay as light as they are
    from bench.command import bench

    bench()
