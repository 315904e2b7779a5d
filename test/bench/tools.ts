/** What the benchmark installs beside the repository's own packages, at its first run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { npm } from '../support/install-beside.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
const NODE_24 = '24.21.0';
const RUNTIME_CLIENT = 'aws-lambda-ric';
const RUNTIME_CLIENT_VERSION = '4.0.2';

/** The peers of `test/bench/package.json`, in the versions that it names. @returns the versions. */
export function installPeers(): Readonly<Record<string, string>> {
  const folder = join(ROOT, 'test/bench');
  const manifestIn = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  const wanted: Readonly<Record<string, string>> = manifestIn(join(folder, 'package.json')).dependencies;
  const isInstalled = ([name, version]: [string, string]) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return existsSync(file) && manifestIn(file).version === version;
  };
  if (!Object.entries(wanted).every(isInstalled))
    npm(['install', '--no-package-lock', '--ignore-scripts', '--prefix', folder]);
  return wanted;
}

/** The Node.js of Lambda. @returns the binary that npm has for this platform; the tier on Node 24 uses it too. */
export function node24(): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(ROOT, '.ci/tools/node24');
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    npm(['install', '--no-save', '--prefix', folder, `${name}@${NODE_24}`]);
  }
  return binary;
}

export const isNode24 = (node: string): boolean =>
  execFileSync(node, ['--version'], { encoding: 'utf8' }).startsWith('v24.');

/**
 * What runs a function in Lambda. It is compiled at its first use, in a minute or two, from sources that it brings: that needs
 * Linux, cmake, make and a compiler for C++, but no network beyond npm's registry.
 * @returns its script.
 */
export function lambdaRuntimeClient(): string {
  const folder = join(ROOT, '.ci/tools/lambda-ric');
  const script = join(folder, 'node_modules', RUNTIME_CLIENT, 'index.mjs');
  if (!existsSync(join(dirname(script), 'rapid-client.node'))) {
    const node = node24();
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, allowScripts: { [RUNTIME_CLIENT]: true } }),
    );
    npm(['install', '--no-save', '--prefix', folder, `${RUNTIME_CLIENT}@${RUNTIME_CLIENT_VERSION}`], {
      PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
      // The headers lie beside the binary: node-gyp would download them.
      npm_config_nodedir: resolve(dirname(node), '..'),
    });
  }
  return script;
}
