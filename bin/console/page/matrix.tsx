import type { Matrix, MatrixRow, Need } from '../matrix.ts';
import type { About, PolicySummary } from '../wire.ts';
import { Scrolled } from './parts.tsx';

/** What the configuration asks for, by route. */
export function MatrixPage({ about: { matrix, policies } }: { about: About }) {
  return (
    <>
      <Scrolled label="Routes and scopes">
        <MatrixTable matrix={matrix} />
      </Scrolled>
      <h2>Policies, in the order in which they are tried</h2>
      <Scrolled label="Policies">
        <PolicyTable policies={policies} />
      </Scrolled>
    </>
  );
}

function MatrixTable({ matrix: { scopes, rows } }: { matrix: Matrix }) {
  return (
    <table>
      <caption>
        A request needs every scope that is marked. Where none is, being authenticated is enough.
        {scopes.length === 0 && ' No rule of routes asks for a scope.'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Resource</th>
          <th scope="col">Methods</th>
          {scopes.map((scope) => (
            <th key={scope} scope="col">
              <code>{scope}</code>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={`${row.resource} ${row.methods}`} row={row} scopes={scopes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, scopes }: { row: MatrixRow; scopes: readonly string[] }) {
  const { resource, methods, isEveryMethod, needs } = row;
  return (
    <tr>
      <th scope="row">
        <code>{resource}</code>
      </th>
      <td>{isEveryMethod ? 'every method' : methods.join(', ')}</td>
      {scopes.map((scope) => (
        <Cell key={scope} need={needs.find((one) => one.scope === scope)} />
      ))}
    </tr>
  );
}

function Cell({ need }: { need: Need | undefined }) {
  if (need === undefined) {
    return (
      <td>
        <span aria-hidden="true">–</span>
        <span class="hidden">not needed</span>
      </td>
    );
  }
  return (
    <td>
      <span class="mark" aria-hidden="true">
        ●
      </span>
      <span class="hidden">needed</span>
      {need.onlyOn.length > 0 && (
        <>
          {' '}
          only on <code>{need.onlyOn.join(', ')}</code>
        </>
      )}
    </td>
  );
}

function PolicyTable({ policies }: { policies: readonly PolicySummary[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Policy</th>
          <th scope="col">Token in</th>
          <th scope="col">Key from</th>
          <th scope="col">Algorithms</th>
          <th scope="col">Issuer</th>
          <th scope="col">Audience</th>
          <th scope="col">Consumers</th>
        </tr>
      </thead>
      <tbody>
        {policies.map((policy) => (
          <tr key={policy.index}>
            <th scope="row">
              <code>jwt[{policy.index}]</code>
            </th>
            <td>{policy.tokenPlace}</td>
            <td>{policy.keySource}</td>
            <td>{policy.algorithms.join(', ')}</td>
            <td>{policy.issuer.join(', ') || 'any'}</td>
            <td>{policy.audience.join(', ') || 'any'}</td>
            <td>{policy.isControlled ? 'in the table' : 'not looked up'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
