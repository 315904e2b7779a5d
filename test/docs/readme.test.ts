/** The first screen of the README takes somebody new from nothing to a denial that they understand. */
import { expect, test } from 'vitest';
import { readPage } from './pages.ts';

const lines = readPage('README.md').split('\n');
const firstScreen = lines.slice(0, 40).join('\n');

test.each([
  'npm install && npm start',
  'npm install && npm test',
  'npm run synth',
  '# 401',
  '# 200',
  '# 403',
  '-- explain --token',
  '](docs/getting-started.md)',
  '](docs/README.md)',
])('%s is in its first 40 lines', (text) => {
  expect(firstScreen).toContain(text);
});

test('it stays short', () => {
  expect(lines.length).toBeLessThanOrEqual(80);
});
