"""
A stage serves and exports what its deployment holds, and not the working copy, which is what ministack serves.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html; that authorizers are in a
deployment too is aws-cdk 16554.
"""

import contextlib
import contextvars
import copy
import json

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway_v1 as api_gateway

# Of a deployment: its resources and authorizers, by the names of ministack's stores. By API and deployment.
_snapshots: dict[tuple[str, str], dict[str, dict]] = {}
# What the request at hand is served from; None: the working copy.
_serving: contextvars.ContextVar[dict | None] = contextvars.ContextVar("serving", default=None)


class _Store(AccountRegionScopedDict):
    """A store that shows a deployment's part while one is served."""

    __slots__ = ("_name",)

    def __init__(self, name):
        super().__init__()
        self._name = name

    def get(self, key, default=None):
        serving = _serving.get()
        return super().get(key, default) if serving is None else serving[self._name]


@contextlib.contextmanager
def _served(api_id, stage_name):
    stage = api_gateway._stages_v1.get(api_id, {}).get(stage_name) or {}
    nothing = {"resources": {}, "authorizers": {}}
    token = _serving.set(_snapshots.get((api_id, stage.get("deploymentId")), nothing))
    try:
        yield
    finally:
        _serving.reset(token)


def install():
    api_gateway._resources = _Store("resources")
    api_gateway._authorizers_v1 = _Store("authorizers")
    _keep_snapshots()
    _serve_snapshots()
    _tell_summaries()


def _keep_snapshots():
    create = api_gateway._create_deployment

    def create_deployment(api_id, data):
        status, headers, body = create(api_id, data)
        if status != 201:
            return status, headers, body
        deployment = json.loads(body)
        _snapshots[api_id, deployment["id"]] = {
            "resources": copy.deepcopy(api_gateway._resources.get(api_id, {})),
            "authorizers": copy.deepcopy(api_gateway._authorizers_v1.get(api_id, {})),
        }
        # Only GetDeployment tells it, when asked.
        api_gateway._deployments_v1.get(api_id)[deployment["id"]].pop("apiSummary")
        deployment.pop("apiSummary")
        return api_gateway._v1_response(deployment, 201)

    api_gateway._create_deployment = create_deployment


def _serve_snapshots():
    execute = api_gateway._execute_in_scope
    type_of = api_gateway.method_authorization_type
    exported = api_gateway._build_api_export

    async def execute_in_scope(request, api_id, stage_name, *rest):
        with _served(api_id, stage_name):
            return await execute(request, api_id, stage_name, *rest)

    def method_authorization_type(api_id, stage_name, *rest):
        with _served(api_id, stage_name):
            return type_of(api_id, stage_name, *rest)

    def build_api_export(api_id, stage_name, *rest):
        with _served(api_id, stage_name):
            return exported(api_id, stage_name, *rest)

    api_gateway._execute_in_scope = execute_in_scope
    api_gateway.method_authorization_type = method_authorization_type
    api_gateway._build_api_export = build_api_export


def _tell_summaries():
    """https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSnapshot.html"""
    handle = api_gateway.handle_request

    async def handle_request(method, path, headers, body, query_params):
        answer = await handle(method, path, headers, body, query_params)
        parts = path.strip("/").split("/")
        if method != "GET" or len(parts) != 4 or parts[2] != "deployments" or answer[0] != 200:
            return answer
        if "apisummary" not in query_params.get("embed", []):
            return answer
        deployment = {**json.loads(answer[2]), "apiSummary": _summary(parts[1], parts[3])}
        return api_gateway._v1_response(deployment)

    api_gateway.handle_request = handle_request


def _summary(api_id, deployment_id):
    resources = _snapshots[api_id, deployment_id]["resources"].values()
    return {
        resource["path"]: {
            http_method: {key: method[key] for key in ("authorizationType", "apiKeyRequired")}
            for http_method, method in resource["resourceMethods"].items()
        }
        for resource in resources
        if resource["resourceMethods"]
    }
