/** The oracle of tokens and events. */
import { type Failure, SLOW_MS, shortest } from './failure.ts';
import { overLimit } from './limits.ts';
import { type Expectation, judge, type Stage } from './reference/judge.ts';
import type { RequestCase } from './request-cases.ts';
import type { Answered, Subject } from './subject.ts';

export interface Checked {
  readonly failure?: Failure;
  /** How far the reference says it gets. */
  readonly stage: Stage;
  readonly tookMs: number;
}

/** A token is kept from its second time on, and found from the third. */
const TIMES_UNTIL_REMEMBERED = 3;

export async function checkRequest(subject: Subject, tried: RequestCase): Promise<Checked> {
  const { world, event } = tried;
  const beganMs = performance.now();
  const answered = await subject.ask(world, event);
  const tookMs = performance.now() - beganMs;
  const expectation = judge(world, event);
  const { stage } = expectation;
  const of = (failure: Failure | undefined): Checked => ({ stage, tookMs, ...(failure && { failure }) });

  const wrong = compare(answered, expectation, tried);
  if (wrong !== undefined) return of(wrong);
  const other = tried.isRepeated ? await differing(subject, tried, answered) : undefined;
  if (other !== undefined) return of(other);
  if (tookMs > SLOW_MS) {
    const least = await shortest(() => (subject.askFresh ?? subject.ask)(world, event));
    if (least > SLOW_MS) return of({ kind: 'slow', detail: `${least.toFixed(0)} ms at least` });
  }
  return of(undefined);
}

/** The same event again, until the function remembers its token, and of one that remembers nothing. */
async function differing(
  subject: Subject,
  { world, event }: RequestCase,
  answered: Answered,
): Promise<Failure | undefined> {
  const text = JSON.stringify(answered);
  const isAllowed = answered.verdict === 'allowed';
  const times = isAllowed ? TIMES_UNTIL_REMEMBERED : 1;
  for (let time = 1; time <= times; time++) {
    const again = JSON.stringify(await subject.ask(world, event));
    if (again !== text) return differs(`time ${time + 1}`, text, again);
  }
  if (subject.askFresh === undefined || !isAllowed) return undefined;
  const fresh = JSON.stringify(await subject.askFresh(world, event));
  return fresh === text ? undefined : differs('with nothing remembered', text, fresh);
}

const differs = (when: string, first: string, again: string): Failure => ({
  ...{ kind: 'answers differ', detail: `${when}: ${again}\n  at first: ${first}` },
});

function compare(
  answered: Answered,
  expectation: Expectation,
  { event, isRight }: RequestCase,
): Failure | undefined {
  const { verdict, why, answer } = answered;
  const { kind } = expectation;
  const said = `${verdict} (${why}), expected ${kind} at ${expectation.stage}`;
  if (verdict === 'threw') return { kind: 'threw', detail: said };
  if (verdict === 'unavailable') {
    const mayBe = kind === 'malformed event' || kind === 'unsure';
    return mayBe && why.startsWith('EventMalformed:') ? undefined : { kind: 'unavailable', detail: said };
  }
  if (kind === 'malformed event') {
    // With scoped routes an event without a resource is one only where somebody would be let in.
    return { kind: verdict === 'allowed' ? 'wrong allow' : 'wrong denial', detail: said };
  }
  if (verdict === 'allowed') {
    if (kind === 'denied') return { kind: 'wrong allow', detail: said };
    const limit = answer && overLimit(answer, (event as { methodArn?: unknown }).methodArn);
    if (limit !== undefined) return { kind: 'over a limit', detail: limit };
    return wrongCaller(answered, expectation);
  }
  if (kind === 'denied' || kind === 'unsure') {
    if (isRight && kind === 'denied' && expectation.stage !== 'routes')
      return { kind: 'wrong denial', detail: `the reference denies what is right by construction; ${said}` };
    const limit = answer && overLimit(answer, (event as { methodArn?: unknown }).methodArn);
    return limit === undefined ? undefined : { kind: 'over a limit', detail: limit };
  }
  // An answer that says who it is must be one that API Gateway takes.
  if (why === 'token_too_large' && (saysMuch(expectation) || hasLongMethod(event))) return undefined;
  return { kind: 'wrong denial', detail: said };
}

/** Whether subject, issuer or scopes are long. */
function saysMuch({ claims }: Expectation): boolean {
  const said = ['sub', 'iss', 'scope'].map((name) => JSON.stringify(claims?.get(name) ?? '').length);
  return Math.max(...said) > 250;
}

/** It is in the policy's resources; no method of HTTP is. */
const hasLongMethod = (event: unknown): boolean =>
  String((event as { httpMethod?: unknown } | null)?.httpMethod).length > 30;

function wrongCaller({ answer }: Answered, { kind, claims }: Expectation): Failure | undefined {
  const { authenticated, anonymous } = answer?.context ?? {};
  const isKnown = claims !== undefined;
  if ((authenticated === 'true') !== isKnown || (anonymous === 'true') === isKnown)
    return {
      kind: 'wrong caller',
      detail: `authenticated ${authenticated}, anonymous ${anonymous}, expected ${kind}`,
    };
  const issuer = claims?.get('iss');
  const told = answer?.context?.['issuer'];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are replaced there
  const plain = typeof issuer === 'string' ? issuer.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd') : '';
  const isRight = told === plain || (plain === '' && told === '-');
  return isRight
    ? undefined
    : { kind: 'wrong caller', detail: `issuer ${JSON.stringify(told)} of ${JSON.stringify(issuer)}` };
}
