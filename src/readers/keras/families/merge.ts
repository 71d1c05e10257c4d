import { type Dim, type Shape, add, equalDims, message, valueOf } from '../../../model';
import { type LayerRun, type Shapes, type Site, weightless } from '../site';

export function concatenate(site: Site): LayerRun {
  const axis = site.axes('axis', [-1])?.[0];
  const output = axis === undefined ? undefined : concatShapes(site.inputs, axis);
  return weightless(site, 'merge', 'concat', output);
}

/** Shapes joined along an axis; undefined when one of them, or their ranks, are not known to agree. */
export function concatShapes(shapes: Shapes, axis: number): Shape | undefined {
  const [first] = shapes;
  if (!first || !shapes.every((s): s is Shape => s?.length === first.length)) return undefined;
  const at = axis < 0 ? axis + first.length : axis;
  if (at < 0 || at >= first.length) return undefined;
  return first.map((d, i) =>
    i === at
      ? add(...shapes.map((s) => s[i]!))
      : (shapes.map((s) => s[i]!).find((x) => valueOf(x) !== undefined) ?? d),
  );
}

/** `Add`, `Multiply`, `Average` …: elementwise, with broadcasting. */
export function elementwise(op: string): (site: Site) => LayerRun {
  return (site) => {
    const output = broadcast(site.inputs);
    if (output === 'clash') {
      site.ctx.problem({
        code: 'shape-mismatch',
        severity: 'error',
        message: message('the inputs of {0} have shapes that do not fit together', site.path),
        source: site.around.callSource ?? site.spec.source,
      });
    }
    return weightless(site, 'merge', op, output === 'clash' ? undefined : output);
  };
}

/** The shape that elementwise work on these gives; `clash` when two known sizes differ. */
export function broadcast(shapes: Shapes): Shape | 'clash' | undefined {
  if (shapes.length === 0 || !shapes.every((s) => s !== undefined)) return undefined;
  const rank = Math.max(...shapes.map((s) => s.length));
  const output: Dim[] = [];
  for (let i = 1; i <= rank; i++) {
    const here = shapes.map((s) => s.at(-i)).filter((d): d is Dim => d !== undefined && isFixed(d));
    const known = here.filter((d) => valueOf(d) !== undefined);
    if (known.some((d) => !equalDims(d, known[0]!))) return 'clash';
    output.unshift(known[0] ?? here[0] ?? shapes.find((s) => s.at(-i))!.at(-i)!);
  }
  return output;
}

/** A size of 1 stretches to the others. */
function isFixed(d: Dim): boolean {
  return valueOf(d) !== 1;
}

/** `Dot(axes)`: sums over one axis of each of two inputs. */
export function dot(site: Site): LayerRun {
  const [a, b] = site.inputs;
  const given = site.axes('axes', []);
  if (!a || !b || !given || given.length === 0) return weightless(site, 'merge', 'dot', undefined);
  const axisOf = (shape: Shape, axis: number) => (axis < 0 ? axis + shape.length : axis);
  const inA = axisOf(a, given[0]!);
  const inB = axisOf(b, given[1] ?? given[0]!);
  const rest = [...a.filter((_, i) => i !== inA), ...b.filter((_, i) => i !== inB).slice(1)];
  const one = site.dims('none', 1, 1);
  return weightless(site, 'merge', 'dot', rest.length === 1 ? [...rest, ...one] : rest);
}
