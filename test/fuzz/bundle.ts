/** The built function in this process: configured by its environment as Lambda does it, at a clock that stands still. */
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { type Answered, type Subject, verdictOf } from './subject.ts';
import { NOW_SECONDS, type World } from './worlds.ts';

const BUNDLE = new URL('../../dist/lambda/authorizer/index.mjs', import.meta.url);

type Handler = (event: unknown) => Promise<APIGatewayAuthorizerResult>;

/** Takes the process for itself: its clock and its console. */
export async function openBundle(worlds: readonly World[]): Promise<Subject> {
  Date.now = () => NOW_SECONDS * 1000;
  let line = '';
  // It is the function's log.
  console.log = (text: string) => {
    line = text;
  };
  const handlers = new Map<World, Handler>();
  for (const [i, world] of worlds.entries()) {
    process.env['AUTHORIZER_CONFIG'] = JSON.stringify(world.file);
    // Another address is another instance.
    const { handler }: { handler: Handler } = await import(`${BUNDLE.href}?world=${i}`);
    handlers.set(world, handler);
  }
  const told = (): { code?: string; reason?: string } => (line === '' ? {} : JSON.parse(line));
  return {
    async ask(world, event): Promise<Answered> {
      line = '';
      try {
        const answer = await handlers.get(world)?.(event);
        const verdict = verdictOf(answer);
        return { ...verdict, why: verdict.verdict === 'refused' ? (told().code ?? '') : '' };
      } catch (error) {
        const message = error instanceof Error ? error.message : '';
        if (message === 'Unauthorized') return { verdict: 'unauthorized', why: told().code ?? '' };
        if (message === 'the authorizer is unavailable; see its log')
          return { verdict: 'unavailable', why: `${told().reason}:` };
        return { verdict: 'threw', why: String(error) };
      }
    },
  };
}
