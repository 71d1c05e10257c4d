"""What the golden scripts share: seeded configurations and the file format.

A file holds one JSON object: who was asked, which version, the seed, and one row per line:
  config     the layer's sizes and flags, under the names of RNN Lens' own layer description
  tensors    [name, shape] of every parameter, as the framework reports them
  frozen     names of parameters that do not train (absent: none)
  buffers    [name, shape] of what the framework keeps but does not count as a parameter (absent: none)
  total      the framework's own count of parameters
  trainable  the framework's own count of those that train
  input, output   shapes of a real run (absent: the layer was not run)
"""

import json
import pathlib
import random

SEED = 20230401
HERE = pathlib.Path(__file__).parent


def generator(salt):
    """A random generator that gives the same configurations on every machine."""
    return random.Random(f"{SEED}:{salt}")


def size(rng, top=64):
    """Small sizes, often 1, 2 or 3, where off-by-one and degenerate shapes show."""
    return rng.choice([1, 2, 3, rng.randint(1, 12), rng.randint(1, top)])


def flag(rng, share=0.5):
    return 1 if rng.random() < share else 0


def distinct(configs):
    """Drops repeated configurations, keeping the order."""
    seen = {}
    for config in configs:
        seen.setdefault(json.dumps(config, sort_keys=True), config)
    return list(seen.values())


def row(config, tensors, total, trainable, **more):
    shaped = [[name, [int(d) for d in shape]] for name, shape in tensors]
    extra = {key: value for key, value in more.items() if value}
    return {
        "config": config,
        "tensors": shaped,
        "total": int(total),
        "trainable": int(trainable),
        **extra,
    }


def write(name, framework, versions, rows):
    head = json.dumps({"framework": framework, "versions": versions, "seed": SEED})
    body = ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows)
    text = f'{head[:-1]}, "rows": [\n{body}\n]}}\n'
    json.loads(text)
    (HERE / f"{name}.json").write_text(text)
    print(f"{name}: {len(rows)} rows, {len(text)} bytes")
