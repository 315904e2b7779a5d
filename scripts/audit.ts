// Fails when something that ships has a known vulnerability of moderate severity or worse, by the registry's list. What
// only builds and tests is told, and fails nothing. Exit code 75: the list could not be asked, and nothing is known.
import { spawnSync } from 'node:child_process';
import { idOf } from './bundled-packages.ts';
import { shippedPackages } from './shipped.ts';

interface Report {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      { readonly severity: string; readonly nodes: readonly string[]; readonly via: readonly unknown[] }
    >
  >;
}

const NOT_ASKED = 75;
const COUNTS = new Set(['moderate', 'high', 'critical']);
const say = (line: string) => void process.stdout.write(`${line}\n`);

const shipped = shippedPackages();
for (const one of shipped)
  if (one.deprecated !== undefined) say(`deprecated: ${idOf(one)}: ${one.deprecated}`);

const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const { vulnerabilities, message } = JSON.parse(stdout || '{}') as Report;
if (vulnerabilities === undefined) {
  // The address of a registry is nobody's business here.
  const reason = (message ?? 'no answer').replace(/ - [A-Z]+ \S+$/, '');
  say(
    `NOT AUDITED: the registry has no list of vulnerabilities to ask (${reason}); ${shipped.length} packages ship`,
  );
  process.exit(NOT_ASKED);
}
const names = new Set(shipped.map(({ name }) => name));
let count = 0;
for (const [name, { severity, via }] of Object.entries(vulnerabilities)) {
  const titles = via.map((one) => (typeof one === 'string' ? one : (one as { title: string }).title));
  const isFailing = names.has(name) && COUNTS.has(severity);
  if (isFailing) count += 1;
  say(
    `${isFailing ? 'SHIPS' : names.has(name) ? 'ships' : 'not shipped'}: ${severity} in ${name}: ${titles.join('; ')}`,
  );
}
say(`${count} of the ${shipped.length} packages that ship have a known vulnerability`);
process.exitCode = count === 0 ? 0 : 1;
