import type { DetachOutcome, Options, ReconcileOutcome } from './run.ts';
import type { Wish } from './wish.ts';

/** The engine with what it works with; see `run.ts`. */
export interface Engine {
  reconcile(wish: Wish, options: Options): Promise<ReconcileOutcome>;
  detach(restApiId: string, owner: string, options: Options): Promise<DetachOutcome>;
}
