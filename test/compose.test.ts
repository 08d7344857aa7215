/** What docker-compose.yml promises, as far as can be seen without Docker; `pnpm test:compose` brings it up. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { settings } from '../packages/server/src/settings.ts';

interface Service {
  readonly environment?: Record<string, string | null>;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly init?: boolean;
  readonly mem_limit?: string;
}

const text = readFileSync('docker-compose.yml', 'utf8');
const { name: project, services } = parse(text, { merge: true }) as {
  name?: string;
  services: Record<string, Service>;
};

/** Fixed by the containers, or taken from the volume of secrets. */
const FIXED = ['HOST', 'PORT', 'ADMIN_HOST', 'ADMIN_PORT', 'REDIS_URL'];

describe('docker-compose.yml', () => {
  it('has a name of its own, whatever the folder is called: the runbook calls its images by it', () => {
    const runbook = readFileSync('docs/operations.md', 'utf8');
    const named = new Set([...runbook.matchAll(/docker tag (\S+?)-relay(?::before)? /g)].map(([, name]) => name));
    expect([...named]).toEqual([project]);
  });

  it('hands every setting on to the relay, and nothing that is none', () => {
    const handed = Object.keys(services['relay']?.environment ?? {}).sort();
    const settable = settings.map(({ name }) => name).filter((name) => !FIXED.includes(name));
    expect(handed).toEqual([...settable, 'REDIS_URL_FILE'].sort());
  });

  it('publishes the balancer, and RedisInsight to this machine only', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['balancer', [expect.stringMatching(/^\$\{PORT:-8080\}:8080$/)]],
      ['insights', ['127.0.0.1:5540:5540']],
    ]);
  });

  it('gives no container more than it needs', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.mem_limit]).toEqual([name, expect.stringMatching(/^\d+m$/)]);
      if (name === 'insights') continue; // not ours, and started by hand
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({ read_only: true, cap_drop: ['ALL'], init: true }),
      ]);
    }
  });

  it('holds no password', () => {
    expect(text).not.toMatch(/requirepass|redis:\/\/[^\s]*@/);
  });
});
