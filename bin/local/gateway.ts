import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type GatewayResponses, gatewayResponsesOf } from '../../lambda/config/gateway-responses.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { NOTHING } from '../../lambda/config/upstream-headers.ts';
import { admit, MAX_HEAD_BYTES } from './admit.ts';
import { type Authorize, type CacheUse, type Conclusion, createAuthorize, type Invoke } from './authorize.ts';
import { createAuthorizerCache } from './authorizer-cache.ts';
import { preflightResponse } from './cors.ts';
import {
  answerUnreadable,
  type GatewayResponse,
  gatewayResponse,
  sendResponse,
} from './gateway-responses.ts';
import { type Listening, listen } from './listen.ts';
import { headerValues, readRequest } from './request.ts';
import { createRouter, type Router } from './resource-router.ts';
import { createUpstream, type Exchange, type Forwarded, type Upstream } from './upstream.ts';
import { buildUpstreamRequest } from './upstream-request.ts';
import { createUsagePlans, type PlanOfKey, type UsagePlans } from './usage-plans.ts';

export interface GatewayOptions {
  readonly config: AuthorizerConfig;
  /** The Lambda function. Throwing exactly `Unauthorized` is a 401, anything else a 500. */
  readonly invoke: Invoke;
  /** Origin, and base path if any, of what the API stands in front of. */
  readonly upstream: string;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** For a configuration with plans: which of them an API key has. @default no key is known */
  readonly planOfKey?: PlanOfKey;
  readonly stage?: string;
  readonly apiId?: string;
  /** Called once a request, when it is over. */
  readonly log?: (record: GatewayRecord) => void;
  /** Called after it, for one who watches. */
  readonly watch?: (request: WatchedRequest) => void;
  /** The function's time-out. @default 10,000 */
  readonly invokeTimeoutMs?: number;
  /** The integration's time-out. @default 29,000 */
  readonly integrationTimeoutMs?: number;
}

/** No token, query, path or header value in it. */
export interface GatewayRecord {
  readonly requestId: string;
  readonly method: string;
  /** The resource that received the request; absent when it did not get that far. */
  readonly resource?: string;
  /** 499 when the client left before there was one. */
  readonly status: number;
  readonly cache?: CacheUse;
  /** A stable code: how it ended for the gateway. */
  readonly reason: string;
  /** Of a refusal, where the function says it: a denial's code, or an outage's reason. */
  readonly code?: string;
}

/** What a person who watches is told beside the record: for the eye, and for no log. No token, query or header value in it. */
export interface WatchedRequest extends GatewayRecord {
  /** As it was sent, without the query; absent where it could not be read. */
  readonly path?: string;
  /** Who it was, where the function says it: a username, or the principal. */
  readonly caller?: string;
  /** From its head to its end. */
  readonly durationMs: number;
}

export interface Gateway extends Listening {
  flushAuthorizerCache(): void;
}

/**
 * An HTTP server that behaves as an API Gateway REST API with a Lambda authorizer on every method.
 * @throws PortInUseError; TypeError when `upstream` is no http(s) URL.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, now = Date.now } = options;
  const cache = createAuthorizerCache({ now });
  const { planOfKey = async () => undefined } = options;
  const usagePlans = config.plans && createUsagePlans(config.plans, { planOfKey, now });
  const upstream = createUpstream(options.upstream, options.integrationTimeoutMs);
  const responses = gatewayResponsesOf(config);
  const handle = createHandler({
    responses,
    cors: config.cors,
    router: createRouter(resourcesOf(config.routes)),
    authorize: createAuthorize({
      config,
      resources: resourcesOf(config.routes),
      api: { apiId: options.apiId ?? 'local00000', stage: options.stage ?? 'local' },
      invoke: options.invoke,
      ...(options.invokeTimeoutMs !== undefined && { invokeTimeoutMs: options.invokeTimeoutMs }),
      cache,
      now,
    }),
    usagePlans,
    upstream,
    now,
  });
  try {
    const listening = await listen(
      serverOf(handle, responses, options),
      options.host ?? '127.0.0.1',
      options.port,
    );
    return {
      ...listening,
      flushAuthorizerCache: () => {
        cache.flush();
        usagePlans?.forgetKeys();
      },
      close: () => listening.close().then(() => upstream.close()),
    };
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

interface Parts {
  readonly responses: GatewayResponses;
  readonly cors: AuthorizerConfig['cors'];
  readonly router: Router;
  readonly authorize: Authorize;
  /** Undefined: no method asks for an API key. */
  readonly usagePlans: UsagePlans | undefined;
  readonly upstream: Upstream;
  readonly now: () => number;
}

type Handler = (exchange: Exchange) => Promise<Ending>;

/** A request's way, step by step. */
function createHandler(parts: Parts): Handler {
  const { responses, cors, router, authorize, usagePlans, upstream, now } = parts;
  return async (exchange) => {
    const { incoming, outgoing, requestId } = exchange;
    const refuse = refuserOf(exchange, responses);
    const request = readRequest(incoming);
    if (!request) return refuse('BAD_REQUEST', 'request_target_malformed');
    const admission = admit(request, { router, cors, bodyBytes: declaredBodyBytes(incoming) });
    if (admission.kind === 'refused') return refuse(admission.response, admission.reason);
    const { route } = admission;
    const { resource } = route;

    if (admission.kind === 'preflight') {
      const origin = headerValues(request, 'origin')[0];
      sendResponse(outgoing, preflightResponse(admission.cors, origin, requestId));
      return { resource, status: 204, reason: 'preflight' };
    }

    const decision = await authorize({ request, route, requestId, receivedAt: now() });
    const { cache } = decision;
    const known = { resource, cache, ...whoIn(decision) };
    if (!decision.allowed)
      return { ...known, ...refuse(decision.response, decision.reason, decision.context) };

    const overused = await usagePlans?.count(decision.caller);
    if (overused) return { ...known, ...refuse(overused.response, overused.reason) };

    const forUpstream = buildUpstreamRequest(upstream.target, request, decision.caller);
    if (!forUpstream) return { ...known, ...refuse('BAD_REQUEST', 'path_leaves_upstream') };
    if (outgoing.destroyed) return { ...known, ...CLIENT_GONE };
    return { ...known, ...conclude(refuse, await upstream.forward(forUpstream, exchange)) };
  };
}

/** What the function says of the caller, and of why not. */
function whoIn(decision: Conclusion): Pick<Ending, 'caller' | 'code'> {
  const { context, principalId } = decision.allowed ? decision.caller : decision;
  const username = context?.['username'];
  const caller = username === undefined || username === '' || username === NOTHING ? principalId : username;
  const code = decision.allowed ? undefined : decision.code;
  return { ...(caller !== undefined && { caller }), ...(code !== undefined && { code }) };
}

/** The path without the query, which may hold a token; none of what is no path. */
function watchedOf(
  { url = '' }: IncomingMessage,
  caller: string | undefined,
): Pick<WatchedRequest, 'path' | 'caller'> {
  const path = url.startsWith('/') ? url.split(/[?#]/, 1)[0] : undefined;
  return {
    ...(path !== undefined && { path }),
    ...(caller !== undefined && { caller }),
  };
}

function serverOf(
  handle: Handler,
  responses: GatewayResponses,
  { log, watch }: Pick<GatewayOptions, 'log' | 'watch'>,
): Server {
  const server = createServer({ maxHeaderSize: 4 * MAX_HEAD_BYTES }, (incoming, outgoing) => {
    const exchange = { incoming, outgoing, requestId: randomUUID() };
    const beganMs = performance.now();
    // A client that leaves while it is answered; `forward` notices by itself.
    outgoing.on('error', () => {});
    handle(exchange)
      .catch(() => refuserOf(exchange, responses)('INTERNAL_ERROR', 'gateway_error'))
      .then(({ caller, ...ending }) => {
        const record = { requestId: exchange.requestId, method: incoming.method ?? '', ...ending };
        log?.(record);
        watch?.({
          ...record,
          ...watchedOf(incoming, caller),
          durationMs: performance.now() - beganMs,
        });
      });
  });
  return server.on('clientError', answerUnreadable);
}

type Ending = Omit<GatewayRecord, 'requestId' | 'method'> & Pick<WatchedRequest, 'caller'>;

const CLIENT_GONE: Ending = { status: 499, reason: 'client_gone' };

/** @param context what the authorizer said with a policy that denies. */
type Refuse = (name: GatewayResponse, reason: string, context?: Readonly<Record<string, string>>) => Ending;

function refuserOf({ incoming, outgoing, requestId }: Exchange, responses: GatewayResponses): Refuse {
  const headerOf = (name: string) => {
    const value = incoming.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
  return (name, reason, context) => {
    const response = gatewayResponse(name, { requestId, responses, context, headerOf });
    if (sendResponse(outgoing, response)) return { status: response.status, reason };
    if (!outgoing.headersSent) return CLIENT_GONE;
    outgoing.destroy();
    return { status: outgoing.statusCode, reason };
  };
}

function conclude(refuse: Refuse, forwarded: Forwarded): Ending {
  switch (forwarded.outcome) {
    case 'answered':
      return { status: forwarded.status, reason: 'allowed' };
    case 'cut_off':
      return { status: forwarded.status, reason: 'answer_cut_off' };
    case 'client_gone':
      return CLIENT_GONE;
    case 'failed':
      return refuse(forwarded.response, forwarded.response.toLowerCase());
  }
}

function declaredBodyBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}
