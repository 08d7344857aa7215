/** An operation of the contract is there for everybody: in the README for HTTP clients, in `lunch` for people. The SDK's part is in packages/sdk/test. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { operations } from '../packages/server/src/contract.ts';

/** Operations that no command asks for, and why. */
const WITHOUT_COMMAND: Readonly<Record<string, string>> = {
  getRestaurant: 'whoever is named is asked for together, by listMenus',
};

const readme = readFileSync('README.md', 'utf8');
const commands = globSync('packages/cli/src/**/*.ts').map((file) => readFileSync(file, 'utf8'));

describe.each(Object.entries(operations))('%s', (operationId, { path }) => {
  it('stands in the table of URIs of README.md', () => {
    expect(readme).toMatch(new RegExp(`^\\| \`GET ${path.replace(/[{}]/g, '\\$&')}[\`?]`, 'm'));
  });

  it('is asked by a command of lunch', () => {
    const isAsked = commands.some((source) => source.includes(`client.${operationId}(`));
    expect(isAsked || operationId in WITHOUT_COMMAND).toBe(true);
  });
});
