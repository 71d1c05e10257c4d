import {
  type Dim,
  type Framework,
  type Message,
  type Problem,
  SEQ_LEN,
  type SourceRef,
  type Unknown,
  symbol,
  symbolsIn,
} from '../../model';

export type KerasFramework = Extract<Framework, 'keras' | 'keras2' | 'tfjs'>;

/** What a build needs from, and tells, the reader that runs it. One per model. */
export interface BuildContext {
  readonly framework: KerasFramework;
  /** A size that could not be read: an unknown the user may give a value to, or the value they gave. */
  unknown(name: string, reason: Message, source?: SourceRef): Dim;
  /** An axis that Keras leaves open (`None`): fine for work, impossible for the size of a weight. */
  openAxis(name: string, reason: Message, source?: SourceRef): Dim;
  /** Does a size depend on an axis that is open? Keras refuses to build weights of such a size. */
  isOpen(dim: Dim): boolean;
  problem(problem: Problem): void;
  /** Where a layer object was first built in this model: it has its weights there, wherever else it is used. */
  home(layer: object, path: string): string;
}

/** The plain context: collects unknowns and problems; `assume` answers for a name when the user gave it a value. */
export class Collector implements BuildContext {
  readonly unknowns = new Map<string, Unknown>();
  readonly problems: Problem[] = [];
  private readonly open = new Set<string>();

  constructor(
    readonly framework: KerasFramework,
    private readonly assume: (name: string) => Dim | undefined = () => undefined,
  ) {
    for (const name of symbolsIn(SEQ_LEN)) this.open.add(name);
  }

  unknown(name: string, reason: Message, source?: SourceRef): Dim {
    const given = this.assume(name);
    if (given) return given;
    if (!this.unknowns.has(name)) this.unknowns.set(name, { name, reason, source });
    return symbol(name);
  }

  openAxis(name: string, reason: Message, source?: SourceRef): Dim {
    const given = this.assume(name);
    if (given) return given;
    this.open.add(name);
    return this.unknown(name, reason, source);
  }

  isOpen(dim: Dim): boolean {
    return [...symbolsIn(dim)].some((name) => this.open.has(name));
  }

  private readonly homes = new Map<object, string>();

  home(layer: object, path: string): string {
    const known = this.homes.get(layer);
    if (known === undefined) this.homes.set(layer, path);
    return known ?? path;
  }

  problem(problem: Problem): void {
    this.problems.push(problem);
  }
}
