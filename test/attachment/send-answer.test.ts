import { afterEach, describe, expect, it } from 'vitest';
import { AnswerNotSent, createSendAnswer } from '../../lambda/attachment/send-answer.ts';
import { outcome } from '../keys/support.ts';
import { type AnswerAddress, serveAnswers } from './cloudformation.ts';

const opened: AnswerAddress[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));

async function sent(...statuses: number[]) {
  const server = await serveAnswers(...statuses);
  opened.push(server);
  const pauses: number[] = [];
  const send = createSendAnswer({ sleep: async (ms) => void pauses.push(ms) });
  const ended = await outcome(send(`${server.origin}/signed?X-Amz-Signature=s3cr3t`, '{"Status":"SUCCESS"}'));
  return { ended, pauses, received: server.received };
}

describe('sending an answer', () => {
  it('puts it there, without a content type, for which the address is not signed', async () => {
    const { ended, received } = await sent();
    expect(ended).toBeUndefined();
    expect(received).toMatchObject([{ method: 'PUT', body: '{"Status":"SUCCESS"}' }]);
    expect(received[0]?.headers['content-type'] ?? '').toBe('');
    expect(received[0]?.headers['content-length']).toBe('20');
  });

  it('tries again after an outage and a lost answer, with longer and longer pauses', async () => {
    const { ended, received, pauses } = await sent(503, 0, 500);
    expect(ended).toBeUndefined();
    expect(received).toHaveLength(4);
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });

  it('succeeds at the sixth try, and tries no seventh time', async () => {
    expect((await sent(500, 500, 500, 500, 500)).ended).toBeUndefined();
    const { ended, received } = await sent(500, 500, 500, 500, 500, 500);
    expect(ended).toBeInstanceOf(AnswerNotSent);
    expect(received).toHaveLength(6);
  });

  it('takes a no for an answer, and never says where it asked', async () => {
    const { ended, received } = await sent(403);
    expect(received).toHaveLength(1);
    expect(ended).toBeInstanceOf(AnswerNotSent);
    expect(`${(ended as Error).stack} ${JSON.stringify(ended)}`).not.toContain('s3cr3t');
  });

  it('says what it can of an address where nobody listens', async () => {
    const send = createSendAnswer({ sleep: async () => undefined });
    const ended = await outcome(send('http://127.0.0.1:9/s3cr3t', '{}'));
    expect(ended).toBeInstanceOf(AnswerNotSent);
    expect(String(ended)).not.toContain('s3cr3t');
  });
});
