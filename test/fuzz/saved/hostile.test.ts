import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { seed, survives } from './survive';

const text = (s: string) => new TextEncoder().encode(s);

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A zip of one entry that claims whatever it is told to claim. */
function zip(
  name: string,
  body: Uint8Array,
  claimed: { method?: number; size?: number; packed?: number; offset?: number } = {},
) {
  const label = text(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(claimed.method ?? 0, 8);
  local.writeUInt16LE(label.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(claimed.method ?? 0, 10);
  entry.writeUInt32LE(claimed.packed ?? body.length, 20);
  entry.writeUInt32LE(claimed.size ?? body.length, 24);
  entry.writeUInt16LE(label.length, 28);
  entry.writeUInt32LE(claimed.offset ?? 0, 42);
  const start = local.length + label.length + body.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + label.length, 12);
  end.writeUInt32LE(start, 16);
  return joined(local, label, body, entry, label, end);
}

/** A protobuf field: length-delimited, or a varint. */
function field(number: number, value: Uint8Array | bigint): Uint8Array {
  if (typeof value === 'bigint') return joined(varint(BigInt(number << 3)), varint(value));
  return joined(varint(BigInt((number << 3) | 2)), varint(BigInt(value.length)), value);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

describe('Hostile files', () => {
  describe('safetensors', () => {
    for (const length of [2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 100_000_001n, 99_999_999n]) {
      it(`a header of ${length} bytes`, async () => {
        const before = megabytes();
        const { models } = await survives('x.safetensors', joined(u64(length), text('{}')));
        assert.equal(models.length, 0);
        assert.ok(megabytes() - before < 50);
      });
    }

    const header = (json: string) =>
      survives('x.safetensors', joined(u64(BigInt(text(json).length)), text(json)));

    it('names that are properties of every object', async () => {
      const entry = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
      const { models } = await header(`{${names.map((n) => `"${n}":${entry}`).join(',')}}${' '.repeat(8)}`);
      assert.ok(models[0]!.layers.length >= 4);
    });

    it('a prototype in place of an entry', async () => {
      await header(
        '{"__proto__":{"polluted":true},"a":{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}',
      );
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    });

    it('absurd ranks and sizes', async () => {
      const rank = `[${Array.from({ length: 5000 }, () => '2').join(',')}]`;
      for (const shape of [
        rank,
        '[9007199254740991,9007199254740991]',
        '[-1]',
        '[1.5]',
        '[1e400]',
        '"x"',
        '[]',
      ]) {
        await header(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,4]}}`);
      }
    });
  });

  describe('JSON', () => {
    it('nested ten million deep', async () => {
      for (const [open, name] of [
        ['[', 'x.json'],
        ['{"a":', 'x.json'],
        ['[', 'x.safetensors'],
      ] as const) {
        const body = text(open.repeat(1_000_000));
        await survives(name, name === 'x.json' ? body : joined(u64(BigInt(body.length)), body));
      }
    });

    it('models within models, a thousand deep', async () => {
      let model: string = '{"class_name":"LSTM","config":{"units":4}}';
      for (let i = 0; i < 60; i++)
        model = `{"class_name":"Sequential","config":{"name":"m","layers":[${model},${i % 2 ? model.slice(0, 0) : ''}{"class_name":"Dense","config":{"units":2}}]}}`;
      await survives('x.json', text(model));
    });

    it('keys that objects inherit', async () => {
      const json =
        '{"class_name":"Sequential","config":{"__proto__":{"units":3},"layers":[{"class_name":"constructor","config":{"name":"__proto__"}},{"class_name":"__proto__","config":{"name":"toString"}}]}}';
      await survives('x.json', text(json));
    });

    it('sizes that are no sizes', async () => {
      for (const units of ['-4', '1e308', '0', 'null', '"4"', '[4]', '{}', '9007199254740993', '0.5']) {
        const json = `{"class_name":"Sequential","config":{"layers":[{"class_name":"LSTM","config":{"units":${units},"batch_input_shape":[null,7,${units}]}}]}}`;
        await survives('x.json', text(json));
      }
    });

    it('a manifest of nonsense', async () => {
      await survives(
        'x.json',
        text(
          '{"modelTopology":{"node":[1,null,{"op":3}]},"weightsManifest":[{"paths":[1,"../../etc/passwd"],"weights":[{},{"name":"a","shape":[1e300],"dtype":"float32"}]}]}',
        ),
      );
    });
  });

  describe('zip', () => {
    it('a bomb that claims to be small', async () => {
      const bomb = deflateRawSync(new Uint8Array(300 * 1024 * 1024), { level: 9 });
      const before = megabytes();
      for (const [file, entry] of [
        ['x.keras', 'config.json'],
        ['x.pt', 'a/data.pkl'],
      ] as const) {
        const { models } = await survives(file, zip(entry, bomb, { method: 8, size: 10 }));
        assert.equal(models.length, 0);
      }
      assert.ok(megabytes() - before < 400, 'memory');
    });

    it('an entry that claims four gigabytes', async () => {
      await survives('x.keras', zip('config.json', text('{}'), { size: 0xfffffffe, packed: 0xfffffffe }));
      await survives('x.pt', zip('a/data.pkl', text('N.'), { size: 0xfffffffe, packed: 0xfffffffe }));
    });

    it('an entry that lies in its own directory, or outside', async () => {
      for (const offset of [1, 50, 1000, 0xfffffff0])
        await survives('x.pt', zip('a/data.pkl', text('N.'), { offset }));
    });

    it('an unknown compression', async () => {
      const { problems } = await survives('x.keras', zip('config.json', text('{}'), { method: 99 }));
      assert.deepEqual(
        problems.map((p) => p.code),
        ['unsupported-compression'],
      );
    });
  });

  describe('pickle', () => {
    const pickle = (body: string | Uint8Array) =>
      survives('x.pt', zip('a/data.pkl', typeof body === 'string' ? Buffer.from(body, 'latin1') : body));

    it('a call of os.system is named, not made', async () => {
      const { problems } = await pickle("cos\nsystem\n(S'touch /tmp/rnn-lens-was-fooled'\ntR.");
      assert.ok(problems.some((p) => p.code === 'dangerous-pickle' && p.message.args[0] === 'os.system'));
      assert.equal(existsSync('/tmp/rnn-lens-was-fooled'), false);
    });

    it('containers that hold themselves', async () => {
      await pickle(']q\0h\0a.');
      await pickle('}q\0X\x01\0\0\0ah\0s.');
      await pickle('(lq\0(h\0h\0tq\x01h\x01a.');
    });

    it('a billion laughs', async () => {
      let body = ']q\0';
      for (let i = 0; i < 60; i++)
        body += `](h${String.fromCharCode(i)}h${String.fromCharCode(i)}h${String.fromCharCode(i)}eq${String.fromCharCode(i + 1)}`;
      await pickle(`${body}.`);
    });

    it('a dictionary of dictionaries, laughing', async () => {
      let body = '}q\0';
      for (let i = 0; i < 60; i++) {
        const h = String.fromCharCode(i);
        body += `}(X\x01\0\0\0ah${h}X\x01\0\0\0bh${h}uq${String.fromCharCode(i + 1)}`;
      }
      await pickle(`${body}.`);
    });

    it('a stack that only grows, a mark that never comes, integers without end', async () => {
      await pickle('N'.repeat(3_000_000));
      await pickle('('.repeat(3_000_000) + 't'.repeat(1_000_000));
      await pickle('t.');
      await pickle('\x8b\xff\xff\xff\x7f');
      await pickle(`I${'9'.repeat(100_000)}\n.`);
      await pickle('2'.repeat(1000));
    });

    it('lengths that the file does not have', async () => {
      for (const op of ['X', 'T', 'B', '\x8b']) await pickle(`${op}\xff\xff\xff\xff`);
      for (const op of ['\x8d', '\x8e', '\x96']) await pickle(`${op}\xff\xff\xff\xff\xff\xff\xff\xff`);
      await pickle('\x95\xff\xff\xff\xff\xff\xff\xff\xff.');
    });

    it('tensors that claim more than their storage', async () => {
      const shape = (dims: string) =>
        `}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQK\0${dims}(K\x01t\x89}tRs.`;
      for (const dims of [
        '(J\xff\xff\xff\x7ft',
        '(\x8a\x08\0\0\0\0\0\0\0\x40t',
        '(J\xff\xff\xff\xfft',
        `(${'K\x02'.repeat(1000)}t`,
      ]) {
        const { models } = await pickle(shape(dims));
        for (const layer of models.flatMap((m) => m.layers)) assert.equal(layer.kind, 'unknown');
      }
    });
  });

  describe('ONNX', () => {
    it('graphs within graphs', async () => {
      let graph = new Uint8Array(0);
      for (let i = 0; i < 2000; i++)
        graph = new Uint8Array(field(1, field(5, joined(field(1, text('body')), field(6, graph)))));
      await survives('x.onnx', field(7, graph));
    });

    it('dimensions that cannot be', async () => {
      for (const dims of [
        [2n ** 62n, 2n ** 62n],
        [-5n],
        Array.from({ length: 3000 }, () => 2n),
        [2n ** 40n],
      ]) {
        const tensor = joined(...dims.map((d) => field(1, d)), field(2, 1n), field(8, text('w')));
        const { models } = await survives('x.onnx', field(7, field(5, tensor)));
        assert.deepEqual(
          models[0]!.layers.map((l) => l.kind),
          ['unknown'],
        );
      }
    });

    it('a length of 2^63', async () => {
      await survives('x.onnx', joined(Uint8Array.from([0x3a]), varint(2n ** 63n)));
      await survives('x.onnx', joined(Uint8Array.from([0x3a]), new Uint8Array(20).fill(0xff)));
    });

    it('functions that call themselves', async () => {
      const node = joined(field(1, text('x')), field(2, text('y')), field(4, text('F')), field(7, text('d')));
      const own = joined(
        field(1, text('F')),
        field(4, text('x')),
        field(5, text('y')),
        field(7, node),
        field(7, node),
        field(10, text('d')),
      );
      await survives('x.onnx', joined(field(7, field(1, node)), field(25, own)));
    });

    it('values that define each other', async () => {
      const identity = (a: string, b: string) =>
        field(1, joined(field(1, text(a)), field(2, text(b)), field(4, text('Identity'))));
      const lstm = field(
        1,
        joined(
          field(1, text('x')),
          field(1, text('a')),
          field(1, text('b')),
          field(2, text('y')),
          field(4, text('LSTM')),
        ),
      );
      await survives('x.onnx', field(7, joined(identity('a', 'b'), identity('b', 'a'), lstm)));
    });

    it('weights put together from pieces of pieces of pieces', async () => {
      const node = (op: string, inputs: readonly string[], output: string, axis = false) =>
        field(
          1,
          joined(
            ...inputs.map((i) => field(1, text(i))),
            field(2, text(output)),
            field(4, text(op)),
            ...(axis ? [field(5, joined(field(1, text('axis')), field(3, 0n), field(20, 2n)))] : []),
          ),
        );
      const ints = (name: string, value: bigint) =>
        field(5, joined(field(1, 1n), field(2, 7n), field(8, text(name)), field(9, u64(value))));
      const weight = field(
        5,
        joined(field(1, 8n), field(1, 4n), field(2, 1n), field(8, text('w0')), field(9, new Uint8Array(128))),
      );
      const levels = Array.from({ length: 30 }, (_, i) =>
        joined(
          node('Slice', [`w${i}`, 'from', 'to', 'axes'], `s${i}`),
          node(
            'Concat',
            Array.from({ length: 250 }, () => `s${i}`),
            `w${i + 1}`,
            true,
          ),
        ),
      );
      const lstm = node('LSTM', ['x', 'w30', 'w30', 'w30'], 'y');
      const graph = joined(ints('from', 0n), ints('to', 1n), ints('axes', 0n), weight, ...levels, lstm);
      await survives('x.onnx', field(7, graph));
    });

    it('external data that points out of the folder', async () => {
      const entry = (k: string, v: string) => field(13, joined(field(1, text(k)), field(2, text(v))));
      const tensor = joined(
        field(1, 4n),
        field(2, 1n),
        field(8, text('w')),
        field(14, 1n),
        entry('location', '../../../etc/passwd'),
        entry('offset', '-1'),
        entry('length', '16'),
      );
      const { problems } = await survives('x.onnx', field(7, field(5, tensor)));
      assert.deepEqual(
        problems.map((p) => p.code),
        ['weights-missing'],
      );
    });
  });

  describe('HDF5', () => {
    it('links that lead in circles', async () => {
      // The fixtures have a group that contains itself; every address of a group is then pointed at the root's.
      const bytes = seed('hdf5/old.h5');
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const root = view.getBigUint64(64, true);
      for (let at = 96; at + 8 < bytes.length; at += 8) {
        const copy = Uint8Array.from(bytes);
        if (at % 4096 === 96) {
          new DataView(copy.buffer).setBigUint64(at, root, true);
          await survives('x.h5', copy);
        }
      }
      const tree = bytes.findIndex(
        (_, i) => Buffer.from(bytes.subarray(i, i + 4)).toString('latin1') === 'TREE',
      );
      const looped = Uint8Array.from(bytes);
      looped[tree + 5] = 1;
      new DataView(looped.buffer).setBigUint64(tree + 8 + 16 + 8, BigInt(tree), true);
      const { problems } = await survives('x.h5', looped);
      assert.deepEqual(
        problems.map((p) => p.code),
        ['malformed-file'],
      );
    });

    it('every address nowhere, or far away', async () => {
      const bytes = seed('keras/two_of_a_kind.h5');
      for (const value of [2n ** 63n, 2n ** 64n - 1n, BigInt(bytes.length) - 1n, 0n]) {
        for (let at = 24; at < 2048; at += 8) {
          const copy = Uint8Array.from(bytes);
          new DataView(copy.buffer).setBigUint64(at, value, true);
          await survives('x.h5', copy);
        }
      }
    });
  });
});
