import fc from 'fast-check';
import { expect, test } from 'vitest';
import { routeOf } from '../../lambda/attachment/live.ts';
import { holderOf } from '../../lambda/attachment/naming.ts';
import { pendingEdits } from '../../lambda/attachment/pending-edits.ts';
import { select } from '../../lambda/attachment/select.ts';
import { answering } from '../support/control-plane/data-plane.ts';
import { methodsOf } from '../support/control-plane/definition.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';
import type { Definition, Method } from '../support/control-plane/shapes.ts';
import { build, means, pathOf, randomApi, randomRequest, randomSelectors } from './apis.ts';
import { attach, detach } from './apply-plan.ts';
import { liveOf } from './live-model.ts';
import { everyKind, modelOf, set, theirs } from './model-scene.ts';
import { OWNER, wishOf } from './wishes.ts';

const RUNS = { numRuns: 400 };
const requests = fc.array(randomRequest, { minLength: 40, maxLength: 40 });

const deployed = ({ api }: ControlPlaneModel): Definition => {
  const deployment = api.deployments.get(api.stages.get('prod')?.deploymentId ?? '');
  if (deployment === undefined) throw new Error('nothing is deployed');
  return deployment.definition;
};

const isOurs = ({ authorizers }: Definition, { authorizerId }: Method) =>
  holderOf(authorizers.get(authorizerId ?? '')?.name, OWNER) === 'ours';

test('no request that is meant reaches an open method after a plan that was not refused', async () => {
  let attached = 0;
  let meant = 0;
  await fc.assert(
    fc.asyncProperty(randomApi, randomSelectors, requests, async (api, selectors, all) => {
      const model = modelOf(build(api));
      const before = deployed(model);
      const { planned } = await attach(model, wishOf({ selectors, takeOver: true }));
      if (planned.kind === 'refused') return;
      attached += 1;
      const after = deployed(model);
      const positive = selectors.some(({ excludes }) => !excludes);
      for (const { verb, segments } of all) {
        const answered = answering(after, verb, pathOf(segments));
        const was = answering(before, verb, pathOf(segments));
        expect(answered?.resource).toBe(was?.resource);
        if (answered === undefined || was === undefined) continue;
        const said = selectors.filter((selector) => means(selector, { verb, segments }));
        const isMeant =
          verb !== 'OPTIONS' &&
          (!positive || said.some(({ excludes }) => !excludes)) &&
          !said.some(({ excludes }) => excludes);
        if (isMeant) {
          meant += 1;
          expect(isOurs(after, answered.method)).toBe(true);
        }
        // What is not ours is as it was, and OPTIONS methods never are.
        if (!isOurs(after, answered.method)) expect(answered.method).toEqual(was.method);
        if (answered.method.httpMethod === 'OPTIONS') expect(answered.method).toEqual(was.method);
      }
    }),
    RUNS,
  );
  expect([attached > 60, meant > 300]).toEqual([true, true]);
});

test('a method that is refused as split answers requests of both kinds', () => {
  let split = 0;
  fc.assert(
    fc.property(randomApi, randomSelectors, (api, selectors) => {
      const { api: model } = modelOf(build(api));
      const methods = methodsOf(model.definition).map(({ path, method }) => ({
        path,
        httpMethod: method.httpMethod,
      }));
      const selection = select(methods, selectors);
      for (const { code, message, subjects } of selection.refusals) {
        if (code !== 'selector_splits_method') continue;
        split += 1;
        const [meant = '', other = ''] =
          [...message.matchAll(/ answers (\S+ \S+), .* and (\S+ \S+), which is not/g)][0]?.slice(1) ?? [];
        const isMeant = [meant, other].map((request) => {
          const [verb = '', path = ''] = request.split(' ');
          const { resource, method } = answering(model.definition, verb, path) ?? {};
          expect([`${method?.httpMethod} ${resource}`]).toEqual(subjects);
          const segments = path === '/' ? [] : path.slice(1).split('/');
          if (segments.length > 1 && segments.at(-1) === '') segments.pop();
          return selectors.some((selector) => !selector.excludes && means(selector, { verb, segments }));
        });
        expect(isMeant).toEqual([true, false]);
      }
    }),
    RUNS,
  );
  expect(split).toBeGreaterThan(60);
});

test('a plan that is carried out leaves nothing to do, and its detachment leaves nothing of it', async () => {
  let attached = 0;
  await fc.assert(
    fc.asyncProperty(randomApi, randomSelectors, randomSelectors, async (api, first, second) => {
      const model = modelOf(build(api));
      const before = JSON.stringify(methodsOf(model.api.definition));
      const one = await attach(model, wishOf({ selectors: first, takeOver: true }));
      if (one.planned.kind === 'refused') return;
      const two = await attach(model, wishOf({ selectors: second, takeOver: true }), one.journal);
      const wish = two.planned.kind === 'plan' ? second : first;
      const again = await attach(model, wishOf({ selectors: wish, takeOver: true }), two.journal);
      expect(again.planned).toMatchObject({
        kind: 'plan',
        plan: { remember: [], authorizers: [], methods: [], stages: [], forget: [], retire: [] },
      });
      if (again.journal === undefined) throw new Error('no journal');
      const { workingCopy } = await liveOf(model);
      expect(again.journal.methods.map(routeOf).sort()).toEqual(
        workingCopy.methods
          .filter(
            ({ authorizerId }) =>
              holderOf(workingCopy.authorizers.find(({ id }) => id === authorizerId)?.name, OWNER) === 'ours',
          )
          .map(routeOf)
          .sort(),
      );
      const detached = await detach(model, again.journal);
      expect(detached.kind).toBe('plan');
      expect(JSON.stringify(methodsOf(model.api.definition))).toBe(before);
      expect(JSON.stringify(methodsOf(deployed(model)))).toBe(before);
      expect([...model.api.definition.authorizers.values()].map(({ name }) => name)).toEqual(['theirs']);
      attached += 1;
    }),
    RUNS,
  );
  expect(attached).toBeGreaterThan(40);
});

type Edit = (definition: Definition, nth: number) => boolean;

/** Each changes a method, or says that it cannot. */
const EDITS: Readonly<Record<string, Edit>> = {
  add: (definition, nth) => {
    set(definition, `PATCH /added${nth}`);
    return true;
  },
  remove: (definition, nth) => {
    const { path, method } = nthOf(definition, nth);
    const resource = [...definition.resources.values()].find((one) => one.path === path);
    return resource?.methods.delete(method.httpMethod) ?? false;
  },
  open: change(
    ({ authorizationType }) => authorizationType !== 'NONE',
    (method) => {
      method.authorizationType = 'NONE';
      delete method.authorizerId;
    },
  ),
  iam: change(
    ({ authorizationType }) => authorizationType !== 'AWS_IAM',
    (method) => {
      method.authorizationType = 'AWS_IAM';
      delete method.authorizerId;
    },
  ),
  authorizer: (definition, nth) => {
    const { method } = nthOf(definition, nth);
    method.authorizationType = 'CUSTOM';
    method.authorizerId = theirs(definition, `other${nth}`).id;
    return true;
  },
  key: change(
    () => true,
    (method) => {
      method.apiKeyRequired = !method.apiKeyRequired;
    },
  ),
  uri: change(
    ({ methodIntegration }) => methodIntegration?.type !== 'MOCK',
    (method) => {
      method.methodIntegration = {
        type: 'HTTP_PROXY',
        ...method.methodIntegration,
        uri: 'https://changed.example.com',
      };
    },
  ),
  parameter: change(
    () => true,
    (method) => {
      method.methodIntegration = {
        type: 'HTTP_PROXY',
        ...method.methodIntegration,
        requestParameters: { 'integration.request.header.x': "'1'" },
      };
    },
  ),
  response: change(
    () => true,
    (method) => {
      method.methodResponses = { ...method.methodResponses, '418': { statusCode: '418' } };
    },
  ),
};

function nthOf(definition: Definition, nth: number) {
  const all = methodsOf(definition);
  const found = all[nth % all.length];
  if (found === undefined) throw new Error('no methods');
  return found;
}

function change(applies: (method: Method) => boolean, edit: (method: Method) => void): Edit {
  return (definition, nth) => {
    const { method } = nthOf(definition, nth);
    if (!applies(method)) return false;
    edit(method);
    return true;
  };
}

test('every edit of the owner that is not deployed is found, and where there is none nothing is', async () => {
  const edit = fc.record({ kind: fc.constantFrom(...Object.keys(EDITS)), nth: fc.nat(20) });
  let found = 0;
  await fc.assert(
    fc.asyncProperty(randomApi, edit, fc.boolean(), async (api, { kind, nth }, isAttached) => {
      const model = modelOf((definition) => {
        everyKind(definition);
        build({
          ...api,
          routes: api.routes
            .map((route) => route.replace(/^(\w+) \/?/, '$1 /random/'))
            .map((route) => route.replace(/\/$/, '')),
        })(definition);
      });
      const { journal, planned } = isAttached
        ? await attach(model, wishOf({ takeOver: true, stages: ['prod'] }))
        : { journal: undefined, planned: undefined };
      if (planned?.kind === 'refused') return;
      const pending = async () => {
        const { workingCopy, stages } = await liveOf(model);
        const served = stages[0]?.snapshot;
        if (served === undefined) throw new Error('no stage');
        return pendingEdits({ served, workingCopy: workingCopy.snapshot }, OWNER, journal);
      };
      expect(await pending()).toEqual([]);
      const before = JSON.stringify(methodsOf(model.api.definition));
      let isChanged = false;
      model.owner.editWorkingCopy((definition) => {
        isChanged = EDITS[kind]?.(definition, nth) ?? false;
      });
      const isSame = before === JSON.stringify(methodsOf(model.api.definition));
      // What an owner takes back by hand is what a detachment would give back.
      const route = routeOfNth(model, nth);
      const prior = journal?.methods.find((method) => routeOf(method) === route)?.prior;
      const isGivenBack =
        (kind === 'open' && prior?.authorizationType === 'NONE') ||
        (kind === 'iam' && prior?.authorizationType === 'AWS_IAM');
      if (!isChanged || isSame || isGivenBack) return;
      found += 1;
      expect((await pending()).length).toBeGreaterThan(0);
      model.owner.deploy('prod');
      expect(await pending()).toEqual([]);
    }),
    RUNS,
  );
  expect(found).toBeGreaterThan(200);
});

function routeOfNth({ api }: ControlPlaneModel, nth: number): string {
  const { path, method } = nthOf(api.definition, nth);
  return `${method.httpMethod} ${path}`;
}
