import { AWS_QUOTAS } from '../support/control-plane/quotas.ts';
import { type Bench, openBench } from './bench.ts';

/** An API with so many resources of one method each, beside the scene's own, under AWS's quotas; deployed to `prod`. */
export async function openLargeApi(resources: number): Promise<Bench> {
  const bench = await openBench({ quotas: AWS_QUOTAS, stages: [] });
  const { model } = bench.scene;
  model.owner.editWorkingCopy((definition) => {
    for (let i = 0; i < resources; i += 1) bench.scene.set(definition, `GET /things/${i}`);
  });
  model.owner.deploy('prod');
  model.begin();
  return bench;
}
