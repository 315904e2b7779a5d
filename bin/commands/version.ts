import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { packageFile } from '../package-files.ts';

/**
 * What a report of a bug begins with: versions, and the places that a command with these options works on.
 * @param args of the command line: `--config`, `--data` and `--table` count as for the others.
 */
export function verboseVersion(version: string, args: readonly string[]): string {
  const config = resolve(optionIn(args, '--config') ?? DEFAULT_CONFIG);
  const data = resolve(optionIn(args, '--data') ?? join(dirname(config), '.jwt-authorizer'));
  const table = optionIn(args, '--table');
  const lines = [
    ['jwt-authorizer', version],
    ['node', process.version],
    ['platform', `${process.platform} ${process.arch}`],
    ['package', fileURLToPath(packageFile('.'))],
    ['configuration', stating(config)],
    ['data', stating(data)],
    ['table', table === undefined ? stating(join(data, 'dynamodb')) : `${table}, a deployed one`],
  ];
  return lines.map(([name = '', value = '']) => `${name.padEnd(15)}${value}`).join('\n');
}

const stating = (path: string): string => (existsSync(path) ? path : `${path} (not there)`);

/** `--name VALUE` or `--name=VALUE`; the last one counts. */
function optionIn(args: readonly string[], name: string): string | undefined {
  return args
    .flatMap((arg, i) => {
      if (arg.startsWith(`${name}=`)) return [arg.slice(name.length + 1)];
      return arg === name ? [args[i + 1]] : [];
    })
    .at(-1);
}
