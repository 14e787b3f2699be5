import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../src/platform/redis-url.ts';

const plain = { username: undefined, password: undefined, isTls: false, db: 0, master: '' };

describe('an address of Redis', () => {
  it('is one server', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      ...plain,
      kind: 'single',
      hosts: [{ host: 'localhost', port: 6379 }],
    });
    expect(parseRedisUrl('rediss://me:p%40ss@[::1]:7000/3')).toEqual({
      ...plain,
      kind: 'single',
      hosts: [{ host: '::1', port: 7000 }],
      username: 'me',
      password: 'p@ss',
      isTls: true,
      db: 3,
    });
    expect(parseRedisUrl('redis://:secret@host/')).toMatchObject({ username: undefined, password: 'secret', db: 0 });
  });

  it('is several Sentinels and the name of a master', () => {
    expect(parseRedisUrl('redis+sentinel://one:26380,two/mymaster/2')).toEqual({
      ...plain,
      kind: 'sentinel',
      hosts: [
        { host: 'one', port: 26380 },
        { host: 'two', port: 26379 },
      ],
      master: 'mymaster',
      db: 2,
    });
  });

  it('is some nodes of a cluster', () => {
    expect(parseRedisUrl('rediss+cluster://one:7001,two:7002')).toMatchObject({ kind: 'cluster', isTls: true });
  });

  it.each([
    'redis://one,two',
    'redis+sentinel://one',
    'redis+cluster://one/1',
    'redis://host:port',
    'redis://host/a',
    'http://x',
    '',
  ])('is not %s', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});
