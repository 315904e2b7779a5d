import { forge } from '../forge.ts';
import type { Theme, TokenAttack } from '../model.ts';

/** What API Gateway lets through in a header is little more than this. */
const MAXIMUM_BYTES = 8192;

/** An honest token of so many bytes. Every length but one in four can be met with the payload alone. */
function tokenOfBytes(bytes: number): string {
  for (let header = 0; header < 4; header++) {
    const make = (filler: number) =>
      forge('RS256', { header: { x: 'x'.repeat(header) }, payload: { x: 'x'.repeat(filler) } });
    const missing = bytes - make(0).length;
    for (const filler of [-2, -1, 0, 1, 2].map((near) => Math.floor((missing * 3) / 4) + near)) {
      const token = make(Math.max(filler, 0));
      if (token.length === bytes) return token;
    }
  }
  throw new Error(`no token of ${bytes} bytes`);
}

const NO_LIMIT = 'no RFC limits a token’s length';
const tooLarge = (id: string, token: () => string, mayPass?: string): TokenAttack => ({
  id: `size/${id}`,
  row: mayPass === undefined ? 'over 8,192 bytes, and no token' : 'over 8,192 bytes, honest',
  cites: ['RFC 7515 §10.12', 'RFC 8725 §2.9'],
  doors: ['RS256'],
  token,
  expected: 'token_too_large',
  ...(mayPass !== undefined && { mayPass }),
});

export const size: Theme = {
  title: 'Sizes',
  attacks: [
    tooLarge('8,193 bytes', () => tokenOfBytes(MAXIMUM_BYTES + 1), NO_LIMIT),
    tooLarge('100 kB', () => tokenOfBytes(100_000), NO_LIMIT),
    tooLarge('1 MB of dots', () => '.'.repeat(1_000_000)),
    tooLarge('1 MB of the letter A', () => 'A'.repeat(1_000_000)),
    tooLarge('8,193 bytes of three parts', () => `${'A'.repeat(4096)}.${'A'.repeat(4094)}.A`),
    // Bytes and not characters: 4,097 of two bytes each.
    tooLarge('4,097 characters of two bytes', () => 'é'.repeat(4097)),
  ],
  controls: [
    { id: 'size/8,192 bytes', doors: ['RS256'], token: () => tokenOfBytes(MAXIMUM_BYTES) },
    { id: 'size/8,191 bytes', doors: ['RS256'], token: () => tokenOfBytes(MAXIMUM_BYTES - 1) },
  ],
};
