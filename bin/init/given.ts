import { WrongUsage } from '../consumers/failure.ts';
import { type Answers, type ApiAnswer, isKeySet, type KeyAnswer, type TokenAnswer } from './answers.ts';

/** The options of the command. */
export interface InitOptions {
  readonly issuer?: string;
  readonly jwksUri?: string;
  readonly keyFile?: string;
  readonly generateSecret?: boolean;
  readonly algorithm?: readonly string[];
  readonly token?: TokenAnswer;
  readonly audience?: readonly string[];
  readonly anyAudience?: boolean;
  readonly managed?: boolean;
  readonly upstream?: string;
  readonly newApi?: boolean;
  readonly restApiId?: string;
  readonly stage?: readonly string[];
}

/** What is known without asking. Undefined members are not. */
export interface Given {
  readonly key: KeyAnswer | undefined;
  readonly issuer: string | undefined;
  readonly algorithms: readonly string[] | undefined;
  readonly token: TokenAnswer | undefined;
  /** Empty: it was said that there is none. */
  readonly audience: readonly string[] | undefined;
  readonly isManaged: boolean | undefined;
  /** Of an existing one, perhaps without its stages. */
  readonly api: ApiAnswer | undefined;
}

/** All but the algorithms, which follow from the key. */
export type Complete = Omit<Answers, 'algorithms'>;

export const BEARER: TokenAnswer = { jwtExtractor: 'authBearer' };

/** @throws WrongUsage for options that contradict each other. */
export function givenBy(options: InitOptions): Given {
  const { issuer, jwksUri, keyFile, generateSecret, audience, anyAudience, stage, restApiId } = options;
  const keys = [
    jwksUri !== undefined && '--jwks-uri',
    keyFile !== undefined && '--key-file',
    generateSecret && '--generate-secret',
  ].filter((option) => typeof option === 'string');
  if (keys.length > 1) throw new WrongUsage(`${keys.join(' and ')} are two keys; give one`);
  if (audience !== undefined && anyAudience)
    throw new WrongUsage('--audience and --any-audience contradict each other; give one');
  if (stage !== undefined && restApiId === undefined)
    throw new WrongUsage('--stage is of an API that exists; give --rest-api-id too');
  if (restApiId !== undefined && (options.upstream !== undefined || options.newApi))
    throw new WrongUsage(
      '--rest-api-id is an API that exists, which has an upstream; give it without --upstream and --new-api',
    );
  return {
    key: keyOf(options),
    issuer,
    algorithms: options.algorithm,
    token: options.token,
    audience: anyAudience ? [] : audience,
    isManaged: options.managed,
    api: apiOf(options),
  };
}

function keyOf({ issuer, jwksUri, keyFile, generateSecret }: InitOptions): KeyAnswer | undefined {
  if (jwksUri !== undefined) return { kind: 'jwksUri', uri: jwksUri };
  if (keyFile !== undefined) return { kind: 'file', path: keyFile };
  if (generateSecret) return { kind: 'generated' };
  return issuer === undefined ? undefined : { kind: 'discovery' };
}

function apiOf({ restApiId, stage = [], upstream, newApi }: InitOptions): ApiAnswer | undefined {
  if (restApiId !== undefined) return { kind: 'existing', id: restApiId, stages: stage };
  if (upstream !== undefined) return { kind: 'new', upstream };
  return newApi ? { kind: 'new' } : undefined;
}

/**
 * With defaults in the place of what was not given.
 * @throws WrongUsage that names every option without which it cannot be, each with an example.
 */
export function completed(given: Given): Complete {
  const missing = missingOf(given);
  const { key, issuer, api = { kind: 'new' } } = given;
  if (key === undefined || missing.length > 0)
    throw new WrongUsage(
      ['nobody is asked (there is no terminal, or --yes was given), and this is missing:', ...missing].join(
        '\n  ',
      ),
    );
  return {
    ...{ key, issuer, api },
    token: given.token ?? BEARER,
    audience: given.audience ?? [],
    isManaged: given.isManaged ?? isManagedByDefault(key),
  };
}

/** An issuer looks after its users itself; a key of one's own says nothing of who may come. */
export const isManagedByDefault = (key: KeyAnswer): boolean => !isKeySet(key);

function missingOf({ key, issuer, audience, api }: Given): readonly string[] {
  const needsAudience = key !== undefined && isKeySet(key) && audience === undefined;
  return [
    ...(key === undefined
      ? [
          'what verifies the tokens: --issuer https://id.example.com/ (OpenID Connect), --key-file ./public.pem, or --generate-secret',
        ]
      : []),
    ...(key?.kind === 'jwksUri' && issuer === undefined
      ? ['whose key set it is: --issuer https://id.example.com/']
      : []),
    ...(needsAudience
      ? ['whom the tokens are for: --audience orders-api (or --any-audience, for all of the issuer)']
      : []),
    ...(api?.kind === 'existing' && api.stages.length === 0 ? ['which stages of the API: --stage prod'] : []),
  ];
}
