/**
 * A new REST API of a CDK app, in front of a function: whoever has a token of the issuer may read orders, and who has the scope
 * `orders:write` may write them. Nobody is looked up. Instead of a key pair of your own, an issuer's keys:
 * `KeySource.discovery()`.
 *
 * Copy this folder, and in the copy, after `npm install` (and, once for an account and region, `npx cdk bootstrap`):
 *
 *   openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem
 *   openssl pkey -in private.pem -pubout -out public.pem
 *   npx cdk deploy --outputs-file outputs.json
 *   API=$(node -p "JSON.parse(fs.readFileSync('outputs.json')).NewApi.ApiUrl")
 *
 *   token() { npx jwt-authorizer token create --key private.pem -p iss=https://id.example.com/ -p sub=ann "$@"; }
 *   READER=$(token -p aud=orders-api -p scope=orders:read)
 *   WRITER=$(token -p aud=orders-api -p scope="orders:read orders:write")
 *   OLD=$(token -p aud=orders-api --expires-in -5m)
 *   SHOPPER=$(token -p aud=shop)
 *
 * Then, with the status that each gets, and the code in its body where there is one:
 *
 *   curl "${API}orders"                                              # 401
 *   curl "${API}orders" -H "authorization: Bearer $OLD"              # 401
 *   curl "${API}orders" -H "authorization: Bearer $SHOPPER"          # 401
 *   curl "${API}orders" -H "authorization: Bearer $READER"           # 200
 *   curl "${API}orders" -H "authorization: Bearer $READER" -d '{}'   # 403 scope_missing
 *   curl "${API}orders" -H "authorization: Bearer $WRITER" -d '{}'   # 200
 *   curl "${API}orders/7" -H "authorization: Bearer $READER"         # 200
 *
 * And to take it away again, all but the function's log:
 *
 *   npx cdk destroy --force
 */
import { readFileSync } from 'node:fs';
import { JwtAuthorizer, KeySource } from 'apigateway-jwt-authorizer';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

/** Answers with what the authorizer found out about the caller. */
const ORDERS = `exports.handler = async ({ requestContext: { authorizer } }) => ({
  statusCode: 200,
  body: JSON.stringify({ caller: authorizer.principalId, scope: authorizer.scope }),
});`;

const stack = new Stack(new App(), 'NewApi');

const auth = new JwtAuthorizer(stack, 'Auth', {
  policies: [
    {
      keySource: KeySource.publicKey(readFileSync('public.pem', 'utf8')),
      algorithms: ['RS256'],
      issuer: ['https://id.example.com/'],
      audience: ['orders-api'],
      checkCredentialExistence: false,
      scopeClaim: 'scope',
    },
  ],
  routes: [{ paths: ['/orders', '/orders/{id}'], methods: ['POST', 'DELETE'], scopes: ['orders:write'] }],
});

const api = new RestApi(stack, 'Api', {
  cloudWatchRole: false,
  defaultMethodOptions: auth.methodOptions,
  defaultIntegration: new LambdaIntegration(
    new LambdaFunction(stack, 'Orders', {
      code: Code.fromInline(ORDERS),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
    }),
  ),
});
// The code of a refusal in its body, and a challenge.
auth.forApi(api).addGatewayResponses();

const orders = api.root.addResource('orders');
orders.addMethod('GET');
orders.addMethod('POST');
const order = orders.addResource('{id}');
order.addMethod('GET');
order.addMethod('DELETE');

new CfnOutput(stack, 'ApiUrl', { value: api.url });
