"""One engine: from a walked street to every number that is told of it."""
