import { type LoadedConfig, loadConfigFile } from '../../lambda/config/load.ts';
import { warningsOf } from '../../lambda/config/warnings.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, warning, problem, saying } = findingsIn('config');

/** All problems of the configuration at once, or its warnings. */
export function checkConfig(path: string): {
  readonly findings: readonly Finding[];
  readonly loaded?: LoadedConfig;
} {
  const loaded = loadConfigFile(path);
  if (!loaded.ok) {
    const findings = loaded.problems.map(({ code, path: at, message }) => {
      if (code !== 'file_unreadable')
        return problem(code, `${path}${at === '' ? '' : `, ${at}`}: ${message}`);
      // Its sentence says what to do.
      const unreadable = saying('problem', code, message);
      return { ...unreadable, text: `${path}: ${unreadable.text}` };
    });
    return { findings };
  }
  const { policies, routes } = loaded.config;
  const fine = ok(
    'config',
    `${path}: ${counted(policies.length, 'policy', 'policies')}, ${counted(routes.length, 'rule', 'rules')} of routes`,
  );
  const warnings = [...(loaded.deprecated ?? []), ...warningsOf(loaded.config)].map((text) => {
    const [first = '', ...rest] = text.split('; ');
    return warning('config_warning', first, rest.join('; ') || undefined);
  });
  return { findings: [fine, ...warnings], loaded };
}

const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;
