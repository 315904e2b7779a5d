/** The package as it would be published, in an app that has nothing else of ours: no bundler, none of our dependencies. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPrinted, runCurls } from '../e2e/command.ts';
import { installBeside } from '../support/install-beside.ts';

const { name, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string;
  devDependencies: Record<string, string>;
};
const folder = mkdtempSync(join(tmpdir(), 'jwt-authorizer-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

const run = (command: string, args: readonly string[], env = {}) =>
  execFileSync(command, args, { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' });

/** Those with code that uses the package. */
const EXAMPLES = readdirSync('test/examples').filter((each) =>
  existsSync(join('test/examples', each, 'app.ts')),
);

/** Those of docs/ that the code of a folder names; decisions are for who reads the code. */
function pagesNamedIn(folder: string): readonly string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.ts'),
  );
  return sources.flatMap((each) => readFileSync(join(folder, each), 'utf8').match(/docs\/[\w-]+\.md/g) ?? []);
}

let listed: readonly string[];
let archive: string;

beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' });
  const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  listed = files.map(({ path }) => path);
  archive = join(folder, filename);
  const compiler = ['typescript', '@types/node'];
  const versions = ['aws-cdk-lib', 'constructs', ...compiler].map((one) => `${one}@${devDependencies[one]}`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run('npm', ['install', '--omit=optional', ...QUIET, `./${filename}`, ...versions]);
  copyFileSync('test/package/app.ts', join(folder, 'app.ts'));
  for (const name of EXAMPLES) copyFileSync(`test/examples/${name}/app.ts`, join(folder, `${name}.ts`));
});

describe('the packed package', () => {
  it('holds what users need, and neither tests nor sources', () => {
    expect(listed).toEqual(
      expect.arrayContaining([
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
        'THIRD-PARTY-NOTICES.txt',
        'dist/sbom.cdx.json',
        'cdk.json',
        'schema/authorizer.config.schema.json',
        'dist/lib/index.js',
        'dist/types/lib/index.d.ts',
        'dist/bin/jwt-authorizer.js',
        'dist/bin/app.js',
        ...['index.html', 'console.css', 'console.js', 'icon.svg'].map((each) => `dist/console/${each}`),
        ...['authorizer', 'admin', 'revocation', 'attachment'].map((each) => `dist/lambda/${each}/index.mjs`),
      ]),
    );
    expect(listed.filter((path) => /^(?:test|bin|lambda|lib|scripts)\/|\.pem$/.test(path))).toEqual([]);
    expect(listed.filter((path) => path.startsWith('docs/') && !path.endsWith('.md'))).toEqual([]);
    // A function's folder is what is deployed.
    const deployed = listed.filter((path) => path.startsWith('dist/lambda/'));
    expect(deployed.filter((path) => !path.endsWith('.mjs'))).toEqual([]);
  });

  it('holds the pages that messages send to', () => {
    const named = ['bin', 'lambda', 'lib'].flatMap((each) => pagesNamedIn(each));
    expect(named.length).toBeGreaterThan(0);
    expect(listed).toEqual(expect.arrayContaining(named));
  });

  it('brings no package with it but its peers', () => {
    const there = readdirSync(join(folder, 'node_modules')).filter((each) => !each.startsWith('.'));
    const peers = ['aws-cdk-lib', 'constructs', 'typescript', '@types', 'undici-types', '@aws-cdk', '@aws'];
    expect(there.filter((each) => !peers.includes(each))).toEqual([name]);
    // The AWS SDK, the CLI's parser, the embedded DynamoDB.
    for (const absent of ['@aws-sdk', 'commander', 'dynalite', 'jsonwebtoken', 'esbuild'])
      expect(existsSync(join(folder, 'node_modules', absent))).toBe(false);
  });

  it('says what is missing where the embedded DynamoDB was left out', () => {
    copyFileSync('authorizer.config.yml', join(folder, 'authorizer.config.yml'));
    const command = join(folder, 'node_modules', name, 'dist/bin/jwt-authorizer.js');
    for (const args of [
      ['start', '--ephemeral', '--port', '0', '--admin-port', '0'],
      ['users', 'create', '-p', 'username=ann'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(stderr).toMatch(/^error: .*\((?:dynalite|classic-level), .*--include=optional/);
      expect(stderr).not.toContain('bug');
      expect(status).toBe(1);
    }
  });

  it('is compiled against in strict mode, and synthesised', async () => {
    const options = [
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--strict',
      '--skipLibCheck',
      '--types',
      'node',
    ];
    expect(EXAMPLES.length).toBeGreaterThan(1);
    const sources = ['app.ts', ...EXAMPLES.map((each) => `${each}.ts`)];
    run(join(folder, 'node_modules/.bin/tsc'), [...options, ...sources]);
    run(process.execPath, ['app.js'], { CDK_OUTDIR: join(folder, 'cdk.out') });
    const template = JSON.parse(readFileSync(join(folder, 'cdk.out/Foreign.template.json'), 'utf8')) as {
      Resources: Record<string, { Type: string }>;
    };
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types).toEqual(
      expect.arrayContaining([
        'AWS::ApiGateway::Authorizer',
        'AWS::DynamoDB::GlobalTable',
        'AWS::SecretsManager::Secret',
        'AWS::SQS::Queue',
      ]),
    );
    expect(existsSync(join(folder, 'cdk.out/Another.template.json'))).toBe(true);
    const assets = readdirSync(join(folder, 'cdk.out')).map((each) => join(folder, 'cdk.out', each));
    const staged = assets.find((each) => existsSync(join(each, 'config.json'))) ?? 'no asset';
    expect(JSON.parse(readFileSync(join(staged, 'config.json'), 'utf8'))).toMatchObject({
      authorizerCacheSeconds: 60,
    });
    // What Lambda would run is there and starts; without the secret's ARN it says so.
    const url = JSON.stringify(pathToFileURL(join(staged, 'index.mjs')).href);
    const start = `import(${url}).then(() => console.log('started'), ({ message }) => console.log(message))`;
    expect(run(process.execPath, ['-e', start])).toMatch(/GENERATED_SECRET_ARN_0/);
  });

  it('makes a first configuration in an empty folder, and serves it with lines that work as they stand', async () => {
    run('npm', ['install', '--include=optional', ...QUIET]);
    const command = join(folder, 'node_modules/.bin/jwt-authorizer');
    const cwd = mkdtempSync(join(folder, 'first-'));
    execFileSync(command, ['init', '--generate-secret', '--audience', 'orders-api', '--yes'], { cwd });
    const serving = spawn(command, ['start', '--port', '0', '--admin-port', '0'], { cwd });
    try {
      const lines = await new Promise<string[]>((resolve, reject) => {
        let written = '';
        for (const stream of [serving.stdout, serving.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            written += text;
            if (/^ready: .*\n/m.test(written)) resolve(written.split('\n'));
          });
        serving.on('close', () => reject(new Error(written)));
      });
      const answers = await runCurls(readPrinted(lines));
      expect(answers.map(({ status }) => status)).toEqual([200, 401]);
      expect(answers.map(({ says }) => says)).toEqual([200, 401]);
    } finally {
      serving.kill('SIGKILL');
    }
  });

  it('is what publint and arethetypeswrong call a good package', () => {
    const tools = installBeside('package-checks', {
      dependencies: { publint: '0.3.25', '@arethetypeswrong/cli': '0.18.5' },
    });
    const binary = (tool: string) => join(tools, 'node_modules/.bin', tool);
    // Each ends with another code than 0 where it finds something.
    expect(run(binary('publint'), ['run', archive, '--strict'])).toContain('All good');
    const types = ['--profile', 'esm-only', '--exclude-entrypoints', 'schema/authorizer.config.schema.json'];
    expect(run(binary('attw'), [archive, ...types])).toContain(name);
  });
});
