import { describe, expect, it } from 'vitest';
import { preflightResponse } from '../../bin/local/cors.ts';
import type { Cors } from '../../lambda/config/types.ts';

const CORS: Cors = {
  allowOrigins: ['https://a.example', 'https://b.example'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['Authorization'],
  exposeHeaders: [],
  allowCredentials: true,
  maxAgeSeconds: 600,
};
const headers = (changes: Partial<Cors>, origin?: string) =>
  preflightResponse({ ...CORS, ...changes }, origin, 'id').headers;

describe('preflightResponse', () => {
  it('echoes a listed origin and says what it allows', () => {
    const response = preflightResponse(CORS, 'https://b.example', 'id');
    expect(response.status).toBe(204);
    expect(response.headers).toEqual({
      'x-amzn-RequestId': 'id',
      'access-control-allow-origin': 'https://b.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'Authorization',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  it.each([['https://c.example'], ['https://a.example.evil'], ['HTTPS://A.EXAMPLE'], ['null'], [undefined]])(
    'echoes no other: %s',
    (origin) => {
      expect(headers({}, origin)).not.toHaveProperty('access-control-allow-origin');
      expect(headers({}, origin)).toHaveProperty('vary', 'Origin');
    },
  );

  it('answers * to all, and leaves out what is not set', () => {
    const any = headers(
      { allowOrigins: ['*'], allowCredentials: false, exposeHeaders: ['X-A'] },
      'https://c.example',
    );
    expect(any).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'X-A' });
    expect(any).not.toHaveProperty('vary');
    expect(any).not.toHaveProperty('access-control-allow-credentials');
  });
});
