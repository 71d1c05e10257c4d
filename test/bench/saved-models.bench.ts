/**
 * What opening very large saved models costs: makes sparse files of 2 GB in a temporary folder (a real header, then nothing), reads each in a
 * process of its own, prints the time of the read and the process' peak memory, and fails above the limits.
 *
 *   npm run bench -- saved-models
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileByteSource, siblingsOf } from '../../src/node/file-bytes';
import { readSavedModel } from '../../src/readers/registry';
import { costModel } from '../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../src/model';
import { TORCH, kerasPython } from './python';
import { report } from './report';

const LIMIT_MS = 300;
const LIMIT_MB = 150;
/** A vocabulary of two million words of 256 numbers: 2 GB in float32. */
const [ROWS, COLUMNS] = [2_000_000, 256];
const BYTES = ROWS * COLUMNS * 4;
const FIXTURES = fileURLToPath(new URL('../fixtures/saved/', import.meta.url));

function u64(n: number): Buffer {
  const b = Buffer.alloc(8);
  b.writeBigUInt64LE(BigInt(n));
  return b;
}

function u32(n: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(n >>> 0);
  return b;
}

function u16(...n: number[]): Buffer {
  const b = Buffer.alloc(2 * n.length);
  n.forEach((v, i) => b.writeUInt16LE(v, 2 * i));
  return b;
}

/** Writes pieces at places and leaves holes between them. */
function sparse(
  path: string,
  size: number,
  pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[],
): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  for (const { at, bytes } of pieces) writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const LSTM = { weight_ih_l0: [1024, 256], weight_hh_l0: [1024, 256], bias_ih_l0: [1024], bias_hh_l0: [1024] };
const LSTM_VALUES = 2 * 1024 * 256 + 2 * 1024;

function makeSafetensors(path: string): number {
  let at = 0;
  const entry = (shape: number[]) => {
    const start = at;
    at += 4 * shape.reduce((a, b) => a * b, 1);
    return { dtype: 'F32', shape, data_offsets: [start, at] };
  };
  const tensors: Record<string, object> = { 'embedding.weight': entry([ROWS, COLUMNS]) };
  for (const [name, shape] of Object.entries(LSTM)) tensors[`rnn.${name}`] = entry(shape);
  const header = Buffer.from(JSON.stringify(tensors));
  sparse(path, 8 + header.length + at, [{ at: 0, bytes: Buffer.concat([u64(header.length), header]) }]);
  return ROWS * COLUMNS + LSTM_VALUES;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return Buffer.from(bytes);
  }
}

const head = (number: number, length: number) => Buffer.concat([varint(number * 8 + 2), varint(length)]);
const field = (number: number, body: Uint8Array) => Buffer.concat([head(number, body.length), body]);

/** The real graph of the fixture with one more initialiser, of which only the head is written. */
function makeOnnx(path: string): number {
  const model = readFileSync(`${FIXTURES}onnx/lstm.onnx`);
  const tensor = Buffer.concat([
    ...[ROWS, COLUMNS].map((d) => Buffer.concat([varint(8), varint(d)])),
    Buffer.from([16, 1]),
    field(8, Buffer.from('embedding')),
    head(9, BYTES),
  ]);
  const initialiser = Buffer.concat([head(5, tensor.length + BYTES), tensor]);
  // A second graph field merges with the first in protobuf, but one graph is what exporters write: put it in front of the old one's fields.
  const graphAt = model.indexOf(Buffer.from([0x3a]), 8);
  const length = model[graphAt + 1]! >= 128 ? 2 : 1;
  const inner = model.subarray(graphAt + 1 + length);
  const size = length === 2 ? (model[graphAt + 1]! & 127) + model[graphAt + 2]! * 128 : model[graphAt + 1]!;
  const front = Buffer.concat([
    model.subarray(0, graphAt),
    head(7, initialiser.length + BYTES + size),
    initialiser,
  ]);
  sparse(path, front.length + BYTES + inner.length, [
    { at: 0, bytes: front },
    { at: front.length + BYTES, bytes: inner },
  ]);
  return ROWS * COLUMNS + 144;
}

/** A zip as PyTorch writes it, in which the first storage is a hole. */
function makeTorch(path: string): number {
  const text = (s: string) => Buffer.concat([Buffer.from('X'), u32(s.length), Buffer.from(s)]);
  const int = (n: number) => Buffer.concat([Buffer.from('J'), u32(n)]);
  const tuple = (...items: Buffer[]) => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
  const sizes = [[ROWS, COLUMNS], ...Object.values(LSTM)];
  const names = ['embedding.weight', ...Object.keys(LSTM).map((n) => `rnn.${n}`)];
  const tensors = names.map((name, key) => {
    const shape = sizes[key]!;
    const count = shape.reduce((a, b) => a * b, 1);
    const id = tuple(
      text('storage'),
      Buffer.from('ctorch\nFloatStorage\n'),
      text(String(key)),
      text('cpu'),
      int(count),
    );
    const strides = shape.length === 2 ? [shape[1]!, 1] : [1];
    const call = tuple(
      Buffer.concat([id, Buffer.from('Q')]),
      int(0),
      tuple(...shape.map(int)),
      tuple(...strides.map(int)),
      Buffer.from([0x89]),
      Buffer.from('}'),
    );
    return Buffer.concat([
      text(name),
      Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n'),
      call,
      Buffer.from('R'),
    ]);
  });
  const pickle = Buffer.concat([Buffer.from([0x80, 2]), Buffer.from('}('), ...tensors, Buffer.from('u.')]);
  const entries = [
    { name: 'm/data.pkl', length: pickle.length, body: pickle },
    // Which version of the format: torch.load wants to know.
    { name: 'm/version', length: 2, body: Buffer.from('3\n') },
    ...sizes.map((shape, key) => ({
      name: `m/data/${key}`,
      length: 4 * shape.reduce((a, b) => a * b, 1),
      body: Buffer.alloc(0),
    })),
  ];
  const pieces: { at: number; bytes: Buffer }[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, length, body } of entries) {
    const label = Buffer.from(name);
    const rest = Buffer.concat([u16(0, 0, 0, 0), u32(0), u32(length), u32(length), u16(label.length)]);
    pieces.push({ at, bytes: Buffer.concat([u32(0x04034b50), u16(20), rest, u16(0), label, body]) });
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20, 20), rest, u16(0, 0, 0, 0), u32(0), u32(at), label]),
    );
    at += 30 + label.length + length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0, 0, entries.length, entries.length),
    u32(list.length),
    u32(at),
    u16(0),
  ]);
  pieces.push({ at, bytes: Buffer.concat([list, end]) });
  sparse(path, at + list.length + end.length, pieces);
  return ROWS * COLUMNS + LSTM_VALUES;
}

/** The real file of the fixture, whose dense kernel is made two million rows long and moved behind everything else. */
function makeHdf5(path: string): number {
  const file = readFileSync(`${FIXTURES}keras/two_of_a_kind.weights.h5`);
  const [rows, columns] = [2, 3];
  const shape = Buffer.concat([u64(rows), u64(columns)]);
  const at = file.indexOf(shape);
  const layout = file.indexOf(Buffer.concat([Buffer.from([3, 1])]), at);
  if (at < 0 || layout < 0) throw new Error('the fixture has changed');
  const grown = Math.floor(BYTES / 4 / columns);
  // Maximal sizes follow the sizes.
  for (const place of [at, at + 16]) u64(grown).copy(file, place);
  u64(file.length).copy(file, layout + 2);
  u64(grown * columns * 4).copy(file, layout + 10);
  sparse(path, file.length + grown * columns * 4, [{ at: 0, bytes: file }]);
  return 128 + 56 + grown * columns + 3;
}

const MAKERS = { onnx: makeOnnx, safetensors: makeSafetensors, pt: makeTorch, h5: makeHdf5 } as const;

/** In the process of its own: reads, prints one line of JSON. */
async function measure(path: string): Promise<void> {
  const before = performance.now();
  const source = await fileByteSource(path);
  const { sibling, close } = siblingsOf(path);
  const { models, problems } = await readSavedModel(source, { file: path, sibling });
  const milliseconds = performance.now() - before;
  await close();
  await source.close();
  const [model] = models;
  const params = model && costModel(model, DEFAULT_WORKLOAD).params;
  const count = params && valueOf(params.total);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds, megabytes, count, problems: problems.map((p) => p.code) }));
}

const RIVALS = { onnx: 'onnx.load', safetensors: 'safetensors', pt: 'torch.load', h5: 'h5py' } as const;

interface Rival {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly count: number;
}

/** Time with imports: that is what someone waits who asks in a terminal. */
function askRival(
  format: keyof typeof RIVALS,
  path: string,
  expected: number,
): Rival | { readonly absent: string } {
  const python = format === 'pt' ? TORCH : kerasPython();
  if (python === undefined) return { absent: `${RIVALS[format]}: could not be installed` };
  const script = fileURLToPath(new URL('saved_models.py', import.meta.url));
  const { stdout } = spawnSync(python, [script, format, path], { encoding: 'utf8' });
  const answer = JSON.parse(stdout.trim() || '{"absent":"no answer"}') as Rival | { absent: string };
  if ('absent' in answer) return { absent: `${RIVALS[format]} ${answer.absent}` };
  if (answer.count !== expected) return { absent: `${RIVALS[format]} counts ${answer.count}` };
  return answer;
}

function bench(): number {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-lens-bench-'));
  let failures = 0;
  try {
    for (const [extension, make] of Object.entries(MAKERS)) {
      const path = join(folder, `model.${extension}`);
      const expected = make(path);
      const script = fileURLToPath(import.meta.url);
      const child = spawnSync(process.execPath, [...process.execArgv, script, path], { encoding: 'utf8' });
      const line = child.stdout.trim().split('\n').at(-1) ?? '';
      const got = JSON.parse(line || '{}') as {
        milliseconds: number;
        megabytes: number;
        count: number;
        problems: string[];
      };
      if (got.count !== expected) {
        console.log(
          `${extension}: ${got.count}, not ${expected} ${got.problems} ${child.stderr.slice(0, 2000)}`,
        );
        failures++;
        continue;
      }
      const rival = askRival(extension as keyof typeof RIVALS, path, expected);
      const other = (value: (r: Rival) => number) =>
        'absent' in rival ? rival : { tool: RIVALS[extension as keyof typeof RIVALS], value: value(rival) };
      const on = `${extension}, 2 GB`;
      report({
        what: 'saved model, header',
        on,
        ours: got.milliseconds,
        unit: 'ms',
        limit: LIMIT_MS,
        other: other((r) => r.milliseconds),
      });
      report({
        what: 'saved model, memory',
        on,
        ours: got.megabytes,
        unit: 'MB',
        limit: LIMIT_MB,
        other: other((r) => r.megabytes),
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return failures;
}

const [, , path] = process.argv;
if (path !== undefined) void measure(path);
else if (bench() > 0) process.exitCode = 1;
