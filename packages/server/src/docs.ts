/** The pages for people: Swagger UI from local files, the table of errors, and the OpenAPI document that both describe. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Request, type Response, Router } from 'express';
import helmet from 'helmet';
import { problemKinds } from './errors.ts';
import { createOpenApiDocument } from './openapi.ts';
import { forReaders } from './routes.ts';

const require = createRequire(import.meta.url);
const SWAGGER_UI = path.dirname(require.resolve('swagger-ui-dist/package.json'));
const SWAGGER_VERSION = (require('swagger-ui-dist/package.json') as { version: string }).version;
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** On a telephone as wide as it is; an icon of its own, or browsers ask the upstream for /favicon.ico. */
const HEAD = `<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="/docs/favicon-32x32.png">`;

/** Without what tells nothing here: the choice among one server, the name of the only group, a column of no links. */
const SWAGGER_STYLE = `:root{color-scheme:light dark}body{margin:0}
.swagger-ui .scheme-container,.swagger-ui .opblock-tag,.swagger-ui .response-col_links{display:none}
.swagger-ui .info{margin:30px 0}
@media(max-width:44rem){.swagger-ui .response-col_status,.swagger-ui .col_header.response-col_status{min-width:3rem;width:3rem}}`;

const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
<head>${HEAD}<title>Lunch Relay API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><style>${SWAGGER_STYLE}</style></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;

/** Swagger UI is dark by a class that only its bar at the top sets, which is of no other use here. */
const START_SCRIPT = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
});
`;

/** Everything comes from the relay itself; Swagger UI sets styles inline and draws its icons from data URIs. */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false, // they would turn http: into https:, which only whoever puts TLS in front of the relay can promise
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

export function createDocs(): Router {
  const document = JSON.stringify(createOpenApiDocument());
  const router = Router({ strict: true, caseSensitive: true });
  const serve = (uri: string, send: (request: Request, response: Response) => unknown) =>
    router.all(
      uri,
      forReaders((request, response) => {
        response.locals.route = 'docs';
        response.set('X-Request-Id', (response.locals as { requestId: string }).requestId);
        return send(request, response);
      }),
    );
  const servePage = (uri: string, type: string, content: string) =>
    serve(uri, (request, response) => protect(request, response, () => response.type(type).send(content)));
  const serveFile = (file: string) => {
    const read = readTogether(path.join(SWAGGER_UI, file));
    serve(`/docs/${file}`, async (request, response) => {
      const content = await read();
      // refused meanwhile: the body that came with it was none
      if (response.headersSent) return;
      protect(request, response, () =>
        response.type(path.extname(file)).set('ETag', `"${SWAGGER_VERSION}"`).send(content),
      );
    });
  };
  serve('/openapi.json', (_request, response) =>
    response.set('Access-Control-Allow-Origin', '*').type('json').send(document),
  );
  servePage('/docs', 'html', SWAGGER_PAGE);
  servePage('/docs/start.js', 'js', START_SCRIPT);
  servePage('/docs/errors', 'html', errorsPage());
  for (const file of SWAGGER_FILES) serveFile(file);
  return router;
}

/**
 * Reads a file when it is asked for: they are 2 MB, for a page that is seldom looked at. Whoever asks while others are still
 * sent it gets the same bytes, so that a thousand who read slowly hold one copy, and no open file. Rejects as `readFile` does,
 * before anything is said of the answer.
 */
function readTogether(file: string): () => Promise<Buffer> {
  let inUse: WeakRef<Buffer> | undefined;
  let coming: Promise<Buffer> | undefined;
  async function read(): Promise<Buffer> {
    try {
      const content = await readFile(file);
      inUse = new WeakRef(content);
      return content;
    } finally {
      coming = undefined;
    }
  }
  return async () => {
    const shared = inUse?.deref();
    if (shared) return shared;
    coming ??= read();
    return coming;
  };
}

/** Where a table is too wide, the cells of a row stand one under the other. */
const ERRORS_STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}
td,th{padding:.4rem .8rem;text-align:left;vertical-align:top}tr:target{background:#fff3bf;color:#000}
@media(max-width:44rem){thead{display:none}tr{display:block;padding:.6rem 0}td{display:block;padding:0}}`;

function errorsPage(): string {
  const marked = (text: string) => text.replace(/`([^`]+)`/g, '<code>$1</code>');
  const rows = Object.entries(problemKinds)
    .map(([code, { status, title, meaning, remedy }]) => {
      const cells = [`<code>${code}</code>`, status, `${title}. ${marked(meaning)}`, marked(remedy)];
      return `<tr id="${code}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>${HEAD}<title>Lunch Relay errors</title>
<style>${ERRORS_STYLE}</style></head>
<body><h1>Errors</h1>
<p>Every error of the relay itself is <code>application/problem+json</code> (RFC 9457) with one of these in <code>code</code>. Errors of the lunch-menu API that are relayed stay as they are.</p>
<table><thead><tr><th>code</th><th>status</th><th>what it means</th><th>what to do</th></tr></thead><tbody>
${rows}
</tbody></table></body>
</html>
`;
}
