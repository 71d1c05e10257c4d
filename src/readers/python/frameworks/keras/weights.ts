import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, InstanceValue, Value } from '../../evaluate/values';
import type { KerasData, TensorData } from './data';
import { shapeOf } from './shapes';

/** `self.add_weight(name, shape, …, trainable)` in either order of Keras' versions. */
export function addWeight(instance: InstanceValue, args: Arguments, host: Host): Value {
  const [first, second] = args.positional.map((a) => a.value);
  const shapeValue =
    args.keywords.get('shape')?.value ??
    [first, second].find((v) => v?.kind === 'tuple' || v?.kind === 'list');
  const nameValue = args.keywords.get('name')?.value ?? [first, second].find((v) => v?.kind === 'str');
  const count = [...instance.names.keys()].filter((n) => n.startsWith('%weight.')).length;
  const name = nameValue?.kind === 'str' ? nameValue.value : `weight_${count}`;
  // Without a shape Keras makes a single number.
  const shape = shapeValue === undefined && args.positional.length === 0 ? [] : shapeOf(shapeValue, host);
  const trainable = args.keywords.get('trainable')?.value;
  const data: KerasData = {
    kind: 'weight',
    name,
    shape,
    trainable: trainable === undefined || host.truth(trainable) !== false,
  };
  const weight = host.object('keras', 'keras.Weight', args.site, undefined, data);
  host.setName(instance.names, `%weight.${count}`, weight);
  return host.tensor(shape, shape ? undefined : message('The shape of this weight cannot be worked out.'), {
    keras: { index: 0, weight },
  } satisfies TensorData);
}

/** `tf.Variable(initial)`: a weight wherever a layer or model keeps it. */
export function makeVariable(args: Arguments, host: Host): Value {
  const initial =
    args.keywords.get('initial_value')?.value ??
    args.keywords.get('initializer')?.value ??
    args.positional[0]?.value;
  const given = args.keywords.get('shape')?.value;
  const shape = given
    ? shapeOf(given, host)
    : initial?.kind === 'tensor'
      ? initial.shape
      : initial?.kind === 'float' || initial?.kind === 'int'
        ? []
        : undefined;
  const trainable = args.keywords.get('trainable')?.value;
  const name = args.keywords.get('name')?.value;
  const data: KerasData = {
    kind: 'weight',
    name: name?.kind === 'str' ? name.value : 'variable',
    shape,
    trainable: trainable === undefined || host.truth(trainable) !== false,
  };
  const weight = host.object('keras', 'keras.Variable', args.site, undefined, data);
  return host.tensor(shape, undefined, { keras: { index: 0, weight } } satisfies TensorData);
}
