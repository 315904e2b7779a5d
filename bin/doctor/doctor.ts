import type { LoadedConfig } from '../../lambda/config/load.ts';
import { isLoopback } from '../../lambda/config/loopback.ts';
import { needsTable } from '../../lambda/config/modality.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { attachedApiIn, generatedSecretArnIn, readDeployment, tableIn } from '../attachment/deployment.ts';
import type { StackOutputs } from '../attachment/stack-outputs.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { keyOptionsIn } from '../explain/key-options.ts';
import { noEmbeddedTable } from '../local/no-embedded-table.ts';
import { callingApi } from './call-api.ts';
import { checkApi } from './check-api.ts';
import { checkConfig } from './check-config.ts';
import { type FolderLook, lookAtDataFolder } from './check-data-folder.ts';
import { checkKeys } from './check-keys.ts';
import { checkPlatform } from './check-platform.ts';
import { type Diagnosis, diagnosisOf, type Finding, findingsIn } from './finding.ts';
import { expiryOf, minterOf } from './test-tokens.ts';

/** What is looked at. */
export interface Patient extends Pick<Place, 'config' | 'data' | 'table'> {
  /** Whose outputs name the table and the secrets; undefined: none is asked. */
  readonly stack: string | undefined;
  readonly region: string | undefined;
  /** A deployed API: the URL above its paths; undefined: none is called. */
  readonly url: URL | undefined;
  readonly method: string;
  readonly path: string;
  readonly keyId: string | undefined;
  readonly valid: string | undefined;
  readonly expired: string | undefined;
}

/**
 * Looks at one thing after the other; what one needs of another that is wrong is told as not checked. Nothing is changed.
 * @param tell is told what is looked at next.
 */
export async function examine(patient: Patient, tell: (what: string) => void): Promise<Diagnosis> {
  const { findings, loaded } = checkConfig(patient.config);
  const stack = await stackOf(patient);
  const deployment = {
    table: patient.table ?? tableIn(stack.outputs),
    outputs: stack.outputs,
  };
  if (loaded === undefined) {
    const waiting = (['keys', 'table', 'api'] as const).map((area) =>
      findingsIn(area).notChecked(
        area,
        'the configuration says what is to be looked at',
        'put it right first',
      ),
    );
    return diagnosisOf([...findings, ...stack.findings, ...waiting]);
  }
  const { config } = loaded;
  const examined = [...findings];
  tell('AWS');
  examined.push(...(await checkAws(patient, config, stack.outputs)), ...stack.findings);
  tell('the keys');
  const local = isDeployed(patient) ? undefined : lookAtDataFolder(dataFolderOf(patient));
  const keyPlaces = {
    local,
    generatedSecretArn: generatedSecretArnIn(stack.outputs),
    keyOption: keyOptionsIn(loaded),
  };
  examined.push(...(local?.findings ?? []), ...(await checkKeys(config.policies, keyPlaces)));
  tell('the table');
  examined.push(...(await checkTables(patient, config, { ...deployment, local })));
  tell('the API');
  examined.push(...(await checkUrl(patient, loaded, stack.outputs)));
  return diagnosisOf(examined);
}

const isDeployed = ({ stack, table }: Patient): boolean => stack !== undefined || table !== undefined;

const { notChecked, ok, saying } = findingsIn('aws');

async function stackOf({
  stack,
  region,
}: Patient): Promise<{ findings: readonly Finding[]; outputs?: StackOutputs }> {
  if (stack === undefined) return { findings: [] };
  try {
    const { outputs } = await readDeployment(stack, region);
    return { findings: [ok('stack', `the stack ${stack} is there`)], outputs };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { findings: [saying('problem', 'stack', error.message)] };
  }
}

/** Only where something of AWS is looked at: nobody needs an account for the rest. */
async function checkAws(
  patient: Patient,
  config: AuthorizerConfig,
  outputs: StackOutputs | undefined,
): Promise<readonly Finding[]> {
  const { restApi, policies } = config;
  const hasStoredKeys = policies.some(
    ({ keySource: { kind } }) => kind === 'secretArn' || kind === 'parameter',
  );
  const isAsked = isDeployed(patient) || patient.region !== undefined || hasStoredKeys;
  if (!isAsked)
    return [
      notChecked(
        'credentials',
        'AWS credentials and permissions',
        'give --stack or --table, of what is deployed',
      ),
      ...(restApi === undefined
        ? []
        : [notChecked('rest_api', `restApi: the REST API ${restApi.id}`, 'give --stack or --region')]),
    ];
  const { checkCallerIdentity } = await import('./caller-identity.ts');
  const caller = await checkCallerIdentity();
  if (caller.status !== 'ok') return [caller];
  const { attachedApiOf, checkRestApi } = await import('./check-rest-api.ts');
  const api = attachedApiOf(restApi, attachedApiIn(outputs));
  return api === undefined ? [caller] : [caller, await checkRestApi(api)];
}

interface TablePlaces {
  readonly table: string | undefined;
  /** Of the stack; undefined: none is asked, or they could not be read. */
  readonly outputs: StackOutputs | undefined;
  readonly local: FolderLook | undefined;
}

async function checkTables(
  patient: Patient,
  config: AuthorizerConfig,
  { table, outputs, local }: TablePlaces,
): Promise<readonly Finding[]> {
  const { ok, problem, unknown, notChecked, saying } = findingsIn('table');
  if (!needsTable(config))
    return [ok('no_table', 'no policy looks anything up, so there is no table to look at')];
  if (table !== undefined) return (await import('./check-table.ts')).checkTable(table, config);
  if (patient.stack !== undefined && outputs === undefined)
    return [
      unknown(
        'table_untold',
        `which table the stack ${patient.stack} has cannot be told: its outputs were not read`,
        'put right what keeps them from being read, or give --table',
      ),
    ];
  if (patient.stack !== undefined)
    return [
      problem(
        'table_missing',
        `the stack ${patient.stack} has no output CredentialsTableName`,
        'deploy it with this configuration, or give --table',
      ),
    ];
  if (local?.folder === undefined)
    return [notChecked('local_table', 'the local table', 'put the data folder right first')];
  try {
    return [await (await import('./check-local-table.ts')).checkLocalTable(patient)];
  } catch (error) {
    const missing = noEmbeddedTable(error);
    if (missing === undefined) throw error;
    return [saying('problem', 'local_table', missing)];
  }
}

async function checkUrl(
  patient: Patient,
  { config }: LoadedConfig,
  outputs: StackOutputs | undefined,
): Promise<readonly Finding[]> {
  const { url, valid, expired, keyId, method, path } = patient;
  const { notChecked } = findingsIn('api');
  if (url === undefined) {
    const known = outputs?.['ApiUrl'];
    return [
      notChecked('api', 'what an API answers', known === undefined ? 'give --url' : `give --url ${known}`),
    ];
  }
  const given = [wrongAge('valid', valid), wrongAge('expired', expired)].filter((one) => one !== undefined);
  if (given.length > 0) return given;
  const isLocal = isLoopback(url.hostname);
  const minter = minterOf(config, {
    config: patient.config,
    ...(patient.data !== undefined && { data: patient.data }),
    isLocal,
    keyId,
  });
  const probe = { config, call: callingApi(url), method, path, minter, valid, expired };
  const probed = await checkApi(probe);
  if (probed.isUnreachable) return probed.findings;
  return [...probed.findings, ...(await checkPlatform(probe, probed))];
}

/** A token that is not what it was given as would prove the contrary. */
function wrongAge(which: 'valid' | 'expired', token: string | undefined): Finding | undefined {
  if (token === undefined) return undefined;
  const exp = expiryOf(token);
  const hasExpired = exp !== undefined && exp <= Date.now() / 1000;
  if (hasExpired === (which === 'expired')) return undefined;
  const when = exp === undefined ? 'has no exp that can be read' : `has the exp ${exp}`;
  return findingsIn('api').problem(
    `${which}_given`,
    which === 'valid'
      ? `the token that was given ${when}: it is over`
      : `the expired token that was given ${when}: it is not over`,
    'give another',
  );
}
