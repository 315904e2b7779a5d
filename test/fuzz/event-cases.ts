/** Events around a token: as API Gateway sends them, and as nobody should. */
import type { Draw } from './draw.ts';
import type { Random } from './random.ts';
import type { PolicyFile, World } from './worlds.ts';
import { policiesOf } from './worlds.ts';

export const STAGE_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod';

/** Resources of the API, each with paths that lead to it. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '/orders': ['/orders', '/orders/'],
  '/orders/{id}': ['/orders/7', '/orders/a%20b', '/orders/7/'],
  '/orders/{id}/items': ['/orders/7/items'],
  '/admin/{proxy+}': ['/admin/users', '/admin/users/7'],
  '/{proxy+}': [
    '/health',
    '/orders',
    '/orders/7',
    '/admin/users',
    '/ADMIN/users',
    '/a/b/c',
    '/administrator',
  ],
  '/': ['/'],
};
const METHODS = ['GET', 'GET', 'POST', 'DELETE', 'HEAD', 'PUT', 'OPTIONS'];

type Pair = readonly [name: string, value: unknown];
type Mutable = Record<string, unknown>;

const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    7,
    -1,
    true,
    '',
    'x',
    [],
    {},
    [null],
    ['x', 7],
    { length: 1 },
    [['x']],
    'TOKEN',
    'REQUEST',
    1e308,
  ],
  ...[{ toString: 'x' }, { valueOf: 1 }, '\u0000', '\ud800', 'x'.repeat(9000)],
];
const ODD_ARNS: readonly unknown[] = [
  ...['', 'arn', 'arn:aws:execute-api', STAGE_ARN, `${STAGE_ARN}/`, `${STAGE_ARN}/GET`, `${STAGE_ARN}/GET/`],
  ...[
    'arn:aws:execute-api:eu-west-1:123456789012:abc/*/GET/x',
    'arn:aws:execute-api:*:*:*/prod/GET/',
    '*',
    null,
    7,
    [],
  ],
  ...[
    'arn:aws:execute-api:eu-west-1::abc/prod/GET/x',
    'arn:aws:lambda:eu-west-1:123456789012:abc/prod/GET/x',
  ],
  ...[
    `${STAGE_ARN}/GET/a:b:c/d`,
    `${STAGE_ARN}/GET//`,
    `${STAGE_ARN}/*/x`,
    `${STAGE_ARN}/GET/${'x'.repeat(3000)}`,
  ],
  ...[
    `x${STAGE_ARN}/GET/x`,
    `${STAGE_ARN.replace('/', ':')}/GET/x`,
    `${STAGE_ARN.toUpperCase()}/GET/X`,
    ` ${STAGE_ARN}/GET/x`,
  ],
  ...[
    'arn:aws:execute-api:eu-west-1:123456789012:a/b/c/d/e',
    `arn:${'a:'.repeat(2000)}/prod/GET/x`,
    'arn:a/b:execute-api:r:1:a/b/GET/',
  ],
  ...[
    `${STAGE_ARN}?/GET/x`,
    `${STAGE_ARN}\n/GET/x`,
    `${STAGE_ARN}/GET/x\ny`,
    'arn::execute-api:r:1:a/b/GET/',
    'arn:a:execute-api::1:a/b/GET/',
  ],
];
const STAGES = [
  ...[
    'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/v1',
    'arn:aws-cn:execute-api:cn-north-1:123456789012:a1/x',
  ],
  `arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef1234/${'s'.repeat(128)}`,
];
const ODD_PATHS = [
  ...[
    '/orders//7',
    '/orders/../admin/users',
    '/orders/%2e%2e/admin',
    '/admin%2Fusers',
    '/%61dmin/users',
    '/admin/users;x=1',
  ],
  ...[
    '/orders/7?x',
    '/orders\\7',
    '',
    'orders',
    '/admin',
    '/admin/',
    '/orders/%',
    '/orders/%zz',
    '/ orders',
    '/admin/\u0000',
  ],
  ...[
    '/ORDERS/7',
    '/x/orders/7',
    '//admin/users',
    '/./admin/users',
    '/orders/7%00',
    '/orders/%c0%af',
    `/${'a/'.repeat(800)}`,
  ],
];
const ODD_RESOURCES: readonly unknown[] = [
  ...[
    '',
    'orders',
    '/orders/',
    '//',
    '/{proxy+}/x',
    '/{a}/{b+}',
    '/orders/:id',
    '/orders/*',
    '*',
    '/a b',
    null,
    7,
    [],
    '/{}',
  ],
  ...['/{id}', '/orders/{other}', '/{x}/{y}', '/admin', `/${'a/'.repeat(800)}b`, '/orders/{id', '/\ud800'],
];
const ODD_METHODS: readonly unknown[] = [
  'get',
  'Post',
  '',
  'GET ',
  '*',
  'G*T',
  'GET/x',
  'ANY',
  null,
  7,
  ['GET'],
  'x'.repeat(40),
  'GËT',
];

interface Carried {
  readonly headers: Pair[];
  readonly query: Pair[];
}

function valueFor({ jwtExtractor, jwtExtractorField = '' }: PolicyFile, token: string, draw: Draw): string {
  if (jwtExtractor === 'cookie') {
    let value = `${jwtExtractorField}=${token}`;
    draw.harmlessly('other cookies', 3, (random) => {
      value = random.pick([
        `a=b; ${value}`,
        `${value}; b=c`,
        `a;${value} ;`,
        ` ${value}`,
        `=x;${value}`,
        `session2=x; ${value}`,
      ]);
    });
    draw.maybe('odd cookies', 16, (random) => {
      value = random.pick([
        `${value}; ${value}`,
        `Session=${token}`,
        token,
        `session==${token}`,
        `session="${token}"`,
        value.replace('=', ' = '),
      ]);
    });
    return value;
  }
  if (jwtExtractor === 'header' || jwtExtractor === 'query') {
    let value = token;
    draw.maybe('a scheme where none belongs', 40, () => {
      value = `Bearer ${token}`;
    });
    return value;
  }
  const scheme = jwtExtractor === 'authScheme' ? jwtExtractorField : 'Bearer';
  let value = `${scheme} ${token}`;
  draw.harmlessly('another spelling of the scheme', 10, (random) => {
    value =
      random.pick([scheme.toLowerCase(), scheme.toUpperCase(), scheme]) +
      random.pick([' ', '  ', '\t', '      ']) +
      token;
  });
  draw.maybe('another scheme', 24, (random) => {
    value = random.pick([
      ...[
        token,
        `Basic ${token}`,
        `${scheme}${token}`,
        `${scheme}: ${token}`,
        ` ${value}`,
        `${value} x`,
        `${value},x`,
        `${scheme}`,
      ],
      ...[
        `${scheme} `,
        `${scheme}\t ${token}`,
        `${scheme} \t${token}`,
        `${scheme}\n${token}`,
        `${value} `,
        `${value}\n`,
        `${scheme}\u00a0${token}`,
      ],
      ...[
        `${scheme} ${value}`,
        `${value}, ${value}`,
        `BEARER=${token}`,
        `${scheme}${' '.repeat(9000)}${token}`,
      ],
    ]);
  });
  return value;
}

function carry(policy: PolicyFile, token: string, draw: Draw): Carried {
  const { jwtExtractor, jwtExtractorField = '' } = policy;
  const carried: Carried = { headers: [], query: [] };
  const value = valueFor(policy, token, draw);
  let name =
    jwtExtractor === 'cookie' ? 'Cookie' : jwtExtractor === 'header' ? jwtExtractorField : 'Authorization';
  if (jwtExtractor === 'query') carried.query.push([jwtExtractorField, value]);
  else {
    draw.harmlessly('another case of the header’s name', 6, (random) => {
      name = random.pick([name.toLowerCase(), name.toUpperCase()]);
    });
    carried.headers.push([name, value]);
  }
  const list = jwtExtractor === 'query' ? carried.query : carried.headers;
  draw.maybe('the token twice', 30, (random) => {
    const [own = ''] = list[0] ?? [];
    list.push([
      random.pick([own, own.toLowerCase(), own.toUpperCase()]),
      random.pick([value, `${value}x`, '', null, 7, 'Bearer x']),
    ]);
  });
  draw.maybe('the token elsewhere', 40, (random) => {
    const [taken] = list.splice(0, 1);
    const other = random.pick([
      'Authorization',
      'X-Token',
      'token',
      'Cookie',
      'Proxy-Authorization',
      '__proto__',
    ]);
    (random.oneIn(2) ? carried.headers : carried.query).push([other, taken?.[1]]);
  });
  draw.harmlessly('other headers', 4, (random) => {
    carried.headers.push([
      random.pick(['X-Other', 'accept', 'X-Authorizer-Claims', 'Host', 'constructor']),
      random.pick(['', 'x', 'Bearer x']),
    ]);
  });
  return carried;
}

function grouped(pairs: readonly Pair[]): Record<string, unknown[]> {
  const groups: Record<string, unknown[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const group = groups[name] ?? [];
    groups[name] = group;
    group.push(value);
  }
  return groups;
}
const lastOf = (pairs: readonly Pair[]): Record<string, unknown> =>
  Object.assign(Object.create(null), Object.fromEntries(pairs));

function requestEventOf(carried: Carried, draw: Draw, stageArn: string): Mutable {
  const { random } = draw;
  let resource = random.pick(Object.keys(RESOURCES));
  let path = random.pick(RESOURCES[resource] ?? []);
  let method: unknown = random.pick(METHODS);
  draw.maybe('an odd path', 14, (own) => {
    path = own.pick(ODD_PATHS);
    if (own.oneIn(3)) resource = '/{proxy+}';
  });
  draw.maybe('an odd method', 40, (own) => {
    method = own.pick(ODD_METHODS);
  });
  const event: Mutable = {
    type: 'REQUEST',
    methodArn: `${stageArn}/${String(method)}${path}`,
    resource,
    path,
    httpMethod: method,
    headers: lastOf(carried.headers),
    multiValueHeaders: grouped(carried.headers),
    queryStringParameters: lastOf(carried.query),
    multiValueQueryStringParameters: grouped(carried.query),
    pathParameters: {},
    stageVariables: {},
    requestContext: { requestId: 'request-1', resourcePath: resource },
  };
  draw.harmlessly('one map of values alone', 8, (own) => {
    const names = own.oneIn(2)
      ? ['headers', 'queryStringParameters']
      : ['multiValueHeaders', 'multiValueQueryStringParameters'];
    // The single-valued maps do not tell of a second value, so this is for one.
    if (carried.headers.length + carried.query.length === 1) for (const name of names) event[name] = null;
  });
  draw.maybe('a path beside the ARN’s', 30, (own) => {
    event['path'] = own.pick([...ODD_PATHS, '/base/orders/7', null, 7]);
  });
  draw.maybe('an odd resource', 30, (own) => {
    event['resource'] = own.pick(ODD_RESOURCES);
  });
  draw.maybe('odd values of headers', 30, (own) => {
    const map = own.pick([
      'headers',
      'multiValueHeaders',
      'queryStringParameters',
      'multiValueQueryStringParameters',
    ]);
    const values = event[map];
    if (typeof values !== 'object' || values === null) return;
    for (const name of Object.keys(values))
      (values as Mutable)[name] = oddValues((values as Mutable)[name], own);
  });
  return event;
}

function oddValues(value: unknown, random: Random): unknown {
  return random.pick([
    value,
    [value],
    [[value]],
    [value, value],
    [7, value],
    [value, null],
    { 0: value },
    null,
    7,
    [],
    [''],
    ['', value],
  ]);
}

function tokenEventOf(carried: Carried, draw: Draw, stageArn: string): Mutable {
  const path = draw.random.pick(['/orders', '/orders/7', '/', '/admin/users']);
  let [, token] = carried.headers[0] ?? [];
  draw.maybe('an odd authorizationToken', 40, (random) => {
    token = random.pick([null, 7, [], [token], {}, '', undefined]);
  });
  return {
    type: 'TOKEN',
    methodArn: `${stageArn}/GET${path}`,
    ...(token !== undefined && { authorizationToken: token }),
  };
}

/** @param which of the world's policies the token is for. */
export function drawEvent(world: World, which: number, token: string, draw: Draw): unknown {
  const policy = policiesOf(world)[which] ?? {};
  const carried = carry(policy, token, draw);
  let stageArn = STAGE_ARN;
  draw.harmlessly('another stage', 10, (random) => {
    stageArn = random.pick(STAGES);
  });
  const canBeToken =
    policy.jwtExtractor !== 'query' && policy.jwtExtractor !== 'cookie' && world.file.routes === undefined;
  let isToken = canBeToken && draw.random.oneIn(3);
  draw.maybe('the other type of event', 60, () => {
    isToken = !isToken;
  });
  const event = isToken ? tokenEventOf(carried, draw, stageArn) : requestEventOf(carried, draw, stageArn);
  draw.maybe('an odd ARN', 30, (random) => {
    event['methodArn'] = random.pick(ODD_ARNS);
  });
  draw.maybe('an odd member', 20, (random) => {
    event[random.pick(Object.keys(event))] = random.pick(ODD_VALUES);
  });
  draw.maybe('a member is left out', 40, (random) => {
    delete event[random.pick(Object.keys(event))];
  });
  draw.maybe('another member', 40, (random) => {
    event[
      random.pick(['identitySource', 'routeArn', 'cookies', 'authorizationToken', 'constructor', 'body'])
    ] = random.pick(ODD_VALUES);
  });
  let whole: unknown = event;
  draw.maybe('no event at all', 200, (random) => {
    whole = random.pick([null, 7, 'x', [], [event], {}, true, '{}', JSON.stringify(event)]);
  });
  return whole;
}
