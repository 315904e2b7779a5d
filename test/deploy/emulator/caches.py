"""
The cache of authorizers' answers: emptied when it is asked for, and kept under identity sources of the context too.

https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
"""

import contextvars

from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway_v1 as api_gateway

# `context.resourcePath` and `context.httpMethod` of the request at hand.
_context: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar("context", default={})


def install():
    _flush()
    _key_by_context()


def _flush():
    handle = api_gateway.handle_request

    async def handle_request(method, path, headers, body, query_params):
        parts = path.strip("/").split("/")
        if method != "DELETE" or len(parts) != 6 or parts[2] != "stages" or parts[4:] != ["cache", "authorizers"]:
            return await handle(method, path, headers, body, query_params)
        api_id, stage_name = parts[1], parts[3]
        if stage_name not in api_gateway._stages_v1.get(api_id, {}):
            return api_gateway._v1_error("NotFoundException", "Invalid stage identifier specified", 404)
        home = (get_account_id(), get_region(), api_id)
        for key in [*api_gateway._authorizer_cache]:
            if key[:3] == home and key[4] == stage_name:
                del api_gateway._authorizer_cache[key]
        return 202, {}, b""

    api_gateway.handle_request = handle_request


def _key_by_context():
    authorize = api_gateway._authorize_request_v1
    resolve = api_gateway._request_identity_sources

    async def authorize_request(api_id, stage_name, method_obj, method, request_path, resource, *rest):
        token = _context.set({"context.resourcePath": resource["path"], "context.httpMethod": method})
        try:
            return await authorize(api_id, stage_name, method_obj, method, request_path, resource, *rest)
        finally:
            _context.reset(token)

    def identity_sources(identity_source, headers, query_params, stage):
        present, values = True, []
        for source in filter(None, (part.strip() for part in (identity_source or "").split(","))):
            value = _context.get().get(source)
            if value is None:
                value = resolve(source, headers, query_params, stage)[1][0]
            present = present and bool(value)
            values.append(value)
        return present, values

    api_gateway._authorize_request_v1 = authorize_request
    api_gateway._request_identity_sources = identity_sources
