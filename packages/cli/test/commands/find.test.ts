/** Who serves a dish, and what is said where nobody does or nobody knows. */
import { describe, expect, it } from '@jest/globals';
import { useLunch } from '../support/running.ts';

const running = useLunch();
const { lunch, onDay } = running;

describe('lunch find <words>', () => {
  it('shows who serves the dish and where', async () => {
    const { stdout: plain } = await lunch('nanna --plain');
    const dish = plain.split('\n')[0]?.split('\t')[6] ?? '';
    const { stdout, stderr, exitCode } = await lunch(`find ${dish.toUpperCase().split(',')[0]}`);
    expect(stdout).toContain(' · Monday 23 November · fetched 11:00\n');
    expect(stdout).toContain('Restaurang Nanna Svartz · Solna\n');
    expect(stdout).toContain('  Map     https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('says that nobody serves it, in a region too', async () => {
    const notFound = (where: string) => ({
      stdout: '',
      stderr: `lunch: no dish with "xyzzy"${where} of today\n`,
      exitCode: 4,
    });
    expect(await lunch('find xyzzy')).toEqual(notFound(' in the 9 menus'));
    expect(await lunch('find xyzzy --region bmc')).toEqual(notFound(' in Uppsala in the 5 menus'));
  });

  it('does not know the region', async () => {
    expect(await lunch('find lax --region mars')).toEqual({
      stdout: '',
      stderr: 'lunch: there is no region "mars", only Uppsala and Solna (--region)\n',
      exitCode: 2,
    });
  });

  it('says whose menu is not known', () =>
    onDay(2, async () => {
      running.test.simulator.setFault('/restaurant/omni', { kind: 'status', status: 500 });
      expect(await lunch('find xyzzy')).toMatchObject({
        stderr:
          'lunch: menus not to be had just now: Restaurang Omni\nlunch: no dish with "xyzzy" in the 8 menus of today\n',
        exitCode: 4,
      });
    }));

  it('says that the API gives nothing, which is not that nobody serves it', () =>
    onDay(3, async () => {
      running.test.simulator.setFault('*', { kind: 'status', status: 500 });
      expect(await lunch('find lax')).toEqual({
        stdout: '',
        stderr: 'lunch: the lunch-menu API gives no menus just now. Try again in a while.\n',
        exitCode: 5,
      });
    }));

  it.each(['find !!', `find ${'x'.repeat(101)}`])('refuses %s as a mistake of usage', async (words) => {
    const { stdout, stderr, exitCode } = await lunch(words);
    expect(stderr).toMatch(/^lunch: find needs words/);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});
