"""Layer 1: the descriptor.

``descriptor_layer`` puts together what is found: by the standard, which frictionless checks where
``plain_descriptor`` cannot tell at once; in keys (``descriptor_keys``, ``own_keys``); by the
owner's own ``profiles``. What is ``unusable`` is told once, and left out for the layers behind.
"""
