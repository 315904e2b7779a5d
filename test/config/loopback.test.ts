import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../lambda/config/loopback.ts';

const hostOf = (url: string) => new URL(url).hostname;

describe('an address of this machine alone', () => {
  it.each([
    'http://127.0.0.1:8080/',
    'http://127.255.255.254/',
    'http://127.1/',
    'http://0x7f000001/',
    'https://[::1]:9876/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://LOCALHOST/',
  ])('is %s', (url) => {
    expect(isLoopback(hostOf(url))).toBe(true);
  });

  it.each([
    'http://128.0.0.1/',
    'http://126.255.255.255/',
    'http://10.127.0.1/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[::2]/',
    'http://[::ffff:127.0.0.1]/',
    'http://127.0.0.1.example/',
    'http://my127.0.0.1.example/',
    'http://localhost.example/',
    'http://notlocalhost/',
    'http://localhost./',
  ])('is not %s', (url) => {
    expect(isLoopback(hostOf(url))).toBe(false);
  });
});
