/** Evaluates what a filled formula may hold: digits, `·`, `+` and parentheses. Throws for anything else. */
export function evaluate(text: string): bigint {
  let at = 0;
  const skip = () => {
    while (text[at] === ' ') at++;
  };
  const take = (expected: string): boolean => {
    skip();
    if (text[at] !== expected) return false;
    at++;
    return true;
  };
  const factor = (): bigint => {
    if (take('(')) {
      const inner = sum();
      if (!take(')')) throw new Error(`missing ) in ${text}`);
      return inner;
    }
    skip();
    const start = at;
    while (text[at] !== undefined && text[at]! >= '0' && text[at]! <= '9') at++;
    if (start === at) throw new Error(`unexpected ${text[at] ?? 'end'} in ${text}`);
    return BigInt(text.slice(start, at));
  };
  const product = (): bigint => {
    let value = factor();
    while (take('·')) value *= factor();
    return value;
  };
  const sum = (): bigint => {
    let value = product();
    while (take('+')) value += product();
    return value;
  };
  const value = sum();
  skip();
  if (at !== text.length) throw new Error(`unexpected ${text[at]} in ${text}`);
  return value;
}
