import { type Json, field } from '../bytes';
import { snakeCase } from '../keras';

/** A layer of a configuration that may own weights, and where each file format keeps them. */
export interface Unit {
  /** As the builder paths its layers: `encoder.lstm`. */
  readonly path: string;
  /** Keras 3's place: `layers/functional/layers/lstm`, by class and not by name. */
  readonly place: string;
  /** Names from the outermost model in: `['encoder', 'lstm']`. */
  readonly names: readonly string[];
}

const MAX_DEPTH = 50;

/** The layers of a configuration, nested models opened, in the order in which the configuration lists them. */
export function unitsOf(config: Json): Unit[] {
  const units: Unit[] = [];
  collect(config, [], '', units, 0);
  return units;
}

function collect(model: Json, names: readonly string[], place: string, units: Unit[], depth: number): void {
  const layers = layersOf(model);
  if (!layers || depth > MAX_DEPTH) return;
  const used = new Map<string, number>();
  for (const layer of layers) {
    const className = field(layer, 'class_name');
    if (typeof className !== 'string') continue;
    const given = field(layer, 'name') ?? field(field(layer, 'config'), 'name');
    const own = typeof given === 'string' ? given : snakeCase(className);
    // Keras numbers classes in order of appearance: lstm, lstm_1 …
    const kind = snakeCase(className.slice(className.lastIndexOf('>') + 1));
    const count = used.get(kind) ?? 0;
    used.set(kind, count + 1);
    const inner = `${place}layers/${count === 0 ? kind : `${kind}_${count}`}`;
    const path = [...names, own];
    if (layersOf(layer)) collect(layer, path, `${inner}/`, units, depth + 1);
    else units.push({ path: path.join('.'), place: inner, names: path });
  }
}

function layersOf(model: Json): readonly Json[] | undefined {
  const config = field(model, 'config');
  const layers = Array.isArray(config) ? config : field(config, 'layers');
  return Array.isArray(layers) ? (layers as readonly Json[]) : undefined;
}
