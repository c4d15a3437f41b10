"""The lessons: their screens, the answers that they compute, and how they look."""
