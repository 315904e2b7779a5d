/**
 * `npm run bench:strictness`: every token of the attack suite before the authorizer and its peers, into
 * docs/strictness.md. `--check` writes nothing and fails where that page is another.
 *
 * The peers of `test/bench/package.json` are installed at the first run. Keys are new in each run; the page is the same.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { THEMES } from '../attack/catalogue.ts';
import { serve } from '../keys/support.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import { installPeers, ROOT } from './tools.ts';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const PAGE = join(ROOT, 'docs/strictness.md');

/** For libraries that take the time from nowhere else: it stands still where the attacks are made. */
function stopClock(): void {
  const nowMs = NOW_SECONDS * 1000;
  globalThis.Date = class extends Date {
    constructor(...parts: [] | [value: number | string | Date]) {
      super(parts.length === 0 ? nowMs : parts[0]);
    }
    static override now = () => nowMs;
  } as DateConstructor;
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(ROOT, 'test/bench/node_modules', name, 'package.json'), 'utf8')).version;

installPeers();
const { judgeTheme } = await import('./strictness/judge.ts');
const { pageOf } = await import('./strictness/page.ts');
const { PEERS } = await import('./strictness/verifiers.mjs');
stopClock();
const asked: string[] = [];
const trap = await serve((request, response) => {
  asked.push(String(request.url));
  response.end('{"keys":[]}');
});
const themes = [];
for (const theme of THEMES) themes.push({ title: theme.title, judged: await judgeTheme(theme, trap.origin) });
await trap.close();
if (asked.length > 0) throw new Error(`somebody asked the server that tokens name: ${asked}`);
const page = pageOf(themes, Object.fromEntries(PEERS.map(({ name }) => [name, versionOf(name)])));
const isFresh = () => page === readFileSync(PAGE, 'utf8');
if (!options.check) writeFileSync(PAGE, page);
else if (!isFresh()) {
  process.stderr.write('docs/strictness.md is not what the peers do: npm run bench:strictness\n');
  process.exitCode = 1;
}
