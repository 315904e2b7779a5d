import type { Invoke } from './authorize.ts';

/** What a local run gives the function instead of what the stack would. */
export interface FunctionSettings {
  readonly runtimeConfig: Readonly<Record<string, unknown>>;
  /** Absent where no policy is controlled. */
  readonly table?: { readonly endpoint: string; readonly tableName: string };
}

let loaded = 0;

/**
 * Loads the built bundle, the very files that AWS would run, into this process. The function reads its
 * environment while it loads, and the AWS SDK reads its part at the first request: one table a process.
 * @param bundle the URL of `dist/lambda/authorizer/index.mjs`.
 */
export async function loadFunction(bundle: URL, { runtimeConfig, table }: FunctionSettings): Promise<Invoke> {
  process.env['AUTHORIZER_CONFIG'] = JSON.stringify(runtimeConfig);
  if (table !== undefined) {
    process.env['CREDENTIALS_TABLE'] = table.tableName;
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = table.endpoint;
    process.env['AWS_REGION'] ??= 'us-east-1';
    if (!usesSecretStore(runtimeConfig)) useLocalCredentials();
  }
  // A module is loaded once an address: another one is another instance of the function.
  loaded += 1;
  const { handler } = (await import(`${bundle.href}?instance=${loaded}`)) as { handler: Invoke };
  return handler;
}

/** The embedded table takes any; the user's own profile is neither needed nor looked at. */
function useLocalCredentials(): void {
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  delete process.env['AWS_SESSION_TOKEN'];
  delete process.env['AWS_PROFILE'];
}

/** Whether it takes the user’s own credentials. */
export function usesSecretStore(runtimeConfig: Readonly<Record<string, unknown>>): boolean {
  return /"(?:secretArn|parameterName)":/.test(JSON.stringify(runtimeConfig));
}
