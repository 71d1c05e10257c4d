import { type Fact, message, symbol, valueOf } from '../../model';
import { type ConfigValue, snakeCase } from '../keras';
import type { Evaluator } from './evaluator';
import { specOfModel } from './models';
import type { ObjectValue, Value } from './values';

/** A configuration object of TensorFlow.js (camel case) as Keras' fields (snake case). Fields that are `undefined` are not given. */
export function configOf(
  E: Evaluator,
  object: ObjectValue | undefined,
): {
  readonly config: Map<string, ConfigValue>;
  readonly facts: Record<string, Fact>;
} {
  const config = new Map<string, ConfigValue>();
  const facts: Record<string, Fact> = {};
  for (const [name, value] of object?.fields ?? []) {
    const field = snakeCase(name);
    const read = configValue(E, value);
    if (read === undefined) continue;
    config.set(field, read);
    const fact = object!.facts.get(name);
    if (fact) facts[field] = fact;
  }
  return { config, facts };
}

/** One value; undefined for `undefined` and for what no layer takes. */
export function configValue(E: Evaluator, value: Value): ConfigValue | undefined {
  switch (value.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
      return value.value;
    case 'number':
      return value.dim ? (valueOf(value.dim) ?? value.dim) : (value.float ?? undefined);
    case 'array':
      return value.items.map((item) => {
        const read = configValue(E, item);
        return read === undefined ? { unknown: message('An item of this list is not known.') } : read;
      });
    case 'layer':
      return value.spec;
    case 'model':
      return specOfModel(value.model);
    case 'unknown':
      return { unknown: value.reason, symbol: symbol(E.declare(value)) };
    default:
      return undefined;
  }
}
