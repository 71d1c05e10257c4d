import { message } from '../../../model';
import type { Pattern } from '../parse/ast';
import { siteOf } from './expressions';
import type { Interpreter } from './interpreter';
import { binary } from './operators';
import { assignName } from './scopes';
import { restOfDict, type DictValue, type Scope, type UnknownValue, type Value } from './values';

/** Yes, no, or the unknowns it depends on. */
type Answer = boolean | readonly UnknownValue[];

/** Does a `case` pattern match? Binds what it captures. */
export function matches(I: Interpreter, pattern: Pattern, subject: Value, scope: Scope): Answer {
  switch (pattern.type) {
    case 'capture':
      if (pattern.name !== '_') assignName(I, scope, pattern.name, subject);
      return true;
    case 'literal':
      return I.truth(binary(I, '==', subject, I.evaluate(pattern.value, scope), siteOf(scope, pattern)));
    case 'or': {
      let answer: Answer = false;
      for (const option of pattern.options) {
        const one = matches(I, option, subject, scope);
        if (one === true && answer === false) return true;
        if (one !== false) answer = one === true ? answer : one;
      }
      return answer;
    }
    case 'as':
      assignName(I, scope, pattern.name, subject);
      return matches(I, pattern.pattern, subject, scope);
    case 'sequence':
      return sequence(I, pattern, subject, scope);
    case 'mapping':
      return mapping(I, pattern, subject, scope);
    case 'class':
      return instance(I, pattern, subject, scope);
    case 'star':
    case 'other':
      return unclear(I, pattern, subject, scope);
  }
}

function unclear(I: Interpreter, pattern: Pattern, subject: Value, scope: Scope): Answer {
  return I.rootsOf(I.dependent(siteOf(scope, pattern), [subject], message('This pattern is not followed.')));
}

/** All of them: no as soon as one says no. */
function all(answers: Iterable<Answer>): Answer {
  let result: Answer = true;
  for (const answer of answers) {
    if (answer === false) return false;
    if (answer !== true) result = answer;
  }
  return result;
}

/** Can what a value is not be told? */
function isOpen(value: Value): boolean {
  return value.kind === 'unknown' || value.kind === 'union';
}

function sequence(
  I: Interpreter,
  pattern: Pattern & { type: 'sequence' },
  subject: Value,
  scope: Scope,
): Answer {
  if (isOpen(subject)) return unclear(I, pattern, subject, scope);
  if (subject.kind !== 'list' && subject.kind !== 'tuple' && subject.kind !== 'range') return false;
  const items = I.items(subject);
  if (!items) return unclear(I, pattern, subject, scope);
  const star = pattern.items.findIndex((p) => p.type === 'star');
  const least = pattern.items.length - (star < 0 ? 0 : 1);
  if (star < 0 ? items.length !== least : items.length < least) return false;
  return all(
    pattern.items.map((part, i) => {
      if (part.type !== 'star')
        return matches(
          I,
          part,
          items[star >= 0 && i > star ? items.length - pattern.items.length + i : i]!,
          scope,
        );
      const rest = items.slice(star, items.length - (pattern.items.length - 1 - star));
      if (part.name !== '_') assignName(I, scope, part.name, { kind: 'list', items: rest });
      return true;
    }),
  );
}

function mapping(
  I: Interpreter,
  pattern: Pattern & { type: 'mapping' },
  subject: Value,
  scope: Scope,
): Answer {
  if (isOpen(subject)) return unclear(I, pattern, subject, scope);
  const dict: DictValue | undefined =
    subject.kind === 'dict' ? subject : subject.kind === 'instance' ? subject.dict : undefined;
  if (!dict) return false;
  const taken = new Set<string>();
  const answer = all(
    pattern.entries.map(({ key, value }) => {
      const name = I.keyOf(I.evaluate(key, scope));
      const item = name === undefined ? undefined : dict.entries.get(name);
      if (name !== undefined) taken.add(name);
      if (item && item.kind !== 'union') return matches(I, value, item, scope);
      return !item && name !== undefined && !restOfDict(dict) ? false : unclear(I, pattern, subject, scope);
    }),
  );
  if (pattern.rest !== undefined) {
    const entries = new Map([...dict.entries].filter(([key]) => !taken.has(key)));
    assignName(I, scope, pattern.rest, {
      kind: 'dict',
      entries,
      ...(dict.missing && { missing: dict.missing }),
    });
  }
  return answer;
}

/** `Size(width, height=h)`, `int(n)` */
function instance(
  I: Interpreter,
  pattern: Pattern & { type: 'class' },
  subject: Value,
  scope: Scope,
): Answer {
  const site = siteOf(scope, pattern);
  const cls = I.evaluate(pattern.cls, scope);
  if (isOpen(subject)) return unclear(I, pattern, subject, scope);
  const named = subject.kind === 'tuple' && cls.kind === 'class' && subject.cls === cls;
  const is = named || I.truth(I.call(I.builtin('isinstance')!, I.plainArguments([subject, cls], site)));
  if (is !== true) return is;
  const fields =
    subject.kind === 'tuple'
      ? subject.names
      : cls.kind === 'class'
        ? I.dataFields(cls)?.map((f) => f.name)
        : undefined;
  const part = (name: string | undefined, p: Pattern): Answer => {
    const value = name === undefined ? undefined : I.findAttribute(subject, name, site);
    return value ? matches(I, p, value, scope) : unclear(I, pattern, subject, scope);
  };
  return all([
    ...pattern.positional.map((p, i) =>
      // A builtin's one place is the value itself.
      cls.kind === 'builtin' ? matches(I, p, subject, scope) : part(fields?.[i], p),
    ),
    ...pattern.keywords.map((k) => part(k.name, k.pattern)),
  ]);
}
