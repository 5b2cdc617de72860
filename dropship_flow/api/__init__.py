"""The words of the order API, without Odoo: one schema, what it refuses, and the OpenAPI file made from it."""
