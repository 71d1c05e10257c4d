"""Counts the parameters of the models in a Python file, by running the file. Part of RNN Lens' command "Verify with Python".

usage: count.py FILE REQUEST
REQUEST is JSON: [{"name", "form", "construction", "assumed": {name: value}}]
Prints JSON: [{"name", "framework", "weights": [{"name", "count", "trainable"}]} or {"name", "error"}], or {"error"} when the file
itself does not run. What the file prints goes to stderr. The file is loaded as a module: what stands under
`if __name__ == "__main__"` does not run.
"""
import importlib.util
import inspect
import json
import os
import sys


def load(path):
    folder = os.path.dirname(os.path.abspath(path))
    # As when the file is run; then the folder the command was started in, the workspace.
    sys.path[:0] = [folder, os.getcwd()]
    sys.argv = [path]
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def make(module, request):
    """The model that is asked for: the one the file made, the one it says how to make, or one from its defaults."""
    value = getattr(module, request["name"], None)
    if value is None:
        raise LookupError("the file defines no %s at its top level" % request["name"])
    if not isinstance(value, type):
        return value
    for other in list(vars(module).values()):
        if type(other) is value:
            return other
    if request.get("construction"):
        try:
            return eval(request["construction"], vars(module))  # the user's own code, from the user's own file
        except Exception:
            pass
    takes = inspect.signature(value.__init__).parameters
    assumed = {k: v for k, v in request.get("assumed", {}).items() if k in takes}
    return value(**assumed)


def torch_weights(model):
    return [
        {"name": name, "count": p.numel(), "trainable": bool(p.requires_grad)}
        for name, p in model.named_parameters()
    ]


def keras_weights(model):
    if not model.built:
        raise ValueError("its weights do not exist before it is built: the file gives it no input")
    trainable = {id(w) for w in model.trainable_weights}
    seen, rows = set(), []
    for w in model.weights:
        if id(w) in seen:
            continue
        seen.add(id(w))
        count = 1
        for size in w.shape:
            count *= int(size)
        rows.append(
            {
                "name": str(getattr(w, "path", w.name)).split(":")[0].replace("/", "."),
                "count": count,
                "trainable": id(w) in trainable,
            }
        )
    return rows


def count(model):
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        return {"framework": "PyTorch " + torch.__version__, "weights": torch_weights(model)}
    keras = sys.modules.get("keras") or getattr(sys.modules.get("tensorflow"), "keras", None)
    if keras is not None and hasattr(model, "weights") and hasattr(model, "built"):
        return {"framework": "Keras " + keras.__version__, "weights": keras_weights(model)}
    raise TypeError("it is a %s, no model of PyTorch or Keras" % type(model).__name__)


def explain(error):
    return "%s: %s" % (type(error).__name__, error)


def main():
    # Whatever the file prints must not mix with the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    file, request = sys.argv[1], json.loads(sys.argv[2])
    try:
        module = load(file)
    except BaseException as error:
        result = {"error": explain(error)}
    else:
        result = []
        for wanted in request:
            try:
                result.append({"name": wanted["name"], **count(make(module, wanted))})
            except BaseException as error:
                result.append({"name": wanted["name"], "error": explain(error)})
    json.dump(result, answer)
    answer.flush()


main()
