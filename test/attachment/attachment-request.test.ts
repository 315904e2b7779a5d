import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ownerOf, parseRequest, restApiIdOf } from '../../lambda/attachment/attachment-request.ts';
import { createEvent, deleteEvent, STACK_ID, updateEvent } from './cloudformation.ts';
import { OWNER, wishOf } from './wishes.ts';

const A = { restApiId: 'aaaaaaaaaa' };
const B = { restApiId: 'bbbbbbbbbb' };
/** What CloudFormation calls a resource whose Create was never answered. */
const MADE_UP = 'jwt-Attachment-1QW4KDA8E3TBT';

describe('what CloudFormation asks for', () => {
  it('is an attachment by the stack’s resource, for Create and Update', () => {
    const wish = { selectors: [{ excludes: true, httpMethod: 'GET', path: '/health' }], takeOver: true };
    for (const event of [createEvent(wish), updateEvent(wish, {})])
      expect(parseRequest(event)).toEqual({ kind: 'attach', wish: wishOf(wish) });
    expect(ownerOf(createEvent())).toBe(OWNER);
    expect(ownerOf(createEvent({}, { StackId: `${STACK_ID}2` }))).not.toBe(OWNER);
  });

  it('is nobody else’s: an owner among the properties does not count', () => {
    const event = createEvent();
    event.ResourceProperties['Wish'] = JSON.stringify({ ...wishOf(), owner: 'somebody' });
    expect(parseRequest(event)).toMatchObject({ wish: { owner: OWNER } });
  });

  it('is a detachment, for Delete', () => {
    expect(parseRequest(deleteEvent(A))).toEqual({ kind: 'detach', ...A, owner: OWNER });
  });

  it.each([
    ['another API than before', updateEvent(B, A), 'bbbbbbbbbb', undefined],
    ['the same API', updateEvent(A, A), 'aaaaaaaaaa', undefined],
    // The rollback of the first, where CloudFormation took the new physical id, and where it did not.
    ['back, with a Delete to come', updateEvent(A, B), 'aaaaaaaaaa', undefined],
    ['back, without', updateEvent(A, B, { PhysicalResourceId: A.restApiId }), 'aaaaaaaaaa', B.restApiId],
  ])('an Update to %s', (_, event, physicalId, leaves) => {
    expect(restApiIdOf(event)).toBe(physicalId);
    const request = parseRequest(event);
    expect(request.kind === 'attach' && request.leaves).toBe(leaves);
  });

  it.each([
    ['the old API after an Update to another', deleteEvent(A), 'aaaaaaaaaa'],
    // Whatever properties come with it.
    [
      'the new API after that was rolled back',
      deleteEvent(A, { PhysicalResourceId: B.restApiId }),
      'bbbbbbbbbb',
    ],
    ['a Create that was never answered', deleteEvent(A, { PhysicalResourceId: MADE_UP }), 'aaaaaaaaaa'],
  ])('a Delete of %s is for the right one', (_, event, id) => {
    expect(parseRequest(event)).toMatchObject({ kind: 'detach', restApiId: id });
    expect(restApiIdOf(event)).toBe(id);
  });

  it.each([
    ['no wish', { Wish: undefined }],
    ['no JSON', { Wish: 'x' }],
    ['a wish without stages', { Wish: JSON.stringify({ ...wishOf(), stages: undefined }) }],
    ['the wish of another API', { RestApiId: 'another' }],
    ['no API', { RestApiId: '', Wish: JSON.stringify(wishOf({ restApiId: '' })) }],
  ])('is refused with %s', (_, wrong) => {
    const event = createEvent();
    const broken = { ...event, ResourceProperties: { ...event.ResourceProperties, ...wrong } };
    expect(() => parseRequest(broken as CloudFormationCustomResourceEvent)).toThrow();
  });
});
