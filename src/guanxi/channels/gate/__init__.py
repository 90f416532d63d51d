"""The one gate every message to a customer passes: asked when planning, binding when sending."""
