import { useState } from 'preact/hooks';
import { type Credential, createScope, rotate, setActive, setScopes } from './admin.ts';
import { Field, State } from './parts.tsx';
import { ScopeChecks } from './scope-checks.tsx';

interface Props {
  readonly credential: Credential;
  /** All that there are. */
  readonly scopes: readonly string[];
  readonly change: (act: () => Promise<unknown>) => Promise<void>;
  readonly onSecret: (made: Credential) => void;
}

type Editing = 'scopes' | 'key' | undefined;

export function CredentialRow({ credential, scopes, change, onSecret }: Props) {
  const [editing, setEditing] = useState<Editing>();
  const { keyId, isActive, issuer } = credential;
  const toggle = (what: Editing) => setEditing(editing === what ? undefined : what);
  const done = () => setEditing(undefined);
  return (
    <>
      <tr>
        <th scope="row">
          <code>{keyId}</code>
        </th>
        <td>{credential.scopes.join(' ') || '–'}</td>
        <td>
          <State isActive={isActive} />
        </td>
        <td>{issuer ?? '–'}</td>
        <td>
          <div class="actions">
            <button
              type="button"
              aria-label={`${isActive ? 'Deactivate' : 'Activate'} ${keyId}`}
              onClick={() => change(() => setActive('credentials/jwt', keyId, !isActive))}
            >
              {isActive ? 'Deactivate' : 'Activate'}
            </button>
            <button
              type="button"
              aria-label={`Scopes of ${keyId}`}
              aria-expanded={editing === 'scopes'}
              onClick={() => toggle('scopes')}
            >
              Scopes
            </button>
            <button
              type="button"
              aria-label={`Rotate the key of ${keyId}`}
              aria-expanded={editing === 'key'}
              onClick={() => toggle('key')}
            >
              Rotate
            </button>
          </div>
        </td>
      </tr>
      {editing !== undefined && (
        <tr>
          <td colSpan={5}>
            {editing === 'scopes' ? (
              <EditScopes credential={credential} scopes={scopes} change={change} onDone={done} />
            ) : (
              <Rotate
                keyId={keyId}
                onSubmit={(overlapSeconds) => {
                  done();
                  change(async () => onSecret(await rotate(keyId, overlapSeconds)));
                }}
              />
            )}
          </td>
        </tr>
      )}
    </>
  );
}

interface EditProps extends Omit<Props, 'onSecret'> {
  readonly onDone: () => void;
}

function EditScopes({ credential, scopes, change, onDone }: EditProps) {
  const [chosen, setChosen] = useState(credential.scopes);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget as HTMLFormElement).get('newScope') ?? '').trim();
    onDone();
    change(async () => {
      if (given !== '' && !scopes.includes(given)) await createScope(given);
      await setScopes(credential.keyId, given === '' ? chosen : [...new Set([...chosen, given])]);
    });
  };
  return (
    <form onSubmit={submit}>
      <ScopeChecks scopes={scopes} chosen={chosen} onChange={setChosen} />
      <div class="fields">
        <Field id="newScope" label="A new scope" note="is made, and given to it" />
        <div class="fit">
          <button type="submit" class="primary">
            Save scopes
          </button>
        </div>
      </div>
    </form>
  );
}

const DAY_SECONDS = 86_400;

function Rotate({ keyId, onSubmit }: { keyId: string; onSubmit: (overlapSeconds: number) => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('overlap');
    onSubmit(Number(given));
  };
  return (
    <form onSubmit={submit}>
      <div class="fields">
        <div>
          <label for="overlap">
            Key of {keyId} until now <small>verifies for so many seconds more</small>
          </label>
          <input
            id="overlap"
            name="overlap"
            type="number"
            min={0}
            max={31_536_000}
            step={1}
            required
            defaultValue={String(DAY_SECONDS)}
          />
        </div>
        <div class="fit">
          <button type="submit" class="primary">
            Make a new key
          </button>
        </div>
      </div>
    </form>
  );
}
