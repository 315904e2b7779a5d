/**
 * What an example's header says to run, and what it says comes of it: the one place where either is written.
 *
 * The header is the comment that the file begins with. Its commands are indented by two spaces; a backslash at the end goes
 * on in the next line. A `curl` stands at the beginning of its line, and ends with ` # STATUS` or ` # STATUS CODE`.
 */

/** The code is that of the answer's body; undefined: the body has none. */
export interface Answer {
  readonly status: number;
  readonly code?: string | undefined;
}

export interface Step {
  /** In the file, from 1. */
  readonly line: number;
  /** For bash. */
  readonly command: string;
  /** Of a `curl`, and of nothing else. */
  readonly expected?: Answer;
}

const EXPECTED = /\s# ([1-5]\d{2})(?: ([a-z_]+))?$/;

/**
 * @param text of the file.
 * @throws Error where there is no header, no `curl`, or one without an answer.
 */
export function readHeader(text: string): readonly Step[] {
  const steps = joined(commentLines(text)).map(stepOf);
  if (!steps.some(({ expected }) => expected)) throw new Error('the header has no curl line');
  return steps;
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/** Without what makes them a comment, and the space after it. */
function commentLines(text: string): readonly Line[] {
  const all = text.split('\n').map((content, index) => ({ line: index + 1, text: content }));
  const isBlock = text.startsWith('/**\n');
  const end = isBlock
    ? all.findIndex((one) => one.text === ' */')
    : all.findIndex((one) => !/^#(?: |$)/.test(one.text));
  if (end < 1) throw new Error('the file does not begin with a header');
  const marker = isBlock ? /^ \* ?/ : /^# ?/;
  return all.slice(isBlock ? 1 : 0, end).map((one) => ({ ...one, text: one.text.replace(marker, '') }));
}

function joined(lines: readonly Line[]): readonly Line[] {
  const commands: Line[] = [];
  let open: Line | undefined;
  for (const { line, text } of lines) {
    if (!text.startsWith('  ') && open === undefined) continue;
    const whole = open === undefined ? text.trim() : `${open.text} ${text.trim()}`;
    const begun = { line: open?.line ?? line, text: whole.replace(/\s*\\$/, '') };
    open = whole.endsWith('\\') ? begun : undefined;
    if (open === undefined) commands.push(begun);
  }
  if (open !== undefined) throw new Error(`line ${open.line}: nothing follows the backslash`);
  return commands;
}

function stepOf({ line, text }: Line): Step {
  const [, status, code] = EXPECTED.exec(text) ?? [];
  const isCurl = text.startsWith('curl ');
  if (!isCurl && /\bcurl\b/.test(text)) throw new Error(`line ${line}: a curl stands in a line of its own`);
  if (isCurl && status === undefined) throw new Error(`line ${line}: no "# STATUS" says what is answered`);
  if (!isCurl && status !== undefined) throw new Error(`line ${line}: only a curl is answered`);
  const command = text.replace(EXPECTED, '').trim();
  return { line, command, ...(status !== undefined && { expected: { status: Number(status), code } }) };
}
