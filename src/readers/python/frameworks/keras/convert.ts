import { type Dim, constant, message, symbolsIn, valueOf } from '../../../../model';
import {
  type Config,
  type ConfigValue,
  type GraphSpec,
  type LayerSpec,
  type Node,
  type OwnWeight,
  type Tensor,
  snakeCase,
} from '../../../keras';
import type { Host } from '../../evaluate/host';
import type { InstanceValue, ObjectValue, TensorValue, Value } from '../../evaluate/values';
import { dataOf, kerasOf, type KerasNode, type LayerData, type Maker } from './data';
import { owns } from './names';
import type { OwnGraphs } from './own';
import { ownCellOf } from './own-cells';

/**
 * Turns the evaluator's objects into specs for the layer builder. One converter per model: within it, one object is one spec,
 * so that a layer used twice is one layer.
 */
export class Converter {
  private readonly specs = new Map<Maker, LayerSpec>();
  private readonly nodes = new Map<KerasNode, Node>();

  constructor(
    private readonly host: Host,
    private readonly own: OwnGraphs,
  ) {}

  /** The spec of whatever stands where a layer is expected. */
  layer(value: Value): LayerSpec {
    const known = this.loose.get(value);
    if (known) return known;
    const spec = this.layerOf(value);
    this.loose.set(value, spec);
    return spec;
  }

  private readonly loose = new Map<Value, LayerSpec>();

  private layerOf(value: Value): LayerSpec {
    if (value.kind === 'object' || value.kind === 'instance') return this.maker(value);
    if (value.kind === 'repeat') return this.repeated(value);
    // `Sequential([Input(…), …])`: an input is given as its tensor.
    const made = kerasOf(value)?.node?.maker;
    if (made?.kind === 'object') return this.maker(made);
    return this.opaque(value);
  }

  maker(maker: Maker): LayerSpec {
    const known = this.specs.get(maker);
    if (known) return known;
    const spec = this.make(maker);
    this.specs.set(maker, spec);
    return spec;
  }

  private make(maker: Maker): LayerSpec {
    if (maker.kind === 'operation') {
      const config: Config = new Map([['op', maker.op]]);
      const source = this.host.ref({ text: this.host.main.text, from: 0, to: 0 });
      return {
        className: 'Operation',
        config,
        source,
        name: snakeCase(maker.op),
        ...(maker.outputOf ? { outputOf: maker.outputOf } : {}),
      };
    }
    if (maker.kind === 'instance') return this.instance(maker);
    const data = dataOf(maker);
    const frozen = this.isFrozen(maker.names.get('trainable'));
    const base = { source: this.host.ref(maker.site), ...(frozen ? { frozen } : {}) };
    switch (data?.kind) {
      case 'layer':
        return this.layerSpec(data, base);
      case 'sequential':
        return {
          className: 'Sequential',
          config: new Map(),
          ...named(data.name),
          ...base,
          layers: data.layers.items.map((l) => this.layer(l)),
        };
      case 'functional':
        return {
          className: 'Functional',
          config: new Map(),
          ...named(data.name),
          ...base,
          graph: this.graph(data.inputs, data.outputs),
        };
      default:
        return this.opaque(maker);
    }
  }

  private isFrozen(trainable: Value | undefined): boolean {
    return trainable !== undefined && this.host.truth(trainable) === false;
  }

  private layerSpec(
    data: LayerData,
    base: { readonly source: LayerSpec['source']; readonly frozen?: boolean },
  ): LayerSpec {
    const config = new Map<string, ConfigValue>();
    for (const [field, value] of data.fields) {
      const read = this.value(value);
      if (read !== undefined) config.set(field, read);
    }
    const followed =
      data.className === 'Lambda' ? this.own.lambda(data.fields.get('function'), this.host) : undefined;
    return {
      className: data.className,
      config,
      ...named(data.name),
      facts: data.facts,
      ...base,
      ...(data.opaque ? { opaque: data.opaque } : {}),
      ...(followed ? { outputOf: followed } : {}),
    };
  }

  /** A configuration value; undefined for what no size depends on. */
  value(value: Value): ConfigValue | undefined {
    switch (value.kind) {
      case 'int':
        return valueOf(value.dim) ?? value.dim;
      case 'float':
        return value.value;
      case 'bool':
      case 'str':
        return value.value;
      case 'none':
        return null;
      case 'list':
      case 'tuple':
        return value.items.map((item) => {
          const read = this.value(item);
          return read === undefined ? { unknown: message('An item of this list is not known.') } : read;
        });
      case 'object': {
        const data = dataOf(value);
        return data && data.kind !== 'weight' ? this.maker(value) : lastName(value.type);
      }
      case 'instance':
        return this.host.isModel(value.cls) ? this.maker(value) : undefined;
      case 'external':
        return owns(value.name) ? lastName(value.name) : this.imported(value.name);
      case 'function':
        return value.name === '' ? undefined : value.name;
      case 'unknown':
      case 'union':
        return this.unknown(value);
      default:
        return undefined;
    }
  }

  private readonly imports = new Map<string, Value>();

  /** A name imported from a file that is not at hand: the same unknown each time. */
  private imported(name: string): ConfigValue {
    let value = this.imports.get(name);
    if (!value) {
      const reason = message('`{0}` is imported from a file that is not at hand.', name);
      value =
        this.host.assumption(lastName(name)) ??
        this.host.unknown(reason, lastName(name), undefined, { named: true });
      this.imports.set(name, value);
    }
    return this.value(value) ?? null;
  }

  private unknown(value: Value): ConfigValue {
    const { host } = this;
    const reason =
      value.kind === 'unknown'
        ? value.reason
        : message(
            'It depends on `{0}`.',
            host
              .rootsOf(value)
              .map((u) => u.name)
              .join('`, `'),
          );
    return {
      unknown: reason,
      // Asked for only where a size is needed, so that other unknowns are not declared.
      get symbol(): Dim | undefined {
        return host.dim(value);
      },
    } as ConfigValue;
  }

  private opaque(value: Value): LayerSpec {
    const roots = this.host.rootsOf(value);
    const reason =
      value.kind === 'unknown'
        ? value.reason
        : value.kind === 'union'
          ? message('Which layer this is depends on `{0}`.', roots.map((u) => u.name).join('`, `'))
          : message('This is not a layer.');
    const site = this.host.siteOf(value) ??
      this.firstSite(value) ?? { text: this.host.main.text, from: 0, to: 0 };
    return {
      className: value.kind === 'unknown' ? shortName(value.name) : 'Layer',
      name: 'layer',
      config: new Map(),
      source: this.host.ref(site),
      opaque: reason,
      dependsOn: roots.map((u) => this.host.symbolFor(u)),
    };
  }

  private firstSite(value: Value) {
    return value.kind === 'union'
      ? value.options.map((o) => this.host.siteOf(o)).find((s) => s !== undefined)
      : undefined;
  }

  /** Copies made by a loop whose length is not known. */
  private repeated(value: Value & { kind: 'repeat' }): LayerSpec {
    const once = this.layer(value.value);
    return {
      className: once.className,
      name: 'repeated',
      config: new Map(),
      source: once.source,
      opaque: message('How many of these layers there are is not known.'),
      dependsOn: [...symbolsIn(value.count)],
    };
  }

  private instance(instance: InstanceValue): LayerSpec {
    const native = instance.native;
    const source = this.host.ref(instance.site);
    const frozen = this.isFrozen(instance.names.get('trainable')) ? { frozen: true } : {};
    const given = instance.names.get('name') ?? instance.names.get('%name');
    const name = named(given?.kind === 'str' ? given.value : undefined);
    if (native) {
      const spec = this.maker(native);
      const overrides = ['build', 'add_weight'].some((m) => instance.cls.names.has(m));
      return {
        ...spec,
        ...name,
        source,
        ...frozen,
        ...(overrides
          ? { opaque: message('`{0}` changes what its base class builds.', instance.cls.name) }
          : {}),
      };
    }
    const own = this.own.of(instance);
    const gap = this.host.gaps.get(instance) ?? own?.gap;
    const base = {
      className: instance.cls.name,
      config: new Map<string, ConfigValue>(),
      source,
      ...name,
      ...frozen,
    };
    if (gap || !own) {
      return {
        ...base,
        opaque: gap ?? message('What `{0}` does cannot be followed.', instance.cls.name),
        ...(own ? { outputOf: () => own.outputs.map((t) => t.shape) } : {}),
      };
    }
    const names = new Map<LayerSpec, string>();
    for (const [part, path] of own.names) names.set(this.layer(part), path);
    const graph = this.graph(own.inputs, own.outputs);
    const cell = ownCellOf(own, this.host);
    return {
      ...base,
      ...(cell
        ? { cell: { ...cell, parts: cell.parts.map((part) => this.maker(part as ObjectValue)) } }
        : {}),
      ownWeights: own.weights.map((w) => this.weight(w)).filter((w) => w !== undefined),
      graph,
      names,
      unused: own.unused.map((part) => this.layer(part)),
    };
  }

  private weight(object: ObjectValue): OwnWeight | undefined {
    const data = dataOf(object);
    if (data?.kind !== 'weight' || !data.shape) return undefined;
    return {
      name: data.name,
      shape: data.shape,
      trainable: data.trainable,
      source: this.host.ref(object.site),
    };
  }

  graph(inputs: readonly TensorValue[], outputs: readonly TensorValue[]): GraphSpec {
    const lost = this.own
      .lost(inputs, outputs)
      .map((node) => ({ node: this.node(node), index: 0, shape: undefined }));
    return {
      inputs: inputs.map((t) => this.tensor(t)),
      outputs: [...outputs.map((t) => this.tensor(t)), ...lost],
    };
  }

  private tensor(tensor: TensorValue): Tensor {
    const keras = kerasOf(tensor);
    if (!keras?.node) return { node: this.outside(tensor), index: 0, shape: tensor.shape };
    return { node: this.node(keras.node), index: keras.index, shape: tensor.shape };
  }

  private readonly outsiders = new Map<TensorValue, Node>();

  /** A tensor that no layer of the graph makes: data, a constant. */
  private outside(tensor: TensorValue): Node {
    let node = this.outsiders.get(tensor);
    const keras = kerasOf(tensor);
    if (!node && !keras?.constant && !keras?.weight) {
      const opaque: LayerSpec = keras?.unclear
        ? this.layer(keras.unclear)
        : {
            className: 'Layer',
            name: 'unclear',
            config: new Map(),
            source: this.host.ref({ text: this.host.main.text, from: 0, to: 0 }),
            opaque: tensor.why ?? message('What goes in here cannot be followed.'),
          };
      this.outsiders.set(tensor, (node = { layer: opaque, inputs: [] }));
    }
    if (!node) {
      const source = this.host.ref({ text: this.host.main.text, from: 0, to: 0 });
      const layer: LayerSpec = {
        className: 'Operation',
        name: 'constant',
        config: new Map([['op', 'constant']]),
        source,
        outputOf: () => [tensor.shape],
      };
      this.outsiders.set(tensor, (node = { layer, inputs: [] }));
    }
    return node;
  }

  private node(node: KerasNode): Node {
    const known = this.nodes.get(node);
    if (known) return known;
    const made: { -readonly [K in keyof Node]: Node[K] } = {
      layer: this.maker(node.maker),
      inputs: [],
      source: this.host.ref(node.site),
      ...(node.times ? { times: node.times } : {}),
      ...(node.callConfig ? { callConfig: node.callConfig } : {}),
    };
    this.nodes.set(node, made);
    made.inputs = node.inputs.map((t) => this.tensor(t));
    return made;
  }
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function shortName(name: string): string {
  const plain = name.endsWith('()') ? name.slice(0, -2) : name;
  return plain.length > 30 ? 'Layer' : lastName(plain);
}

/** A size known to be a whole number. */
export function dimOf(value: Value, host: Host): Dim | undefined {
  if (value.kind === 'float' && value.value !== undefined && Number.isSafeInteger(value.value))
    return constant(value.value);
  return host.dim(value);
}
