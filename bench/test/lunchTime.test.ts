/** What is measured does not depend on the day. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { AT_LUNCH_TIME } from '../lunchTime.ts';

describe('a server that is measured', () => {
  it('has a clock that goes on from eleven on a Wednesday in Stockholm', async () => {
    const words = [...AT_LUNCH_TIME, '--print', 'new Date(Date.now()).toISOString()'];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    expect(stdout).toMatch(/^2026-11-25T10:0\d:/);
  });
});
