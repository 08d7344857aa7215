/** What Cache-Control, its targeted form and Pragma are read as. */
import { describe, expect, it } from '@jest/globals';
import { parseDirectives, responseDirectives, secondsOf } from '../../../src/relay/cache/directives.ts';
import { requestDirectives } from '../../../src/relay/cache/policy.ts';

const SECOND = 1_000;
const asked = (rawHeaders: string[]) => ({ method: 'GET', rawHeaders });
const told = (value: string) => ['Cache-Control', value];

describe('directives', () => {
  it.each<[string, Record<string, string>]>([
    ['max-age=60', { 'max-age': '60' }],
    ['max-age=60, no-store=?0', { 'max-age': '60' }],
    ['no-store, no-store=?0, a', { a: '' }],
    ['no-store=?1', { 'no-store': '' }],
    ['*a=b', { '*a': 'b' }],
    [' max-age=-1.5;a; b=c\t', { 'max-age': '-1.5' }],
    ['a="x, no-store", max-age=60', { a: '"x, no-store"', 'max-age': '60' }],
    ['a="x\\"y", b=1.25', { a: '"x\\"y"', b: '1.25' }],
  ])('"%s", aimed at caches like this, counts instead of all others', (text, expected) => {
    const { directives, isTargeted } = responseDirectives(['CDN-Cache-Control', text, ...told('no-transform')]);
    expect([Object.fromEntries(directives), isTargeted]).toEqual([expected, true]);
  });

  it.each([
    'max-age=60,',
    'max-age=60, ',
    'Max-Age=60',
    'max-age=60 x',
    'max-age=60 ;a',
    'x max-age=60',
    '&',
    '',
    '   ',
  ])('"%s" counts for nothing', (text) => {
    const { directives, isTargeted } = responseDirectives(['CDN-Cache-Control', text, ...told('no-transform')]);
    expect([Object.fromEntries(directives), isTargeted]).toEqual([{ 'no-transform': '' }, false]);
  });

  it.each<[string, Record<string, string>]>([
    ['a="x\\"y\\\\z"', { a: 'x"y\\z' }],
    ['private="x", private', { private: '' }],
    ['private, private="x"', { private: '' }],
    ['foo=1, foo', { foo: '1' }],
    ['a;, b', { b: '' }],
    ['no-store;', { 'no-store': '' }],
    [
      'x;no-cache;MUST-REVALIDATE proxy-revalidate, b=1',
      { 'no-cache': '', 'must-revalidate': '', 'proxy-revalidate': '', b: '1' },
    ],
    ['private;no-storex', { private: '' }],
    [', a', { a: '' }],
  ])('%j are %j', (text, expected) => {
    expect(Object.fromEntries(parseDirectives([text]))).toEqual(expected);
  });

  it('on several lines are one list', () => {
    expect([...parseDirectives(['a', 'b=1'])]).toEqual([
      ['a', ''],
      ['b', '1'],
    ]);
    const lines = ['CDN-Cache-Control', 'a', 'CDN-Cache-Control', 'max-age=1'];
    expect([...responseDirectives(lines).directives.keys()]).toEqual(['a', 'max-age']);
  });

  it.each([
    ['60', 60 * SECOND],
    ['060', 60 * SECOND],
    ['6x', 0],
    ['x6', 0],
    ['', 0],
    ['9'.repeat(12), 2 ** 31 * SECOND],
  ])('with the value "%s" are %i ms', (value, ms) => {
    expect(secondsOf(new Map([['max-age', value]]), 'max-age')).toBe(ms);
    expect(secondsOf(new Map(), 'max-age')).toBeUndefined();
  });

  it('of an old client are its Pragma, where it sends no others', () => {
    expect([...requestDirectives(asked(['Pragma', 'no-cache']))]).toEqual([['no-cache', '']]);
    expect([...requestDirectives(asked(['Pragma', 'x']))]).toEqual([]);
    expect([...requestDirectives(asked(['Pragma', 'no-cache', ...told('max-age=1')]))]).toEqual([['max-age', '1']]);
  });
});
