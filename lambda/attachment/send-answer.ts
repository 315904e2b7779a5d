/** Puts an answer where CloudFormation waits for it. @throws AnswerNotSent when it cannot be put there. */
export type SendAnswer = (url: string, body: string) => Promise<void>;

/** Says nothing of the address: whoever knows it can answer in our place. */
export class AnswerNotSent extends Error {
  override readonly name = 'AnswerNotSent';
}

const MAX_TRIES = 6;
const TRY_MS = 10_000;
const LONGEST_PAUSE_MS = 8_000;
/** The longest that sending takes, with all its tries. */
export const LONGEST_SENDING_MS = MAX_TRIES * TRY_MS + (1 + 2 + 4 + 8 + 8) * 1_000;

/**
 * @param sleep between tries: 1 s, then twice as long each time, up to 8 s.
 * @returns what sends answers; a refusal (4xx, such as of an address that has expired) is final.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function createSendAnswer({ sleep }: { readonly sleep: (ms: number) => Promise<void> }): SendAnswer {
  return async (url, body) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await put(url, body);
      if (outcome === 'sent') return;
      if (outcome.isFinal || tries === MAX_TRIES)
        throw new AnswerNotSent(`CloudFormation's address took no answer: ${outcome.why}`);
      await sleep(Math.min(1_000 * 2 ** (tries - 1), LONGEST_PAUSE_MS));
    }
  };
}

async function put(url: string, body: string): Promise<'sent' | { why: string; isFinal: boolean }> {
  try {
    const response = await fetch(url, {
      method: 'PUT',
      // The address is signed for a request without one.
      headers: { 'content-type': '' },
      body: new TextEncoder().encode(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TRY_MS),
    });
    await response.body?.cancel();
    if (response.ok) return 'sent';
    return { why: `status ${response.status}`, isFinal: response.status >= 400 && response.status < 500 };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    return { why: code ?? (cause instanceof Error ? cause.name : 'no answer'), isFinal: false };
  }
}
