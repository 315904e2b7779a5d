interface Props {
  readonly scopes: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Which scopes; those that are chosen and exist no more included. */
export function ScopeChecks({ scopes, chosen, onChange }: Props) {
  const all = [...new Set([...scopes, ...chosen])].sort();
  return (
    <fieldset>
      <legend>Scopes</legend>
      <div class="checks">
        {all.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope),
                )
              }
            />{' '}
            {scope}
          </label>
        ))}
        {all.length === 0 && <span class="note">There are none yet.</span>}
      </div>
    </fieldset>
  );
}
