/** Keras' automatic name of a class: `ConvLSTM2D` → `conv_lstm2d`, `GRU` → `gru`. */
export function snakeCase(className: string): string {
  let out = '';
  for (let i = 0; i < className.length; i++) {
    const c = className[i]!;
    const previous = className[i - 1];
    const next = className[i + 1];
    if (isUpper(c) && previous !== undefined && previous !== '_') {
      // A capital starts a word unless it stands inside a run of capitals or digits.
      const startsWord = isLower(previous) || (next !== undefined && isLower(next));
      if (startsWord) out += '_';
    }
    out += c.toLowerCase();
  }
  return out;
}

function isUpper(c: string): boolean {
  return c >= 'A' && c <= 'Z';
}

function isLower(c: string): boolean {
  return c >= 'a' && c <= 'z';
}

/** Hands out unique names as Keras does: `lstm`, `lstm_1`, `lstm_2` … */
export class Names {
  private readonly counts = new Map<string, number>();
  private readonly used = new Set<string>();

  /** The automatic name for a class; never one that is taken. */
  automatic(className: string): string {
    return this.unique(snakeCase(className));
  }

  /** `name` if it is free, else the next free `name_1`, `name_2` … */
  unique(name: string): string {
    let n = this.counts.get(name) ?? 0;
    let candidate = n === 0 ? name : `${name}_${n}`;
    while (this.used.has(candidate)) candidate = `${name}_${++n}`;
    this.counts.set(name, n + 1);
    this.used.add(candidate);
    return candidate;
  }
}
