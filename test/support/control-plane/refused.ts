/**
 * What AWS refuses a call with: the exception's name, its HTTP status and its message. Where the code says *recorded*,
 * AWS gave this very answer to LocalStack's tests, which keep it.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html, the errors of each operation
 * @see https://github.com/localstack/localstack tests/aws/services/apigateway/*.snapshot.json
 */
export class Refused extends Error {
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export const badRequest = (message: string) => new Refused('BadRequestException', 400, message);
export const notFound = (message: string) => new Refused('NotFoundException', 404, message);
export const conflict = (message: string) => new Refused('ConflictException', 409, message);
export const limitExceeded = (message: string) => new Refused('LimitExceededException', 429, message);
export const tooManyRequests = () => new Refused('TooManyRequestsException', 429, 'Too Many Requests');

/** Recorded for an `op` that the path does not know. */
export const noSuchOperation = (supported: readonly string[]) =>
  badRequest(`Invalid patch operation specified. Must be one of: [${supported.join(', ')}]`);

/** What AWS may well do and the model does not: a test that comes here proves nothing. */
export const notModelled = (what: string) =>
  new Refused('NotModelled', 501, `the model does not know ${what}`);
