import { readFileSync } from 'node:fs';

/** The page as it was built: what is served of it, by name. */
export type PageFiles = ReadonlyMap<string, PageFile>;

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const FILES = {
  'index.html': 'text/html; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** @param folder URL of the built page, with a slash at its end. @throws where it was not built. */
export function readPageFiles(folder: URL): PageFiles {
  return new Map(
    Object.entries(FILES).map(([name, type]) => [
      name,
      { type, bytes: new Uint8Array(readFileSync(new URL(name, folder))) },
    ]),
  );
}
