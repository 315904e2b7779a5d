import type { Problem } from './problem.ts';
import type { AuthorizerConfig } from './types.ts';

/** A configuration file as the CLI and the CDK app use it. */
export interface LoadedConfig {
  readonly ok: true;
  readonly config: AuthorizerConfig;
  /** What the function takes as `config.json` or `AUTHORIZER_CONFIG`: the file as JSON, key files inlined. */
  readonly runtimeConfig: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Problem[];
}

export type LoadResult = LoadedConfig | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param path of the YAML file; key files are read relative to its folder. */
export function loadConfigFile(path: string): LoadResult {
  throw new Error(`being written: ${path}`);
}
