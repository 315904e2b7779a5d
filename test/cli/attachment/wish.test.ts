/** What an attachment is to be, where options, the configuration and an earlier attachment each say something. */
import { describe, expect, it, test } from 'vitest';
import { type Known, wishOf } from '../../../bin/attachment/wish.ts';
import { CommandFailure, WrongUsage } from '../../../bin/consumers/failure.ts';
import type { JournalState } from '../../../lambda/attachment/journal.ts';
import type { Wish } from '../../../lambda/attachment/wish.ts';
import type { RestApiAttachment, Selector } from '../../../lambda/config/types.ts';

const selector = (path: string): Selector => ({ excludes: false, httpMethod: 'GET', path });
const keyed = (authorizerCacheSeconds: number): Wish['keyed'] => ({
  routes: [],
  authorizerCacheSeconds,
  policies: [{ tokenPlace: { in: 'header', name: 'Authorization', scheme: 'Bearer' }, passThrough: false }],
});
const handler = (version: number) => ({
  functionArn: `arn:aws:lambda:us-east-1:111122223333:function:f:${version}`,
});
const OF_STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/Orders/5a2b/Attachment';

const wish: Wish = {
  restApiId: 'api1',
  owner: 'command:journal',
  stages: ['dev'],
  selectors: [selector('/before')],
  keyed: keyed(1),
  handler: handler(1),
  takeOver: true,
  deployPendingChanges: true,
  onDetach: 'deny',
};
const journal = (owner = wish.owner): JournalState => ({
  restApiId: 'api1',
  owner,
  methods: [],
  wish: { ...wish, owner },
  phase: 'attached',
  stages: {},
});
const section: RestApiAttachment = {
  id: 'api1',
  stages: ['prod', 'test'],
  routes: [selector('/configured')],
  takeOver: true,
  deployPendingChanges: false,
  onDetach: 'restore',
  attachWith: 'command',
};
const known = (more: Partial<Known>): Known => ({
  restApiId: 'api1',
  journalTable: 'journal',
  asked: {},
  ...more,
});

describe('the first attachment', () => {
  const first = { keyed: keyed(300), handler: handler(3) };

  it('is the command’s, for all methods, and careful, unless something else is said', () => {
    expect(wishOf(known({ ...first, asked: { stages: ['prod'] } }))).toEqual({
      restApiId: 'api1',
      owner: 'command:journal',
      stages: ['prod'],
      selectors: [],
      keyed: keyed(300),
      handler: handler(3),
      takeOver: false,
      deployPendingChanges: false,
      onDetach: 'restore',
    });
  });

  it('is what the configuration says', () => {
    expect(wishOf(known({ ...first, section }))).toMatchObject({
      stages: ['prod', 'test'],
      selectors: [selector('/configured')],
      takeOver: true,
    });
  });

  it('lets an option say otherwise, one by one', () => {
    const asked = { stages: ['dev'], takeOver: false, handler: handler(4) };
    expect(wishOf(known({ ...first, section, asked }))).toMatchObject({
      stages: ['dev'],
      selectors: [selector('/configured')],
      takeOver: false,
      handler: handler(4),
    });
    // An empty list is said, and means all.
    expect(wishOf(known({ ...first, section, asked: { selectors: [] } })).selectors).toEqual([]);
  });

  test.each<[string, Partial<Known>, typeof WrongUsage | typeof CommandFailure]>([
    ['no stages', first, WrongUsage],
    ['no function', { section, keyed: keyed(300) }, WrongUsage],
    ['no configuration', { section, handler: handler(3) }, CommandFailure],
    [
      'the deployment attaches',
      { ...first, section: { ...section, attachWith: 'deployment' } },
      CommandFailure,
    ],
  ])('cannot be: %s', (_, more, failure) => {
    expect(() => wishOf(known(more))).toThrow(failure);
  });
});

describe('an attachment of the command that is there', () => {
  it('is made again as it was; but consent was for that run', () => {
    const again = wishOf(known({ journal: journal() }));
    expect(again).toEqual({ ...wish, takeOver: false, deployPendingChanges: false });
  });

  it('moves to the function of the stack and the keying of the configuration', () => {
    const moved = wishOf(known({ journal: journal(), handler: handler(2), keyed: keyed(2) }));
    expect(moved).toMatchObject({ stages: ['dev'], handler: handler(2), keyed: keyed(2) });
  });

  it('becomes what the configuration says, an option before it', () => {
    const asked = { onDetach: 'deny' as const };
    expect(wishOf(known({ journal: journal(), section, asked }))).toMatchObject({
      ...{ stages: section.stages, selectors: section.routes, onDetach: 'deny', owner: 'command:journal' },
    });
  });

  it('keeps its owner also in a table of another name', () => {
    expect(wishOf(known({ journal: journal(), journalTable: 'restored' })).owner).toBe('command:journal');
  });
});

describe('an attachment of a stack', () => {
  it('is made again exactly as it was, whatever the configuration here says', () => {
    const more = { journal: journal(OF_STACK), section, handler: handler(9), keyed: keyed(9) };
    expect(wishOf(known(more))).toEqual({ ...wish, owner: OF_STACK });
  });

  test.each<Known['asked']>([
    { stages: ['dev'] },
    { selectors: [] },
    { takeOver: false },
    { deployPendingChanges: true },
    { onDetach: 'deny' },
    { handler: handler(1) },
  ])('is not changed: %j', (asked) => {
    const change = () => wishOf(known({ journal: journal(OF_STACK), asked }));
    expect(change).toThrow(CommandFailure);
    expect(change).toThrow(/the stack Orders .*deploy/);
  });

  it('counts options that were not given as nothing said', () => {
    const asked = { stages: undefined, handler: undefined };
    expect(wishOf(known({ journal: journal(OF_STACK), asked })).owner).toBe(OF_STACK);
  });
});
