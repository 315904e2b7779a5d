import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import type { Place } from '../consumers/open.ts';
import { dataFolderOf } from '../consumers/open.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, saying, notChecked } = findingsIn('table');

/** The table in the data folder, a running gateway's too. */
export async function checkLocalTable(place: Pick<Place, 'config' | 'data'>): Promise<Finding> {
  const folder = dataFolderOf(place);
  const [{ hasLocalTable }, { openReader }] = await Promise.all([
    import('../consumers/open-local.ts'),
    import('../explain/open-reader.ts'),
  ]);
  if (!hasLocalTable(folder))
    return notChecked(
      'local_table',
      `there is no local table in ${folder}`,
      'the first jwt-authorizer start makes it; --stack or --table looks at a deployed one',
    );
  try {
    const reader = await openReader(place);
    try {
      await reader.readCredential(`doctor-${randomUUID()}`);
      return ok('local_table', `the local table in ${folder} can be read`);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) return saying('problem', 'local_table', error.message);
    throw error;
  }
}
