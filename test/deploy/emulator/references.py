"""
What refers to what: a method to its authorizer, a stage to its deployment. ministack looks at none of it.

The rules and their sources: test/support/control-plane/{methods,authorizers,deployments,stages}.ts.
"""

import json

from ministack.services import apigateway_v1 as api_gateway


def install():
    _look_at_authorizers()
    _look_at_deployments()


def _bad_request(message):
    return api_gateway._v1_error("BadRequestException", message, 400)


def _look_at_authorizers():
    update_method = api_gateway._update_method
    update_authorizer = api_gateway._update_authorizer
    delete_authorizer = api_gateway._delete_authorizer

    def update(api_id, resource_id, http_method, data):
        method = _method(api_id, resource_id, http_method)
        if method is None:
            return update_method(api_id, resource_id, http_method, data)
        sent = {op.get("path"): op.get("value") for op in data.get("patchOperations", [])}
        type_ = sent.get("/authorizationType", method["authorizationType"])
        # The type counts with the id of the same call only.
        before = None if "/authorizationType" in sent else method.get("authorizerId")
        authorizer_id = sent.get("/authorizerId", before)
        if type_ not in ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"):
            return _bad_request("Invalid authorization type specified")
        needs = type_ in ("CUSTOM", "COGNITO_USER_POOLS")
        if needs and authorizer_id not in api_gateway._authorizers_v1.get(api_id, {}):
            return _bad_request(
                "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
                "requires a valid authorizer."
            )
        update_method(api_id, resource_id, http_method, data)
        method["authorizerId"] = authorizer_id if needs else None
        return api_gateway._v1_response(method)

    def update_typed(api_id, authorizer_id, data):
        for op in data.get("patchOperations", []):
            # A patch's values are text.
            if op.get("path") == "/authorizerResultTtlInSeconds":
                op["value"] = int(op["value"])
        return update_authorizer(api_id, authorizer_id, data)

    def delete(api_id, authorizer_id):
        for resource in api_gateway._resources.get(api_id, {}).values():
            for http_method, method in resource["resourceMethods"].items():
                if method.get("authorizerId") == authorizer_id:
                    name = api_gateway._authorizers_v1.get(api_id)[authorizer_id]["name"]
                    message = f"Cannot delete authorizer '{name}', is referenced in method: {http_method}/{resource['path']}"
                    return api_gateway._v1_error("ConflictException", message, 409)
        return delete_authorizer(api_id, authorizer_id)

    api_gateway._update_method = update
    api_gateway._update_authorizer = update_typed
    api_gateway._delete_authorizer = delete


def _method(api_id, resource_id, http_method):
    resource = api_gateway._resources.get(api_id, {}).get(resource_id) or {}
    return resource.get("resourceMethods", {}).get(http_method)


def _look_at_deployments():
    delete_deployment = api_gateway._delete_deployment
    update_stage = api_gateway._update_stage

    def delete(api_id, deployment_id):
        stages = api_gateway._stages_v1.get(api_id, {}).values()
        if any(stage["deploymentId"] == deployment_id for stage in stages):
            return _bad_request("Active stages pointing to this deployment must be moved or deleted")
        return delete_deployment(api_id, deployment_id)

    def update(api_id, stage_name, data):
        for op in data.get("patchOperations", []):
            if op.get("path") == "/deploymentId" and op["value"] not in api_gateway._deployments_v1.get(api_id, {}):
                return _bad_request("Deployment id does not exist")
        return update_stage(api_id, stage_name, data)

    api_gateway._delete_deployment = delete
    api_gateway._update_stage = update
