import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { join } from 'node:path';
import { isRecord } from '../../lambda/config/record.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { CommandFailure } from '../consumers/failure.ts';
import type { DataFolder } from './data-folder.ts';

/** The keys that local runs make for themselves, and keep in the data folder. */
export interface LocalKeys {
  /** The configuration for the function, with `secret: generate` replaced by the kept secret. */
  withSecrets(runtimeConfig: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /**
   * What signs the tokens of all for a policy, as far as it is here: a secret, or the demo key pair's private
   * half.
   */
  signingKeyOf(policy: JwtPolicy): KeyObject | undefined;
  /** The same without what the configuration brings: a secret in it may be one that is in use elsewhere. */
  ownKeyOf(policy: JwtPolicy): KeyObject | undefined;
  /** The keySecret of a demo credential, for policies that go by each credential's own key. */
  demoKeySecret(keyId: string): string;
}

/** For trying RS256: a configuration may name the public half as its `secretOrPublicKeyFile`. */
export const DEMO_PUBLIC_KEY_FILE = 'demo-public.pem';

const DEMO_PRIVATE_KEY_FILE = 'demo-private.pem';

/**
 * The secret that stands for a policy's `secret: generate`.
 * @throws CommandFailure where something else is kept in its place.
 */
export const keptSecret = (folder: DataFolder, index: number): string =>
  secretKeptAs(folder, `secret-${index}`);

/** 64 bytes in base64url, as they are made below. */
const SECRET = /^[\w-]{86}$/;

function secretKeptAs(folder: DataFolder, name: string): string {
  const secret = folder.keep(name, () => randomBytes(64).toString('base64url'));
  // Less of it, or what an editor made of it, would be a weak secret, or none.
  if (SECRET.test(secret)) return secret;
  throw new CommandFailure(
    `${join(folder.path, name)} holds no secret; remove it, and the next start makes another`,
  );
}

function demoKeyIn(folder: DataFolder): KeyObject {
  const pem = folder.keep(DEMO_PRIVATE_KEY_FILE, makePrivateKey);
  try {
    return createPrivateKey(pem);
  } catch {
    // The public half alone would go on to be taken for that of the next.
    throw new CommandFailure(
      `${join(folder.path, DEMO_PRIVATE_KEY_FILE)} holds no private key; remove it and ${DEMO_PUBLIC_KEY_FILE} beside it, and the next start makes others`,
    );
  }
}

/** @throws CommandFailure where something else is kept in the place of a key. */
export function openLocalKeys(folder: DataFolder): LocalKeys {
  const secretOf = (index: number) => keptSecret(folder, index);
  const demoPrivate = demoKeyIn(folder);
  const demoPublic = createPublicKey(demoPrivate);
  folder.keep(DEMO_PUBLIC_KEY_FILE, () => demoPublic.export({ type: 'spki', format: 'pem' }).toString());
  const ownKeyOf: LocalKeys['ownKeyOf'] = ({ keySource, index }) => {
    if (keySource.kind === 'generated') return createSecretKey(secretOf(index), 'utf8');
    return keySource.kind === 'inline' && keySource.key.equals(demoPublic) ? demoPrivate : undefined;
  };

  return {
    withSecrets: (runtimeConfig) => {
      const withSecret = (policy: unknown, index: number) => {
        if (!isRecord(policy) || policy['secret'] !== 'generate') return policy;
        const { secret: _, ...rest } = policy;
        return { ...rest, secretOrPublicKey: secretOf(index) };
      };
      const { jwt } = runtimeConfig;
      return { ...runtimeConfig, jwt: Array.isArray(jwt) ? jwt.map(withSecret) : withSecret(jwt, 0) };
    },
    signingKeyOf: (policy) => ownKeyOf(policy) ?? secretIn(policy),
    ownKeyOf,
    demoKeySecret: (keyId) => {
      return createHmac('sha512', secretKeptAs(folder, 'demo-secret')).update(keyId).digest('base64url');
    },
  };
}

const secretIn = ({ keySource }: JwtPolicy): KeyObject | undefined =>
  keySource.kind === 'inline' && keySource.key.type === 'secret' ? keySource.key : undefined;

function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
