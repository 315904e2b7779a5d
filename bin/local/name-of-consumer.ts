import type { ConsumerStore } from '../../lambda/consumers/store.ts';

/** The username that an authorizer's context has for a consumer: a user's own, or the one of an app's owner. */
export const nameOfConsumerIn =
  (store: Pick<ConsumerStore, 'getUser' | 'getApplication'>) =>
  async (consumerId: string): Promise<string | undefined> => {
    const user = await store.getUser(consumerId);
    // A username may be another's id.
    if (user.ok && user.value.id === consumerId) return user.value.username;
    const application = await store.getApplication(consumerId);
    if (!application.ok || application.value.id !== consumerId) return undefined;
    const owner = await store.getUser(application.value.userId);
    return owner.ok ? owner.value.username : undefined;
  };
