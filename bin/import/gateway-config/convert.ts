import { policiesWithin } from './anonymous.ts';
import { corsOf } from './cors.ts';
import { checkEndpointNames, endpointsOf, rulesOf, tellLimits } from './endpoints.ts';
import { type Findings, type Notes, takeNotes } from './finding.ts';
import type { ImportedPolicy } from './jwt-action.ts';
import type { ReadGatewayFile } from './key-file.ts';
import { tellLeftOut } from './left-out.ts';
import { selectPipelines } from './pipelines.ts';
import { readGateway } from './read.ts';
import { type ImportResult, writePolicy, writeResult } from './result.ts';
import { upstreamOf } from './upstream.ts';
import { substitute, type Variables } from './variables.ts';
import { parseGatewayYaml } from './yaml.ts';

export interface ConvertOptions {
  /** What `${NAME}` stands for: the environment. */
  readonly variables: Variables;
  readonly readFile: ReadGatewayFile;
  /** The secret of a policy is kept in a file beside the configuration; its path, by the policy's index. */
  readonly secretPath: (index: number) => string;
  /** Import this pipeline alone. */
  readonly pipeline?: string | undefined;
  /** The claim of the token that has its scopes. */
  readonly scopeClaim?: string | undefined;
}

export interface Conversion extends Findings {
  /** Undefined where there are problems. */
  readonly result?: ImportResult;
}

/**
 * Express Gateway's `gateway.config.yml` as our `authorizer.config.yml`. Nothing is written here.
 * @param text the file's content.
 */
export function convertGatewayConfig(text: string, options: ConvertOptions): Conversion {
  const notes = takeNotes();
  const result = convert(text, options, notes);
  // A problem that is found beside a result, such as a path that cannot be translated, is one all the same.
  return notes.problems.length > 0 || result === undefined ? notes : { ...notes, result };
}

function convert(text: string, options: ConvertOptions, notes: Notes): ImportResult | undefined {
  const file = parseGatewayYaml(substitute(text, options.variables), notes);
  if (notes.problems.length > 0) return undefined;
  const gateway = readGateway(file, notes);
  const selection = selectPipelines(gateway, { ...options, notes });
  if (selection === undefined) return undefined;
  const { pipelines } = selection;
  const written = policiesWithin(selection, gateway, notes).map((policy, i) =>
    writePolicy(policy, { secretPath: options.secretPath(i), scopeClaim: options.scopeClaim, notes }),
  );
  const [jwt, ...more] = written.map(({ policy }) => policy);
  const guarded = endpointsOf(pipelines, gateway);
  const others =
    options.pipeline === undefined ? gateway.endpoints.filter((one) => !guarded.includes(one)) : [];
  const hasScopeSource = options.scopeClaim !== undefined || selection.policies.every(isControlled);
  checkEndpointNames(gateway, notes);
  tellLimits(guarded, notes);
  const routes = rulesOf({ guarded, others, hasScopeSource }, notes);
  const upstream = upstreamOf(pipelines, gateway, notes);
  const cors = corsOf(pipelines, notes);
  tellLeftOut(pipelines, gateway, notes);
  const secrets = written.flatMap(({ secret }) => secret ?? []);
  tellConsequences(secrets.length > 0, notes);
  const config = {
    jwt: more.length > 0 ? [jwt, ...more] : jwt,
    ...(routes.length > 0 && { routes }),
    ...(upstream !== undefined && { upstream }),
    ...(cors !== undefined && { cors }),
  };
  return writeResult(config, { secrets, notes });
}

function isControlled({ options }: ImportedPolicy): boolean {
  return options['checkCredentialExistence'] === true;
}

/** What every import brings with it. */
function tellConsequences(hasSecret: boolean, notes: Notes): void {
  notes.warn(
    'tokens_without_exp',
    '',
    'tokens without exp are accepted, as in Express Gateway (requireExp: false); take it out when all of yours have one',
  );
  if (hasSecret) {
    notes.warn(
      'secret_not_deployable',
      '',
      'the secret in the file is for local runs: to deploy, put it into Secrets Manager and write secretArn and algorithms in place of secretOrPublicKeyFile',
    );
  }
}
