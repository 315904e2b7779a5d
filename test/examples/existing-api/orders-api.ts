/** A stack of somebody else's: a REST API whose methods anybody may call. Nothing in it knows of the authorizer. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

const stack = new Stack(new App(), 'OrdersApi');
const backend = new LambdaFunction(stack, 'Backend', {
  code: Code.fromInline("exports.handler = async ({ path }) => ({ statusCode: 200, body: path + '\\n' });"),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
});
const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
for (const name of ['orders', 'health'])
  api.root.addResource(name).addMethod('GET', new LambdaIntegration(backend));

new CfnOutput(stack, 'ApiId', { value: api.restApiId });
new CfnOutput(stack, 'ApiUrl', { value: api.url });
