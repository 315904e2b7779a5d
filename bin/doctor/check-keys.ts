import { createSecretKey, type KeyObject } from 'node:crypto';
import type { JwtPolicy, KeySetSource, StoredKeySource } from '../../lambda/config/types.ts';
import { createSecretFetcher } from '../../lambda/keys/fetch-secret.ts';
import type { VerificationKey } from '../../lambda/keys/key-finder.ts';
import { parseKeySet } from '../../lambda/keys/key-set.ts';
import { createKeySetFetcher } from '../../lambda/keys/key-set-source.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { storedKeys } from '../../lambda/keys/stored-keys.ts';
import { safeText } from '../commands/terminal.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { describeSource } from '../explain/sources.ts';
import { NotMade } from '../local/data-folder.ts';
import { keptSecret } from '../local/local-keys.ts';
import { awsFinding } from './aws-finding.ts';
import type { FolderLook } from './check-data-folder.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, warning, problem, notChecked, saying } = findingsIn('keys');

export interface KeyPlaces {
  /** Where local runs keep their secrets; undefined where the stack's own are meant. */
  readonly local: Pick<FolderLook, 'folder'> | undefined;
  /** The option that brings a policy's own key, as the file has it; undefined where nobody knows. */
  readonly keyOption: (policyIndex: number) => string | undefined;
  /** The ARN of the secret that the stack made for a policy. */
  readonly generatedSecretArn: (policyIndex: number) => string | undefined;
}

/** Whether the keys of every policy can be had, and can do what is allowed. Nothing of a key but its size is told. */
export async function checkKeys(
  policies: readonly JwtPolicy[],
  places: KeyPlaces,
): Promise<readonly Finding[]> {
  const found = await Promise.all(policies.map((policy) => checkPolicy(policy, places)));
  return found.flat();
}

async function checkPolicy(policy: JwtPolicy, places: KeyPlaces): Promise<readonly Finding[]> {
  const { keySource } = policy;
  const at = `jwt[${policy.index}], ${describeSource(keySource, places.keyOption(policy.index))}`;
  switch (keySource.kind) {
    case 'inline':
      return checkInline(policy, keySource.key, at);
    case 'credential':
      return [
        notChecked('keys_of_credentials', at, 'each credential has its own; explain --token looks at one'),
      ];
    case 'jwksUri':
    case 'discovery':
      return [await checkKeySet(policy, keySource, at)];
    case 'generated':
      return [await checkGenerated(policy, keySource, places)];
    default:
      return [await checkStored(policy, keySource, places, at)];
  }
}

function checkInline({ algorithms }: JwtPolicy, key: KeyObject, at: string): readonly Finding[] {
  const fine = ok('key', `${at}: ${describeKey(key)}, for ${algorithms.join(', ')}`);
  if (key.type !== 'secret') return [fine];
  const why = `${at}: a secret in the configuration serves locally, and is refused by cdk deploy`;
  return [fine, warning('secret_not_deployable', why, 'use secret: generate, secretArn or parameterName')];
}

async function checkKeySet(policy: JwtPolicy, source: KeySetSource, at: string): Promise<Finding> {
  const { getJson } = await import('../../lambda/keys/http-json.ts');
  try {
    const keys = parseKeySet(await createKeySetFetcher(getJson)(source), policy.algorithms);
    if (keys.length > 0) return ok('key_set', `${at}: ${describeSet(keys)}`);
    return problem(
      'key_set_unfit',
      `${at}: none of its keys can do ${policy.algorithms.join(', ')}`,
      'compare `algorithms` with alg, kty and use of its keys; RSA keys under 2,048 bits are left out',
    );
  } catch (error) {
    if (!(error instanceof KeyUnavailable)) throw error;
    return problem(
      'key_set_unreachable',
      `${at}: ${safeText(error.message)}`,
      'compare `issuer` or `jwksUri` with what the issuer documents, and look at the network',
    );
  }
}

function describeSet(keys: readonly VerificationKey[]): string {
  const algorithms = [...new Set(keys.flatMap((key) => key.algorithms))];
  return `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}, for ${algorithms.join(', ')}`;
}

async function checkGenerated(
  policy: JwtPolicy,
  source: StoredKeySource,
  places: KeyPlaces,
): Promise<Finding> {
  const at = `jwt[${policy.index}], secret: generate`;
  const { local } = places;
  if (local === undefined) {
    if (places.generatedSecretArn(policy.index) !== undefined) return checkStored(policy, source, places, at);
    return notChecked('generated_secret', at, "give --stack, whose outputs name the secret's ARN");
  }
  if (local.folder === undefined)
    return notChecked('generated_secret', at, 'put the data folder right first, or name another with --data');
  try {
    const secret = createSecretKey(keptSecret(local.folder, policy.index), 'utf8');
    return ok('key', `${at}: ${describeKey(secret)} in ${local.folder.path}`);
  } catch (error) {
    if (error instanceof NotMade)
      return notChecked('generated_secret', at, 'there is none yet: the first jwt-authorizer start makes it');
    if (!(error instanceof CommandFailure)) throw error;
    return saying('problem', 'key_unfit', `${at}: ${error.message}`);
  }
}

async function checkStored(
  policy: JwtPolicy,
  source: StoredKeySource,
  { generatedSecretArn }: KeyPlaces,
  at: string,
): Promise<Finding> {
  try {
    const [secrets, parameters] = await Promise.all([
      import('../../lambda/keys/secrets-manager.ts'),
      import('../../lambda/keys/parameter-store.ts'),
    ]);
    const fetchSecret = createSecretFetcher({
      generatedSecretArn,
      readSecret: (wish) => secrets.openSecretsManager()(wish),
      readParameter: (wish) => parameters.openParameterStore()(wish),
    });
    const stored = await fetchSecret(source, policy.index);
    const [current, previous] = storedKeys(stored, policy, source.previousKeySeconds);
    if (current === undefined) throw new KeyUnavailable(`${at} holds no key`);
    const before = previous === undefined ? '' : ', and the one before it';
    return ok('key', `${at}: ${describeKey(current.key)}${before}, for ${policy.algorithms.join(', ')}`);
  } catch (error) {
    if (error instanceof KeyUnavailable && error.cause === undefined)
      return problem(
        'key_unfit',
        `${at}: ${safeText(error.message)}`,
        'put a key there that fits `algorithms`',
      );
    const isParameter = source.kind === 'parameter';
    return awsFinding('keys', error, {
      what: at,
      options: `${isParameter ? 'parameterName' : 'secretArn'} and --region`,
      permissions: isParameter ? 'ssm:GetParameter' : 'secretsmanager:GetSecretValue',
    });
  }
}

function describeKey(key: KeyObject): string {
  if (key.type === 'secret') return `a secret of ${key.symmetricKeySize} bytes`;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return modulusLength === undefined ? `an EC key on ${namedCurve}` : `an RSA key of ${modulusLength} bits`;
}
