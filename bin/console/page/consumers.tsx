import { useState } from 'preact/hooks';
import { formatAddress } from './address.ts';
import {
  type App,
  createUser,
  findApp,
  findCredential,
  findUser,
  listApps,
  listUsers,
  type User,
} from './admin.ts';
import { messageOf } from './ask.ts';
import { Consumer } from './consumer.tsx';
import { Field, Problem, Scrolled, State } from './parts.tsx';
import { useList } from './use-list.ts';

/** @param rest `user` or `app` and its id: that one; else all. */
export function ConsumersPage({ rest: [kind, id] }: { rest: readonly string[] }) {
  if ((kind === 'user' || kind === 'app') && id !== undefined)
    return <Consumer key={id} kind={kind} id={id} />;
  return <AllConsumers />;
}

function AllConsumers() {
  const users = useList(listUsers);
  const apps = useList(listApps);
  const [search, setSearch] = useState('');
  const [problem, setProblem] = useState<string>();
  const has = (...texts: readonly (string | undefined)[]) =>
    texts.some((text) => text?.toLowerCase().includes(search.trim().toLowerCase()));

  const lookUp = async (event: Event) => {
    event.preventDefault();
    const name = search.trim();
    if (name === '') return;
    try {
      const found = await whereIs(name);
      if (found === undefined) setProblem(`Nothing has the id, name or keyId ${name}.`);
      else location.hash = found;
    } catch (error) {
      setProblem(messageOf(error));
    }
  };

  return (
    <>
      <search>
        <form class="toolbar" onSubmit={lookUp}>
          <div class="grow">
            <label for="search">
              Search <small>filters as you type; Enter looks up an id, a name or a keyId</small>
            </label>
            <input
              id="search"
              type="search"
              value={search}
              onInput={(event) => {
                setSearch(event.currentTarget.value);
                setProblem(undefined);
              }}
            />
          </div>
          <button type="submit">Look up</button>
        </form>
      </search>
      <div aria-live="polite">{problem !== undefined && <Problem message={problem} />}</div>
      <UserTable
        users={users.items.filter(({ id, username, email }) => has(id, username, email))}
        problem={users.problem}
        more={users.more}
      />
      <NewUser onMade={({ id }) => (location.hash = formatAddress('consumers', ['user', id]))} />
      <AppTable
        apps={apps.items.filter(({ id, name, userId }) => has(id, name, userId))}
        problem={apps.problem}
        more={apps.more}
      />
    </>
  );
}

/** @returns the address of the consumer; of a credential, its consumer's. */
async function whereIs(name: string): Promise<string | undefined> {
  const user = await findUser(name);
  if (user !== undefined) return formatAddress('consumers', ['user', user.id]);
  const app = await findApp(name);
  if (app !== undefined) return formatAddress('consumers', ['app', app.id]);
  const credential = await findCredential(name);
  if (credential === undefined) return undefined;
  const { consumerId } = credential;
  const isUsers = (await findUser(consumerId)) !== undefined;
  return formatAddress('consumers', [isUsers ? 'user' : 'app', consumerId]);
}

interface TableProps {
  readonly problem: string | undefined;
  /** Undefined: there are no more. */
  readonly more: (() => void) | undefined;
}

function UserTable({ users, problem, more }: TableProps & { readonly users: readonly User[] }) {
  return (
    <Listed title="Users" count={users.length} problem={problem} more={more}>
      <thead>
        <tr>
          <th scope="col">Username</th>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        {users.map(({ id, username, firstname, lastname, isActive, createdAt }) => (
          <tr key={id}>
            <th scope="row">
              <a href={formatAddress('consumers', ['user', id])}>{username}</a>
            </th>
            <td>{[firstname, lastname].filter(Boolean).join(' ') || '–'}</td>
            <td>
              <State isActive={isActive} />
            </td>
            <td class="nowrap">{new Date(createdAt).toLocaleDateString()}</td>
          </tr>
        ))}
      </tbody>
    </Listed>
  );
}

function AppTable({ apps, problem, more }: TableProps & { readonly apps: readonly App[] }) {
  return (
    <Listed title="Apps" count={apps.length} problem={problem} more={more}>
      <thead>
        <tr>
          <th scope="col">App</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        {apps.map(({ id, name, isActive, createdAt }) => (
          <tr key={id}>
            <th scope="row">
              <a href={formatAddress('consumers', ['app', id])}>{name}</a>
            </th>
            <td>
              <State isActive={isActive} />
            </td>
            <td class="nowrap">{new Date(createdAt).toLocaleDateString()}</td>
          </tr>
        ))}
      </tbody>
    </Listed>
  );
}

interface ListedProps extends TableProps {
  readonly title: string;
  readonly count: number;
  readonly children: preact.ComponentChildren;
}

function Listed({ title, count, problem, more, children }: ListedProps) {
  return (
    <>
      <h2>{title}</h2>
      {problem !== undefined && <Problem message={problem} />}
      <Scrolled label={title}>
        {count === 0 ? (
          <p class="empty">None{more === undefined ? '' : ' so far'}.</p>
        ) : (
          <table>{children}</table>
        )}
      </Scrolled>
      {more !== undefined && (
        <p>
          <button type="button" onClick={more}>
            More {title.toLowerCase()}
          </button>
        </p>
      )}
    </>
  );
}

function NewUser({ onMade }: { onMade: (user: User) => void }) {
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const fields = [...given].map(([name, value]) => [name, String(value).trim()] as const);
    try {
      onMade(await createUser(Object.fromEntries(fields.filter(([, value]) => value !== ''))));
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <details class="card">
      <summary>New user</summary>
      <form onSubmit={submit}>
        <div class="fields">
          <Field id="username" label="Username" isRequired />
          <Field id="firstname" label="First name" />
          <Field id="lastname" label="Last name" />
          <Field id="email" label="Email" />
        </div>
        {problem !== undefined && <Problem message={problem} />}
        <button type="submit" class="primary">
          Create user
        </button>
      </form>
    </details>
  );
}
