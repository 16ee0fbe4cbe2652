"""One module a flow: each reads top to bottom like its paragraph in the office's own description."""
