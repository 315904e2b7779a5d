import type { ConsumerType } from '../consumers/model.ts';
import type { ConsumerStore } from '../consumers/store.ts';
import { orRefuse, Refusal } from './refusal.ts';

/** A user's id or username goes before an application's id or name. @throws Refusal 404, 409 */
export async function findConsumer(
  store: ConsumerStore,
  idOrName: string,
): Promise<{ readonly type: ConsumerType; readonly id: string }> {
  const user = await store.getUser(idOrName);
  if (user.ok) return { type: 'user', id: user.value.id };
  const application = await store.getApplication(idOrName);
  if (!application.ok && application.code === 'application_not_found') {
    throw new Refusal(404, `Consumer not found: ${idOrName}`);
  }
  return { type: 'application', id: orRefuse(application, idOrName).id };
}
