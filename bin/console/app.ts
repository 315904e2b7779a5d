/**
 * The console's page, and what it asks. Host, Origin and the type of bodies are checked in front of it
 * (`local/loopback.ts`).
 */
import { type Context, Hono } from 'hono';
import { readStrictBody } from '../../lambda/admin/body.ts';
import { answerTo, Refusal, text } from '../../lambda/admin/refusal.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import type { DecisionLog } from './decisions.ts';
import type { PageFiles } from './page-files.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { About, ExplainAnswer, ExplainRequest } from './wire.ts';

/** What the console is about. */
export interface ConsoleSubject {
  readonly about: () => Promise<About>;
  /** @throws WrongUsage for what no client can send, CommandFailure where something is not there. */
  readonly explain: (asked: ExplainRequest) => Promise<ExplainAnswer>;
  /** Undefined: there is no gateway to watch. */
  readonly decisions?: DecisionLog;
}

export interface ConsoleOptions extends ConsoleSubject {
  readonly page: PageFiles;
  /** Gets what is no expected outcome. @default nothing */
  readonly onError?: (error: unknown) => void;
}

/** @returns the app for `/console` and all below it. */
export function createConsoleApp({ page, about, explain, decisions, onError }: ConsoleOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (isForeign(context)) context.res = text('origin_not_allowed', 403);
    else await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  const routes: Readonly<Record<string, Route>> = {
    '/console': ['GET', (context) => context.redirect('/console/', 308)],
    '/console/': ['GET', () => pageFile(page, 'index.html')],
    '/console/console.css': ['GET', () => pageFile(page, 'console.css')],
    '/console/console.js': ['GET', () => pageFile(page, 'console.js')],
    '/console/icon.svg': ['GET', () => pageFile(page, 'icon.svg')],
    '/console/api/about': ['GET', async (context) => context.json(await about())],
    '/console/api/explain': [
      'POST',
      async (context) => context.json(await explain(askedIn(await readStrictBody(context, MEMBERS)))),
    ],
    ...(decisions && {
      '/console/api/decisions': [
        'GET',
        async (context) => context.json(await decisions.since(numberIn(context.req.query('after')))),
      ],
    }),
  };
  for (const [path, [method, handle]] of Object.entries(routes)) {
    app.on(method, path, handle);
    app.all(path, (context) => {
      context.header('allow', method === 'GET' ? 'GET, HEAD' : method);
      return context.text('Method not allowed', 405);
    });
  }
  app.notFound(() => text('Not found', 404));
  app.onError((error) => {
    const answer = answerTo(expected(error));
    if (answer.status >= 500) onError?.(error);
    return answer;
  });
  return app;
}

type Route = readonly [method: 'GET' | 'POST', handle: (context: Context) => Response | Promise<Response>];

/**
 * Whether a page of another origin asks, of another port of this machine too. It may lead here, and no more; browsers say
 * so even where there is no Origin (https://www.w3.org/TR/fetch-metadata/).
 */
function isForeign({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  return (site === 'cross-site' || site === 'same-site') && req.header('sec-fetch-mode') !== 'navigate';
}

function pageFile(page: PageFiles, name: string): Response {
  const file = page.get(name);
  if (file === undefined) throw new Error(`the console was built without ${name}`);
  return new Response(file.bytes, { headers: { 'content-type': file.type } });
}

const MEMBERS = ['method', 'path', 'token'] as const satisfies readonly (keyof ExplainRequest)[];

/** @throws Refusal 400. No value is quoted: one of them is a token. */
function askedIn(body: Readonly<Record<string, unknown>>): ExplainRequest {
  const { method, path, token } = body;
  if (typeof method !== 'string') throw new Refusal(400, 'data.method must be a text');
  if (typeof path !== 'string') throw new Refusal(400, 'data.path must be a text');
  if (token === undefined || token === '') return { method, path };
  if (typeof token !== 'string') throw new Refusal(400, 'data.token must be a text');
  return { method, path, token };
}

/** @throws Refusal 400 */
function numberIn(text = '0'): number {
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, 'after must be a whole number');
  return Number(text);
}

/** The commands' own errors name options. */
function expected(error: unknown): unknown {
  const isExpected = error instanceof WrongUsage || error instanceof CommandFailure;
  return isExpected ? new Refusal(400, error.message.replace(/^--/, '')) : error;
}
