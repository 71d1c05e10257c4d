import { appendFileSync } from 'node:fs';

/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  /** What is measured: `hover`, `read`, `scan` … */
  readonly what: string;
  /** On what, and how: `2,000 lines, cold`. */
  readonly on: string;
  readonly ours: number;
  readonly unit: 'ms' | 'MB' | 'kB';
  /** What a user would pick instead, measured on the same input in the same run; or why there is no such number. */
  readonly other?: { readonly tool: string; readonly value: number } | { readonly absent: string };
  /** Above this the run fails. */
  readonly limit?: number;
}

/** Prints a row; under `npm run bench` also hands it to the table. Over its limit it fails the script. */
export function report(row: BenchRow): void {
  console.log(`  ${cells(row).join('  ')}`);
  if (row.limit !== undefined && row.ours > row.limit) process.exitCode = 1;
  const file = process.env['BENCH_ROWS'];
  if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** A row as the table writes it. */
export function cells({ what, on, ours, unit, other, limit }: BenchRow): string[] {
  const amount = (n: number) => `${n >= 100 ? n.toFixed(0) : n.toPrecision(2)} ${unit}`;
  const beside = other && 'tool' in other ? other : undefined;
  const over = limit !== undefined && ours > limit ? ' (over)' : '';
  return [
    what,
    on,
    amount(ours),
    limit === undefined ? '' : `${amount(limit)}${over}`,
    beside ? beside.tool : other && 'absent' in other ? other.absent : 'nothing does this',
    beside ? amount(beside.value) : '',
    beside ? ratio(ours, beside.value) : '',
  ];
}

/** Ours to theirs: below 1 ours is the smaller. */
function ratio(ours: number, theirs: number): string {
  const r = ours / theirs;
  return r >= 0.095 ? r.toFixed(2) : r.toPrecision(1);
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** How long something takes, in milliseconds: the median of `runs` after `warmUp` more. */
export async function timed(f: () => unknown, runs = 15, warmUp = 3): Promise<number> {
  const times: number[] = [];
  for (let i = -warmUp; i < runs; i++) {
    const start = performance.now();
    await f();
    if (i >= 0) times.push(performance.now() - start);
  }
  return median(times);
}
