import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readRelayImage } from '../image.ts';

const OPERATIONS = new URL('../../docs/operations.md', import.meta.url);

describe('how the image runs the relay', () => {
  it('is read from the Dockerfile', () => {
    const { environment, nodeOptions } = readRelayImage();
    expect(environment).toMatchObject({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '1' });
    expect(nodeOptions).toContain('--no-maglev');
  });

  it('is not guessed when the Dockerfile says it otherwise', () => {
    const stage = 'FROM runtime AS relay\nENV NODE_ENV=production\n';
    expect(() => readRelayImage(`${stage}ENTRYPOINT ["tini", "--", "node", "dist/main.js"]`)).toThrow('ENTRYPOINT');
    expect(() => readRelayImage('FROM runtime AS relay\nENTRYPOINT ["node", "dist/main.js"]')).toThrow('ENV');
    expect(() => readRelayImage('FROM runtime AS relay\nENV A=1\n')).toThrow('ENTRYPOINT');
    expect(() => readRelayImage(`${stage}ENTRYPOINT ["node", "dist/main.js"]`)).not.toThrow();
  });

  it('is what the runbook takes a heap snapshot with', () => {
    const { environment, nodeOptions } = readRelayImage();
    const command = /```sh\n(MALLOC_[^`]+)```/.exec(readFileSync(OPERATIONS, 'utf8'))?.[1] ?? '';
    const words = command.split(/\s+/);
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const memory = assignments.filter((assignment) => assignment.startsWith('MALLOC_'));
    expect(memory).not.toHaveLength(0);
    expect(words).toEqual(expect.arrayContaining([...memory, ...nodeOptions]));
  });
});
