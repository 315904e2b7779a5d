import type { Argument } from '../arguments.ts';

const NO_CAUSE_TO_TELL = 'every error of a request has a code; for another it is only what is told';
const TOLD_TWICE =
  'Node.js tells of an answer that broke off by up to three events, which ones depends on how and on its version: each is taken';

export const KEYS: readonly Argument[] = [
  {
    ...{ file: 'lambda/keys/credential-key.ts', original: "key === 'none'", replacement: 'false' },
    why: 'what is no key does no algorithm, which is asked next',
  },
  {
    ...{ file: 'lambda/keys/credential-key.ts', original: "'none'", replacement: '""' },
    why: 'any text that is no key says the same',
  },
  {
    ...{ file: 'lambda/keys/credential-key.ts', on: 'const name =', mutator: 'StringLiteral' },
    why: 'one of the two prefixes may be empty, and they still differ',
  },
  {
    ...{ file: 'lambda/keys/decoys.ts', original: '/^[RP]S/', replacement: '/[RP]S/' },
    why: 'no algorithm has these letters further on',
  },
  {
    ...{ file: 'lambda/keys/decoys.ts', on: 'const kind =', original: "'RSA'", replacement: '""' },
    why: 'what is no HMAC and no curve is RSA, whatever its name',
  },
  {
    ...{ file: 'lambda/keys/http-json.ts', on: "'code' in error" },
    why: NO_CAUSE_TO_TELL,
  },
  { file: 'lambda/keys/http-json.ts', on: "answer.on('error', reject)", why: TOLD_TWICE },
  { file: 'lambda/keys/http-json.ts', on: "new BadAnswer('broke off')", why: TOLD_TWICE },
  {
    ...{ file: 'lambda/keys/key-set-source.ts', on: "addressProblem(address, 'jwksUri')" },
    ...{ original: "'jwksUri'", why: 'what differs is asked of an issuer alone' },
  },
  {
    ...{ file: 'lambda/keys/key-set.ts', original: '{ return undefined; }', replacement: '{}' },
    why: 'the function ends there; the compiler wants it said',
  },
  {
    ...{ file: 'lambda/keys/key-set.ts', original: 'kid !== undefined', replacement: 'true' },
    why: 'a member that is undefined reads as one that is missing; the type wants it missing',
  },
  {
    ...{ file: 'lambda/keys/refreshed.ts', on: 'atMs < Math.min(held.refreshFromMs', replacement: 'false' },
    why: 'only faster: what is young is served further down too',
  },
  {
    ...{ file: 'lambda/keys/secrets-manager.ts', original: '{ return undefined; }', replacement: '{}' },
    why: 'the function ends there; the compiler wants it said',
  },
  {
    ...{ file: 'lambda/keys/secrets-manager.ts', on: '} catch {', mutator: 'BlockStatement' },
    why: 'prose: what is no JSON has no field either, and is refused with other words further down',
  },
];
