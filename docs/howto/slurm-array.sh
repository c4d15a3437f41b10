#!/bin/bash
# A study in shares, without a scheduler of our own: each task of the array does one share.
# All write into one folder that every node can see; the one that ends last writes the table.
# Submit with: sbatch slurm-array.sh
#SBATCH --job-name=passerby
#SBATCH --array=1-20
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --output=passerby-%A-%a.log

set -euo pipefail

STUDY=${STUDY:-smoke}
OUT=${OUT:-$HOME/results/$STUDY}

# Compiled kernels and walks on the node's own disk: a cache shared over a network is slow, and
# may be damaged by a node that dies.
export NUMBA_CACHE_DIR=${TMPDIR:-/tmp}/passerby-kernels
export PASSERBY_WALK_CACHE=${TMPDIR:-/tmp}/passerby-walks

passerby sweep "$STUDY" --out "$OUT" --yes --log-json \
    --workers "$SLURM_CPUS_PER_TASK" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
