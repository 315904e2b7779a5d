/** What samples assume: names that a page's text gives, and imports that every CDK app has. */
declare const app: import('aws-cdk-lib').App;
declare const api: import('aws-cdk-lib/aws-apigateway').RestApi;
declare const integration: import('aws-cdk-lib/aws-apigateway').Integration;
declare const accessLog: import('aws-cdk-lib/aws-logs').LogGroup;
declare const topic: import('aws-cdk-lib/aws-sns').Topic;
declare const auth: import('apigateway-jwt-authorizer').JwtAuthorizer;
declare const configuration: import('apigateway-jwt-authorizer').JwtAuthorizerStackProps['configuration'];
declare const RestApi: typeof import('aws-cdk-lib/aws-apigateway').RestApi;
declare const SnsAction: typeof import('aws-cdk-lib/aws-cloudwatch-actions').SnsAction;
declare const ExistingRestApi: typeof import('apigateway-jwt-authorizer').ExistingRestApi;
declare const JwtAuthorizer: typeof import('apigateway-jwt-authorizer').JwtAuthorizer;
declare const JwtAuthorizerStack: typeof import('apigateway-jwt-authorizer').JwtAuthorizerStack;
declare const KeySource: typeof import('apigateway-jwt-authorizer').KeySource;
