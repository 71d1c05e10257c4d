import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom. A room may import itself, the rooms listed here and the packages listed here.
 * Data flows one way: readers → model → cost → compare → report, and FlowSpec → gradient → advice.
 */
const rooms = {
  model: { rooms: [], packages: [] },
  readers: { rooms: ['model'], packages: ['@lezer/*', 'yaml'] },
  cost: { rooms: ['model'], packages: [] },
  compare: { rooms: ['model', 'cost'], packages: [] },
  gradient: { rooms: ['model'], packages: ['@tensorflow/*'] },
  advice: { rooms: ['model', 'cost', 'compare', 'protocol'], packages: [] },
  report: { rooms: ['model', 'cost', 'compare', 'advice', 'protocol'], packages: [] },
  protocol: { rooms: ['model', 'cost', 'compare', 'gradient', 'advice'], packages: [] },
  worker: { rooms: ['model', 'gradient', 'protocol'], packages: ['node:worker_threads', 'node:path'] },
  node: { rooms: ['model', 'readers', 'protocol', 'engine'], packages: ['node:*'] },
  web: { rooms: ['model', 'protocol', 'engine'], packages: [] },
  panel: { rooms: ['model', 'protocol', 'report'], packages: ['preact', 'preact/*', 'd3-*'] },
  engine: { rooms: ['model', 'readers', 'cost', 'compare', 'advice', 'protocol', 'report'], packages: [] },
  edits: { rooms: ['model', 'readers', 'advice'], packages: [] },
  editor: {
    rooms: ['model', 'readers', 'cost', 'compare', 'advice', 'report', 'protocol', 'engine', 'edits', 'node'],
    // No Node modules: what needs Node goes through `node/platform`, which `web/platform` replaces in browsers.
    packages: ['vscode'],
  },
  cli: {
    rooms: ['model', 'readers', 'cost', 'compare', 'advice', 'report', 'protocol', 'engine', 'node'],
    packages: ['node:*'],
  },
};

/** A regular expression for import specifiers that leave the room for a room or package not on its list. */
function forbidden(name, { rooms: allowed, packages }) {
  const others = Object.keys(rooms).filter((r) => r !== name && !allowed.includes(r));
  const packagePattern = packages
    .map((p) => p.replace(/[./]/g, '\\$&').replace(/\*/g, '.+'))
    .concat('\\.\\.?(/|$)')
    .join('|');
  return [
    {
      regex: `^(\\.\\./)+(${others.join('|')})(/|$)`,
      message: `src/${name} may import only: ${[name, ...allowed].join(', ')} (see ARCHITECTURE.md).`,
    },
    {
      regex: `^(?!(${packagePattern})).+`,
      message: `src/${name} may use only these packages: ${packages.join(', ') || 'none'}.`,
    },
  ];
}

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'out', '.vscode-test', 'coverage', 'examples', 'test/fixtures'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
    },
  },
  ...Object.entries(rooms).map(([name, room]) => ({
    files: [`src/${name}/**/*.ts`, `src/${name}/**/*.tsx`],
    rules: {
      'no-restricted-imports': ['error', { patterns: forbidden(name, room) }],
    },
  })),
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    // Their types, names of globals among them, are checked by tsc (checkJs).
    files: ['**/*.mjs'],
    rules: { 'no-undef': 'off' },
  },
);
