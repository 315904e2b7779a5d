/** What must not be on a page is found there. */
import { describe, expect, it, test } from 'vitest';
import { type Block, blocksIn } from './blocks.ts';
import { checkPage } from './check-page.ts';
import { statementsOf } from './page-shell.ts';
import { missingLine } from './shape.ts';

const fenced = (language: string, text: string, marker?: string) =>
  `${marker ? `<!-- ${marker} -->\n` : ''}\`\`\`${language}\n${text}\n\`\`\`\n`;

const problemsOf = async (...texts: readonly string[]) =>
  (await checkPage(blocksIn('page.md', texts.join('\n')))).problems.map(({ at, text }) => `${at} ${text}`);

describe('a page’s fenced blocks', () => {
  const page = [
    'Text.',
    '<!-- not run: why not -->',
    '',
    '```sh',
    'one',
    '```',
    '- item:',
    '  ```yaml',
    '  a:',
    '    b: 1',
    '  ```',
    '~~~~',
    '```',
    '~~~~',
  ].join('\n');

  it('are found with their marker, language and line, without the indent of a list', () => {
    expect(blocksIn('p.md', page)).toEqual<Block[]>([
      { page: 'p.md', line: 4, language: 'sh', marker: 'not run: why not', text: 'one\n' },
      { page: 'p.md', line: 8, language: 'yaml', marker: undefined, text: 'a:\n  b: 1\n' },
      { page: 'p.md', line: 12, language: '', marker: undefined, text: '```\n' },
    ]);
  });

  it('have an end', () => {
    expect(() => blocksIn('p.md', '```sh\nls\n')).toThrow('p.md:1');
  });
});

const CONFIGURATION = 'jwt:\n  secret: generate\n  algorithms: [HS256]';

describe('what is read', () => {
  test.each([
    ['a language that nobody knows', fenced('toml', 'a = 1'), /nobody knows how to check 'toml'/],
    ['a block without a language', fenced('', 'text'), /nobody knows/],
    ['an exemption without a reason', fenced('', 'text', 'not run:'), /nobody knows|say why/],
    ['a marker that there is not', fenced('', 'text', 'skip'), /nobody knows/],
    [
      'an unknown option of the configuration',
      fenced('yaml', `${CONFIGURATION}\n  isuer: x`),
      /at jwt\.isuer/,
    ],
    ['a part without jwt', fenced('yaml', 'cors: true'), /at jwt/],
    ['a wrong part', fenced('yaml', 'cors: 7', 'part of a configuration'), /at cors/],
    ['a file that is a configuration', fenced('yaml', 'jwt: 7', 'file: a/authorizer.config.yml'), /at jwt/],
    ['a file beyond the folder', fenced('yaml', 'a: 1', 'file: ../a.yml'), /no name of a file/],
    ['YAML that is none', fenced('yaml', 'a: [1'), /YAML|Flow/],
    ['JSON that is none', fenced('json', '{"a": 1,}'), /SyntaxError/],
    ['JavaScript that is none', fenced('js', 'await verify('), /expected/],
    ['a picture with an open bracket', fenced('mermaid', 'flowchart LR\n  a[b --> c'), /do not match/],
    ['a picture of another kind', fenced('mermaid', 'pie\n  "a": 1'), /no kind/],
    [
      'a subgraph without an end',
      fenced('mermaid', 'flowchart LR\n  subgraph a\n  b --> c'),
      /1 blocks begin, 0 end/,
    ],
    ['an output of nothing', fenced('', 'done', 'output'), /nothing was run/],
  ])('%s', async (_, text, wanted) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(wanted);
  });

  it('has no problem as it should be', async () => {
    const page = [
      fenced('yaml', CONFIGURATION),
      fenced('yaml', 'cors: true', 'part of a configuration'),
      fenced('json', '{"a": 1}'),
      fenced('js', 'await verify()'),
      fenced('mermaid', 'flowchart LR\n  subgraph a\n    b["(c"] --> d\n  end'),
      fenced('', 'text', 'not run: a map'),
    ];
    expect(await problemsOf(...page)).toEqual([]);
  });
});

const WHY = 'not run: needs an AWS account';

describe('what is not run', () => {
  test.each([
    ['an unknown option', 'jwt-authorizer users list --colour', /unknown option '--colour'/],
    ['an unknown command', 'npx jwt-authorizer user lst', /unknown command/],
    ['an option without its value', 'npm run -s cli -- explain --token', /argument missing/],
    ['a missing option', 'jwt-authorizer credentials scopes add orders:read', /required option/],
    ['a wrong port', 'npm start -- --port x', /port/],
    ['in a substitution', 'TOKEN=$(jwt-authorizer token make ann-1)', /unknown command/],
    ['behind a pipe', 'echo a | jwt-authorizer explain --tokn -', /unknown option/],
    ['in a branch that is not taken', 'false && jwt-authorizer users list', /only 0 were reached/],
    ['a script that there is not', 'npm run deploy', /no such script/],
    ['a command of the CDK that there is not', 'npx cdk deplyo', /no such command/],
    ['a file that there is not', 'bash test/nothing/run.sh', /no test\/nothing/],
    ['a program that nobody knows', 'frobnicate --now', /frobnicate: not known/],
    [
      'something that only a terminal would have reached',
      'if [ -t 0 ]; then jwt-authorizer users list; fi',
      /only 0/,
    ],
    ['a mistake of the shell', 'jwt-authorizer users list "', /only 0 were reached/],
  ])('%s', async (_, line, wanted) => {
    expect((await problemsOf(fenced('sh', line, WHY))).join('\n')).toMatch(wanted);
  });

  it('has no problem as it should be', async () => {
    const lines = [
      'aws sts get-caller-identity   # jwt-authorizer in a comment',
      'npx cdk deploy -c config=a.yml && npm run synth',
      'jwt-authorizer token create ann-1 --key <(aws x | tr -d "\\n") | jwt-authorizer explain --token - --path /',
      'jwt-authorizer credentials create --stdin < credentials.ndjson',
      'npm start -- --port 9000',
    ];
    expect(await problemsOf(fenced('sh', lines.join('\n'), WHY))).toEqual([]);
  });
});

describe('what is run', () => {
  test('lines are put together where bash waits for more', () => {
    const text =
      "# a comment\nA=1\n\nfor i in 1 2; do\n  echo $i\ndone\ncat <<'X' > f\na\nX\necho a \\\n  b\n";
    expect(statementsOf(text)).toEqual([
      'A=1',
      'for i in 1 2; do\n  echo $i\ndone',
      "cat <<'X' > f\na\nX",
      'echo a \\\n  b',
    ]);
  });

  test('a page’s lines share a shell, its files and a gateway; what is wrong is found', async () => {
    const found = await problemsOf(
      fenced('yaml', CONFIGURATION, 'file: authorizer.config.yml'),
      fenced('sh', 'KEY=ann-1\njwt-authorizer users create -p username=ann', 'run: gateway'),
      fenced(
        'sh',
        'npm run -s cli -- credentials create -c ann -p keyId=$KEY\nTOKEN=$(jwt-authorizer token create $KEY)',
      ),
      fenced(
        'sh',
        'curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/a  # 200: as it should be\ncurl http://127.0.0.1:8080/a # 401',
      ),
      fenced('', 'HTTP/1.1 200 OK\n…\n{"message":"Unauthorized"}', 'output'),
      fenced('sh', 'curl http://127.0.0.1:9876/users'),
      fenced('sh', 'jwt-authorizer explain --path /a   # exits with 1: no token'),
      fenced('', '  ✓ method GET …\n  ✗ identity  …[identity_source_missing]', 'output'),
      // From here on nothing is as it says.
      fenced('sh', 'curl http://127.0.0.1:8080/a', 'run'),
      fenced('sh', 'curl http://127.0.0.1:8080/a # 403'),
      fenced('sh', 'jwt-authorizer users info nobody'),
      fenced('sh', 'true # exits with 1'),
      fenced('', 'something else', 'output'),
      fenced('sh', 'npx cdk deploy'),
      fenced('sh', 'npm test'),
      fenced('sh', 'aws s3 ls'),
      fenced('yaml', 'jwt: { secretOrPublicKeyFile: nowhere.pem }', 'file: other.yml'),
      fenced('sh', 'npm start -- --config other.yml'),
    );
    const codes = [
      /status 401: .*Unauthorized/,
      /status 401 instead of 403/,
      /exit code 1/,
      /exit code 0/,
      /was not printed: something else/,
      /exit code 97/,
      /exit code 97/,
      /exit code 97/,
      /does not serve/,
    ];
    expect(found).toEqual(codes.map((code) => expect.stringMatching(code)));
  });
});

test('an output is the same but for what differs from run to run', () => {
  const printed =
    'id 1b24308b-1ed0-48d0-bf14-518920e4ecd0\nat 2026-11-22T09:16:23.043Z (in 59 minutes)\neyJh.eyJi.c-_ ok\n';
  const shown = 'id 00000000-1ed0-48d0-bf14-518920e4ecd0\n…\neyJhbGciOi… ok\n';
  expect(missingLine(shown, printed)).toBeUndefined();
  expect(missingLine('at 2027-01-01T00:00:00.000Z (in 1 minute)', printed)).toBeUndefined();
  expect(missingLine('eyJ… ok\nid 00000000-1ed0-48d0-bf14-518920e4ecd0\n', printed)).toMatch(/^id /);
  expect(missingLine('eyJ… bad', printed)).toBe('eyJ… bad');
});
