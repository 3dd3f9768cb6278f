"""The API for machines: one module per noun, under `/api/v1`, each answer JSON or a problem."""
