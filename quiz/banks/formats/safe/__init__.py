"""Safe: the containers of strangers opened so that they cost bounded time and memory and reach nothing outside themselves.

Ours: packages (ZIP), markup (XML and HTML), yaml_text (YAML).  Not ours: what is understood of their content.
"""
