import { basename, dirname, join } from 'node:path';
import type { ImportResult } from './result.ts';
import type { OutputFile } from './write.ts';

/** Beside the configuration, and not its data folder: that one may be thrown away to begin anew. */
export const SECRETS_FOLDER = 'authorizer-secrets';

/**
 * Where a policy's secret is kept: a file for each policy of each configuration that lies in the folder, by its
 * whole name: x.yml and x.yaml are two.
 * @param out path of the configuration.
 * @returns as the configuration names it, relative to itself.
 */
export function secretPath(out: string, index: number): string {
  return `./${SECRETS_FOLDER}/${basename(out)}.jwt-${index}`;
}

export function outputFiles({ yaml, secrets }: ImportResult, out: string): readonly OutputFile[] {
  return [
    { path: out, content: Buffer.from(yaml), isSecret: false },
    ...secrets.map(({ path, bytes }) => ({ path: join(dirname(out), path), content: bytes, isSecret: true })),
  ];
}
