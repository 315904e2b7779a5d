/** A text and all that it encodes: percent-encoding, base64 and base64url, hex, and one in the other. */

const PERCENT = /%[0-9A-Fa-f]{2}/;
/** 20 characters hold the 15 bytes that are looked for. JSON escapes a slash or not. */
const BASE64 = /[A-Za-z0-9+/_-]{20,}/g;
const HEX = /(?:[0-9a-f]{2}){15,}|(?:[0-9A-F]{2}){15,}/g;
const ESCAPED = /\\(?:u00[0-9A-Fa-f]{2}|[nrt"\\/])/;
/** Base64 in base64: a token in a claim of a token. */
const DEEPEST = 3;

/** @returns the text itself first, then what each encoding in it stands for. */
export function viewsOf(text: string, depth = 0): string[] {
  const plain = percentDecoded(unescaped(text));
  const views = plain === text ? [text] : [text, plain];
  const inner = depth < DEEPEST ? decoded(plain) : undefined;
  return inner === undefined ? views : [...views, ...viewsOf(inner, depth + 1)];
}

function unescaped(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return text.replaceAll(/\\(?:u00([0-9A-Fa-f]{2})|([nrt"\\/]))/g, (_, hex?: string, letter?: string) =>
    hex === undefined
      ? ({ n: '\n', r: '\r', t: '\t' }[letter ?? ''] ?? letter ?? '')
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const percentDecoded = (text: string): string =>
  PERCENT.test(text)
    ? text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

/** Every run of base64 or hex decoded, with the runs of a text that is folded into lines (PEM) as one. */
function decoded(text: string): string | undefined {
  const unfolded = text.replaceAll(/([A-Za-z0-9+/]{64})\r?\n/g, '$1');
  const runs = [
    ...(unfolded.match(BASE64) ?? []).map((run) => Buffer.from(run, 'base64')),
    ...(text.match(HEX) ?? []).map((run) => Buffer.from(run, 'hex')),
  ];
  return runs.length === 0 ? undefined : runs.map((bytes) => bytes.toString('latin1')).join('\n');
}
