"""The runs whose gradients are kept."""

BASE = {
    "cell": "lstm",
    "framework": "pytorch",
    "inputSize": 6,
    "hiddenSize": 10,
    "numLayers": 1,
    "bidirectional": False,
    "bias": True,
    "projSize": 0,
    "resetAfter": True,
    "nonlinearity": "tanh",
    "initialiser": {"kind": "default"},
    "steps": 40,
    "batch": 3,
    "seeds": [1],
    "loss": "last",
    "input": {"kind": "noise"},
}
RESET_BEFORE = ("tf1", "haiku", "tfjs", "keras2")


def all_specs():
    specs = []

    def add(**change):
        specs.append({**BASE, "seeds": [len(specs) + 1], **change})

    frameworks = "pytorch keras keras2 tfjs flax-linen flax-nnx paddle mindspore mxnet haiku equinox tf1".split()
    for framework in frameworks:
        for cell in ("lstm", "gru", "rnn"):
            add(framework=framework, cell=cell, resetAfter=framework not in RESET_BEFORE)
    for cell in ("lstm", "gru"):
        for steps in (200, 1000):
            add(cell=cell, steps=steps, hiddenSize=24, inputSize=16)
        add(cell=cell, initialiser={"kind": "forget-bias", "value": 1}, steps=300)
        add(cell=cell, initialiser={"kind": "chrono", "maxSteps": 200}, steps=200)
        add(cell=cell, initialiser={"kind": "orthogonal", "gain": 1.2})
        add(cell=cell, numLayers=2, bidirectional=True, steps=25)
        add(cell=cell, numLayers=3)
        add(cell=cell, bias=False)
        add(cell=cell, loss="all")
        add(cell=cell, steps=1)
        add(cell=cell, steps=100, inputSize=32, hiddenSize=64, batch=4)
        add(cell=cell, framework="keras2", resetAfter=False, gateNonlinearity="hard-sigmoid")
    add(cell="lstm", framework="keras", gateNonlinearity="hard-sigmoid")
    add(cell="lstm", framework="keras", nonlinearity="relu")
    add(cell="lstm", projSize=4)
    add(cell="lstm", projSize=4, numLayers=2, bidirectional=True, steps=20)
    add(cell="lstm", initialiser={"kind": "named", "initialisers": {
        "kernel": "xavier_uniform_", "recurrentKernel": "orthogonal_", "bias": "zeros", "forgetBias": 1}})
    add(cell="gru", initialiser={"kind": "named", "initialisers": {
        "kernel": "normal_(0, 0.1)", "recurrentKernel": "uniform_(-0.1, 0.1)"}}, steps=120)
    add(cell="gru", framework="keras", initialiser={"kind": "named", "initialisers": {
        "kernel": "he_normal", "recurrentKernel": "glorot_uniform"}})
    add(cell="gru", framework="keras2", resetAfter=False, numLayers=2, steps=500)
    add(cell="rnn", nonlinearity="relu", initialiser={"kind": "identity", "scale": 1}, steps=60)
    add(cell="rnn", nonlinearity="linear", initialiser={"kind": "orthogonal", "gain": 0.9}, steps=1000)
    add(cell="rnn", nonlinearity="linear", initialiser={"kind": "orthogonal", "gain": 1.1}, steps=200)
    add(cell="rnn", initialiser={"kind": "orthogonal", "gain": 1}, steps=200)
    add(cell="rnn", steps=400, hiddenSize=32)
    add(cell="rnn", numLayers=2, bidirectional=True, nonlinearity="relu")
    add(cell="rnn", input={"kind": "series", "values": [round(0.1 * (k % 17) - 0.8, 2) for k in range(40)]})
    # Odd shapes and extreme weights.
    add(cell="lstm", projSize=3, numLayers=3, bidirectional=True, steps=30)
    add(cell="lstm", projSize=1, hiddenSize=2, inputSize=1, batch=1, steps=50)
    for cell in ("lstm", "gru", "rnn"):
        add(cell=cell, hiddenSize=1, inputSize=1, batch=1, steps=60)
        add(cell=cell, numLayers=2, bidirectional=True, loss="all", steps=30, batch=1)
        add(cell=cell, initialiser={"kind": "named", "initialisers": {
            "kernel": "uniform_(-3, 3)", "recurrentKernel": "uniform_(-3, 3)", "bias": "uniform_(-3, 3)"}},
            # This GRU is chaotic: after 100 steps float32 states have left the float64 ones (PyTorch's too, by 4 %).
            steps=40 if cell == "gru" else 100)
    add(cell="gru", framework="keras2", resetAfter=False, steps=1000, hiddenSize=12)
    add(cell="gru", framework="keras2", resetAfter=False, numLayers=2, bidirectional=True, hiddenSize=1, steps=40)
    add(cell="lstm", initialiser={"kind": "forget-bias", "value": 10}, steps=1000)
    add(cell="lstm", initialiser={"kind": "forget-bias", "value": -10}, steps=60)
    add(cell="gru", initialiser={"kind": "chrono", "maxSteps": 1000}, steps=1000)
    add(cell="lstm", framework="keras", steps=100, inputSize=32, hiddenSize=64)
    return specs
