/**
 * What GitHub reads of this repository, by the parser of GitHub's own editor. It imports JSON in a way that Node refuses and
 * Jest 30 takes with a warning; where Jest stops to, a version that says `with { type: 'json' }` is needed.
 */
import { globSync, readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

async function errorsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return context.errors.getErrors().map(({ message }) => message);
  await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each(globSync('.github/workflows/*'))('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('is a workflow', async () => {
    expect(await errorsOf(file, text)).toEqual([]);
  });

  it('runs actions that nobody can exchange, may only read, and ends', () => {
    const { permissions, jobs } = parse(text) as { permissions: unknown; jobs: Record<string, object> };
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job).toHaveProperty('timeout-minutes');
    for (const [, action] of text.matchAll(/uses: (.+)/g)) expect(action).toMatch(/@[0-9a-f]{40} # v[\d.]+$/);
  });

  it('runs scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const run = [...text.matchAll(/pnpm@12 (?:run )?(\S+)/g)].map(([, script = '']) => script);
    expect(run.length).toBeGreaterThan(0);
    for (const script of run) expect(['install', ...Object.keys(scripts)]).toContain(script);
  });
});

it('the parser finds what is wrong', async () => {
  const broken = 'on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    needs: two\n    steps:\n      - runs: true\n';
  expect((await errorsOf('broken.yml', broken)).join()).toMatch(/runs/);
});

describe.each(globSync('.github/ISSUE_TEMPLATE/*.yml'))('%s', (file) => {
  it('is YAML with what a form has', () => {
    const form = parse(readFileSync(file, 'utf8')) as { body?: Array<{ id: string }> };
    if (file.endsWith('config.yml')) return;
    expect(form).toEqual(expect.objectContaining({ name: expect.any(String), description: expect.any(String) }));
    const ids = (form.body ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
  });
});
