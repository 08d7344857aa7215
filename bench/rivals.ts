/**
 * The caches that people put in front of an HTTP API otherwise, set up as their manuals do it and tuned where that is
 * usual: one worker, no access log, connections kept on both sides.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { answers, freePort, programOf, type ServerProcess, startChild, stopChild } from './processes.ts';

/** Of the programs that are measured too where they are installed; by the name of the program. */
const PROGRAMS = { nginx: 'nginx', varnish: 'varnishd' } as const;
export type RivalName = keyof typeof PROGRAMS;

/** What a rival calls itself; undefined where it is not installed. */
export function versionOf(name: RivalName): string | undefined {
  const program = programOf(PROGRAMS[name]);
  if (!program) return undefined;
  const flag = name === 'nginx' ? '-v' : '-V';
  // both tell it on standard error
  const said = execFileSync('sh', ['-c', '"$0" "$1" 2>&1', program, flag], { encoding: 'utf8' });
  return /(?:nginx\/|varnish-)([\d.]+)/.exec(said)?.[1] ?? 'unknown';
}

/** Starts a rival in front of an origin, both asked for the same paths. */
export async function startRival(name: RivalName, originUrl: string): Promise<ServerProcess> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `lunch-relay-${name}-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const origin = new URL(originUrl);
  const words = name === 'nginx' ? nginxWords(folder, port, origin) : varnishWords(folder, port, origin);
  const child = await startChild(programOf(PROGRAMS[name]) ?? name, words, { stdio: 'ignore' });
  await answers(url, child);
  return {
    pid: child.pid ?? 0,
    url,
    async stop() {
      await stopChild(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function nginxWords(folder: string, port: number, origin: URL): string[] {
  mkdirSync(path.join(folder, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const configuration = `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/errors;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join('\n  ')}
  keepalive_requests 100000000;
  open_file_cache max=1000;
  proxy_cache_path ${folder}/cache keys_zone=answers:10m max_size=256m use_temp_path=off;
  upstream origin { server ${origin.host}; keepalive 128; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache answers;
      proxy_cache_lock on;
      add_header Cache-Status $upstream_cache_status;
    }
  }
}
`;
  writeFileSync(path.join(folder, 'nginx.conf'), configuration);
  return ['-p', folder, '-e', `${folder}/errors`, '-c', `${folder}/nginx.conf`];
}

function varnishWords(folder: string, port: number, origin: URL): string[] {
  const program = `vcl 4.1;\nbackend default { .host = "${origin.hostname}"; .port = "${origin.port}"; }\n`;
  writeFileSync(path.join(folder, 'default.vcl'), program);
  const memory = ['-s', 'malloc,64m'];
  // no command line to listen for, and no other user to become: it serves one measurement
  const alone = ['-F', '-j', 'none', '-T', 'none', '-n', path.join(folder, 'work')];
  return [...alone, ...memory, '-a', `127.0.0.1:${port}`, '-f', path.join(folder, 'default.vcl')];
}
