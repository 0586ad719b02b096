/**
 * The rules of the code that a program can hold. The sizes are those of docs/architecture.md; what imports what is held
 * by scripts/architecture.test.ts instead, because it needs to read the whole tree.
 */
import next from '@next/eslint-plugin-next';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const sized = { skipBlankLines: true, skipComments: true };
const exemptFromSize = ['**/*.test.ts', 'e2e/**', 'prisma/**', 'bench/**', 'lib/db/types.generated.ts', 'lib/http/matrix.ts', '**/testing*.ts'];

export default tseslint.config(
  { ignores: ['.next/', '.data/', 'node_modules/', 'next-env.d.ts', 'out/', 'screenshots/', 'test-results/', 'public/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Rules that need types, each chosen because it finds real mistakes here; the whole type-checked set takes several times as long.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', prefer: 'type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'max-lines': ['error', { max: 200 }],
      'max-lines-per-function': ['error', { max: 60, ...sized }],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': reactHooks, '@next/next': next },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...next.configs.recommended.rules,
      ...next.configs['core-web-vitals'].rules,
      'max-lines-per-function': ['error', { max: 100, ...sized }],
      // Evidence pages are drawn by our own server at the size they are shown; the optimiser would fetch and keep copies of them.
      '@next/next/no-img-element': 'off',
    },
  },
  {
    files: exemptFromSize,
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.test.ts', 'e2e/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // node:test's `test` returns a promise that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'] }] }],
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
