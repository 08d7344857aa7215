/**
 * An upstream that costs next to nothing: about 1 kB of JSON at once, with the fields of the lunch-menu API. Under
 * `/kept/` it may be cached for an hour, anywhere else not at all. How often it was asked is told under `/count`.
 */
import http from 'node:http';
import { serve, taskOf } from './listening.ts';

const { sizeBytes = 1_024 } = taskOf<{ sizeBytes?: number }>();
const filler = 'Köttbullar med gräddsås, rårörda lingon, pressgurka och potatismos ';
const whole = {
  restaurant: { title: 'Restaurang', menu: [{ dish: filler.repeat(Math.ceil(sizeBytes / filler.length)) }] },
};
const text = Buffer.from(JSON.stringify(whole)).subarray(0, sizeBytes);

let count = 0;

serve(
  http.createServer(({ url = '' }, response) => {
    if (url.endsWith('/count')) {
      response.end(String(count));
      return;
    }
    count += 1;
    response
      .writeHead(200, {
        'content-length': text.length,
        'content-type': 'application/json',
        server: 'uvicorn',
        'cache-control': url.includes('/kept/') ? 'max-age=3600' : 'no-store',
        etag: '"1"',
      })
      .end(text);
  }),
);
