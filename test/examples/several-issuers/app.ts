/**
 * Tokens of two kinds at one API: of partners, who each sign with a secret of their own and are looked up in the credentials
 * table, and of an OpenID Connect issuer (Auth0, Cognito, Entra ID, Keycloak, …), whose keys are fetched. The token's `iss` says
 * which policy it is for; neither can make the other's.
 *
 * ISSUER is the issuer's URL, as it stands in the `iss` of its tokens; ISSUER_TOKEN is a token of it whose `aud` has `orders-api`.
 * Copy this folder, and in the copy, after `npm install` (and, once for an account and region, `npx cdk bootstrap`):
 *
 *   npx cdk deploy -c issuer="$ISSUER" --outputs-file outputs.json
 *   output() { node -p "JSON.parse(fs.readFileSync('outputs.json')).SeveralIssuers.$1"; }
 *   API=$(output ApiUrl)
 *   TABLE=$(output TableName)
 *
 *   openssl rand -hex 64 | tr -d '\n' > shop.secret
 *   npx jwt-authorizer users create --table "$TABLE" -p username=shop
 *   npx jwt-authorizer credentials create --table "$TABLE" -c shop -p keyId=shop-1 \
 *     -p issuer=https://partners.example.com/ -p keySecret="$(cat shop.secret)"
 *   partner() { npx jwt-authorizer token create "$1" --key shop.secret -p iss="$2"; }
 *   SHOP=$(partner shop-1 https://partners.example.com/)
 *   STRANGER=$(partner shop-2 https://partners.example.com/)
 *   POSING=$(partner shop-1 "$ISSUER")
 *
 * Then, with the status that each gets:
 *
 *   curl "$API"                                           # 401
 *   curl "$API" -H "authorization: Bearer $SHOP"          # 200
 *   curl "$API" -H "authorization: Bearer $ISSUER_TOKEN"  # 200
 *   curl "$API" -H "authorization: Bearer $STRANGER"      # 401
 *   curl "$API" -H "authorization: Bearer $POSING"        # 401
 *
 * What is taken from a partner is taken at once, and the issuer's callers do not notice:
 *
 *   npx jwt-authorizer credentials deactivate --table "$TABLE" shop-1
 *   curl "$API" -H "authorization: Bearer $SHOP"          # 401
 *   curl "$API" -H "authorization: Bearer $ISSUER_TOKEN"  # 200
 *
 * And to take it away again, all but the table, its key and the function's log:
 *
 *   npx cdk destroy --force -c issuer="$ISSUER"
 */
import { JwtAuthorizer, KeySource } from 'apigateway-jwt-authorizer';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

/** Answers with what the authorizer found out about the caller. */
const ECHO = `exports.handler = async ({ requestContext: { authorizer } }) => ({
  statusCode: 200,
  body: JSON.stringify({ caller: authorizer.principalId, issuer: authorizer.issuer }),
});`;

const app = new App();
const stack = new Stack(app, 'SeveralIssuers');

const auth = new JwtAuthorizer(stack, 'Auth', {
  policies: [
    { keySource: KeySource.credentialKey(), issuer: ['https://partners.example.com/'] },
    {
      keySource: KeySource.discovery(),
      algorithms: ['RS256'],
      issuer: [String(app.node.getContext('issuer'))],
      audience: ['orders-api'],
      checkCredentialExistence: false,
    },
  ],
  // Each request is decided anew, for two reads of the table. By default answers are kept, and what is taken away counts
  // some seconds later: docs/revocation.md.
  resultsCacheTtl: Duration.seconds(0),
  credentialCacheTtl: Duration.seconds(0),
});

const api = new RestApi(stack, 'Api', { cloudWatchRole: false, defaultMethodOptions: auth.methodOptions });
const echo = new LambdaFunction(stack, 'Echo', {
  code: Code.fromInline(ECHO),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
});
api.root.addMethod('GET', new LambdaIntegration(echo));

new CfnOutput(stack, 'ApiUrl', { value: api.url });
new CfnOutput(stack, 'TableName', { value: auth.credentialsTable?.table.tableName ?? '' });
