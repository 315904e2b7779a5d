import type { DenialCode } from '../../lambda/authorizer/denial.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { requestOf } from '../explain/question.ts';
import type { ApiAnswer, CallApi } from './call-api.ts';
import { answerToDenial, differences, type Passage, passageOf, saysItself } from './expected-answer.ts';
import { type Finding, findingsIn } from './finding.ts';
import type { Minter } from './test-tokens.ts';

const { ok, warning, problem, unknown, notChecked } = findingsIn('api');

/** Tokens to try, and where. */
export interface Probe {
  readonly config: AuthorizerConfig;
  readonly call: CallApi;
  readonly method: string;
  readonly path: string;
  readonly minter: Minter | { readonly why: string };
  /** A token of the user's, in the place of one that is made. */
  readonly valid: string | undefined;
  readonly expired: string | undefined;
}

/** What the platform's checks go on from. */
export interface Probed {
  readonly findings: readonly Finding[];
  /** A token that was let in; undefined: none was. */
  readonly accepted: string | undefined;
  /** Answers that were got. */
  readonly answers: readonly ApiAnswer[];
  /** Nobody is there: no more needs to be asked. */
  readonly isUnreachable: boolean;
}

const HOUR = 3_600;
/** Three parts, none of which is JSON. */
const MALFORMED = 'jwt.authorizer.doctor';

/** Sends a missing, a malformed, a valid and an expired token, one after the other, and looks at each answer. */
export async function checkApi(probe: Probe): Promise<Probed> {
  const { config, call } = probe;
  const answers: ApiAnswer[] = [];
  const send = async (token: string | undefined) => {
    const answer = await call(requestWith(probe, token));
    if (!('unreachable' in answer)) answers.push(answer);
    return answer;
  };
  const missing = await send(undefined);
  if ('unreachable' in missing) {
    const text = `no answer (${missing.unreachable})`;
    const findings = [problem('api_unreachable', text, 'check --url and the network')];
    return { findings, accepted: undefined, answers, isUnreachable: true };
  }
  const findings = [...deniedAs(config, 'token_missing', 'without a token', missing)];
  const malformed = await send(MALFORMED);
  findings.push(...deniedAs(config, 'token_malformed', 'a malformed token', malformed));
  // Whoever answers there gets no token that counts before he has refused one that does not.
  if (findings.some(({ status }) => status === 'problem'))
    return { findings: [...findings, ...WITHHELD], accepted: undefined, answers, isUnreachable: false };
  const valid = probe.valid ?? minted(probe.minter, 5 * 60);
  const answer = valid === undefined ? undefined : await send(valid);
  const validFinding =
    answer === undefined ? untold(probe, 'valid') : onValid(answer, probe.valid !== undefined);
  const isIn = validFinding.status === 'ok' || validFinding.code === 'valid_upstream_fails';
  findings.push(validFinding);
  const expired =
    probe.expired ??
    minted(
      probe.minter,
      -HOUR - config.policies.reduce((most, policy) => Math.max(most, policy.clockToleranceSeconds), 0),
    );
  findings.push(
    expired === undefined
      ? untold(probe, 'expired')
      : onExpired(await send(expired), { config, isTold: isIn || validFinding.code === 'valid_lacks_scope' }),
  );
  return { findings, accepted: isIn ? valid : undefined, answers, isUnreachable: false };
}

const WITHHELD = (['valid', 'expired'] as const).map((which) =>
  notChecked(
    which,
    `${which === 'valid' ? 'a valid' : 'an expired'} token: none is sent to what does not refuse the others`,
    'see the problem above',
  ),
);

/** The request with a token where the policy looks that is for it. */
export const requestWith = (
  { method, path, config }: Pick<Probe, 'method' | 'path' | 'config'>,
  token: string | undefined,
) => requestOf({ method, path, headers: [], ...(token !== undefined && { token }) }, config);

const minted = (minter: Probe['minter'], seconds: number): string | undefined =>
  'mint' in minter ? minter.mint(seconds) : undefined;

function untold({ minter }: Probe, which: 'valid' | 'expired'): Finding {
  const why = 'why' in minter ? minter.why : '';
  const how =
    which === 'valid'
      ? 'give --token-file (- reads it), or JWT_AUTHORIZER_TOKEN'
      : 'give --expired-token-file';
  return notChecked(which, `${which === 'valid' ? 'a valid' : 'an expired'} token: ${why}`, how);
}

const REMEDIES: Readonly<Partial<Record<Passage, string>>> = {
  no_such_path: 'name a method and a path that the API has: --method, --path',
  authorizer_fails:
    "look into the function's log: a key or the table cannot be reached, or the function may not be invoked",
  throttled: 'wait, and run it again',
};

/** Of tokens that everybody is to be denied with. */
function deniedAs(
  config: AuthorizerConfig,
  code: DenialCode,
  what: string,
  answer: Awaited<ReturnType<CallApi>>,
): readonly Finding[] {
  const name = code.replace('token_', '');
  if ('unreachable' in answer)
    return [unknown(name, `${what}: no answer (${answer.unreachable})`, 'run it again')];
  const wanted = answerToDenial(config, code);
  const passage = passageOf(answer);
  const got = `${what}: ${answer.status}`;
  if (passage === 'throttled') return [unknown(name, got, REMEDIES.throttled)];
  if (passage === 'no_such_path' || passage === 'authorizer_fails')
    return [problem(name, `${got}, ${passage}`, REMEDIES[passage])];
  if (wanted === undefined)
    return passage === 'unauthorized'
      ? [problem(name, `${got}, though every policy has passThrough`, 'deploy this configuration')]
      : [ok(name, `${got}, as anonymous (passThrough)`)];
  if (passage === 'passed' || passage === 'passed_upstream_fails')
    return [
      problem(
        'api_open',
        `${got}: the request was let in; the authorizer does not stand before this method`,
        config.restApi === undefined
          ? 'deploy the stack; if --url is another API, attach to it'
          : 'jwt-authorizer drift, then jwt-authorizer attach',
      ),
    ];
  if (answer.status !== wanted.status)
    return [
      problem(name, `${got}, not ${wanted.status}`, 'deploy this configuration: another one answers there'),
    ];
  // An API that exists keeps its own words.
  const others = [
    ...(saysItself(answer) ? [] : ['x-amzn-ErrorType is missing: what lies behind may have said it']),
    ...(config.restApi === undefined ? differences(wanted, answer) : []),
  ];
  return others.length === 0
    ? [ok(name, got)]
    : [
        warning(
          name,
          `${got}, but ${others.join(', ')}`,
          'compare with docs/answers.md, and deploy this configuration',
        ),
      ];
}

function onValid(answer: Awaited<ReturnType<CallApi>>, isGiven: boolean): Finding {
  if ('unreachable' in answer)
    return unknown('valid', `a valid token: no answer (${answer.unreachable})`, 'run it again');
  const passage = passageOf(answer);
  const got = `a valid token: ${answer.status}`;
  switch (passage) {
    case 'passed':
      return ok('valid', `${got}, let in`);
    case 'passed_upstream_fails':
      return warning(
        'valid_upstream_fails',
        `${got}: let in, and what lies behind does not answer`,
        'look at the upstream',
      );
    case 'scope_missing':
      return warning(
        'valid_lacks_scope',
        `${got}: accepted, and it lacks a scope of this route`,
        'give a --path without scopes, or a token that has them',
      );
    case 'api_key':
      return warning(
        'valid_without_plan',
        `${got}: accepted, and the credential has no API key of a plan`,
        'credentials create --plan',
      );
    case 'throttled':
      return unknown('valid', got, REMEDIES.throttled);
    case 'no_such_path':
    case 'authorizer_fails':
      return problem('valid', `${got}, ${passage}`, REMEDIES[passage]);
    default:
      if (!saysItself(answer))
        return unknown(
          'valid',
          `${got}, without x-amzn-ErrorType: perhaps what lies behind denied it`,
          'jwt-authorizer explain --token - says whether the authorizer would',
        );
      return problem(
        'valid',
        `${got}: it was denied`,
        isGiven
          ? 'jwt-authorizer explain --token - says why; the log of the function has the code'
          : 'the key or the credential that is here is not the one there: give --token-file, or --key-id',
      );
  }
}

/** @param isTold whether another token of the same source is accepted: else an expired one may be denied for any reason. */
function onExpired(
  answer: Awaited<ReturnType<CallApi>>,
  { config, isTold }: { readonly config: AuthorizerConfig; readonly isTold: boolean },
): Finding {
  const [denied = unknown('expired', 'an expired token')] = deniedAs(
    config,
    'token_expired',
    'an expired token',
    answer,
  );
  if (denied.code === 'api_open')
    return problem(
      'expired',
      'an expired token was let in',
      'look at requireExp, and at clocks; deploy this configuration',
    );
  if (denied.status === 'ok' && answerToDenial(config, 'token_expired') === undefined)
    return notChecked(
      'expired',
      `${denied.text}: with passThrough, nobody sees from outside as whom`,
      'explain --token says',
    );
  if (isTold || denied.status === 'problem') return denied;
  return unknown(
    'expired',
    `${denied.text}; but no valid token was let in, so nobody can tell that it is for its age`,
    'see the valid token above',
  );
}
