import { createAdminApp } from '../../lambda/admin/app.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { answerOf, type ConsumerApi, Unreachable } from './consumer-api.ts';

/** What is asked is nobody's host; the app reads the path alone. */
const ORIGIN = 'http://consumers.invalid';

export interface StoreApiOptions {
  readonly store: ConsumerStore;
  /** What failed, for a person; undefined where there is nothing better to say than that it did. */
  readonly explain?: (error: unknown) => string | undefined;
  readonly close: () => Promise<void>;
}

/** The Admin API over a store in this process: the same rules and texts, without a server. */
export function storeApi({ store, explain, close }: StoreApiOptions): ConsumerApi {
  let failure: unknown;
  const onError = (error: unknown) => {
    failure = error;
  };
  const app = createAdminApp({ store, onError });
  return {
    async send({ method, path, body }) {
      const response = await app.request(`${ORIGIN}${path}`, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      const why = response.status >= 500 ? explain?.(failure) : undefined;
      if (why !== undefined) throw new Unreachable(why);
      // Nobody else may come to finish what an earlier deletion left behind.
      if (method === 'DELETE' && response.ok) await store.resumeCleanUp().catch(() => undefined);
      return answerOf(response);
    },
    close,
  };
}
