"""
CloudFormation invokes the function of a custom resource asynchronously: a run that ends badly is made again, twice.
ministack waits for one run, and then for an answer that nobody sends.

https://docs.aws.amazon.com/lambda/latest/dg/services-cloudformation.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from ministack.services import lambda_svc


def install():
    execute = lambda_svc._execute_function_with_config_scope

    def execute_function(func, event):
        if not isinstance(event, dict) or not {"RequestType", "ResponseURL", "StackId"} <= event.keys():
            return execute(func, event)
        lambda_svc.invoke_async_with_retry(func, event)
        return {}

    lambda_svc._execute_function_with_config_scope = execute_function
