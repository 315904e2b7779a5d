import { certificatePem, derOf } from '../../config/keys.ts';
import { ecPair, P256, rsaPair } from '../doors.ts';
import { forge, secretOf } from '../forge.ts';
import type { Control, Theme, TokenAttack } from '../model.ts';

/** PyJWT's, Authlib's and fast-jwt's; the second is GHSA-9ggr-2464-2j32 too. */
const CRIT = ['RFC 7515 §4.1.11', 'CVE-2026-32597', 'CVE-2025-59420', 'GHSA-hm7r-c7qw-ghp6'] as const;
const UNDERSTOOD = 'RFC 7797 §6: a reader that understands `b64` may take it';
const IGNORED = 'RFC 7515 §4: parameters that are not understood are ignored';

/** All signed by the issuer: whoever reads past them takes the token for something else than it is. */
const critical = (id: string, header: Readonly<Record<string, unknown>>, mayPass?: string): TokenAttack => ({
  id: `header/${id}`,
  cites: 'b64' in header ? ['RFC 7797 §6', 'RFC 7797 §7', ...CRIT] : CRIT,
  doors: ['RS256', 'RSA by default', 'HS256'],
  token: () => forge('RS256', { header }),
  expected: 'critical_header_not_supported',
  ...(mayPass !== undefined && { mayPass }),
});

const attacker = rsaPair();
const attackerEc = ecPair('P-256');
const certificate = derOf(certificatePem('rsa')).toString('base64');
const jwk = { ...attacker.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };

const keyInToken = (
  id: string,
  header: (trap: string) => Readonly<Record<string, unknown>>,
): TokenAttack => ({
  id: `header/${id}`,
  cites: ['CVE-2018-0114', 'CVE-2026-27962', 'RFC 8725 §3.10', 'RFC 7515 §4.1.3'],
  doors: ['RS256', 'RSA by default', 'key set'],
  token: (trap) => forge('RS256', { header: header(trap), key: attacker.privateKey }),
  expected: 'signature_invalid',
});

const asked = (id: string, header: (trap: string) => Readonly<Record<string, unknown>>): TokenAttack => ({
  ...keyInToken(id, header),
  cites: ['RFC 8725 §2.9', 'RFC 8725 §3.10', 'RFC 7515 §4.1.2', 'RFC 7515 §4.1.5'],
});

const ignored = (id: string, header: Readonly<Record<string, unknown>>): Control => ({
  id: `header/${id}`,
  doors: ['HS256'],
  token: () => forge('HS256', { header }),
});

export const header: Theme = {
  title: 'Header parameters',
  attacks: [
    critical('crit: an extension that nobody knows', { crit: ['x-once'], 'x-once': true }),
    critical('crit: an extension that is not there', { crit: ['x-once'] }),
    critical('crit: an empty list', { crit: [] }),
    critical('crit: a name twice', { crit: ['x-once', 'x-once'], 'x-once': true }),
    critical('crit: a name of the standard', { crit: ['alg'] }),
    critical('crit: `exp`, a claim', { crit: ['exp'], exp: 1 }),
    critical('crit: text', { crit: 'x-once', 'x-once': true }),
    critical('crit: null', { crit: null }),
    critical('crit: true', { crit: true }),
    critical('crit: an object', { crit: { 0: 'x-once', length: 1 } }),
    critical('crit: a number in the list', { crit: [5], 5: true }),
    critical('crit: a list in the list', { crit: [['x-once']], 'x-once': true }),
    critical('crit: `__proto__`', { crit: ['__proto__'] }),
    critical('crit: `constructor`', { crit: ['constructor'] }),
    critical('b64: false, critical', { crit: ['b64'], b64: false }),
    critical('b64: true, critical', { crit: ['b64'], b64: true }, UNDERSTOOD),
    critical('b64: false, not critical', { b64: false }, IGNORED),
    critical('b64: no boolean', { b64: 'false' }, IGNORED),
    critical('b64: null', { b64: null }, IGNORED),
    keyInToken('jwk: the attacker’s own key', () => ({ jwk })),
    keyInToken('jwk: the attacker’s own key, without a kid', () => ({
      kid: 'one',
      jwk: { ...jwk, kid: undefined },
    })),
    {
      ...keyInToken('jwk: a secret', () => ({})),
      doors: ['HS256', 'HS* by default'],
      token: () => {
        const k = Buffer.from('the attacker’s own secret, of 32 bytes').toString('base64url');
        const own = secretOf(Buffer.from(k, 'base64url'));
        return forge('HS256', { header: { jwk: { kty: 'oct', k } }, key: own });
      },
    },
    {
      ...keyInToken('jwk: the attacker’s EC key', () => ({})),
      doors: ['ES256', 'P-256 by default'],
      token: () =>
        forge('ES256', {
          header: { jwk: { ...attackerEc.publicKey.export({ format: 'jwk' }), kid: 'one' } },
          key: attackerEc.privateKey,
        }),
    },
    asked('x5c: a certificate', () => ({ x5c: [certificate] })),
    asked('x5c: a PEM', () => ({ x5c: certificatePem('rsa') })),
    asked('jku: a server of the attacker’s', (trap) => ({ jku: `${trap}/jwks.json` })),
    asked('jku: behind the issuer’s name', (trap) => ({ jku: `${trap}/https://id.example.com/jwks` })),
    asked('jku: a list', (trap) => ({ jku: [`${trap}/jwks.json`] })),
    asked('x5u: a server of the attacker’s', (trap) => ({ x5u: `${trap}/certificate.pem` })),
    asked('jku, x5u, jwk and x5c together', (trap) => ({ jku: trap, x5u: trap, jwk, x5c: [certificate] })),
    asked('jku: a file', () => ({ jku: 'file:///etc/passwd' })),
    asked('jku: the metadata of the machine', () => ({ jku: 'http://169.254.169.254/latest/meta-data/' })),
    asked('kid: a URL', (trap) => ({ jku: trap, kid: 'one', url: trap })),
  ],
  controls: [
    ignored('b64: true', { b64: true }),
    ignored('other parameters', { cty: 'JWT', zip: 'DEF', nonce: 'x', 'x-once': true }),
    ignored('a public key that is not used', { jwk: P256.publicKey.export({ format: 'jwk' }) }),
    ignored('an empty list that is not critical', { x5c: [] }),
    {
      id: 'header/none of typ, kid',
      doors: ['HS256'],
      token: () => forge('HS256', { header: '{"alg":"HS256"}' }),
    },
  ],
};
