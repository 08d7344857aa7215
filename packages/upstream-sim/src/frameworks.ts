/**
 * How the two web frameworks that the service was written with answer everything that is not its own: errors, methods,
 * redirects and the spelling of JSON. FastAPI (behind uvicorn) speaks JSON, Flask (behind gunicorn) speaks HTML.
 */
import { type Answer, emptyAnswer, jsonAnswer, textAnswer } from './answer.ts';

export interface Framework {
  /** What stands in the `server` header. */
  readonly server: string;
  /** The methods that its routes take, as its `allow` header lists them. */
  readonly methods: readonly string[];
  json(document: unknown): Answer;
  /** `detail` is for frameworks that tell it. */
  notFound(detail?: string): Answer;
  methodNotAllowed(): Answer;
  redirect(location: string): Answer;
  /** The spelling of a path that is tried when nothing matches: without, or with its trailing slash. */
  otherSpelling(path: string): string;
}

const FASTAPI_METHODS = ['GET'];

export const FASTAPI: Framework = {
  server: 'uvicorn',
  methods: FASTAPI_METHODS,
  json: (document) => jsonAnswer(200, document),
  notFound: (detail = 'Not Found') => jsonAnswer(404, { detail }),
  methodNotAllowed: () => jsonAnswer(405, { detail: 'Method Not Allowed' }, [['allow', FASTAPI_METHODS.join(', ')]]),
  redirect: (location) => emptyAnswer(307, [['location', location]]),
  otherSpelling: (path) => path.replace(/\/+$/, ''),
};

const FLASK_METHODS = ['GET', 'HEAD', 'OPTIONS'];

export const FLASK: Framework = {
  server: 'gunicorn',
  methods: FLASK_METHODS,
  json: (document) => textAnswer(200, 'application/json', `${asciiJson(document)}\n`),
  notFound: () => flaskPage(404, 'Not Found', 'The requested URL was not found on the server.'),
  methodNotAllowed() {
    const page = flaskPage(405, 'Method Not Allowed', 'The method is not allowed for the requested URL.');
    return { ...page, headers: [...page.headers, ['allow', FLASK_METHODS.join(', ')]] };
  },
  redirect(location) {
    const page = flaskPage(308, 'Redirecting...', `You should be redirected automatically to target URL: ${location}`);
    return { ...page, headers: [...page.headers, ['location', location]] };
  },
  otherSpelling: (path) => `${path}/`,
};

/** Flask's `jsonify` writes ASCII only. */
function asciiJson(document: unknown): string {
  return JSON.stringify(document).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function flaskPage(status: number, title: string, text: string): Answer {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const page = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${escaped}</p>\n`;
  return textAnswer(status, 'text/html; charset=utf-8', page);
}
