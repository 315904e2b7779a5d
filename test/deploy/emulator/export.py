"""
GetExport in AWS's own spelling, as far as it tells who may call a method and what is behind it.

Recorded from AWS in LocalStack's tests (test_apigateway_extended.snapshot.json, 2024): integrations. What secures a
method: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
"""

from ministack.services import apigateway_v1 as api_gateway


def install():
    _tell_iam()
    _tell_no_responses()
    _spell_integrations()


def _tell_iam():
    """ministack exports a method that asks for IAM as one that anybody may call."""
    operation_of = api_gateway._export_operation
    exported = api_gateway._build_api_export

    def export_operation(method_obj, *rest):
        operation = operation_of(method_obj, *rest)
        if method_obj.get("authorizationType") == "AWS_IAM":
            operation["security"] = [{"sigv4": []}, *operation.get("security", [])]
        return operation

    def build_api_export(*args):
        document = exported(*args)
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        if any("sigv4" in need for operation in operations for need in operation.get("security", [])):
            home = document["components"] if "components" in document else document
            schemes = "securitySchemes" if "components" in document else "securityDefinitions"
            home.setdefault(schemes, {})["sigv4"] = {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            }
        return document

    api_gateway._export_operation = export_operation
    api_gateway._build_api_export = build_api_export


def _tell_no_responses():
    """
    A method that declares none has none, and in OpenAPI 3.0 not even the member:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-usage-plan-oas.html
    """
    operation_of = api_gateway._export_operation

    def export_operation(method_obj, export_type, *rest):
        operation = operation_of(method_obj, export_type, *rest)
        if not method_obj.get("methodResponses"):
            operation["responses"] = {}
            if export_type == "oas30":
                del operation["responses"]
        return operation

    api_gateway._export_operation = export_operation


def _spell_integrations():
    """Nothing that is empty or as it is by default, and the behaviour in small letters."""
    integration_of = api_gateway._export_integration
    by_default = {"connectionType": "INTERNET", "timeoutInMillis": 29000}
    hidden = ("cacheNamespace",)

    def export_integration(integration):
        exported = {
            key: value
            for key, value in integration_of(integration).items()
            if value not in ("", {}, []) and by_default.get(key) != value and key not in hidden
        }
        if "passthroughBehavior" in exported:
            exported["passthroughBehavior"] = exported["passthroughBehavior"].lower()
        return exported

    api_gateway._export_integration = export_integration
