import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isRecord } from '../config/record.ts';
import type { Wish } from './wish.ts';

/** What CloudFormation asks for. */
export type AttachmentRequest =
  | {
      readonly kind: 'attach';
      readonly wish: Wish;
      /** The API that the resource was before, where CloudFormation will not ask to delete that by itself. */
      readonly leaves?: string | undefined;
    }
  | { readonly kind: 'detach'; readonly restApiId: string; readonly owner: string };

/**
 * Who attaches: a resource of a stack. Another stack of the same name is another owner.
 */
export const ownerOf = ({
  StackId,
  LogicalResourceId,
}: Pick<CloudFormationCustomResourceEvent, 'StackId' | 'LogicalResourceId'>): string =>
  `${StackId}/${LogicalResourceId}`;

/** The resource's physical id, which is the API's, in an answer of any kind. */
export function restApiIdOf(event: CloudFormationCustomResourceEvent): string {
  const asked = textOf(event.ResourceProperties['RestApiId']);
  if (event.RequestType !== 'Delete') return asked;
  // Where no answer to the Create ever came, CloudFormation made an id, with hyphens in it.
  return IS_API_ID.test(event.PhysicalResourceId) ? event.PhysicalResourceId : asked;
}

const IS_API_ID = /^[A-Za-z0-9]+$/;

/**
 * A Delete is for the API of the physical id: after an Update to another API, and when such an Update is rolled back,
 * CloudFormation names in this way the one that is to go.
 *
 * An Update that names another API than the one before is a replacement: the new one gets another physical id, and
 * CloudFormation deletes the old one. Only where the physical id is that of the new API already, which is how the rollback of
 * such an Update can look, no Delete will come for what it had begun.
 * @throws Error for properties that the construct never makes
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
 */
export function parseRequest(event: CloudFormationCustomResourceEvent): AttachmentRequest {
  const owner = ownerOf(event);
  const restApiId = restApiIdOf(event);
  if (event.RequestType === 'Delete') return { kind: 'detach', restApiId, owner };
  const wish = { ...wishIn(event.ResourceProperties['Wish']), owner };
  if (wish.restApiId !== restApiId || restApiId === '') throw new Error('RestApiId is not that of the wish');
  if (event.RequestType === 'Create') return { kind: 'attach', wish };
  const before = textOf(event.OldResourceProperties['RestApiId']);
  const leaves = event.PhysicalResourceId === restApiId && before !== restApiId && before !== '';
  return { kind: 'attach', wish, ...(leaves && { leaves: before }) };
}

function wishIn(json: unknown): Omit<Wish, 'owner'> {
  const wish: unknown = JSON.parse(textOf(json));
  const isWish =
    isRecord(wish) && isRecord(wish['handler']) && isRecord(wish['keyed']) && Array.isArray(wish['stages']);
  if (!isWish) throw new Error('Wish is no wish');
  return wish as unknown as Omit<Wish, 'owner'>;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
