import { useCallback, useEffect, useState } from 'preact/hooks';
import { formatAddress } from './address.ts';
import {
  type App,
  type Credential,
  createApp,
  createCredential,
  findApp,
  findUser,
  listCredentialsOf,
  listScopes,
  setActive,
  type User,
} from './admin.ts';
import { messageOf } from './ask.ts';
import { CredentialRow } from './credential.tsx';
import { Field, Problem, Scrolled, State } from './parts.tsx';
import { ScopeChecks } from './scope-checks.tsx';
import { SecretOnce, type ShownSecret } from './secret-once.tsx';
import { useList } from './use-list.ts';

interface Props {
  readonly kind: 'user' | 'app';
  readonly id: string;
}

/** A user or an app, with its credentials. */
export function Consumer({ kind, id }: Props) {
  const [consumer, setConsumer] = useState<User | App>();
  const [problem, setProblem] = useState<string>();
  const [secret, setSecret] = useState<ShownSecret>();
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const read = useCallback((start?: string) => listCredentialsOf(id, start), [id]);
  const credentials = useList(read);

  const load = () =>
    (kind === 'user' ? findUser(id) : findApp(id)).then(
      (found) => (found === undefined ? setProblem(`There is no ${kind} ${id}.`) : setConsumer(found)),
      (error: unknown) => setProblem(messageOf(error)),
    );
  const loadScopes = () => listScopes().then(setScopes, (error: unknown) => setProblem(messageOf(error)));
  useEffect(() => {
    load();
    loadScopes();
  }, [kind, id]);

  /** Does it, and shows what became of it. */
  const change = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setProblem(undefined);
    } catch (error) {
      setProblem(messageOf(error));
    }
    await load();
    await loadScopes();
    credentials.again();
  };
  const show = (made: Credential) => {
    if (made.keySecret !== undefined) setSecret({ keyId: made.keyId, keySecret: made.keySecret });
  };

  return (
    <>
      <p>
        <a href={formatAddress('consumers')}>All consumers</a>
      </p>
      <div aria-live="polite">{problem !== undefined && <Problem message={problem} />}</div>
      {consumer !== undefined && (
        <About
          consumer={consumer}
          onSwitch={(isActive) => change(() => setActive(`${kind}s`, id, isActive))}
        />
      )}
      {secret !== undefined && <SecretOnce secret={secret} onDone={() => setSecret(undefined)} />}
      {consumer !== undefined && (
        <>
          <h2>Credentials</h2>
          {credentials.problem !== undefined && <Problem message={credentials.problem} />}
          <Scrolled label="Credentials">
            {credentials.items.length === 0 ? (
              <p class="empty">None.</p>
            ) : (
              <table>
                <thead>
                  <tr>
                    <th scope="col">keyId</th>
                    <th scope="col">Scopes</th>
                    <th scope="col">State</th>
                    <th scope="col">Issuer</th>
                    <th scope="col">Actions</th>
                  </tr>
                </thead>
                <tbody>
                  {credentials.items.map((credential) => (
                    <CredentialRow
                      key={credential.keyId}
                      credential={credential}
                      scopes={scopes}
                      change={change}
                      onSecret={show}
                    />
                  ))}
                </tbody>
              </table>
            )}
          </Scrolled>
          {credentials.more !== undefined && (
            <button type="button" onClick={credentials.more}>
              More credentials
            </button>
          )}
          <NewCredential
            scopes={scopes}
            onSubmit={(given) => change(async () => show(await createCredential(id, given)))}
          />
          {kind === 'user' && (
            <NewApp
              onSubmit={(name) =>
                change(async () => {
                  const app = await createApp(id, name);
                  location.hash = formatAddress('consumers', ['app', app.id]);
                })
              }
            />
          )}
        </>
      )}
    </>
  );
}

function About({ consumer, onSwitch }: { consumer: User | App; onSwitch: (isActive: boolean) => void }) {
  const { id, isActive } = consumer;
  const isUser = 'username' in consumer;
  return (
    <section class="card" aria-labelledby="consumer">
      <h2 id="consumer">
        {isUser ? consumer.username : consumer.name} <span class="tag">{isUser ? 'user' : 'app'}</span>
      </h2>
      <dl class="terms">
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>State</dt>
        <dd>
          <State isActive={isActive} />
        </dd>
        {isUser && consumer.email !== undefined && (
          <>
            <dt>Email</dt>
            <dd>{consumer.email}</dd>
          </>
        )}
        {!isUser && (
          <>
            <dt>Owner</dt>
            <dd>
              <a href={formatAddress('consumers', ['user', consumer.userId])}>
                <code>{consumer.userId}</code>
              </a>
            </dd>
          </>
        )}
      </dl>
      <p>
        <button type="button" onClick={() => onSwitch(!isActive)}>
          {isActive ? 'Deactivate' : 'Activate'}
        </button>
      </p>
    </section>
  );
}

interface NewCredentialProps {
  readonly scopes: readonly string[];
  readonly onSubmit: (given: Readonly<Record<string, unknown>>) => void;
}

function NewCredential({ scopes, onSubmit }: NewCredentialProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const text = (name: string) => String(given.get(name) ?? '').trim() || undefined;
    const [keyId, issuer] = [text('keyId'), text('issuer')];
    onSubmit({
      scopes: chosen,
      ...(keyId !== undefined && { keyId }),
      ...(issuer !== undefined && { issuer }),
    });
    form.reset();
    setChosen([]);
  };
  return (
    <details class="card">
      <summary>New credential</summary>
      <form onSubmit={submit}>
        <div class="fields">
          <Field id="keyId" label="keyId" note="the sub of its tokens; empty: one is drawn" />
          <Field id="issuer" label="Issuer" note="the iss that may name it, where the policy has one" />
        </div>
        <ScopeChecks scopes={scopes} chosen={chosen} onChange={setChosen} />
        <button type="submit" class="primary">
          Create credential
        </button>
      </form>
    </details>
  );
}

function NewApp({ onSubmit }: { onSubmit: (name: string) => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget as HTMLFormElement).get('appName') ?? '').trim());
  };
  return (
    <details class="card">
      <summary>New app of this user</summary>
      <form onSubmit={submit}>
        <div class="fields">
          <Field id="appName" label="Name" isRequired />
        </div>
        <button type="submit" class="primary">
          Create app
        </button>
      </form>
    </details>
  );
}
