import { useEffect, useRef, useState } from 'preact/hooks';

export interface ShownSecret {
  readonly keyId: string;
  readonly keySecret: string;
}

/** A secret as it was made. It is in this page alone, and gone with it. */
export function SecretOnce({ secret, onDone }: { secret: ShownSecret; onDone: () => void }) {
  const [said, setSaid] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    setSaid('');
  }, [secret.keySecret]);
  const copy = () =>
    navigator.clipboard.writeText(secret.keySecret).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser does not let it be copied; select it instead.'),
    );
  return (
    <section class="card secret" aria-labelledby="secret">
      <h2 id="secret" ref={heading} tabIndex={-1}>
        The keySecret of {secret.keyId}
      </h2>
      <p class="note">It is shown this once. Nobody can read it again; rotate makes another.</p>
      <output>{secret.keySecret}</output>
      <div class="actions">
        <button type="button" class="primary" onClick={copy}>
          Copy
        </button>
        <button type="button" onClick={onDone}>
          Done
        </button>
        <span role="status">{said}</span>
      </div>
    </section>
  );
}
