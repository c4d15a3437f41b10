#!/bin/bash
# A study on a Dask cluster inside one job: a scheduler and the sweep on the first node, workers on
# all. Needs: pip install 'passerby[cluster]'. Submit with: sbatch slurm-dask.sh
#SBATCH --job-name=passerby
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=16
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --output=passerby-%j.log

set -euo pipefail

STUDY=${STUDY:-smoke}
OUT=${OUT:-$HOME/results/$STUDY}
PORT=${PORT:-8786}
HOST=$(hostname --ip-address | cut -d ' ' -f 1)
ADDRESS=tcp://$HOST:$PORT

export NUMBA_NUM_THREADS=1 OMP_NUM_THREADS=1
export NUMBA_CACHE_DIR=${TMPDIR:-/tmp}/passerby-kernels
export PASSERBY_WALK_CACHE=${TMPDIR:-/tmp}/passerby-walks

# The dashboard listens to this node alone. Whoever reaches the scheduler's port can run code as
# you: use it inside a cluster that you trust, or with Dask's --tls options.
dask scheduler --host "$HOST" --port "$PORT" --dashboard-address 127.0.0.1:0 &
trap 'kill %1' EXIT
for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/$HOST/$PORT") 2>/dev/null && break
    sleep 1
done
srun dask worker "$ADDRESS" --nthreads 1 --dashboard-address 127.0.0.1:0 \
    --local-directory "${TMPDIR:-/tmp}" &

passerby sweep "$STUDY" --out "$OUT" --yes --log-json --scheduler "$ADDRESS"
