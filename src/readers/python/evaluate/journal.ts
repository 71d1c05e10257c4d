import type { LayerCall, Message } from '../../../model';
import type { Names, Uses, Value } from './values';

/** Everything mutable that evaluation touches. */
export type Cell = Names | Value[] | Uses;

interface SavedUses {
  readonly calls: readonly LayerCall[];
  readonly unclear?: Message;
}
export type Saved = ReadonlyMap<string, Value> | readonly Value[] | SavedUses;

/** What one branch did: the state it left in every cell it touched. */
export type Effects = Map<Cell, Saved>;

/**
 * Undo log. Before a cell changes it is saved in the open frame, so that a branch that depends on an unknown can be
 * tried, its effects taken away, and the other branch tried from the same start.
 */
export class Journal {
  private readonly frames: Map<Cell, Saved>[] = [];
  /** When each open frame was opened, and each cell was made. */
  private readonly opened: number[] = [];
  private readonly births = new WeakMap<Cell, number>();
  private clock = 1;

  /** Call before every change of `cell`. */
  touch(cell: Cell): void {
    const frame = this.frames.at(-1);
    if (frame && !frame.has(cell) && !this.bornInside(cell, this.opened.at(-1)!)) frame.set(cell, save(cell));
  }

  /** Notes that a cell is new: what was made in a branch is seen by that branch only, and needs no undoing. */
  birth<T extends Cell>(cell: T): T {
    if (!this.births.has(cell)) this.births.set(cell, this.clock);
    return cell;
  }

  private bornInside(cell: Cell, opened: number): boolean {
    return (this.births.get(cell) ?? 0) >= opened;
  }

  /** How many frames are open. */
  get depth(): number {
    return this.frames.length;
  }

  open(): void {
    this.frames.push(new Map());
    this.opened.push(++this.clock);
  }

  /** Did anything change since {@link open} that was there before? */
  changed(): boolean {
    return (this.frames.at(-1)?.size ?? 0) > 0;
  }

  /** The state now of all that changed since {@link open}. */
  effects(): Effects {
    const effects: Effects = new Map();
    for (const cell of this.frames.at(-1)?.keys() ?? []) effects.set(cell, save(cell));
    return effects;
  }

  /** Takes the changes since {@link open} back and stays open. */
  undo(): void {
    const frame = this.frames.at(-1);
    if (!frame) return;
    for (const [cell, saved] of frame) load(cell, saved);
    frame.clear();
  }

  /** Ends the innermost frame; its changes stay and belong to the frame around it. */
  close(): void {
    const frame = this.frames.pop();
    this.opened.pop();
    const outer = this.frames.at(-1);
    if (!frame || !outer) return;
    const opened = this.opened.at(-1)!;
    for (const [cell, saved] of frame)
      if (!outer.has(cell) && !this.bornInside(cell, opened)) outer.set(cell, saved);
  }

  /** The state of a cell when the innermost frame was opened. */
  before(cell: Cell): Saved {
    return this.frames.at(-1)?.get(cell) ?? save(cell);
  }

  /** Puts a state into a cell, as a change of its own. */
  replace(cell: Cell, saved: Saved): void {
    this.touch(cell);
    load(cell, saved);
  }
}

export function save(cell: Cell): Saved {
  if (cell instanceof Map) return new Map(cell);
  if (Array.isArray(cell)) return [...cell];
  return { calls: [...cell.calls], ...(cell.unclear && { unclear: cell.unclear }) };
}

function load(cell: Cell, saved: Saved): void {
  if (cell instanceof Map) {
    cell.clear();
    for (const [name, value] of saved as ReadonlyMap<string, Value>) cell.set(name, value);
  } else if (Array.isArray(cell)) {
    cell.length = 0;
    for (const value of saved as readonly Value[]) cell.push(value);
  } else {
    const uses = saved as SavedUses;
    cell.calls = [...uses.calls];
    if (uses.unclear) cell.unclear = uses.unclear;
    else delete cell.unclear;
  }
}
