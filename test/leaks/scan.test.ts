/** The scanner itself: it finds what is planted, in every form, and takes nothing else for it. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../support/tokens.ts';
import type { OutputNote, SecretNote } from './records.ts';
import { describeLeaks, findLeaks } from './scan.ts';
import type { SecretKind } from './watch/notes.mjs';

const noteOf = (kind: SecretKind, bytes: Uint8Array, input?: string): SecretNote => ({
  ...{ kind, hex: Buffer.from(bytes).toString('hex') },
  ...(input !== undefined && { input }),
});

function output(text: string, more: Partial<OutputNote> = {}): OutputNote {
  return { sink: 'console', by: 'log', origin: 'a test', text, ...more };
}

/** What of a planted secret was found in a line. */
const foundIn = (note: SecretNote, text: string, more?: Partial<OutputNote>) =>
  describeLeaks(findLeaks([note], [output(text, more)]));

const secret = randomBytes(48);
const LINE = 'a secret in console of log (a test), 1 times';
const padded = (text: string) => `{"level":"info","message":"it is ${text}, it says"}`;

describe('a secret of random bytes', () => {
  const note = noteOf('secret', secret);
  it.each([
    ['base64', secret.toString('base64')],
    ['base64url', secret.toString('base64url')],
    ['hex', secret.toString('hex')],
    ['hex in capitals', secret.toString('hex').toUpperCase()],
    ['percent-encoded base64', encodeURIComponent(secret.toString('base64'))],
    ['base64 of base64', Buffer.from(secret.toString('base64')).toString('base64')],
    ['base64 of JSON', Buffer.from(padded(secret.toString('base64url'))).toString('base64')],
    ['JSON in JSON', JSON.stringify(padded(JSON.stringify(secret.toString('base64'))))],
    ['bytes', secret.toString('latin1')],
  ])('is found in %s', (_, text) => {
    expect(foundIn(note, padded(text))).toEqual([LINE]);
  });

  it('is found by 18 bytes of it, and not by 14', () => {
    const part = (bytes: number) => padded(secret.subarray(6, 6 + bytes).toString('base64'));
    expect(foundIn(note, part(18))).toEqual([LINE]);
    expect(foundIn(note, part(14))).toEqual([]);
  });

  it('is not found in another', () => {
    expect(foundIn(note, padded(randomBytes(48).toString('base64')))).toEqual([]);
  });
});

describe('a secret of text', () => {
  const text = 'correct horse/battery+staple & 20 more';
  const note = noteOf('secret', Buffer.from(text));
  it.each([
    ['itself', text],
    ['percent-encoded', encodeURIComponent(text)],
    ['a form', new URLSearchParams({ text }).toString().replaceAll('+', '%20')],
    ['base64', Buffer.from(text).toString('base64')],
    ['hex', Buffer.from(text).toString('hex')],
    ['24 characters', text.slice(3, 27)],
  ])('is found in %s', (_, form) => {
    expect(foundIn(note, padded(form))).toEqual([LINE]);
  });

  it('is not found in its first words', () => {
    expect(foundIn(note, padded(text.slice(0, 23)))).toEqual([]);
  });

  it('is text with other characters than ASCII too', () => {
    const other = 'a secret of somebody’s, and a long one';
    const found = (form: string) => foundIn(noteOf('secret', Buffer.from(other)), padded(form));
    expect(found(other)).toEqual([LINE]);
    expect(found(other.slice(0, 23))).toEqual([]);
    const lines = noteOf('secret', Buffer.from('# a comment of some length\nand a line'));
    expect(foundIn(lines, padded('# a comment of some len'))).toEqual([]);
  });

  it('is not looked for where it is zeros, a public key, an address or no text', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:one';
    for (const none of ['0'.repeat(64), pem, arn, String({})])
      expect(foundIn(noteOf('secret', Buffer.from(none)), padded(none))).toEqual([]);
  });
});

describe('a private key', () => {
  const pairs = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ];
  it.each(pairs.map((pair) => [pair.privateKey.asymmetricKeyType, pair] as const))(
    '%s is found in PEM, a line of it, DER and JWK, and its public half is not',
    (_, { privateKey, publicKey }) => {
      const jwk = privateKey.export({ format: 'jwk' });
      const note = noteOf('private_key', Buffer.from(jwk.d ?? '', 'base64url'));
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const der = privateKey.export({ type: 'pkcs8', format: 'der' });
      const lines = pem.split('\n').filter((line) => foundIn(note, line).length > 0);
      expect(lines.length).toBeGreaterThan(0);
      for (const form of [pem, JSON.stringify({ pem }), JSON.stringify(jwk), der.toString('hex')])
        expect(foundIn(note, form)).toHaveLength(1);
      for (const form of [publicKey.export({ type: 'spki', format: 'pem' }).toString()])
        expect(foundIn(note, form)).toEqual([]);
    },
  );
});

describe('a token', () => {
  const token = tokenOf({ sub: 'somebody', jti: randomBytes(16).toString('hex') });
  const [header = '', payload = '', signature = ''] = token.split('.');
  const note = noteOf('signature', Buffer.from(signature, 'base64url'), `${header}.${payload}`);
  it.each([
    ['whole', token, ['payload', 'signature', 'signature']],
    ['in base64', Buffer.from(token).toString('base64'), ['payload', 'signature', 'signature']],
    ['in a query', `?access_token=${encodeURIComponent(token)}`, ['payload', 'signature', 'signature']],
    ['without its signature', `${header}.${payload}.…`, ['payload', 'signature']],
    ['as its payload', payload, ['payload']],
    ['as its signature', signature, ['signature']],
    ['as half its signature', signature.slice(8, 32), ['signature']],
    ['as its signature in hex', Buffer.from(signature, 'base64url').toString('hex'), ['signature']],
  ])('is found %s', (_, form, kinds) => {
    const found = findLeaks([note], [output(padded(form))]).map(({ needle }) => needle.kind);
    expect([...new Set(found)].sort()).toEqual([...new Set(kinds)]);
  });

  it('is not found in its claims and its header', () => {
    expect(foundIn(note, Buffer.from(payload, 'base64url').toString())).toEqual([]);
    expect(foundIn(note, header)).toEqual([]);
  });
});

describe('an exception', () => {
  const note = noteOf('secret', secret);
  const value = secret.toString('base64url');
  const answered = (verb: string, body: object) =>
    `${verb} /credentials\r\nHTTP/1.1 201 Created\r\n\r\n${JSON.stringify(body)}`;
  const response = { sink: 'response', by: 'bin/local/admin-server.ts' } as const;

  it('covers a keySecret where one is made, and there alone', () => {
    expect(foundIn(note, answered('POST', { keySecret: value }), response)).toEqual([]);
    expect(foundIn(note, answered('GET', { keySecret: value }), response)).toHaveLength(1);
    expect(foundIn(note, answered('POST', { keySecret: value, message: value }), response)).toHaveLength(1);
    expect(foundIn(note, JSON.stringify({ keySecret: value }))).toHaveLength(1);
  });

  it('covers a generated keySecret behind its keyId, where a command made it', () => {
    const generated = randomBytes(64).toString('base64url');
    const made = noteOf('secret', Buffer.from(generated));
    const printedBy = (by: string, text: string) => foundIn(made, text, { sink: 'terminal', by });
    for (const command of ['credentials create', 'credentials rotate']) {
      expect(printedBy(command, `ann-1:${generated}\n`)).toEqual([]);
      expect(printedBy(command, `the keySecret is:${generated}\n`)).toHaveLength(1);
      expect(printedBy(command, `created ann-1:${generated} today\n`)).toHaveLength(1);
      expect(printedBy(command, `ann-1:${generated}\n${generated}\n`)).toHaveLength(1);
    }
    expect(printedBy('credentials info', `ann-1:${generated}\n`)).toHaveLength(1);
  });

  it('covers an upstream that echoes a token, and no gateway that tells one', () => {
    const token = tokenOf({ sub: 'somebody' });
    const [header, payload, signature = ''] = token.split('.');
    const signed = noteOf('signature', Buffer.from(signature, 'base64url'), `${header}.${payload}`);
    const echo = JSON.stringify({ method: 'GET', path: '/', headers: { authorization: token } });
    expect(foundIn(signed, `GET /\r\nHTTP/1.1 200 OK\r\n\r\n${echo}`, response)).toEqual([]);
    expect(foundIn(signed, `GET /\r\nHTTP/1.1 200 OK\r\nx: ${token}\r\n\r\n${echo}`, response)).not.toEqual(
      [],
    );
    expect(foundIn(signed, `GET /\r\nHTTP/1.1 401\r\n\r\n{"message":"${token}"}`, response)).not.toEqual([]);
  });
});
