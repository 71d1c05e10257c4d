import type { Host } from '../../evaluate/host';
import type { Interpreter } from '../../evaluate/interpreter';
import { NONE, type Arguments, type InstanceValue, type Value } from '../../evaluate/values';
import { makeNamespace } from '../standard/argparse';

/**
 * `self.save_hyperparameters()`: the arguments of `__init__` under `self.hparams`; with names, only those; with an object, what is in it.
 */
export function saveHyperparameters(instance: InstanceValue, args: Arguments, host: Host): Value {
  const given = args.positional.map((a) => a.value);
  const [first] = given;
  if (first && first.kind !== 'str' && first.kind !== 'dict') {
    // A namespace or a config object is kept as it is.
    host.setName(instance.names, 'hparams', first);
    return NONE;
  }
  const all = first?.kind === 'dict' ? entriesOf(first) : argumentsOf(instance, host);
  const wanted = new Set(given.flatMap((v) => (v.kind === 'str' ? [v.value] : [])));
  const values = new Map([...all].filter(([name]) => wanted.size === 0 || wanted.has(name)));
  const before = instance.names.get('hparams');
  if (before?.kind === 'object') for (const [name, value] of values) host.setName(before.names, name, value);
  else host.setName(instance.names, 'hparams', makeNamespace(values, args, host as Interpreter));
  return NONE;
}

/** What `__init__` was given: that of the class last, since it decides. `**kwargs` are laid out. */
function argumentsOf(instance: InstanceValue, host: Host): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const names of [...host.initArguments(instance)].reverse()) {
    for (const [name, value] of names) {
      if (name.startsWith('%') || value === instance) continue;
      values.set(name, value);
      if (value.kind === 'dict') for (const [key, inner] of entriesOf(value)) values.set(key, inner);
    }
  }
  return values;
}

function entriesOf(dict: Value & { kind: 'dict' }): Map<string, Value> {
  return new Map([...dict.entries].filter(([k]) => k.startsWith('s:')).map(([k, v]) => [k.slice(2), v]));
}
