/** A CDK app of somebody else's, with the package as npm installs it. */
import { ExistingRestApi, JwtAuthorizer, KeySource, TokenSource } from 'apigateway-jwt-authorizer';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';

const app = new App();
const stack = new Stack(app, 'Foreign');
const auth = new JwtAuthorizer(stack, 'Auth', {
  policies: [
    { keySource: KeySource.generatedSecret(), issuer: ['https://id.example.com/'] },
    {
      keySource: KeySource.discovery(),
      issuer: ['https://other.example.com/'],
      audience: ['orders'],
      checkCredentialExistence: false,
      scopeClaim: 'scope',
      tokenSource: TokenSource.BEARER,
    },
  ],
  routes: [{ paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] }],
  resultsCacheTtl: Duration.minutes(1),
});
const api = new RestApi(stack, 'Api', { defaultMethodOptions: auth.methodOptions });
api.root.addResource('orders').addMethod('POST', new MockIntegration());
const another = new RestApi(new Stack(app, 'Another'), 'Api');
another.root.addMethod('GET', new MockIntegration(), auth.forApi(another).methodOptions);
const attaching = new Stack(app, 'Attaching');
new ExistingRestApi(attaching, 'Orders', {
  restApi: RestApi.fromRestApiId(attaching, 'OrdersApi', 'a1b2c3d4e5'),
  stages: ['prod'],
  routes: ['ANY /*', '!GET /health'],
  authorizer: auth,
});
app.synth();
