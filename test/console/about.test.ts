import { describe, expect, it } from 'vitest';
import { aboutOf } from '../../bin/console/about.ts';
import { parseConfig } from '../../lambda/config/parse.ts';

const about = (file: object) => {
  const parsed = parseConfig({ jwt: { secret: 'generate', algorithms: ['HS256'] }, ...file });
  if (!parsed.ok) throw new Error('the test has a configuration that is none');
  const place = { kind: 'local', gatewayUrl: 'http://127.0.0.1:8080' } as const;
  return aboutOf(parsed.config, place, {
    ...{ hasConsumers: true, hasDecisions: true, keyOption: () => undefined },
  });
};

describe('the routes that are offered', () => {
  it('are those of the configuration, with a path that one can ask about', () => {
    const routes = [{ paths: ['/orders', '/orders/{id}'], methods: ['POST', 'DELETE'], scopes: ['w'] }];
    expect(about({ routes }).routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^POST \/orders$/),
      expect.stringMatching(/^DELETE \/orders$/),
      expect.stringMatching(/^POST \/orders\/[^{]+$/),
      expect.stringMatching(/^DELETE \/orders\/[^{]+$/),
    ]);
  });

  it('are none where it names none', () => {
    expect(about({}).routes).toEqual([]);
  });
});
