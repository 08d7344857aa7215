/**
 * Who may import whom. Every rule is a sentence of docs/architecture.md, "What must never import what".
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'nobody-imports-main',
      comment:
        'main.ts alone touches the process, of primary and workers too; whatever else wants its parts takes them from where they are',
      severity: 'error',
      from: {},
      to: { path: '^packages/[^/]+/src/main\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      comment: 'the domain knows no HTTP, no cache and no upstream: they come in as ports',
      severity: 'error',
      from: { path: '^packages/server/src/restaurants/' },
      to: { path: '^packages/server/src/', pathNot: '^packages/server/src/(restaurants/|errors\\.ts$)' },
    },
    {
      name: 'domain-needs-no-framework',
      severity: 'error',
      from: { path: '^packages/server/src/restaurants/' },
      to: { path: 'node_modules/(express|keyv|@keyv|http-proxy-middleware|undici|pino|prom-client)/' },
    },
    {
      name: 'cache-and-upstream-stand-alone',
      severity: 'error',
      from: { path: '^packages/server/src/(cache|upstream)/' },
      to: { path: '^packages/server/src/', pathNot: ['^packages/server/src/$1/', '^packages/server/src/errors\\.ts$'] },
    },
    {
      name: 'relay-knows-the-upstream-only',
      severity: 'error',
      from: { path: '^packages/server/src/relay/' },
      to: {
        path: '^packages/server/src/',
        pathNot: '^packages/server/src/(relay/|upstream/|errors\\.ts$|framing\\.ts$)',
      },
    },
    {
      name: 'operations-stand-alone',
      severity: 'error',
      from: { path: '^packages/server/src/operations/' },
      to: { path: '^packages/server/src/', pathNot: '^packages/server/src/(operations/|framing\\.ts$)' },
    },
    {
      name: 'sdk-knows-no-other-package',
      comment: 'the SDK knows the server only as the file openapi.json',
      severity: 'error',
      from: { path: '^packages/sdk/src/' },
      to: { path: '^packages/(server|cli|upstream-sim)/' },
    },
    {
      name: 'sdk-runs-everywhere',
      comment: 'browsers and workers have no node: modules',
      severity: 'error',
      from: { path: '^packages/sdk/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'cli-knows-the-sdk-only',
      severity: 'error',
      from: { path: '^packages/cli/src/' },
      to: { path: '^packages/(server|upstream-sim)/' },
    },
    {
      name: 'server-knows-no-other-package',
      severity: 'error',
      from: { path: '^packages/server/src/' },
      to: { path: '^packages/(sdk|cli|upstream-sim)/' },
    },
    {
      name: 'nobody-imports-the-measurements',
      comment: 'bench/ looks at everything from outside; nothing is there for its sake',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'simulator-knows-no-other-package',
      comment: 'it would otherwise share the mistakes that it is there to find',
      severity: 'error',
      from: { path: '^packages/upstream-sim/' },
      to: { path: '^packages/(server|sdk|cli)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|bundle)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['@lunch-relay/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
