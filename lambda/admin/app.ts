/**
 * The Admin API: Express Gateway's wire format over a store. Who may call it is decided in front of it: the
 * loopback rules locally, IAM in AWS.
 */
import { Hono } from 'hono';
import type { ConsumerStore } from '../consumers/store.ts';
import { appRoutes } from './apps.ts';
import { credentialChangeRoutes } from './credential-changes.ts';
import { credentialRoutes } from './credentials.ts';
import { openApiRoute } from './openapi.ts';
import { answerTo, text } from './refusal.ts';
import { revocationRoutes } from './revocations.ts';
import type { Route } from './route.ts';
import { scopeRoutes } from './scopes.ts';
import { userRoutes } from './users.ts';

export interface AdminAppOptions {
  readonly store: ConsumerStore;
  /** Gets what a route threw that is no expected outcome. @default nothing */
  readonly onError?: (error: unknown) => void;
}

const managing: readonly Route[] = [
  ...userRoutes,
  ...appRoutes,
  ...scopeRoutes,
  ...credentialRoutes,
  ...credentialChangeRoutes,
  ...revocationRoutes,
];

export const adminRoutes: readonly Route[] = [...managing, openApiRoute(managing)];

/** @returns the app; paths may end in a slash. */
export function createAdminApp({ store, onError }: AdminAppOptions): Hono {
  const app = new Hono({ strict: false });
  app.use(async (context, next) => {
    await next();
    // Secrets are shown in some answers, and consumers in most.
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  for (const { method, path, handle } of adminRoutes) {
    app.on(method.toUpperCase(), path, (context) => handle(context, store));
  }
  app.notFound(() => text('Not found', 404));
  app.onError((error) => {
    const answer = answerTo(error);
    if (answer.status >= 500) onError?.(error);
    return answer;
  });
  return app;
}
