/** What a pasted token says, for the eye: decoded here, and judged by nobody here. */

export interface TokenText {
  /** Undefined where the part is no JSON in base64url. */
  readonly header: string | undefined;
  readonly claims: string | undefined;
}

/** A token as people paste it: with `Bearer`, quotes, line breaks of a terminal. */
export function bareToken(pasted: string): string {
  return pasted
    .trim()
    .replace(/^authorization:\s*/i, '')
    .replace(/^bearer\s+/i, '')
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/\s*[\r\n]+\s*/g, '');
}

/** @param token bare. */
export function readToken(token: string): TokenText {
  const [header, claims] = token.split('.');
  return { header: readPart(header), claims: readPart(claims) };
}

function readPart(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined;
  try {
    const base64 = part.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Only asked whether it is JSON: what a parser makes of it loses digits and members that stand there twice.
    JSON.parse(text);
    return indented(text);
  } catch {
    return undefined;
  }
}

const INDENT = '  ';

/** JSON with a member a line, every character of its values as it is. @param json valid. */
export function indented(json: string): string {
  let depth = 0;
  let text = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === '{' || token === '[') {
      depth += 1;
      text += `${token}\n${INDENT.repeat(depth)}`;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const isEmpty = /[{[]\s*$/.test(text.slice(-2 - INDENT.length * (depth + 1)));
      text = isEmpty ? `${text.trimEnd()}${token}` : `${text}\n${INDENT.repeat(depth)}${token}`;
    } else if (token === ',') text += `,\n${INDENT.repeat(depth)}`;
    else text += token === ':' ? ': ' : token;
  }
  return text;
}
