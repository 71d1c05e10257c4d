import type { Assumed, Assumptions, Problem } from '../../../model';
import type { SourceText } from '../parse/text';
import type { Interpreter } from './interpreter';
import { type Lines, relocated } from './relocate';
import { SameValues } from './same-values';
import type { ClassValue, InstanceValue, Value } from './values';

/** A name of a module, and what it was worth; nothing when there was no such name. */
interface Read {
  readonly file: string;
  readonly name: string;
  readonly value: Value | undefined;
}

/** Notes what a part of a reading takes from outside itself. */
export class Recorder {
  readonly reads = new Map<string, Read>();
  /** It did something that must happen in every reading. */
  tied = false;

  /** `since`: values with lower ids were there before. */
  constructor(readonly since: number) {}

  note(file: string, name: string, value: Value | undefined): void {
    const key = `${file}:${name}`;
    if (!this.reads.has(key)) this.reads.set(key, { file, name, value });
  }
}

/** What a part of a reading came to, and under which circumstances. */
interface Entry {
  readonly subject: Value;
  readonly reads: readonly Read[];
  readonly result: unknown;
  readonly problems: readonly Problem[];
  readonly assumed: readonly (readonly [string, Assumed])[];
  readonly fuel: number;
  readonly ids: number;
  readonly given: string;
  /** Where the places in the result were counted. */
  readonly text: SourceText;
}

/**
 * Remembers, from one reading of a document to the next, what its parts came to: a class constructed and followed, an instance
 * followed. A part whose code, subject and circumstances are as they were is not run again.
 */
export class Recall {
  private entries = new Map<string, Entry[]>();
  private assumptions = '';

  /** Begins a reading; {@link Recalling.finish} ends it. */
  begin(assumptions: Assumptions): Recalling {
    const key = JSON.stringify([...assumptions].map(([name, a]) => [name, a.value, a.from, a.source]));
    if (key !== this.assumptions) this.entries = new Map();
    this.assumptions = key;
    return new Recalling(this.entries, (entries) => (this.entries = entries));
  }
}

/** One reading's view of what is remembered. */
export class Recalling {
  private readonly next = new Map<string, Entry[]>();
  private given: string | undefined;
  private readonly values = new SameValues();
  private readonly lines = new Map<SourceText, Lines | undefined>();

  constructor(
    private readonly before: Map<string, Entry[]>,
    private readonly keep: (entries: Map<string, Entry[]>) => void,
  ) {}

  /** Only a whole reading is remembered. */
  finish(I: Interpreter): void {
    if (!I.exhausted()) this.keep(this.next);
  }

  /** `given`: the user's values that the module's own statements have used; a model shows them too. */
  run<T>(
    I: Interpreter,
    subject: ClassValue | InstanceValue,
    run: () => T,
    given: ReadonlyMap<string, Assumed>,
  ): T {
    this.given ??= JSON.stringify([...given]);
    const key = keyOf(subject);
    const old = this.before.get(key)?.shift();
    const entry =
      old && this.holds(old, I, subject)
        ? this.taken(old, I, subject)
        : this.made(I, subject, run, this.given);
    if (entry.keep) this.next.set(key, [...(this.next.get(key) ?? []), entry.entry]);
    return entry.entry.result as T;
  }

  private holds(entry: Entry, I: Interpreter, subject: Value): boolean {
    return (
      entry.given === this.given &&
      this.values.same(entry.subject, subject) &&
      entry.reads.every((r) => this.values.same(r.value, I.moduleName(r.file, r.name)))
    );
  }

  /** The remembered result, with its places as they are now and as dear as it was. */
  private taken(old: Entry, I: Interpreter, subject: Value): { entry: Entry; keep: boolean } {
    const { text } = I.main;
    const moved = relocated(
      [old.result, old.problems, old.assumed],
      text.file,
      this.linesSince(old.text, text),
    ) as [unknown, Problem[], [string, Assumed][]];
    const [result, problems, assumed] = moved;
    problems.forEach((p) => I.problem(p));
    assumed.forEach(([name, a]) => I.assumed.set(name, a));
    I.spend(old.fuel);
    I.skipIds(old.ids);
    // Values of this reading take the place of older ones, so that those can go.
    const reads = old.reads.map((r) => ({ ...r, value: I.moduleName(r.file, r.name) }));
    return { entry: { ...old, subject, reads, result, problems, assumed, text }, keep: true };
  }

  /** How lines have moved since an earlier version; most of what is remembered is of the last one. */
  private linesSince(before: SourceText, now: SourceText): Lines | undefined {
    if (!this.lines.has(before)) this.lines.set(before, now.movedLines(before));
    return this.lines.get(before);
  }

  private made(
    I: Interpreter,
    subject: Value,
    run: () => unknown,
    given: string,
  ): { entry: Entry; keep: boolean } {
    const before = {
      problems: I.problems.length,
      assumed: new Set(I.assumed.keys()),
      fuel: I.fuel,
      ids: I.id(),
    };
    const recorder = new Recorder(before.ids);
    const { result, changed } = I.recorded(recorder, run);
    const entry: Entry = {
      subject,
      reads: [...recorder.reads.values()],
      result,
      problems: I.problems.slice(before.problems),
      assumed: [...I.assumed].filter(([name]) => !before.assumed.has(name)),
      fuel: before.fuel - I.fuel,
      ids: I.id() - before.ids,
      given,
      text: I.main.text,
    };
    return { entry, keep: !changed && !recorder.tied };
  }
}

/** A class by its declaration, an instance by that and where it is made. */
function keyOf(subject: ClassValue | InstanceValue): string {
  const cls = subject.kind === 'class' ? subject : subject.cls;
  const site = subject.kind === 'instance' ? `@${subject.site.text.file}:${subject.site.from}` : '';
  return `${cls.text.file}:${cls.decl.from}${site}`;
}
