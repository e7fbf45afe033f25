"""Speed, measured against a baseline in the same run: `python -m benchmarks [name…] [--size small|full]`."""
