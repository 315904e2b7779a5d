/**
 * `jwt[0].requiredClaims.tenant`. A key that cannot be an option's name is not shown: after a forgotten
 * space (`{secretOrPublicKey:…}`) it holds the secret.
 */
export function joinPath(at: string, keys: readonly unknown[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]{0,30}$/.test(name)) return `${path}["…"]`;
    return path === '' ? name : `${path}.${name}`;
  }, at);
}
