"""Many runs: defined, run, judged."""
