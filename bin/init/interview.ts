import { type ApiAnswer, isKeySet, type KeyAnswer, type TokenAnswer } from './answers.ts';
import type { Answer, Asker } from './asker.ts';
import { BEARER, type Complete, type Given, isManagedByDefault } from './given.ts';
import type { LookAt } from './look-at-issuer.ts';
import { keyOptions, objection, type RawOptions } from './policy.ts';

export interface Circumstances {
  /** The path of the file to come. */
  readonly config: string;
  /** Asks an issuer; undefined: nobody is asked over the network. */
  readonly look: LookAt | undefined;
}

/** Asks for what was not given. @throws Interrupted */
export async function interview(asker: Asker, given: Given, circumstances: Circumstances): Promise<Complete> {
  const { key, issuer } = await askKey(asker, given, circumstances);
  const audience = given.audience ?? (await askAudience(asker, key));
  const token = given.token ?? (await askToken(asker, circumstances));
  const isManaged = given.isManaged ?? (await askManaged(asker, key));
  const api = await askApi(asker, given.api, circumstances);
  return { key, issuer, audience, token, isManaged, api };
}

type Keyed = Pick<Complete, 'key' | 'issuer'>;

async function askKey(asker: Asker, given: Given, circumstances: Circumstances): Promise<Keyed> {
  const kind =
    given.key?.kind ??
    (await asker.choose('What verifies the tokens?', [
      {
        text: 'the keys of an OpenID Connect issuer (Auth0, Cognito, Entra ID, Keycloak, …)',
        value: 'discovery',
      },
      { text: 'a public key or a secret, in a file', value: 'file' },
      { text: 'a secret that is made for it, here and in the stack', value: 'generated' },
    ] as const));
  if (kind === 'discovery' || kind === 'jwksUri') {
    const key: KeyAnswer = given.key ?? { kind: 'discovery' };
    return { key, issuer: given.issuer ?? (await askKeySetIssuer(asker, key, circumstances)) };
  }
  const key: KeyAnswer =
    given.key ?? (kind === 'generated' ? { kind } : await askKeyFile(asker, circumstances));
  return { key, issuer: given.issuer ?? (await askIssuer(asker)) };
}

function askKeySetIssuer(asker: Asker, key: KeyAnswer, { config, look }: Circumstances): Promise<string> {
  return asker.ask({
    text: 'Its issuer URL, as tokens name it in iss',
    read: async (typed) => {
      const policy = { ...keyOptions(key, config), issuer: typed, audience: 'any' };
      const wrong = objection({ jwt: policy }, ['jwt.issuer', 'jwt.jwksUri'], config);
      if (typed === '' || wrong !== undefined) return { objection: wrong ?? 'give a URL' };
      if (look === undefined || key.kind !== 'discovery') return { value: typed };
      const found = await look({ issuer: typed });
      if (found.kind === 'other_name')
        return { objection: `it calls itself ${found.issuer}; give it so, character for character` };
      return { value: typed };
    },
  });
}

const askKeyFile = (asker: Asker, { config }: Circumstances): Promise<KeyAnswer> =>
  asker.ask({
    text: 'The file, a PEM public key or certificate, or a secret',
    read: (typed) => {
      if (typed === '') return { objection: 'give a path' };
      const key = { kind: 'file', path: typed } as const;
      const wrong = objection({ jwt: keyOptions(key, config) }, ['jwt.secretOrPublicKeyFile'], config);
      return wrong === undefined ? { value: key } : { objection: wrong };
    },
  });

const askIssuer = (asker: Asker): Promise<string | undefined> =>
  asker.ask({
    text: 'The issuer that tokens must name in iss, or nothing to take any',
    read: (typed) => ({ value: typed === '' ? undefined : typed }),
  });

/** A list with commas or spaces between. */
const listIn = (typed: string): readonly string[] => typed.split(/[\s,]+/).filter((one) => one !== '');

function askAudience(asker: Asker, key: KeyAnswer): Promise<readonly string[]> {
  const isNeeded = isKeySet(key);
  return asker.ask({
    text: isNeeded
      ? 'Whom tokens must be for in aud: the name of your API at the issuer (* takes all its tokens)'
      : 'Whom tokens must be for in aud, or nothing to take any',
    read: (typed) => {
      if (isNeeded && typed === '')
        return { objection: 'other applications of the issuer hold tokens too: give a name, or *' };
      return { value: typed === '*' ? [] : listIn(typed) };
    },
  });
}

async function askToken(asker: Asker, { config }: Circumstances): Promise<TokenAnswer> {
  const jwtExtractor = await asker.choose<TokenAnswer['jwtExtractor']>('Where is the token in a request?', [
    { text: 'Authorization: Bearer TOKEN', value: 'authBearer' },
    { text: 'Authorization, with another scheme', value: 'authScheme' },
    { text: 'another header, which holds it alone', value: 'header' },
    { text: 'a cookie', value: 'cookie' },
    { text: 'a parameter of the query string, where logs and histories keep it', value: 'query' },
  ]);
  if (jwtExtractor === 'authBearer') return BEARER;
  return asker.ask({
    text: 'Its name',
    read: (typed) => tokenAt(jwtExtractor, typed, config),
  });
}

/** @returns what is wrong with the name, in the words of the configuration's check. */
export function tokenAt(
  jwtExtractor: TokenAnswer['jwtExtractor'],
  name: string,
  config: string,
): Answer<TokenAnswer> {
  if (name === '') return { objection: 'give a name' };
  const token = { jwtExtractor, jwtExtractorField: name };
  const wrong = objection(beside(token), ['jwt.jwtExtractor', 'jwt.jwtExtractorField'], config);
  return wrong === undefined ? { value: token } : { objection: wrong };
}

const beside = (options: RawOptions, others: RawOptions = {}): RawOptions => ({
  jwt: { secret: 'generate', ...options },
  ...others,
});

async function askManaged(asker: Asker, key: KeyAnswer): Promise<boolean> {
  const yes = {
    text: 'those whose credentials you keep in the table (users, applications, scopes; can be deactivated)',
    value: true,
  };
  const no = { text: 'whoever has a valid token; nothing is looked up', value: false };
  return asker.choose('Who may come in?', isManagedByDefault(key) ? [yes, no] : [no, yes]);
}

async function askApi(asker: Asker, given: ApiAnswer | undefined, where: Circumstances): Promise<ApiAnswer> {
  if (given?.kind === 'new') return given;
  const isNew =
    given === undefined &&
    (await asker.choose('Which API?', [
      { text: 'a new one', value: true },
      { text: 'a REST API that exists already', value: false },
    ]));
  if (isNew) return askUpstream(asker, where);
  const id = given?.id ?? (await askRestApi(asker, where));
  const stages =
    given !== undefined && given.stages.length > 0 ? given.stages : await askStages(asker, id, where);
  return { kind: 'existing', id, stages };
}

const askUpstream = (asker: Asker, { config }: Circumstances): Promise<ApiAnswer> =>
  asker.ask<ApiAnswer>({
    text: 'The URL that it stands in front of, or nothing for an echo',
    read: (typed) => {
      if (typed === '') return { value: { kind: 'new' } };
      const wrong = objection(beside({}, { upstream: typed }), ['upstream'], config);
      return wrong === undefined ? { value: { kind: 'new', upstream: typed } } : { objection: wrong };
    },
  });

const askRestApi = (asker: Asker, { config }: Circumstances): Promise<string> =>
  asker.ask({
    text: 'Its id, such as a1b2c3d4e5',
    read: (typed) => {
      const restApi = { id: typed, stages: 'any' };
      const wrong = objection(beside({}, { restApi }), ['restApi.id'], config);
      return wrong === undefined ? { value: typed } : { objection: wrong };
    },
  });

const askStages = (asker: Asker, id: string, { config }: Circumstances): Promise<readonly string[]> =>
  asker.ask({
    text: 'Its stages that are protected, such as prod',
    read: (typed) => {
      const stages = listIn(typed);
      if (stages.length === 0) return { objection: 'give one at least' };
      const wrong = objection(beside({}, { restApi: { id, stages } }), ['restApi.stages'], config);
      return wrong === undefined ? { value: stages } : { objection: wrong };
    },
  });
