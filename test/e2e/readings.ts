/**
 * Paths as upstreams read them: decoded never, once or twice, with and without `;parameters`, backslashes as
 * slashes, empty and dot segments resolved, in whatever combination some server or framework has.
 */
export function readingsOf(target: string): ReadonlySet<string> {
  const [path = ''] = target.split('?', 1);
  const decoded = [path, decode(path), decode(decode(path))];
  // What is decoded may end the path: at a NUL in C, at ? or # where the text is parsed once more.
  const cut = decoded.flatMap((text) => [text, text.split(/[?#\0]/, 1)[0] ?? '']);
  const slashed = cut.flatMap((text) => [text, text.replaceAll('\\', '/')]);
  const bare = slashed.flatMap((text) => [text, text.replace(/;[^/]*/g, '')]);
  const resolved = bare.flatMap((text) => [text, text.replace(/\/+/g, '/')].map(resolve));
  return new Set([...bare, ...resolved].map((text) => text.replace(/(?<=.)\/+$/, '')));
}

function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function resolve(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** Other ways to write a path, of which many lead some server to it. */
export function spellingsOf(path: string): readonly string[] {
  const [first = '', ...rest] = path.slice(1).split('/');
  const last = rest.at(-1) ?? first;
  const before = path.slice(0, path.length - last.length);
  const letter = `%${last.charCodeAt(0).toString(16)}`;
  return [
    ...SUFFIXES.map((suffix) => `${path}${suffix}`),
    ...PREFIXES.map((prefix) => `${prefix}${path}`),
    ...PREFIXES.map((prefix) => `${prefix}${path}/`),
    ...SEPARATORS.flatMap((slash) => [
      `${slash}${path.slice(1)}`,
      path.replaceAll('/', slash).replace(slash, '/'),
      `${before.slice(0, -1)}${slash}${last}`,
      `${before}x${slash}..${slash}${last}`,
      `/x${slash}..${path}`,
      `/x/..${slash}${path.slice(1)}`,
    ]),
    `${before}${letter.toLowerCase()}${last.slice(1)}`,
    `${before}${letter.toUpperCase()}${last.slice(1)}`,
    `${before}%25${letter.slice(1)}${last.slice(1)}`,
    `${before}${last.slice(0, -1)}%${last.charCodeAt(last.length - 1).toString(16)}`,
    `http://127.0.0.1${path}`,
    `http://elsewhere.example${path}/`,
    `http://elsewhere.example/..${path}`,
  ];
}

const SEPARATORS = ['//', '/./', '%2F', '%2f', '\\', '%5C', '%5c', '%252F', '/;/', '/;x=1/', '/%2e/'];
const PREFIXES = [
  '/',
  '/.',
  '/%2e',
  '/x/..',
  '/x/%2e%2e',
  '/x/.%2E',
  '/x/%252e%252e',
  '/x/..;',
  '/x/..;a=1',
  '/x/..%3B',
  '/x/y/../..',
  '/..',
  '/;',
  '/;a=1',
  '/x\\..',
];
const SUFFIXES = [
  '',
  '/',
  '//',
  '/.',
  '/./',
  '/%2e',
  '/%2E/',
  '/x/..',
  '/x/%2e%2e',
  '/x%2f..',
  '/x/..;',
  '%2F',
  '%2f',
  '%5C',
  '\\',
  ';',
  ';a=1',
  '%3Ba',
  '/;',
  '/;a=1',
  '%00',
  '%00.html',
  '%20',
  '%09',
  '%0A',
  '%23x',
  '%3Fx',
  '%253Fx',
  '?',
  '?x=/y',
];
