import type { LoadedConfig } from '../../lambda/config/load.ts';
import type { Deployment } from '../attachment/deployment.ts';
import type { Place as ConsumerPlace } from '../consumers/open.ts';
import type { OpenReader } from '../explain/open-reader.ts';
import type { ConsoleSubject } from './app.ts';
import type { DecisionLog } from './decisions.ts';
import type { Place } from './wire.ts';

export interface SubjectOptions {
  readonly loaded: LoadedConfig;
  /** Where the keys and the table are. */
  readonly place: ConsumerPlace;
  /** The stack whose table it is, where one was asked. */
  readonly deployment?: Deployment;
  /** The same for a person. */
  readonly of: Place;
  readonly hasConsumers: boolean;
  readonly decisions?: DecisionLog;
  /** For who has the table open already. @default as the place says */
  readonly openReader?: () => Promise<OpenReader>;
}

/** A configuration with its keys and its table, as the console asks about them. Loaded is only what is asked for. */
export function consoleSubject(options: SubjectOptions): ConsoleSubject {
  const { loaded, place, deployment, of, hasConsumers, decisions, openReader } = options;
  return {
    about: async () => {
      const [{ aboutOf }, { keyOptionsIn }] = await Promise.all([
        import('./about.ts'),
        import('../explain/key-options.ts'),
      ]);
      const keyOption = keyOptionsIn(loaded);
      return aboutOf(loaded.config, of, { hasConsumers, hasDecisions: decisions !== undefined, keyOption });
    },
    explain: async ({ method, path, token }) => {
      const [{ explainAt }, { requestOf }] = await Promise.all([
        import('../explain/explain-at.ts'),
        import('../explain/question.ts'),
      ]);
      const asked = { method, path, headers: [], ...(token !== undefined && { token }) };
      const request = requestOf(asked, loaded.config);
      const places = { place, ...(deployment && { deployment }), ...(openReader && { openReader }) };
      const where = { ...places, loaded, nowMs: Date.now() };
      return explainAt({ kind: 'request', request }, where);
    },
    ...(decisions && { decisions }),
  };
}
