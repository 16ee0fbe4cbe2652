"""The hotline in containers: compose.yaml and its images; check/ builds and starts all of it for real."""
