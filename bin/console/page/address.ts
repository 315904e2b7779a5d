/** Where one is in the console: the part of the address behind `#`, which no browser sends. Never a token. */

export const PAGES = ['debugger', 'decisions', 'consumers', 'routes'] as const;

export type Page = (typeof PAGES)[number];

export interface Address {
  readonly page: Page;
  /** Further parts of the path, such as a consumer's id. */
  readonly rest: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** Takes anything: what is no page is the first one. */
export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [name, ...rest] = path.split('/').map(decoded);
  const page = PAGES.find((known) => known === name);
  if (page === undefined) return { page: 'debugger', rest: [], parameters: {} };
  return {
    page,
    rest: rest.filter((part) => part !== ''),
    parameters: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatAddress(
  page: Page,
  rest: readonly string[] = [],
  parameters: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams(parameters).toString();
  return `#/${[page, ...rest].map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
}

/** The key in the address that a command has printed; undefined in any other. */
export const keyIn = (hash: string): string | undefined => /^#key=([\w-]{43})$/.exec(hash)?.[1];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
