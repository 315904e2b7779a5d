"""
What an authorizer says with a policy that denies is there for gateway responses, as users see it on AWS
(aws-cdk 10624): `$context.authorizer.NAME` in a template. ministack leaves the variable's name there.

That one which is not there is empty is what bin/local does too; AWS does not say.
"""

import contextvars
import re

from ministack.services import apigateway_v1 as api_gateway

_VARIABLE = re.compile(r"\$context\.authorizer\.(\w+)")
# What the function said last, and what was said with the policy that denied, for the request at hand.
_said: contextvars.ContextVar[dict] = contextvars.ContextVar("said", default={})
_denied: contextvars.ContextVar[dict] = contextvars.ContextVar("denied", default={})


def install():
    stringify = api_gateway._stringify_context
    evaluate = api_gateway._evaluate_policy
    respond = api_gateway._gateway_error_response

    def stringify_context(context):
        said = stringify(context)
        _said.set(said)
        return said

    def evaluate_policy(policy, method_arn):
        decision = evaluate(policy, method_arn)
        kept = (entry[2] for entry in api_gateway._authorizer_cache.values() if entry[1] is policy)
        if decision != "Allow":
            _denied.set(next(kept, _said.get()))
        return decision

    def gateway_error_response(error, request):
        status, headers, body = respond(error, request)
        said = _denied.get()
        filled = _VARIABLE.sub(lambda match: said.get(match.group(1), ""), body.decode())
        return status, headers, filled.encode()

    api_gateway._stringify_context = stringify_context
    api_gateway._evaluate_policy = evaluate_policy
    api_gateway._gateway_error_response = gateway_error_response
