/** What the engine does with a plan, at once and on the model itself, and what its journal then holds. */
import type { JournaledMethod, JournalState } from '../../lambda/attachment/journal.ts';
import { routeOf } from '../../lambda/attachment/live.ts';
import type { Plan, Planned } from '../../lambda/attachment/plan.ts';
import { plan } from '../../lambda/attachment/plan-attachment.ts';
import { planDetach } from '../../lambda/attachment/plan-detachment.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';
import { liveOf } from './live-model.ts';

/** @returns the plan, and the journal once it is carried out; as it was where the plan is refused. */
export async function attach(
  model: ControlPlaneModel,
  wish: Wish,
  journal?: JournalState,
): Promise<{ planned: Planned; journal: JournalState | undefined }> {
  const planned = plan(wish, await liveOf(model), journal);
  if (planned.kind === 'refused') return { planned, journal };
  const forgotten = new Set([...planned.plan.forget, ...planned.plan.remember].map(routeOf));
  const methods: JournaledMethod[] = [
    ...(journal?.methods ?? []).filter((method) => !forgotten.has(routeOf(method))),
    ...planned.plan.remember,
  ];
  carryOut(model, planned.plan);
  const stages = {
    ...journal?.stages,
    ...Object.fromEntries(wish.stages.map((name) => [name, { before: '' }])),
  };
  const { restApiId, owner } = wish;
  return { planned, journal: { restApiId, owner, wish, methods, stages, phase: 'attached' } };
}

export async function detach(model: ControlPlaneModel, journal: JournalState): Promise<Planned> {
  const planned = planDetach(journal, await liveOf(model));
  if (planned.kind === 'plan') carryOut(model, planned.plan);
  return planned;
}

function carryOut({ owner, newId }: ControlPlaneModel, { authorizers, methods, stages, retire }: Plan): void {
  owner.editWorkingCopy((definition) => {
    for (const { id = newId(), ...authorizer } of authorizers) {
      const settings = Object.entries(authorizer).filter(([, value]) => value !== undefined);
      definition.authorizers.set(id, {
        id,
        authType: 'custom',
        ...(Object.fromEntries(settings) as typeof authorizer),
      } as never);
    }
    const idOf = (name: string | undefined) =>
      [...definition.authorizers.values()].find((authorizer) => authorizer.name === name)?.id;
    for (const { method, to } of methods) {
      const found = definition.resources.get(method.resourceId)?.methods.get(method.httpMethod);
      if (found === undefined) throw new Error(`no ${routeOf(method)}`);
      found.authorizationType = to.authorizationType;
      delete found.authorizerId;
      const id = to.authorizerId ?? idOf(to.authorizerName);
      if (id !== undefined) found.authorizerId = id;
    }
  });
  if (stages.length > 0) owner.deploy(...stages);
  owner.editWorkingCopy((definition) => {
    for (const { id } of retire) definition.authorizers.delete(id);
  });
}
