/** One direction of imports; the arrows are drawn in CONTRIBUTING.md. */
const from = (path, pathNot) => ({ path, ...(pathNot && { pathNot }) });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-bin',
      comment: 'Executables are wiring: whatever is worth importing belongs elsewhere.',
      severity: 'error',
      from: from('^(lambda|lib)/'),
      to: { path: '^bin/' },
    },
    {
      name: 'nothing-imports-lib',
      severity: 'error',
      from: from('^(lambda/|bin/(?!synth\\.ts))'),
      to: { path: '^lib/' },
    },
    {
      name: 'lib-knows-configuration-and-table-only',
      comment: 'A construct refers to a handler by its path; its code is not loaded at synth.',
      severity: 'error',
      from: from('^lib/'),
      to: {
        path: '^lambda/',
        pathNot:
          '^lambda/(config/|consumers/table\\.ts$|revocation/stream-filter\\.ts$|authorizer/(denial|metric-names)\\.ts$|attachment/(attachment-properties|journal-table|wish)\\.ts$)',
      },
    },
    {
      name: 'nothing-imports-a-handler',
      severity: 'error',
      from: {},
      to: { path: 'handler\\.ts$' },
    },
    {
      name: 'config-stands-alone',
      severity: 'error',
      from: from('^lambda/config/'),
      to: { path: '^lambda/(?!config/)' },
    },
    {
      name: 'keys-know-config',
      severity: 'error',
      from: from('^lambda/keys/'),
      to: { path: '^lambda/(?!keys/|config/|aws/)' },
    },
    {
      name: 'consumers-know-config',
      severity: 'error',
      from: from('^lambda/consumers/'),
      to: { path: '^lambda/(?!consumers/|config/|aws/)' },
    },
    {
      name: 'revocation-knows-the-table',
      comment: 'What flushes caches decides about records, and reads none.',
      severity: 'error',
      from: from('^lambda/revocation/'),
      to: { path: '^lambda/(?!revocation/|consumers/items\\.ts$|config/|aws/)' },
    },
    {
      name: 'attachment-knows-config',
      comment: 'It has a table of its own; how a client of DynamoDB is made stands once.',
      severity: 'error',
      from: from('^lambda/attachment/'),
      to: { path: '^lambda/(?!attachment/|consumers/dynamodb-client\\.ts$|config/|aws/)' },
    },
    {
      name: 'steps-are-pure',
      comment: 'No files, network, SDK or console in a step of a request: they come in from handler.ts.',
      severity: 'error',
      from: from('^lambda/authorizer/', '(handler|environment)\\.ts$'),
      to: { path: '^(fs|http|https|net|child_process|node:fs|node:http)$|@aws-sdk' },
    },
    {
      name: 'only-the-file-loader-reads-files',
      comment: 'The parser runs in the function too.',
      severity: 'error',
      from: from('^lambda/config/', '(load|yaml-levels)\\.ts$'),
      to: { path: '^(fs|node:fs)$|node_modules/yaml' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
