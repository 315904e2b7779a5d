import { Token } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { CfnVersion } from 'aws-cdk-lib/aws-lambda';
import type { Problem, ProblemCode } from '../lambda/config/problem.ts';
import { quote } from '../lambda/config/quote.ts';
import { parseSelector } from '../lambda/config/selector.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import type { ExistingRestApiProps } from './existing-rest-api-props.ts';

/** API Gateway's own alphabets; neither has what would say more in a policy. */
const REST_API_ID = /^[A-Za-z0-9]+$/;
const STAGE_NAME = /^[A-Za-z0-9_-]{1,128}$/;
/** An alarm looks at whole minutes, and at a day at most. */
const LONGEST_INTERVAL_MINUTES = 24 * 60;

/** All that is wrong with the props of an attachment, or contradicts itself in them. */
export function problemsOf(props: ExistingRestApiProps, { version }: AuthorizerFunction): readonly Problem[] {
  const { restApi, stages, routes = [], driftCheck, attachWith } = props;
  const problems: Problem[] = [];
  const add = (code: ProblemCode, path: string, message: string) => problems.push({ code, path, message });
  if (restApi instanceof RestApi)
    add(
      'needs_existing_api',
      'restApi',
      'is made by this app, whose next deployment would undo an attachment; give its methods the authorizer: forApi(api).methodOptions',
    );
  if (!isToken(restApi.restApiId) && !REST_API_ID.test(restApi.restApiId))
    add('value_invalid', 'restApi', `got ${quote(restApi.restApiId)}; give an id such as a1b2c3d4e5`);
  if (stages.length === 0) add('value_invalid', 'stages', 'got none; give one stage at least');
  for (const [index, stage] of stages.entries()) {
    const path = `stages[${index}]`;
    if (!isToken(stage) && !STAGE_NAME.test(stage))
      add('value_invalid', path, `got ${quote(stage)}; give a stage's name`);
    if (stages.indexOf(stage) !== index) add('value_invalid', path, `got ${quote(stage)} twice`);
  }
  for (const [index, route] of routes.entries()) {
    const selector = parseSelector(route);
    if (typeof selector === 'string')
      add('route_invalid', `routes[${index}]`, `got ${quote(route)}: ${selector}`);
  }
  if (attachWith === 'command') {
    if (typeof driftCheck === 'object')
      add(
        'option_unused',
        'driftCheck',
        'looks after what the stack attaches; leave it out beside attachWith: command',
      );
  } else if (driftCheck !== false && driftCheck?.interval !== undefined) {
    const minutes = driftCheck.interval.toMinutes({ integral: false });
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_INTERVAL_MINUTES)
      add('value_invalid', 'driftCheck.interval', 'give whole minutes, 1 to 1440');
  }
  if (driftCheck === false && props.alarmActions !== undefined)
    add(
      'option_unused',
      'alarmActions',
      'tell of what the drift check finds; leave them out beside driftCheck: false',
    );
  if ((version.node.defaultChild as CfnVersion).provisionedConcurrencyConfig !== undefined)
    add(
      'value_invalid',
      'authorizer',
      'has provisioned concurrency: the versions of its function are kept, since old deployments of the API invoke them, and each would go on being billed; leave it out',
    );
  return problems;
}

const isToken = (value: string): boolean => Token.isUnresolved(value);
