import type { About } from '../wire.ts';

/** What to do about a code that one was led here with. */
export function CodeNote({ code, about }: { code: string | undefined; about: About }) {
  if (code === undefined) return null;
  const remedy = Object.hasOwn(about.remedies, code) ? about.remedies[code] : undefined;
  return (
    <section class="card code-note" aria-label="The code that you came with">
      <p>
        <code>{code}</code>{' '}
        {remedy ?? 'is no code of the authorizer; the status and the gateway’s log say more.'}
      </p>
      <p class="note">Paste the token that was sent to see which check it was, and what it saw.</p>
    </section>
  );
}
