import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCdk } from '../cdk-packages.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { packageFile } from '../package-files.ts';
import type { Answers } from './answers.ts';

/** What to do with a configuration that is written, as lines for a terminal. Every command in them exists. */
export function nextSteps(answers: Answers, config: string): readonly string[] {
  const { api, isManaged } = answers;
  const named = config === DEFAULT_CONFIG ? '' : ` --config ${quoted(config)}`;
  const command = (line: string) => `  npx jwt-authorizer ${line}${named}`;
  return [
    'Next, on this machine:',
    command('doctor'),
    command('start'),
    ...(isManaged ? ['', meanwhile(answers), ...consumerSteps(answers).map(command)] : []),
    '',
    ...(api.kind === 'existing' ? attachSteps(config, command) : constructSteps(config)),
  ];
}

const meanwhile = ({ key }: Answers): string =>
  `In another terminal, since start holds this one${key.kind === 'file' ? ' (FILE: the private key, or the secret)' : ''}:`;

/** A consumer, its credential and a token of it; all while the gateway runs, or without it on the same data. */
function consumerSteps({ issuer, key }: Answers): readonly string[] {
  const named = issuer === undefined ? '' : ` -p issuer=${quoted(issuer)}`;
  return [
    'users create -p username=ann',
    `credentials create -c ann -p keyId=ann-1${named}`,
    ...tokenStep(key),
  ];
}

/** A key file may hold the public half alone, so that the other is to be named; an issuer signs its tokens itself. */
function tokenStep({ kind }: Answers['key']): readonly string[] {
  if (kind === 'generated') return ['token create ann-1'];
  return kind === 'file' ? ['token create ann-1 --key FILE'] : [];
}

function attachSteps(config: string, command: (line: string) => string): readonly string[] {
  return [
    'Then deploy what it takes, see what would change at the API, and attach:',
    ...deployLines(config).map((line) => `  ${line}`),
    command('attach --dry-run'),
    command('attach'),
  ];
}

/** For an API of a CDK app; the app of the package makes one with an API of its own. */
function constructSteps(config: string): readonly string[] {
  return [
    'Then, for a REST API of your own CDK app:',
    ...constructLines(config).map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    'or, for an API that is made for it:',
    ...deployLines(config).map((line) => `  ${line}`),
  ];
}

/** TypeScript, as it stands in a stack. */
export const constructLines = (config: string): readonly string[] => [
  "import { RestApi } from 'aws-cdk-lib/aws-apigateway';",
  "import { JwtAuthorizer, loadConfigFile } from 'apigateway-jwt-authorizer';",
  '',
  `const configuration = loadConfigFile(${JSON.stringify(config)});`,
  'if (!configuration.ok) throw new Error(JSON.stringify(configuration.problems));',
  "const auth = new JwtAuthorizer(this, 'Auth', { configuration });",
  "const api = new RestApi(this, 'Api', { defaultMethodOptions: auth.methodOptions });",
];

/** In the package's own folder the CDK finds its app by itself, and is there; elsewhere it need not be. */
function deployLines(config: string): readonly string[] {
  const app = relative(process.cwd(), fileURLToPath(packageFile('dist/bin/app.js')))
    .split(sep)
    .join('/');
  const context = config === DEFAULT_CONFIG ? '' : ` -c config=${quoted(config)}`;
  if (app === 'dist/bin/app.js') return [`npx cdk deploy${context}`];
  return [installCdk(), `npx cdk deploy --app ${quoted(`node ${app}`)}${context}`];
}

/** For a POSIX shell. */
export const quoted = (text: string): string =>
  /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
