import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The bytes of a regular file. Others (a device, a pipe nobody writes to) may never end.
 * @returns undefined for what is no regular file, or has more than `most` bytes.
 * @throws Error of the file system.
 */
export function readRegularFile(path: string, most: number): Buffer | undefined {
  // Without waiting: a pipe is opened only when somebody writes to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return undefined;
    // Its size is not to be trusted: files of /proc have none, and what is read may grow.
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= most; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    return length > most ? undefined : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
