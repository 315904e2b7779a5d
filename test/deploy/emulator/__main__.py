"""
ministack, with those rules of AWS that an attachment to an existing REST API depends on and that it lacks.

It is one process, whose CloudFormation and HTTP both end in the same functions, a module a service: so the rules are put around
these, and hold for both. Each names its source where it stands; test/deploy/emulator.test.ts asks for each over HTTP.
What AWS's rules are is kept in test/support/control-plane, which is a model of the control plane alone.
"""

import api_keys
import caches
import custom_resources
import denials
import deployed
import export
import references

from ministack.app import main

for part in (deployed, export, references, caches, custom_resources, denials, api_keys):
    part.install()
main()
