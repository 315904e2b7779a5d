"""
Where an API takes its keys from its authorizer (`apiKeySource` AUTHORIZER), the caller's key is the authorizer's
`usageIdentifierKey`, of a kept answer too, and a client's own `x-api-key` counts for nothing. ministack looks at that alone, and
does not take the setting from a template of a new API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
"""

import contextvars
import json

from ministack.services import apigateway_v1 as api_gateway
from ministack.services.cloudformation import provisioners

_MEMBER = "usageIdentifierKey"
# Of the request at hand: whose API it is, and the key that the authorizer named.
_api: contextvars.ContextVar[str] = contextvars.ContextVar("api", default="")
_named: contextvars.ContextVar[str | None] = contextvars.ContextVar("named", default=None)


def install():
    _take_setting()
    _take_key()


def _take_setting():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    create = handlers["create"]

    def create_rest_api(logical_id, props, stack_name):
        api_id, attributes = create(logical_id, props, stack_name)
        api_gateway._rest_apis.get(api_id)["apiKeySource"] = props.get("ApiKeySourceType", "HEADER")
        return api_id, attributes

    handlers["create"] = create_rest_api


def _take_key():
    execute = api_gateway._execute_in_scope
    invoke = api_gateway._invoke_authorizer_lambda
    evaluate = api_gateway._evaluate_policy
    from_client = api_gateway._api_key_from_request

    async def execute_in_scope(request, api_id, *rest):
        tokens = (_api, _api.set(api_id)), (_named, _named.set(None))
        try:
            return await execute(request, api_id, *rest)
        finally:
            for variable, token in tokens:
                variable.reset(token)

    async def invoke_authorizer_lambda(*args):
        """The key goes with the policy, which is what is kept."""
        result = await invoke(*args)
        if result is None or result.get("error"):
            return result
        body = result.get("body")
        try:
            answer = json.loads(body) if isinstance(body, (str, bytes)) else body
            policy = {**answer["policyDocument"], _MEMBER: answer.get(_MEMBER)}
        except (ValueError, TypeError, KeyError):
            return result
        return {**result, "body": {**answer, "policyDocument": policy}}

    def evaluate_policy(policy, method_arn):
        _named.set(policy.get(_MEMBER))
        return evaluate(policy, method_arn)

    def api_key_from_request(headers):
        api = api_gateway._rest_apis.get(_api.get()) or {}
        return _named.get() if api.get("apiKeySource") == "AUTHORIZER" else from_client(headers)

    api_gateway._execute_in_scope = execute_in_scope
    api_gateway._invoke_authorizer_lambda = invoke_authorizer_lambda
    api_gateway._evaluate_policy = evaluate_policy
    api_gateway._api_key_from_request = api_key_from_request
