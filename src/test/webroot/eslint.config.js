import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {
    files: ['webroot/app/**/*.js', 'webroot/docs/**/*.js'],
    languageOptions: { globals: { ...globals.browser, EventBus: 'readonly', uPlot: 'readonly' } },
  },
  { files: ['src/test/webroot/**/*.js'], languageOptions: { globals: globals.node } },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-unused-vars': ['error', { argsIgnorePattern: '^ignored' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text from outside becomes text nodes: use h() of dom.js.' },
        { property: 'outerHTML', message: 'Text from outside becomes text nodes: use h() of dom.js.' },
      ],
    },
  },
];
