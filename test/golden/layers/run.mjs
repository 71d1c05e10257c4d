// Asks the real frameworks again for every layer in test/golden/layers/*.json.
//   npm run golden               makes a virtual environment from requirements.txt (large: several frameworks)
//   GOLDEN_PYTHON=… npm run golden    uses that interpreter for all but PyTorch
//   TORCH_PYTHON=… npm run golden     interpreter that has torch 1.13 (Debian's python3-torch: /usr/bin/python3)
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const environment = join(root, 'node_modules', '.cache', 'golden-python');

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: here, stdio: 'inherit' });
  if (result.status !== 0) {
    const why = result.error ? result.error.message : `exit code ${result.status}`;
    console.error(`${command} ${args.join(' ')} failed: ${why}`);
    process.exit(1);
  }
}

function python() {
  if (process.env.GOLDEN_PYTHON) return process.env.GOLDEN_PYTHON;
  const own = join(environment, 'bin', 'python');
  if (!existsSync(own)) {
    run('python3', ['-m', 'venv', environment]);
    // tf_keras asks for the full tensorflow package; the CPU one is enough.
    run(own, ['-m', 'pip', 'install', '--quiet', '--no-deps', 'tf_keras==2.21.0']);
    run(own, ['-m', 'pip', 'install', '--quiet', '-r', join(here, 'requirements.txt')]);
  }
  return own;
}

function torchPython() {
  const candidate = process.env.TORCH_PYTHON ?? '/usr/bin/python3';
  const found = spawnSync(candidate, ['-c', 'import torch'], { stdio: 'ignore' });
  if (found.status === 0) return candidate;
  console.error(
    `${candidate} has no torch. Install Debian's python3-torch, or set TORCH_PYTHON to an interpreter with torch 1.13.`,
  );
  process.exit(1);
}

/** PyTorch's interpreter with the three counters beside it. */
function counterPython() {
  const folder = `${environment}-counters`;
  const own = join(folder, 'bin', 'python');
  if (!existsSync(own)) {
    run(torchPython(), ['-m', 'venv', '--system-site-packages', folder]);
    const pins = join(here, 'counters', 'requirements.txt');
    // Without what they ask for: torch is there, and no other may take its place.
    run(own, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', pins]);
  }
  return own;
}

/** @param {string} name A framework that wants packages of its own: `<name>/requirements.txt`. */
function apartPython(name) {
  const folder = `${environment}-${name}`;
  const own = join(folder, 'bin', 'python');
  if (!existsSync(own)) {
    run('python3', ['-m', 'venv', folder]);
    run(own, ['-m', 'pip', 'install', '--quiet', '-r', join(here, name, 'requirements.txt')]);
  }
  return own;
}

const scripts = [
  'keras3',
  'keras2',
  'flax_linen',
  'flax_nnx',
  'haiku_equinox',
  'paddle_layers',
  'onnx_operators',
];
const only = process.argv.slice(2);
/** @param {string} name */
const wanted = (name) => only.length === 0 || only.includes(name);
if (wanted('pytorch')) run(torchPython(), ['pytorch.py']);
if (wanted('counters')) run(counterPython(), ['counters.py']);
if (wanted('mxnet_gluon')) run(apartPython('mxnet'), ['mxnet_gluon.py']);
if (wanted('mindspore_layers')) run(apartPython('mindspore'), ['mindspore_layers.py']);
for (const script of scripts.filter(wanted)) run(python(), [`${script}.py`]);
