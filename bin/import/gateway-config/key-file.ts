import { dirname, resolve } from 'node:path';
import { quote } from '../../../lambda/config/quote.ts';
import type { Notes } from './finding.ts';
import { readRegularFile } from './regular-file.ts';

const MOST_BYTES = 65_536;

/** @returns the bytes of a file that the gateway's configuration names; undefined where a problem was noted. */
export type ReadGatewayFile = (path: string, where: string, notes: Notes) => Buffer | undefined;

/**
 * Reads key files. Express Gateway takes their paths relative to the folder that it was started in, which its
 * configuration does not tell.
 * @param configPath of `gateway.config.yml`.
 * @param base that folder; undefined: looked for in the current folder, the configuration's, and the one
 * above it (`config/` lies in the gateway's project).
 */
export function gatewayFileReader(configPath: string, base: string | undefined): ReadGatewayFile {
  const beside = dirname(resolve(configPath));
  const folders = base === undefined ? [resolve('.'), dirname(beside), beside] : [resolve(base)];
  return (path, where, notes) => {
    const found = new Map<string, Buffer>();
    for (const candidate of new Set(folders.map((folder) => resolve(folder, path)))) {
      const bytes = readIfThere(candidate);
      if (bytes !== undefined) found.set(bytes.toString('base64'), bytes);
    }
    const [bytes] = found.values();
    const hint = 'name the folder that Express Gateway was started in with --base';
    if (bytes === undefined) {
      notes.problem(
        'key_file_unreadable',
        where,
        `got ${quote(path)}, which is not there, cannot be read, or is no regular file of at most ${MOST_BYTES} bytes; ${hint}`,
      );
    }
    if (found.size > 1) {
      notes.problem(
        'key_file_ambiguous',
        where,
        `got ${quote(path)}, which is there more than once, with different content; ${hint}`,
      );
      return undefined;
    }
    return bytes;
  };
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readRegularFile(path, MOST_BYTES);
  } catch {
    return undefined;
  }
}
