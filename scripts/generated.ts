/** Files that are written from others, and the check that they are fresh. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** @returns `text` with other content between `<!-- section -->` and `<!-- /section -->`. @throws where it has no such section. */
export function fill(text: string, section: string, content: string): string {
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`there is no section ${start}`);
  return `${before}${start}\n${content}\n${end}${after}`;
}

/** With `--check` among the process's arguments: fails when the file is another. @param remedy the command that writes it. */
export function writeOrCheck(file: string, wanted: string, remedy: string): void {
  if (!process.argv.includes('--check')) writeFileSync(file, wanted);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${file} is stale; run ${remedy}\n`);
    process.exitCode = 1;
  }
}
