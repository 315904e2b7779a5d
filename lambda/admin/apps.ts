import { readBody, readStatus, readStrictBody } from './body.ts';
import { applicationChanges, newApplication } from './inputs.ts';
import { membersOf } from './json-schema.ts';
import { pageQuery, readPage } from './pages.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { parameter, type Route } from './route.ts';
import { pageOf, schemaOf, schemas } from './schemas.ts';
import { applicationJson, statusJson } from './wire.ts';

export const appRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/apps',
    summary: 'A page of applications, in order of creation',
    query: pageQuery,
    answer: { status: 200, schema: pageOf('apps', 'Application') },
    refusals: [400],
    async handle(context, store) {
      const { items, nextKey } = await readPage(context, (page) => store.listApplications(page));
      return context.json({ apps: items.map(applicationJson), nextKey });
    },
  },
  {
    method: 'post',
    path: '/apps',
    summary: 'Create an application of a user',
    body: schemaOf('NewApplication'),
    answer: { status: 200, schema: schemaOf('Application') },
    refusals: [409],
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
    answer: { status: 200, schema: schemaOf('Application') },
    refusals: [404, 409],
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      return context.json(applicationJson(orRefuse(await store.getApplication(subject), subject)));
    },
  },
  {
    method: 'put',
    path: '/apps/:idOrName',
    summary: 'Change an application: what is not given stays, null takes away',
    body: schemaOf('ApplicationChanges'),
    answer: { status: 200, schema: schemaOf('Application') },
    refusals: [404, 409],
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
    answer: { status: 204 },
    refusals: [404, 409],
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
    body: schemaOf('State'),
    answer: { status: 200, schema: schemaOf('StateChange') },
    refusals: [404, 409],
    async handle(context, store) {
      const subject = parameter(context, 'idOrName');
      const isActive = readStatus(await readStrictBody(context, membersOf(schemas.State)));
      const { id } = orRefuse(await store.getApplication(subject), subject);
      const change = orRefuse(await store.setApplicationActive(id, isActive), subject);
      return context.json(statusJson(change, isActive));
    },
  },
];
