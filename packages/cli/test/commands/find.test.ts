/** Who serves a dish, and what is said where nobody does or nobody knows. */
import { describe, expect, it } from '@jest/globals';
import { startTestRelay } from '../../../server/test/support/relay.ts';
import { useLunch } from '../support/running.ts';
import { useServers } from '../support/servers.ts';

const running = useLunch();
const { lunch, onDay } = running;
const serve = useServers();

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
        stderr: 'lunch: no menu is to be had just now (upstream_error). Try again in a while.\n',
        exitCode: 5,
      });
    }));

  it('says that none could be had where the relay itself asks no more for this client', async () => {
    const limited = await startTestRelay({ settings: { CLIENT_RATE_LIMIT: '1' } });
    try {
      await fetch(`${limited.relay.url}/relay_anything/version`);
      const environment = { LUNCH_RELAY_URL: limited.relay.url };
      expect(await lunch('find lax', { environment })).toEqual({
        stdout: '',
        stderr: 'lunch: no menu is to be had just now (client_rate_limited). Try again in a while.\n',
        exitCode: 5,
      });
      expect((await lunch('omni', { environment })).exitCode).toBe(5);
    } finally {
      await limited.close();
    }
  });

  it('takes every reason that is none of a menu for a failure, and that of the relay for a fault', async () => {
    const answering = (reason: string) =>
      serve((_, response) => {
        const notSearched = [
          { identifier: 'omni', name: 'Omni', reason },
          { identifier: 'elma', name: 'Elma', reason: 'weekend' },
        ];
        response.end(JSON.stringify({ date: '2026-11-23', matches: [], searched: 0, notSearched }));
      });
    const found = async (reason: string) =>
      lunch('find lax', { environment: { LUNCH_RELAY_URL: await answering(reason) } });
    expect(await found('a_code_of_the_future')).toMatchObject({ exitCode: 5 });
    expect(await found('internal_error')).toEqual({
      stdout: '',
      stderr: 'lunch: no menu is to be had just now (internal_error).\n',
      exitCode: 1,
    });
    for (const reason of ['closed', 'unknown', 'notice', 'weekend', 'public_holiday'])
      expect(await found(reason)).toMatchObject({
        stderr: 'lunch: menus nothing found today: Omni, Elma\nlunch: no dish with "lax" in the 0 menus of today\n',
        exitCode: 4,
      });
  });

  it.each(['99999999999999', '9999999999'])('shows dishes of an unknown age, such as %s seconds', async (age) => {
    const match = { dish: { name: 'Lax' }, restaurant: { identifier: 'omni', name: 'Omni' } };
    const LUNCH_RELAY_URL = await serve((_, response) => {
      response.writeHead(200, { age });
      response.end(JSON.stringify({ date: '2026-11-23', matches: [match], searched: 1, notSearched: [] }));
    });
    const { stdout, stderr, exitCode } = await lunch('find lax', { environment: { LUNCH_RELAY_URL } });
    expect(stdout).toMatch(/^“lax” · Monday 23 November\n\nOmni\n {2}• Lax\n/);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it.each(['find !!', `find ${'x'.repeat(101)}`])('refuses %s as a mistake of usage', async (words) => {
    const { stdout, stderr, exitCode } = await lunch(words);
    expect(stderr).toMatch(/^lunch: find needs words/);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});
