#!/usr/bin/env bash
# Makes the models that come with the server beside hybrid_cnn_lstm, whose commands are in train_model.py. The same commands
# write the same files, byte for byte, on the same processor type with the same libraries; it takes some minutes.
#
#   tools/make_bundled_models.sh [DIR]     DIR: the registry's folder (default: models)
set -eu
registry=$(realpath "${1:-"$(dirname "$0")/../models"}")
cd "$(dirname "$0")"
python=$([ -x /usr/bin/python3 ] && echo /usr/bin/python3 || echo python3)

make() {
  local tool=$1 model=$2 version=$3
  shift 3
  "$python" "$tool" "$model" --synthetic --models-dir "$registry" --version "$version" --promote production --force "$@"
}

make train_transformers.py mpd_transformer 20251128_143000 --epochs 12 --learning-rate 0.0005 --dropout 0.35
make train_transformers.py tlob_transformer 20251205_101500 --epochs 12
make train_trees.py boosted_trees 20251212_090000
make train_trees.py return_regressor 20251219_160000
"$python" make_ensemble.py hybrid_cnn_lstm:PRODUCTION:0.4 mpd_transformer:PRODUCTION:0.35 tlob_transformer:PRODUCTION:0.25 \
  --min-members 2 --models-dir "$registry" --version 20260105_090000 --promote production --force
