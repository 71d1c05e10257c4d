"""Recurrent configurations for the JAX frameworks and the two older TensorFlow ones."""

from common import flag, generator, size


def recurrent(salt, kinds, count, **options):
    """`count` draws over `kinds`, each option a list to choose from; every option's value comes first once per kind."""
    rng = generator(salt)
    for kind in kinds:
        for name, values in options.items():
            for value in values:
                yield {"kind": kind, "inputSize": size(rng), "hiddenSize": size(rng), "bias": 1, name: value}
    for i in range(count):
        drawn = {name: rng.choice(values) for name, values in options.items()}
        yield {"kind": kinds[i % len(kinds)], "inputSize": size(rng), "hiddenSize": size(rng), "bias": 1, **drawn}


def dense_and_friends(salt):
    rng = generator(salt)
    for i in range(8):
        yield {"kind": "dense", "inputSize": size(rng), "outputSize": size(rng), "bias": i % 2}
    for _ in range(5):
        yield {"kind": "embedding", "vocabularySize": size(rng, 500), "embeddingSize": size(rng)}
    for kind in ("layer-norm", "batch-norm", "rms-norm"):
        yield {"kind": kind, "features": size(rng), "scale": 1, "offset": 0 if kind == "rms-norm" else 1}
    for i in range(10):
        rank = i % 3 + 1
        yield {
            "kind": "conv" if i % 2 else "conv-transpose",
            "inputChannels": size(rng, 8),
            "outputChannels": size(rng, 8),
            "kernelSize": [rng.randint(1, 4) for _ in range(rank)],
            "stride": [1] * rank,
            "padding": "same",
            "dilation": [1] * rank,
            "groups": 1,
            "bias": flag(rng, 0.7),
            "channelsFirst": False,
        }
    for _ in range(8):
        heads = rng.randint(1, 4)
        head = size(rng, 8)
        query = size(rng)
        yield {
            "kind": "multi-head-attention",
            "querySize": query,
            "keySize": query,
            "valueSize": query,
            "numHeads": heads,
            "keyDim": head,
            "valueDim": head,
            "outputSize": query,
            "bias": flag(rng, 0.7),
        }
