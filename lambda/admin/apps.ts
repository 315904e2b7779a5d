import { readBody, readStatus, readStrictBody } from './body.ts';
import { applicationChanges, newApplication } from './inputs.ts';
import { readPage } from './pages.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { applicationJson, statusJson } from './wire.ts';

export const appRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/apps',
    summary: 'A page of applications, in order of creation',
    async handle(context, store) {
      const { items, nextKey } = await readPage(context, (page) => store.listApplications(page));
      return context.json({ apps: items.map(applicationJson), nextKey });
    },
  },
  {
    method: 'post',
    path: '/apps',
    summary: 'Create an application of a user',
    async handle(context, store) {
      const outcome = await store.createApplication(newApplication(await readBody(context)));
      if (!outcome.ok && outcome.code === 'user_not_found') {
        throw new Refusal(409, 'The specified user does not exist');
      }
      return context.json(applicationJson(orRefuse(outcome)));
    },
  },
  {
    method: 'get',
    path: '/apps/:idOrName',
    summary: 'An application',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      return context.json(applicationJson(orRefuse(await store.getApplication(subject), subject)));
    },
  },
  {
    method: 'put',
    path: '/apps/:idOrName',
    summary: 'Change an application: what is not given stays, null takes away',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const changes = applicationChanges(await readBody(context));
      const { id } = orRefuse(await store.getApplication(subject), subject);
      return context.json(applicationJson(orRefuse(await store.updateApplication(id, changes), subject)));
    },
  },
  {
    method: 'delete',
    path: '/apps/:idOrName',
    summary: 'Delete an application with its credentials',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const { id } = orRefuse(await store.getApplication(subject), subject);
      orRefuse(await store.deleteApplication(id), subject);
      return context.body(null, 204);
    },
  },
  {
    method: 'put',
    path: '/apps/:idOrName/status',
    summary: 'Activate or deactivate an application',
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const isActive = readStatus(await readStrictBody(context, ['status']));
      const { id } = orRefuse(await store.getApplication(subject), subject);
      const change = orRefuse(await store.setApplicationActive(id, isActive), subject);
      return context.json(statusJson(change, isActive));
    },
  },
];
