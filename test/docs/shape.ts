/** Whether an output is what a page shows: the same but for what differs from run to run, and from a pipe to a terminal. */

const ON_A_PIPE: Readonly<Record<string, string>> = { '✓': 'ok', '✗': 'NO', '·': '-', '→': '->' };
const JWT = /eyJ[\w-]*(?:…|\.[\w-]+\.[\w-]*)/g;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const AGO = /\b\d+ (second|minute|hour|day|byte)s?\b/g;

const shapeOf = (line: string): string =>
  line
    .replace(/[✓✗·→]/g, (sign) => ON_A_PIPE[sign] ?? sign)
    .replace(JWT, 'eyJ…')
    .replace(UUID, 'UUID')
    .replace(AGO, '0 units')
    .replace(/[A-Za-z0-9+/_-]{40,}/g, 'RANDOM')
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ')
    .trim();

/** `…` in a page stands for anything. */
function isShown(wanted: string, line: string): boolean {
  const parts = shapeOf(wanted)
    .split('…')
    .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(shapeOf(line));
}

/** @returns the first line that the page shows and the output does not have, in this order. */
export function missingLine(shown: string, output: string): string | undefined {
  const lines = output.split('\n');
  let at = 0;
  for (const wanted of shown.split('\n')) {
    if (wanted.trim() === '' || wanted.trim() === '…') continue;
    const found = lines.findIndex((line, i) => i >= at && isShown(wanted, line));
    if (found < 0) return wanted;
    at = found + 1;
  }
  return undefined;
}
